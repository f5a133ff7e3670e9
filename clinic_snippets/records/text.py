"""Text pieces: what record prose becomes once it is read, the same for every renderer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import ClassVar, Union


@dataclass(frozen=True, slots=True)
class Words:
    """Plain words."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that matter most."""

    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Words said with stress, or a title."""

    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """Something typed exactly so, such as a record's id."""

    text: str


@dataclass(frozen=True, slots=True)
class Subscript:
    """Lowered text."""

    text: str


@dataclass(frozen=True, slots=True)
class Superscript:
    """Raised text."""

    text: str


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A short form with its long form."""

    text: str
    long: str


@dataclass(frozen=True, slots=True)
class Badge:
    """A short label with a meaning of its own, such as a level; ``style`` names its look, never its meaning."""

    text: str
    style: str


@dataclass(frozen=True, slots=True)
class Day:
    """A date that machines can read too; with ``review`` it is the day by which a card's record must be reviewed."""

    text: str
    review: bool = False


@dataclass(frozen=True, slots=True)
class Removed:
    """Words that a change took out; every renderer says so in words too, with ``mark``."""

    children: tuple[Inline, ...]
    mark: ClassVar[str] = "removed"


@dataclass(frozen=True, slots=True)
class Added:
    """Words that a change put in; every renderer says so in words too, with ``mark``."""

    children: tuple[Inline, ...]
    mark: ClassVar[str] = "added"


@dataclass(frozen=True, slots=True)
class WebLink:
    """A link to an address outside the handbook."""

    url: str
    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class RecordLink:
    """A link to a record's home; without words it shows the record's name."""

    id: str
    kind: str | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """References to the bibliography: in brackets (``textual`` false) or as part of the sentence."""

    keys: tuple[str, ...]
    textual: bool = False


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link to a labelled place in a page, as the ``ref`` role makes it."""

    target: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class DocumentLink:
    """A link to a whole page; it shows the page's title."""

    docname: str


@dataclass(frozen=True, slots=True)
class Term:
    """A link to a glossary entry."""

    term: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Anchor:
    """The place that links to a record lead to, where the record has no heading of its own."""

    id: str


@dataclass(frozen=True, slots=True)
class Call:
    """Whom to call; the clinic's own number is filled in when a page is written."""

    whom: str


Inline = Union[
    Words, Strong, Emphasis, Code, Subscript, Superscript, Abbreviation, Badge, Day, Removed, Added,
    WebLink, RecordLink, Citation, PageLink, DocumentLink, Term, Anchor, Call,
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; ``style`` names its look."""

    children: tuple[Inline, ...]
    style: str = ""


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A bullet list, or a numbered one when ``ordered``, with ``letters`` A, B, C; ``style`` names its look."""

    items: tuple[tuple[TextBlock, ...], ...]
    ordered: bool = False
    style: str = ""
    letters: bool = False


TextBlock = Union[Paragraph, ListBlock]


def letter(index: int) -> str:
    """Return the letter of an item of a lettered list, counted from 0."""
    return chr(ord("A") + index)


_NO_PIECES = ("str", "bool", "str | None")
_WITHIN: dict[type, tuple[str, ...] | None] = {}
"""The fields of each class of pieces and blocks that can hold others; None for what is neither."""


def _fields_within(kind: type) -> tuple[str, ...] | None:
    if kind not in _WITHIN:
        # Annotations are text here: most fields hold words, and nothing within those.
        found = (field for field in fields(kind) if field.type not in _NO_PIECES) if is_dataclass(kind) else None
        _WITHIN[kind] = None if found is None else tuple(field.name for field in found)
    return _WITHIN[kind]


def walk(node: object) -> Iterator[object]:
    """Yield every piece in ``node`` (a piece, a block or a tuple of them), parents first, in reading order."""
    ahead = [node]
    while ahead:
        node = ahead.pop()
        if isinstance(node, tuple):
            ahead.extend(reversed(node))
        elif (within := _fields_within(type(node))) is not None:
            yield node
            for name in reversed(within):
                ahead.append(getattr(node, name))


def plain(node: object) -> str:
    """Return the words of ``node`` without markup, pieces separated by nothing, blocks by a space."""
    out: list[str] = []
    for piece in walk(node):
        if isinstance(piece, Words):
            out.append(piece.text)
        elif isinstance(piece, Paragraph):
            out.append(" ")
        elif isinstance(piece, Code | Subscript | Superscript | Abbreviation | Badge | Day):
            out.append(piece.text)
        elif isinstance(piece, RecordLink | PageLink | Term):
            out.append(piece.words or getattr(piece, "term", ""))
    return "".join(out).strip()
