"""A session as a line of numbered steps."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import Phase, TechniqueStep
from clinic_snippets.records.text import Paragraph, Words
from clinic_snippets.snippets.blocks import Cell, Column, Picture, Row, Table
from clinic_snippets.snippets.drawing import (
    LINE_HEIGHT,
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
)
from clinic_snippets.snippets.phrases import listed, name_cell
from clinic_snippets.snippets.registry import snippet
from clinic_snippets.snippets.technique_list import PHASES, steps_of

COLUMNS = (Column("Step", 60), Column("Number", 15), Column("When", 25))
_DOT = 12
_LINE_AT = 26
_NAMES_AT = 48


def _step(number: int, step: TechniqueStep, top: float) -> tuple[Link, float]:
    """Return a numbered dot with the step's name, and where it ends."""
    names, bottom = paragraph(_NAMES_AT, 0, step.name, WIDTH - _NAMES_AT - 8, size=13)
    height = max(2 * _DOT + 8.0, bottom + 10)
    middle = top + height / 2
    # The dot stands at the middle of the name's lines, whose letters reach a little above their lines.
    names, _ = paragraph(_NAMES_AT, middle - bottom / 2 + 12, step.name, WIDTH - _NAMES_AT - 8, size=13)
    dot = Circle(_LINE_AT, middle, _DOT, fill=Tone.PAPER, line=Tone.INK, stroke=1.5)
    return Link(step.id, (dot, Label(_LINE_AT, middle + 4.5, str(number), "middle", bold=True), *names)), top + height


def _drawing(steps: list[TechniqueStep]) -> Drawing:
    bands: list[Shape] = []
    links: list[Link] = []
    y = 0.0
    for phase in Phase:
        found = [step for step in steps if step.phase is phase]
        if not found:
            continue
        top, y = y, y + LINE_HEIGHT + 12
        bands.append(Label(10, top + 19, PHASES[phase], bold=True))
        for step in found:
            link, y = _step(len(links) + 1, step, y)
            links.append(link)
        y += 8
        bands.insert(0, Rect(0, top, WIDTH, y - top, fill=Tone.BAND, round=6))
        y += 8
    dots = [link.shapes[0] for link in links]
    ends = [dot.y for dot in dots if isinstance(dot, Circle)]
    # Between the dots alone, so that it does not run through a phase's heading.
    line = [
        Line(_LINE_AT, above + _DOT, _LINE_AT, below - _DOT, Tone.QUIET, 1.5)
        for step, above, below in zip(steps[1:], ends, ends[1:], strict=False)
        if step.phase is steps[steps.index(step) - 1].phase
    ]
    numbers = {phase: [str(n) for n, step in enumerate(steps, 1) if step.phase is phase] for phase in Phase}
    said = "; ".join(f"{PHASES[p].lower()}, steps {n[0]} to {n[-1]}" for p, n in numbers.items() if n)
    return Drawing(
        WIDTH, max(y - 8, 0), (*bands, *line, *links), f"A session in {len(steps)} steps from top to bottom: {said}."
    )


def _row(number: int, step: TechniqueStep) -> Row:
    numbered: Cell = (Paragraph((Words(str(number)),)),)
    return Row(step.id, (name_cell(step), numbered, listed([PHASES[step.phase]])))


@snippet
def session_timeline(library: Library) -> Picture:
    """The steps of a session as a numbered line, in three parts: before the needle, needling, afterwards."""
    steps = steps_of(library)
    rows = tuple(_row(number, step) for number, step in enumerate(steps, 1))
    title = "A session from start to end"
    return Picture(title, (_drawing(steps),), Table(title, COLUMNS, rows, "No step is recorded."))
