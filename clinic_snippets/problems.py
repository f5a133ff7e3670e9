"""What is wrong, where, and the way out: the one shape in which every room reports bad input."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field

NO_SUCH_ID = "check the spelling, or write a record with that id"
"""The way out where no id is like the one that was written."""
_LONGEST_NAME = 200
"""Longer words are no slip of the pen, and comparing them takes long."""


@dataclass(frozen=True, order=True)
class Place:
    """A position in a file; line and column count from 1, and 0 means that it is not known."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join([printable(self.file), *(str(n) for n in (self.line, self.column) if n)])


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong. ``code`` is stable and searchable; ``hint`` says what is allowed or what to do."""

    place: Place
    subject: str
    message: str
    hint: str = ""
    code: str = field(default="", compare=False)

    def __str__(self) -> str:
        subject = f"{self.subject}: " if self.subject else ""
        hint = f"; {self.hint}" if self.hint else ""
        return f"{self.place}: {subject}{self.message}{hint}"


class ClinicError(Exception):
    """Bad input found by a room that cannot go on; carries every problem found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


class DeclarationError(TypeError):
    """A snippet or a kind of record is not declared as it must be; says how, to the author of that Python file."""


def printable(text: str) -> str:
    """Return ``text`` with a sign in place of what no terminal should be sent, such as the start of an escape sequence."""
    return text if text.isprintable() else "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def is_text(name: str) -> bool:
    """Say whether a name can be written into a file; Python stands in for bytes of a file's name that are not UTF-8."""
    return not any("\ud800" <= sign <= "\udfff" for sign in name)


def shown(given: object) -> str:
    """Return something that was written, for a message: on one line and not longer than a line."""
    text = printable(" ".join(str(given).split()))
    return text if len(text) <= 60 else text[:59] + "…"


def nearest(word: str, allowed: Iterable[str]) -> str:
    """Return ``did you mean 'x'?`` for the allowed word most like ``word`` or with a part like it, or an empty string."""
    if len(word) > _LONGEST_NAME:
        return ""
    names = {name.lower(): name for name in sorted(allowed)}
    close = difflib.get_close_matches(word.lower(), names, n=1)
    if not close:
        close = [name for name in names if difflib.get_close_matches(word.lower(), name.split("-"), n=1, cutoff=0.8)]
    return f"did you mean '{names[close[0]]}'?" if close else ""


def allowed_words(word: str, allowed: Iterable[str]) -> str:
    """Return the hint for a wrong word: what is allowed (ten at most) and the nearest of it."""
    words = list(allowed)
    shown = ", ".join(words[:10]) + (f" and {len(words) - 10} more" if len(words) > 10 else "")
    return "; ".join(part for part in (f"allowed: {shown}", nearest(word, words)) if part)
