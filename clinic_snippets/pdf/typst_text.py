"""Typst's own spelling of strings, lengths and anchors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import cache

_LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?|\.\d+)\s*(px|pt|cm|mm|in|em|%|)\s*")
# Where a line may end inside a word anyway, so that only the parts between count as long.
_JOINTS = re.compile(r"[/‐–—-]")
_NO_WORD = 40
"""No word of a language is longer."""
_PICTURE_HINTS = re.compile("[\ufe0e\ufe0f]")
# Such signs, or a capital inside, make a name: no dictionary says where to hyphenate it.
_NAME_SIGNS = re.compile(r"[\d_.:@#=&?%\\+]|\w[A-Z]")
_END_OF_SENTENCE = ".:?"
# Behind them a long name may break; book.typ says the same of code.
_BREAKS_BEHIND = r"_./:?&=#@,\-"


class Fit(Enum):
    """How a word goes into its line."""

    FITS = "as it is"
    HYPHENATES = "with hyphens of its language"
    BREAKS = "broken after a sign, or anywhere"


def quoted(text: str) -> str:
    """Return ``text`` as a Typst string literal, without the invisible signs that ask for coloured emoji."""
    escaped = (
        _PICTURE_HINTS.sub("", text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    )
    return f'"{escaped}"'


def array(items: Iterable[str]) -> str:
    """Return Typst expressions as a Typst array; the trailing comma makes an array of one."""
    return "(" + "".join(f"{item}, " for item in items) + ")"


def flag(value: object) -> str:
    """Return ``value`` as Typst's ``true`` or ``false``."""
    return "true" if value else "false"


def length(value: str | None) -> str | None:
    """Return a reStructuredText length as a Typst length, or None where there is none that Typst knows.

    A number without a unit counts pixels, of which there are 96 to the inch.
    """
    match = _LENGTH.fullmatch(value or "")
    if not match:
        return None
    number, unit = match.groups()
    return f"{float(number) * 0.75:g}pt" if unit in ("px", "") else f"{number}{unit}"


def fit(word: str, room: int) -> Fit:
    """Tell whether a line can take ``word``, where ``room`` letters of code surely fit on a line.

    A name breaks at its signs. A word of the language, which is narrower than code, is hyphenated only if it is longer
    than its line: a hyphen more is a word harder to read.
    """
    part = max(_JOINTS.split(word), key=len)
    if len(part) > (room if _NAME_SIGNS.search(part.rstrip(_END_OF_SENTENCE)) else _NO_WORD):
        return Fit.BREAKS
    return Fit.HYPHENATES if len(part) > 1.5 * room else Fit.FITS


def by_fit(text: str, room: int) -> Iterator[tuple[str, Fit]]:
    """Split ``text`` into runs that fit and single words that do not."""
    start = 0
    for match in _longer_than(room).finditer(text):
        if (how := fit(match.group(), room)) is not Fit.FITS:
            if start < match.start():
                yield text[start : match.start()], Fit.FITS
            yield match.group(), how
            start = match.end()
    if start < len(text):
        yield text[start:], Fit.FITS


def pieces(word: str, most: int) -> str:
    """Return the arguments of ``pieces`` for a word that may break after a sign, and after ``most`` letters without any."""
    before, *rest = _piece(most).split(_PICTURE_HINTS.sub("", word))
    return ", ".join(quoted(part) for part in (before, *filter(None, rest)))


@cache
def _piece(most: int) -> re.Pattern[str]:
    return re.compile(f"([^{_BREAKS_BEHIND}]{{1,{most}}}[{_BREAKS_BEHIND}]*)")


@cache
def _longer_than(room: int) -> re.Pattern[str]:
    """Return what finds the words that may not fit: whatever is in a word, one of at most ``room`` letters does."""
    return re.compile(rf"\S{{{room + 1},}}")
