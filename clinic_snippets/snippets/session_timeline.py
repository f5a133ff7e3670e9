"""A session as a line of numbered steps."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import Phase, TechniqueStep
from clinic_snippets.snippets.blocks import Cell, Column, Picture, Row, Table
from clinic_snippets.snippets.drawing import (
    LINE_HEIGHT,
    TEXT,
    WIDTH,
    Circle,
    Drawing,
    Label,
    Line,
    Link,
    Rect,
    Shape,
    Tone,
    paragraph,
    wrapped,
)
from clinic_snippets.snippets.phrases import listed, name_cell, words_cell
from clinic_snippets.snippets.registry import snippet
from clinic_snippets.snippets.technique_list import PHASES, steps_of

COLUMNS = (Column("Step", 60), Column("Number", 15), Column("When", 25))
_DOT = 12
_DOTS_AT = 26
_NAMES_AT = 48
_SIZE = 13
_GAP = 8


def _step(number: int, step: TechniqueStep, top: float) -> tuple[Link, float, float]:
    """Return a numbered dot beside the step's name, the dot's height, and where the step ends."""
    width = WIDTH - _NAMES_AT - _GAP
    tall = len(wrapped(step.name, width, _SIZE)) * LINE_HEIGHT * _SIZE / TEXT
    bottom = top + max(2 * _DOT + _GAP, tall + 10)
    middle = (top + bottom) / 2
    names, _ = paragraph(_NAMES_AT, middle - tall / 2 + TEXT, step.name, width, size=_SIZE)
    dot = Circle(_DOTS_AT, middle, _DOT, fill=Tone.PAPER, line=Tone.INK, stroke=1.5)
    return Link(step.id, (dot, Label(_DOTS_AT, middle + 4.5, str(number), "middle", bold=True), *names)), middle, bottom


def _phase(phase: Phase, steps: list[TechniqueStep], first: int, top: float) -> tuple[list[Shape], float]:
    """Return a band with its heading and its steps, numbered from ``first``, and where it ends."""
    y = top + LINE_HEIGHT + 12
    found: list[Shape] = []
    middles = []
    for number, step in enumerate(steps, first):
        link, middle, y = _step(number, step, y)
        found.append(link)
        middles.append(middle)
    bottom = y + _GAP
    band = Rect(0, top, WIDTH, bottom - top, fill=Tone.BAND, round=6)
    line = Line(_DOTS_AT, middles[0], _DOTS_AT, middles[-1], Tone.QUIET, 1.5)
    return [band, Label(10, top + 19, PHASES[phase], bold=True), line, *found], bottom


def _drawing(steps: list[TechniqueStep]) -> Drawing:
    shapes: list[Shape] = []
    said: list[str] = []
    y, before = 0.0, 0
    for phase in Phase:
        found = [step for step in steps if step.phase is phase]
        if not found:
            continue
        drawn, y = _phase(phase, found, before + 1, y + _GAP if shapes else 0)
        shapes += drawn
        numbers = f"step {before + 1}" if len(found) == 1 else f"steps {before + 1} to {before + len(found)}"
        said.append(f"{PHASES[phase].lower()}, {numbers}")
        before += len(found)
    alt = f"A session in {len(steps)} steps from top to bottom: {'; '.join(said)}."
    return Drawing(WIDTH, y, tuple(shapes), alt)


def _row(number: int, step: TechniqueStep) -> Row:
    numbered: Cell = words_cell(str(number))
    return Row(step.id, (name_cell(step), numbered, listed([PHASES[step.phase]])))


@snippet
def session_timeline(library: Library) -> Picture:
    """The steps of a session as a numbered line, in three parts: before the needle, needling, afterwards."""
    steps = steps_of(library)
    rows = tuple(_row(number, step) for number, step in enumerate(steps, 1))
    title = "A session from start to end"
    return Picture(title, (_drawing(steps),), Table(title, COLUMNS, rows, "No step is recorded."))
