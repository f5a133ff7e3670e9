"""Drawings: what a picture is made of. Shapes know their place and a tone; colours are for the renderers to choose.

Lengths are in units of the drawing. It is ``WIDTH`` units wide whatever the screen or the page, so that letters of
``TEXT`` units can be read on a phone. Y counts downwards; a label's ``y`` is the line its letters stand on.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Union

WIDTH = 360
"""The width of every drawing: a phone shows one unit in about one pixel."""
TEXT = 12
"""The size of letters."""
LINE_HEIGHT = 15
"""From one line of text to the next."""


class Tone(enum.StrEnum):
    """What a line, an area or a word is for; the levels are areas of less and more, and words can be read on them.

    Never by tone alone: shape, place or words say the same.
    """

    INK = "ink"
    QUIET = "quiet"
    FAINT = "faint"
    BAND = "band"
    ACCENT = "accent"
    ASK = "ask"
    HARM = "harm"
    PAPER = "paper"
    LEVEL_1 = "level-1"
    LEVEL_3 = "level-3"


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    tone: Tone = Tone.INK
    stroke: float = 1
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle by its upper left corner; without ``fill`` it is hollow, without ``line`` it has no outline."""

    x: float
    y: float
    width: float
    height: float
    fill: Tone | None = None
    line: Tone | None = None
    stroke: float = 1
    round: float = 0


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle by its centre."""

    x: float
    y: float
    r: float
    fill: Tone | None = None
    line: Tone | None = None
    stroke: float = 1


@dataclass(frozen=True, slots=True)
class Path:
    """An outline in the words of SVG, such as ``M0 0 L10 0 L5 8 Z``."""

    d: str
    fill: Tone | None = None
    line: Tone | None = None
    stroke: float = 1


@dataclass(frozen=True, slots=True)
class Label:
    """Words on one line; ``anchor`` is the end of them that ``x`` fixes."""

    x: float
    y: float
    text: str
    anchor: Literal["start", "middle", "end"] = "start"
    tone: Tone = Tone.INK
    size: float = TEXT
    bold: bool = False


Plain = Union[Line, Rect, Circle, Path, Label]


@dataclass(frozen=True, slots=True)
class Link:
    """Shapes that lead to a record's home; ``words`` is what is read out, by default the record's name."""

    record: str
    shapes: tuple[Plain, ...]
    words: str = ""


Shape = Union[Plain, Link]


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """A picture; ``alt`` says in words what it shows to those who do not see it."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    alt: str


def links(drawing: Drawing) -> Iterator[Link]:
    """Yield the links of a drawing in order."""
    return (shape for shape in drawing.shapes if isinstance(shape, Link))


# Widths of letters of size 1 in DejaVu Sans, among the widest that a screen may choose, so that words fit in any other.
_WIDTHS = {
    **dict.fromkeys("Iijl", 0.3),
    **dict.fromkeys(" .,:;'|!/\u2018\u2019", 0.34),
    **dict.fromkeys("frt()[]-", 0.42),
    **dict.fromkeys("csz", 0.55),
    **dict.fromkeys("kvxy", 0.6),
    **dict.fromkeys("w+=<>~\u2212\u2264\u2265\u2190\u2192", 0.84),
    **dict.fromkeys("mMW%@\u2013\u2014", 1.0),
}
_USUAL, _CAPITAL, _BOLD = 0.64, 0.78, 1.12


def text_width(text: str, size: float = TEXT, bold: bool = False) -> float:
    """Return how wide words are at most, whatever the font of the screen."""
    width = sum(_WIDTHS.get(sign, _CAPITAL if sign.isupper() else _USUAL) for sign in text)
    return width * size * (_BOLD if bold else 1)


def wrapped(text: str, width: float, size: float = TEXT, bold: bool = False) -> list[str]:
    """Return ``text`` as lines that fit in ``width``; a longer word is divided after a hyphen or slash, or anywhere."""
    lines: list[str] = []
    line = ""
    # A blank before a part means that it may stand on the line of the part before.
    for part in re.findall(r"\s*[^\s/-]*[/-]?", " ".join(text.split())):
        if text_width((line + part).strip(), size, bold) <= width:
            line += part
            continue
        if line.strip():
            lines.append(line.strip())
        line = part.strip()
        while text_width(line, size, bold) > width and len(line) > 1:
            most = next(
                n for n in range(len(line) - 1, 0, -1) if n == 1 or text_width(f"{line[:n]}-", size, bold) <= width
            )
            lines.append(f"{line[:most]}-")
            line = line[most:]
    if line.strip():
        lines.append(line.strip())
    return lines


def paragraph(
    x: float, y: float, text: str, width: float, *, anchor: Literal["start", "middle", "end"] = "start",
    tone: Tone = Tone.INK, size: float = TEXT, bold: bool = False,
) -> tuple[tuple[Label, ...], float]:  # fmt: skip
    """Return words as labels that fit in ``width``, the first line standing on ``y``, and the ``y`` for a line after them."""
    step = LINE_HEIGHT * size / TEXT
    lines = wrapped(text, width, size, bold)
    labels = tuple(Label(x, y + n * step, line, anchor, tone, size, bold) for n, line in enumerate(lines))
    return labels, y + len(lines) * step
