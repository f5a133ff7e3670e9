"""Record prose to text pieces: a small, closed part of MyST that means the same in every output.

Paragraphs, bullet and numbered lists, ``**strong**``, ``*emphasis*``, ```code```, links to http, https and mailto, and
the roles in ``ROLES``. Anything else is a problem at its own line, so nothing is dropped or shown as raw markup.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.myst_role import myst_role_plugin

from clinic_snippets.problems import allowed_words
from clinic_snippets.records.text import (
    Abbreviation,
    Citation,
    Code,
    Emphasis,
    Inline,
    ListBlock,
    PageLink,
    Paragraph,
    RecordLink,
    Strong,
    Subscript,
    Superscript,
    Term,
    TextBlock,
    WebLink,
    Words,
)

Prose = tuple[TextBlock, ...]
Trouble = tuple[int, str, str, str]
"""``(line, message, hint, code)``; the line counts from 0 at the start of the text."""

_MARKUP = re.compile(r"[*_`\\<>\[\]&{}]|(?m:^[ \t]*(?:[-+#=]|\d+[.)]))|(?m:^(?: {4}|\t))|\n[ \t]*\n")
_TARGET = re.compile(r"^(?P<words>.*?)\s*<(?P<target>[^<>]+)>$", re.DOTALL)
_SCHEMES = ("http://", "https://", "mailto:")
_NAMES = {
    "heading": "a heading", "fence": "a code block", "code_block": "an indented block", "html_block": "raw HTML",
    "html_inline": "raw HTML", "blockquote": "a quotation block", "hr": "a rule", "image": "an image",
    "hardbreak": "a forced line break",
}  # fmt: skip
_ALLOWED = "allowed: paragraphs, lists, **strong**, *emphasis*, `code`, links and roles"


def _titled(content: str) -> tuple[str, str]:
    match = _TARGET.match(content)
    return (match["words"], match["target"].strip()) if match else ("", content.strip())


def _record(kind: str | None) -> Callable[[str], Inline]:
    def make(content: str) -> Inline:
        words, target = _titled(content)
        return RecordLink(target, kind, words)

    return make


def _page(content: str) -> Inline:
    words, target = _titled(content)
    return PageLink(target, words)


def _term(content: str) -> Inline:
    words, target = _titled(content)
    return Term(target, words)


def _citation(content: str, textual: bool = False) -> Inline:
    return Citation(tuple(key.strip() for key in content.split(",")), textual)


def _abbreviation(content: str) -> Inline:
    match = re.match(r"^(.*?)\s*\(([^()]+)\)$", content)
    return Abbreviation(match[1], match[2]) if match else Words(content)


ROLES: dict[str, Callable[[str], Inline]] = {
    "clinic:ref": _record(None),
    "cite:p": _citation,
    "cite:t": functools.partial(_citation, textual=True),
    "ref": _page,
    "term": _term,
    "abbr": _abbreviation,
    "sub": Subscript,
    "sup": Superscript,
}
"""Roles that every record may use; each kind of record adds ``clinic:<kind>``."""


@functools.cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True})
    parser.use(myst_role_plugin)
    # A link that markdown-it finds unsafe would stay as literal text; let it through to be reported.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    return parser


class _Reader:
    def __init__(self) -> None:
        self.troubles: list[Trouble] = []
        self.line = 0

    def trouble(self, message: str, hint: str, code: str) -> None:
        self.troubles.append((self.line, message, hint, code))

    def refuse(self, token: Token) -> None:
        name = _NAMES.get(token.type.removesuffix("_open"), f"'{token.type}'")
        self.trouble(f"{name} is not allowed in record text", _ALLOWED, "prose-markup")

    def blocks(self, tokens: list[Token], start: int, end: str | None) -> tuple[Prose, int]:
        """Read blocks from ``start`` up to the token of type ``end``; return them and the index behind it."""
        out: list[TextBlock] = []
        index = start
        while index < len(tokens):
            token = tokens[index]
            if token.map:
                self.line = token.map[0]
            if token.type == end:
                return tuple(out), index + 1
            if token.type == "inline":
                out.append(Paragraph(self.inlines(token.children or [], 0, None)[0]))
                index += 1
            elif token.type in ("bullet_list_open", "ordered_list_open"):
                block, index = self.list_block(tokens, index)
                out.append(block)
            elif token.type in ("paragraph_open", "paragraph_close"):
                index += 1
            else:
                self.refuse(token)
                index = self.behind(tokens, index)
        return tuple(out), index

    def list_block(self, tokens: list[Token], index: int) -> tuple[ListBlock, int]:
        ordered = tokens[index].type == "ordered_list_open"
        end = tokens[index].type.replace("open", "close")
        items: list[Prose] = []
        index += 1
        while tokens[index].type != end:
            item, index = self.blocks(tokens, index + 1, "list_item_close")
            items.append(item)
        return ListBlock(tuple(items), ordered), index + 1

    def behind(self, tokens: list[Token], index: int) -> int:
        depth = 0
        while index < len(tokens):
            depth += tokens[index].nesting
            index += 1
            if depth <= 0:
                break
        return index

    def inlines(self, tokens: list[Token], start: int, end: str | None) -> tuple[tuple[Inline, ...], int]:
        out: list[Inline] = []
        index = start
        while index < len(tokens):
            token = tokens[index]
            index += 1
            if token.type == end:
                break
            if token.type in ("text", "text_special"):
                self.words(out, token.content)
            elif token.type == "softbreak":
                self.line += 1
                self.words(out, " ")
            elif token.type == "code_inline":
                out.append(Code(token.content))
            elif token.type in ("strong_open", "em_open"):
                make = Strong if token.type == "strong_open" else Emphasis
                children, index = self.inlines(tokens, index, token.type.replace("open", "close"))
                out.append(make(children))
            elif token.type == "link_open":
                url = str(token.attrs["href"])
                children, index = self.inlines(tokens, index, "link_close")
                if not url.startswith(_SCHEMES):
                    self.trouble(
                        f"link to '{url}' is not allowed in record text",
                        "allowed: http, https and mailto; for a record use {clinic:ref}, for a page {ref}", "prose-link",
                    )  # fmt: skip
                out.append(WebLink(url, children))
            elif token.type == "myst_role":
                self.role(out, token)
            else:
                self.refuse(token)
        return tuple(out), index

    def words(self, out: list[Inline], text: str) -> None:
        if not text:
            return
        if out and isinstance(out[-1], Words):
            out[-1] = Words(out[-1].text + text)
        else:
            out.append(Words(text))

    def role(self, out: list[Inline], token: Token) -> None:
        name = str(token.meta["name"])
        roles = {**ROLES, **_kind_roles()}
        if name not in roles:
            self.trouble(f"unknown role '{name}'", allowed_words(name, roles), "prose-role")
        elif not token.content.strip():
            self.trouble(f"role '{name}' is empty", "write what it points to between the backticks", "prose-role")
        else:
            out.append(roles[name](token.content.replace("\n", " ")))


@functools.cache
def _kind_roles() -> dict[str, Callable[[str], Inline]]:
    from clinic_snippets.records import KINDS

    return {f"clinic:{kind}": _record(kind) for kind in KINDS}


@functools.lru_cache(maxsize=100_000)
def read_prose(text: str) -> tuple[Prose, tuple[Trouble, ...]]:
    """Return the pieces of ``text`` and what is wrong with it; a text is read once, wherever it is shown."""
    text = text.strip("\n")
    if not _MARKUP.search(text):
        return (Paragraph((Words(" ".join(text.split("\n"))),)),), ()
    reader = _Reader()
    blocks, _ = reader.blocks(_parser().parse(text), 0, None)
    return blocks, tuple(reader.troubles)
