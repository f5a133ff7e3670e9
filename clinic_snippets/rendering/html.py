"""Blocks to HTML, for bodies that are filled in when a page is written.

A fragment is a tuple of HTML text and *slots*: pieces whose address or words depend on the page (links, citations, the
foot of a card). One fragment serves every page that shows the record; ``fill`` asks a resolver for its slots. What is
written is well-formed XML, because epub asks for it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import Protocol, Union

from clinic_snippets.records.text import (
    Abbreviation,
    Added,
    Anchor,
    Badge,
    Call,
    Citation,
    Code,
    Day,
    DocumentLink,
    Emphasis,
    Inline,
    ListBlock,
    PageLink,
    Paragraph,
    RecordLink,
    Removed,
    Strong,
    Subscript,
    Superscript,
    Term,
    WebLink,
    Words,
)
from clinic_snippets.rendering.svg import DrawnLink, for_page
from clinic_snippets.rendering.typography import Typography
from clinic_snippets.snippets.blocks import Card, CardBlock, Facts, Fold, RecordFoot, Row
from clinic_snippets.snippets.drawing import Drawing

Slot = Union[RecordLink, Citation, PageLink, Term, DocumentLink, Call, RecordFoot]
SLOTS = (RecordLink, Citation, PageLink, Term, DocumentLink, Call, RecordFoot)
Fragment = tuple[Union[str, Slot, DrawnLink], ...]
REVIEW_DAY = "clinic-review"
"""The class of a card's review date, by which a script finds it."""
SCREEN_ONLY = "clinic-screen-only"
"""The class of what the stylesheet leaves out of print."""

_INLINE_TAG = re.compile(r"</?(?:a|abbr|code|del|em|ins|span|strong|sub|sup|time)\b[^>]*>")
_TAG = re.compile("<[^>]*>")


class Resolver(Protocol):
    """What a page can say about a slot."""

    def slot(self, slot: Slot | DrawnLink) -> str:
        """Return the slot's HTML on this page."""


class HtmlRenderer:
    """Renders rows, cards and drawings to fragments, each once."""

    def __init__(self, typography: Typography) -> None:
        self.typography = typography
        # By identity. What is known here stays alive, so no id is used twice.
        self._fragments: dict[int, tuple[object, Fragment]] = {}

    def fragment(self, part: Row | Card | Drawing) -> Fragment:
        """Return the cells of a row, the body of a card (its heading belongs to the page), or a drawing as SVG."""
        known = self._fragments.get(id(part))
        if known is None:
            self.keep(part, fragment := self.made(part))
            return fragment
        return known[1]

    def made(self, part: Row | Card | Drawing) -> Fragment:
        """Return the same, made afresh and not kept."""
        if isinstance(part, Row):
            return self._cells(part)
        return self._body(part) if isinstance(part, Card) else self._joined(for_page(part, self.typography.text))

    def keep(self, part: Row | Card | Drawing, fragment: Fragment) -> None:
        """Take ``fragment`` for the HTML of ``part``."""
        self._fragments[id(part)] = (part, fragment)

    def row(self, row: Row, odd: bool, review: str | None = None) -> Fragment:
        """Return a table row; its first cell is the row's heading.

        ``review`` is the day by which its record must be reviewed, where the table's body does not say it.
        """
        day = "" if review is None else f' data-review="{review}"'
        return (f'<tr class="row-{"odd" if odd else "even"}"{day}>', *self.fragment(row), "</tr>\n")

    def _body(self, card: Card) -> Fragment:
        out: list[str | Slot] = []
        for block in card.body:
            self._block(block, out)
        return self._joined(out)

    def _cells(self, row: Row) -> Fragment:
        out: list[str | Slot] = []
        opening, closing = '<th class="stub" scope="row">', "</th>\n"
        for cell in row.cells:
            out.append(opening)
            for block in cell:
                self._block(block, out)
            out.append(closing)
            opening, closing = "<td>", "</td>\n"
        return self._joined(out)

    def _block(self, block: CardBlock, out: list[str | Slot]) -> None:
        if isinstance(block, Paragraph):
            out.append(f'<p class="{block.style}">' if block.style else "<p>")
            self._inline(self.typography.inline(block.children), out)
            out.append("</p>\n")
        elif isinstance(block, ListBlock):
            tag = "ol" if block.ordered else "ul"
            style = "upperalpha simple" if block.letters else block.style or "simple"
            out.append(f'<{tag} class="{style}">\n')
            for item in block.items:
                out.append("<li>")
                for part in item:
                    self._block(part, out)
                out.append("</li>\n")
            out.append(f"</{tag}>\n")
        elif isinstance(block, Facts):
            out.append('<dl class="clinic-facts simple">\n')
            for heading, cell in block.items:
                out.append(f"<dt>{html.escape(heading)}</dt><dd>")
                for part in cell:
                    self._block(part, out)
                out.append("</dd>\n")
            out.append("</dl>\n")
        elif isinstance(block, Fold):
            only = f" {SCREEN_ONLY}" if block.screen_only else ""
            out.append(f'<details class="clinic-fold{only}"><summary>{html.escape(block.summary)}</summary>\n')
            for inner in block.body:
                self._block(inner, out)
            out.append("</details>\n")
        else:
            out.append(block)

    def _inline(self, children: tuple[Inline, ...], out: list[str | Slot]) -> None:
        for piece in children:
            if isinstance(piece, Words):
                out.append(html.escape(piece.text, quote=False))
            elif isinstance(piece, Strong | Emphasis):
                tag = "strong" if isinstance(piece, Strong) else "em"
                out.append(f"<{tag}>")
                self._inline(piece.children, out)
                out.append(f"</{tag}>")
            elif isinstance(piece, Removed | Added):
                tag = "del" if isinstance(piece, Removed) else "ins"
                out.append(f"<{tag}>[{piece.mark}: ")
                self._inline(piece.children, out)
                out.append(f"]</{tag}>")
            elif isinstance(piece, Day):
                out.append(f'<time class="{REVIEW_DAY}">' if piece.review else "<time>")
                out.append(f"{piece.text}</time>")
            elif isinstance(piece, Code):
                out.append(f'<code class="docutils literal notranslate">{_code(piece.text)}</code>')
            elif isinstance(piece, Badge):
                out.append(f'<span class="clinic-badge clinic-badge-{piece.style}">{html.escape(piece.text)}</span>')
            elif isinstance(piece, Subscript | Superscript):
                tag = "sub" if isinstance(piece, Subscript) else "sup"
                out.append(f"<{tag}>{html.escape(piece.text)}</{tag}>")
            elif isinstance(piece, Abbreviation):
                out.append(f'<abbr title="{html.escape(piece.long)}">{html.escape(piece.text)}</abbr>')
            elif isinstance(piece, Anchor):
                out.append(f'<span id="{piece.id}"></span>')
            elif isinstance(piece, WebLink):
                out.append(f'<a class="reference external" href="{html.escape(piece.url)}">')
                self._inline(piece.children, out)
                out.append("</a>")
            else:
                out.append(piece)

    @staticmethod
    def _joined(pieces: Iterable[str | Slot | DrawnLink]) -> Fragment:
        """Return ``pieces`` with neighbouring texts made one."""
        out: list[str | Slot | DrawnLink] = []
        texts: list[str] = []
        for piece in pieces:
            if isinstance(piece, str):
                texts.append(piece)
            else:
                out += ["".join(texts), piece]
                texts = []
        out.append("".join(texts))
        return tuple(out)


def _code(text: str) -> str:
    """Return code whose lines break between words alone, and whose blanks all show, as Sphinx writes it."""
    runs = re.findall(r" +|[^ ]+", text)
    return "".join(
        "&#160;" * (len(run) - 1) + " " if run[0] == " " else f'<span class="pre">{html.escape(run)}</span>'
        for run in runs
    )


def words_in(fragment: Fragment) -> str:
    """Return the words that a fragment shows by itself, for a search index; words within a line stay together."""
    text = "".join(piece if isinstance(piece, str) else _words_of(piece) for piece in fragment)
    return html.unescape(_TAG.sub(" ", _INLINE_TAG.sub("", text)))


def _words_of(slot: Slot | DrawnLink) -> str:
    if isinstance(slot, Term):
        return html.escape(slot.words or slot.term)
    return html.escape(slot.words) if isinstance(slot, RecordLink | PageLink) else ""


def fill(fragment: Fragment, resolver: Resolver) -> str:
    """Return the HTML of ``fragment`` on the page that ``resolver`` speaks for."""
    return "".join(piece if isinstance(piece, str) else resolver.slot(piece) for piece in fragment)
