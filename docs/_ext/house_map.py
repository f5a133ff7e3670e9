"""A map of the package, drawn with its own drawings: which room stands on which floor, and what goes through them."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import clinic_snippets
from clinic_snippets.rendering.svg import for_page
from clinic_snippets.snippets.drawing import (
    LINE_HEIGHT,
    TEXT,
    WIDTH,
    Drawing,
    Label,
    Line,
    Rect,
    Shape,
    Tone,
    paragraph,
)
from clinic_snippets.snippets.drawing import Path as Outline

FLOORS = (
    ("records",),
    ("reading",),
    ("library",),
    ("snippets", "export"),
    ("rendering",),
    ("sphinx_ext", "pdf"),
    ("publishing", "cli"),
)
"""From the ground up; the last two rows are one floor, whose rooms do not know each other."""
_STYLES = Path(clinic_snippets.__file__).parent / "sphinx_ext" / "static"
_HEIGHT, _GAP, _MARGIN = 72, 16, 8


def drawing() -> Drawing:
    """Return the map."""
    shapes: list[Shape] = []
    words: list[str] = []
    y: float = _MARGIN + LINE_HEIGHT + 2
    shapes.append(Label(WIDTH / 2, y - 7, "Readers get pages, a PDF, lines in a terminal, data", "middle"))
    rows = FLOORS[::-1]
    for number, rooms in enumerate(rows):
        width = (WIDTH - 2 * _MARGIN - _GAP * (len(rooms) - 1)) / len(rooms)
        for at, room in enumerate(rooms):
            x = _MARGIN + at * (width + _GAP)
            shapes += _room(room, x, y, width)
            words.append(f"{room}: {_says(room)}")
        y += _HEIGHT + _GAP
        if number + 1 < len(rows) and rooms not in FLOORS[-1:]:
            shapes += _arrow(WIDTH / 2, y - _GAP, y)
        if rooms in FLOORS[-1:]:
            # The two rows of the top floor are one.
            y -= _GAP / 2
    alt = "Rooms of the package from the top floor down; each imports only from those below it. " + " ".join(words)
    for line, tone in (
        ("You write records, sources and pages", Tone.INK),
        ("Arrows: what imports what. Facts go the other way, upwards.", Tone.QUIET),
    ):
        shapes.append(Label(WIDTH / 2, y + 2, line, "middle", tone, TEXT - (tone is Tone.QUIET)))
        y += LINE_HEIGHT
    return Drawing(WIDTH, y, tuple(shapes), alt)


def _room(room: str, x: float, y: float, width: float) -> list[Shape]:
    lines, _ = paragraph(x + 8, y + 34, _says(room), width - 16, tone=Tone.QUIET, size=TEXT - 1)
    return [
        Rect(x, y, width, _HEIGHT, fill=Tone.BAND, line=Tone.ACCENT, round=4),
        Label(x + 8, y + 18, f"{room}/", tone=Tone.ACCENT, bold=True),
        *lines,
    ]


def _arrow(x: float, top: float, bottom: float) -> list[Shape]:
    head = f"M{x - 4} {bottom - 7} L{x + 4} {bottom - 7} L{x} {bottom - 1} Z"
    return [Line(x, top + 1, x, bottom - 6, Tone.INK), Outline(head, fill=Tone.INK)]


def _says(room: str) -> str:
    """Return what a room says of itself, in one clause."""
    doc = inspect.getdoc(importlib.import_module(f"clinic_snippets.{room}")) or ""
    name, _, rest = doc.partition("\n")[0].partition(": ")
    # "Snippets: plain functions ..." says it behind its own name.
    clause = rest if name.lower() == room else name
    clause = re.split(r"[.;]", clause)[0]
    return clause[:1].upper() + clause[1:]


class HouseMap(SphinxDirective):
    """Places the map in a page."""

    def run(self) -> list[nodes.Node]:
        """Return the map as one picture."""
        markup = "".join(part for part in for_page(drawing(), str) if isinstance(part, str))
        return [nodes.raw("", markup, format="html")]


def _add_styles(app: Sphinx, config: Any) -> None:
    config.html_static_path.append(str(_STYLES))
    app.add_css_file("clinic.css")


def setup(app: Sphinx) -> None:
    """Set up the directive and the styles of drawings."""
    app.add_directive("house-map", HouseMap)
    app.connect("config-inited", _add_styles)
