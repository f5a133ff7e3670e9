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

from clinic_snippets.problems import allowed_words, shown
from clinic_snippets.reading.simple_prose import is_plain, read_simple
from clinic_snippets.records import KINDS
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
"""``(offset, message, hint, code)``; the offset is where in the text the trouble lies."""

_TARGET = re.compile(r"[^<>]+>")
_SCHEMES = ("http://", "https://", "mailto:")
_NAMES = {
    "heading": "a heading", "fence": "a code block", "code_block": "an indented block", "html_block": "raw HTML",
    "html_inline": "raw HTML", "blockquote": "a quotation block", "hr": "a rule", "image": "an image",
    "hardbreak": "a forced line break",
}  # fmt: skip
_LITERAL = re.compile(r"\*+(?!\s)|(?<!\s)\*+|`+|\]\[|\{[A-Za-z][\w:.-]*\}")
"""Markup in words: a mark that is never closed, a link without its address, a role without its target."""
_LONGEST = 20_000
"""Characters of a text that the parser must read: its time can grow with their square."""
_DEEPEST = 6
"""Lists, or marks, within one another: no output sets more of them apart."""
_ALLOWED = "allowed: paragraphs, lists, **strong**, *emphasis*, `code`, links and roles"


def _titled(content: str) -> tuple[str, str]:
    words, _, target = content.rpartition("<")
    return (words.rstrip(), target[:-1].strip()) if _TARGET.fullmatch(target) else ("", content.strip())


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
    short, _, long = content.rpartition("(")
    return Abbreviation(short.rstrip(), long[:-1]) if re.fullmatch(r"[^()]+\)", long) else Words(content)


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
    # Text nested deeper than that is dropped by markdown-it; YAML ends long before.
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": 200})
    parser.use(myst_role_plugin)
    # A link that markdown-it finds unsafe would stay as literal text; let it through to be reported.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    # "[words]: address" would define a link and vanish from the text.
    parser.disable("reference")
    return parser


class _Reader:
    """Turns tokens into pieces. Only when ``locate`` is set it follows where in the text it is, for that takes time."""

    def __init__(self, text: str, locate: bool = False) -> None:
        self.text = text
        self.locate = locate
        self.at = 0
        self.behind = 0
        self.troubles: list[Trouble] = []

    def trouble(self, message: str, hint: str, code: str) -> None:
        self.troubles.append((self.at, message, hint, code))

    def to_line(self, line: int) -> None:
        """Go to the first word of a line of the text."""
        if self.locate:
            lines = self.text.split("\n")
            self.at = sum(len(before) + 1 for before in lines[:line]) + len(lines[line]) - len(lines[line].lstrip())
            self.behind = self.at

    def to(self, words: str) -> None:
        """Go on to where ``words`` stand next, whatever blanks and line ends are between them."""
        if self.locate:
            found = re.compile(r"\s+".join(map(re.escape, words.split()))).search(self.text, self.behind)
            self.at, self.behind = found.span() if found else (self.behind, self.behind)

    def refuse(self, token: Token) -> None:
        name = _NAMES.get(token.type.removesuffix("_open"), f"'{token.type}'")
        self.trouble(f"{name} is not allowed in record text", _ALLOWED, "prose-markup")

    def too_long(self) -> bool:
        """Report a text on which the parser would take long."""
        length = len(self.text)
        if length > _LONGEST:
            message = f"a text with this markup has {length} characters, and may have {_LONGEST}"
            self.trouble(message, "split it into several statements", "prose-size")
        return length > _LONGEST

    def too_deep(self, tokens: list[Token]) -> bool:
        """Report the first list or mark within too many others."""
        for token in tokens:
            a_list = token.type.endswith("_list_open") and token.level >= 2 * _DEEPEST  # an item is a level too
            if a_list or any(child.nesting == 1 and child.level >= _DEEPEST for child in token.children or ()):
                self.at = sum(len(line) + 1 for line in self.text.split("\n")[: token.map[0] if token.map else 0])
                what = "lists" if a_list else "marks"
                message = f"more than {_DEEPEST} {what} stand within one another here"
                self.trouble(message, "write it in fewer", "prose-depth")
                return True
        return False

    def blocks(self, tokens: list[Token], start: int, end: str | None) -> tuple[Prose, int]:
        """Read blocks from ``start`` up to the token of type ``end``; return them and the index behind it."""
        out: list[TextBlock] = []
        index = start
        while index < len(tokens):
            token = tokens[index]
            if token.map:
                self.to_line(token.map[0])
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
                index = self.skip(tokens, index)
        return tuple(out), index

    def list_block(self, tokens: list[Token], index: int) -> tuple[ListBlock, int]:
        ordered = tokens[index].type == "ordered_list_open"
        if "start" in tokens[index].attrs:
            number = tokens[index].attrs["start"]
            hint = (
                f"start with 1; for a number in a sentence, put another word first on the line or write '{number}\\.'"
            )
            self.trouble(f"a numbered list starts with {number}, and would be shown from 1", hint, "prose-list")
        end = tokens[index].type.replace("open", "close")
        items: list[Prose] = []
        index += 1
        while tokens[index].type != end:
            if line := tokens[index].map:
                self.to_line(line[0])
            item, index = self.blocks(tokens, index + 1, "list_item_close")
            if not item:
                self.trouble("an item of this list is empty", "write it or remove its line", "prose-list")
            items.append(item)
        return ListBlock(tuple(items), ordered), index + 1

    def skip(self, tokens: list[Token], index: int) -> int:
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
                self.to(token.content)
                self.check_literal(token.content)
                self.words(out, token.content)
            elif token.type == "softbreak" or (token.type == "hardbreak" and "\\\n" not in self.text):
                # Two blanks at the end of a line, which nobody sees, force a line break in Markdown.
                self.behind = max(self.text.find("\n", self.behind) + 1, self.behind)
                self.words(out, " ")
            elif token.type == "code_inline":
                self.to(token.content)
                out.append(Code(token.content))
            elif token.type in ("strong_open", "em_open"):
                make = Strong if token.type == "strong_open" else Emphasis
                children, index = self.inlines(tokens, index, token.type.replace("open", "close"))
                out.append(make(children))
            elif token.type == "link_open":
                index = self.link(out, tokens, index)
            elif token.type == "myst_role":
                self.to(f"{{{token.meta['name']}}}`")
                self.role(out, token)
            else:
                self.to({"html_inline": token.content, "image": "!["}.get(token.type, ""))
                self.refuse(token)
        return tuple(out), index

    def link(self, out: list[Inline], tokens: list[Token], index: int) -> int:
        opening = tokens[index - 1]
        self.to("<" if opening.markup == "autolink" else "[")
        start, url = self.at, str(opening.attrs["href"])
        children, index = self.inlines(tokens, index, "link_close")
        self.at = start
        if not url.startswith(_SCHEMES):
            self.trouble(
                f"link to '{shown(url)}' is not allowed in record text",
                "allowed: http, https and mailto; for a record use {clinic:ref}, for a page {ref}", "prose-link",
            )  # fmt: skip
        elif not children:
            self.trouble("this link has no words", "write them between the square brackets", "prose-link")
        out.append(WebLink(url, children))
        return index

    def check_literal(self, content: str) -> None:
        """Report markup that was not understood and would be shown as it is typed."""
        if "\\" not in self.text and (found := _LITERAL.search(content)):
            self.at = min(self.at + found.start() - (len(content) - len(content.lstrip())), len(self.text))
            what = found[0]
            hint = "close it, remove it, or write '\\' before it"
            if what.startswith("{"):
                hint = f"write {what}`id` without a blank, or remove the braces"
            elif what == "][":
                hint = "write a link as [words](https://address)"
            self.trouble(f"'{what}' stands alone and would be shown as it is", hint, "prose-literal")

    def words(self, out: list[Inline], text: str) -> None:
        if not text:
            return
        if out and isinstance(out[-1], Words):
            out[-1] = Words(out[-1].text + text)
        else:
            out.append(Words(text))

    def role(self, out: list[Inline], token: Token) -> None:
        name = str(token.meta["name"])
        roles = _roles(tuple(KINDS))
        if name not in roles:
            self.trouble(f"unknown role '{shown(name)}'", allowed_words(name, roles), "prose-role")
        elif not token.content.strip():
            self.trouble(f"role '{name}' is empty", "write what it points to between the backticks", "prose-role")
        else:
            out.append(roles[name](token.content.replace("\n", " ")))


@functools.cache
def _roles(kinds: tuple[str, ...]) -> dict[str, Callable[[str], Inline]]:
    return {**ROLES, **{f"clinic:{kind}": _record(kind) for kind in kinds}}


def troubles_in(text: str) -> tuple[Trouble, ...]:
    """Return what is wrong with ``text``; nothing more is worked out for a text without markup, as most are."""
    return () if is_plain(text.strip()) else read_prose(text)[1]


@functools.lru_cache(maxsize=100_000)
def read_prose(text: str) -> tuple[Prose, tuple[Trouble, ...]]:
    """Return the pieces of ``text`` and what is wrong with it; a text is read once, wherever it is shown."""
    bare = text.strip()
    if is_plain(bare):
        return (Paragraph((Words(" ".join(line.strip(" \t") for line in bare.split("\n"))),)),), ()
    # Blanks at its two ends, and tabs, mean something to the parser.
    plainly = bare == text.rstrip("\n") and "\r" not in bare and "\t" not in bare
    if plainly and (simple := read_simple(bare, _roles(tuple(KINDS)))):
        return simple, ()
    # Quoted YAML can hold a carriage return; for the parser it ends a line.
    text = re.sub(r"\r\n?", "\n", text)
    reader = _Reader(text)
    if reader.too_long() or reader.too_deep(tokens := _parser().parse(text)):
        return (Paragraph((Words(text),)),), tuple(reader.troubles)
    blocks, _ = reader.blocks(tokens, 0, None)
    if reader.troubles:
        reader = _Reader(text, locate=True)
        reader.blocks(tokens, 0, None)
    return blocks, tuple(reader.troubles)
