"""Drawings to SVG: for pages, where a stylesheet gives the colours, and for the PDF, which has its own.

On a page every tone is a class, so one picture serves light and dark; nothing is styled in place, so the strictest
content security policy shows it too. Without the stylesheet a picture is black on white and still to be read.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from clinic_snippets.snippets.drawing import Circle, Drawing, Label, Line, Link, Path, Plain, Rect, Tone, links

PRINT_FONT = "Source Sans 3"
"""The family of the PDF's text."""
_PRINTED = {
    Tone.INK: "#000000", Tone.QUIET: "#5f5f5f", Tone.FAINT: "#969696", Tone.BAND: "#e8ebee", Tone.ACCENT: "#1f5f8b",
    Tone.ASK: "#7a4b00", Tone.HARM: "#a3132a", Tone.PAPER: "#ffffff", Tone.LEVEL_1: "#d6e2ea",
    Tone.LEVEL_3: "#7aa3bc",
}  # fmt: skip
_GROUND = (Tone.BAND, Tone.PAPER, Tone.LEVEL_1, Tone.LEVEL_3)
"""Areas behind other shapes: without a stylesheet they must not be black."""

Words = Callable[[str], str]
"""Gives words their typographic quotes."""


@dataclass(frozen=True, slots=True)
class DrawnLink:
    """Shapes around which a link to a record is put when a page is written."""

    id: str
    words: str
    markup: str


def for_page(drawing: Drawing, words: Words) -> Iterator[str | DrawnLink]:
    """Yield a picture for HTML, in pieces.

    A picture without links is one image to a screen reader. One with links is a group of links, and what stands
    between them is left to the group's own words.
    """
    linked = any(links(drawing))
    role, alt = "group" if linked else "img", _quoted(words(drawing.alt))
    yield f'<svg {_frame(drawing)} class="clinic-drawing" role="{role}" aria-label="{alt}">\n'
    for is_link, shapes in groupby(drawing.shapes, lambda shape: isinstance(shape, Link)):
        yield '<g aria-hidden="true">\n' if linked and not is_link else ""
        for shape in shapes:
            if isinstance(shape, Link):
                yield DrawnLink(shape.record, shape.words, _all(shape.shapes, words, _OnPage()))
            else:
                yield _shape(shape, words, _OnPage())
        yield "</g>\n" if linked and not is_link else ""
    yield "</svg>\n"


def for_print(drawing: Drawing, words: Words) -> str:
    """Return a picture as an SVG file; links are for the table below it."""
    plain = (part for shape in drawing.shapes for part in (shape.shapes if isinstance(shape, Link) else (shape,)))
    return f'<svg {_frame(drawing)} font-family="{PRINT_FONT}">\n{_all(plain, words, _InPrint())}</svg>\n'


def _frame(drawing: Drawing) -> str:
    width, height = _number(drawing.width), _number(drawing.height)
    return f'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'


class _Look(Protocol):
    """How shapes are painted and letters are set."""

    def paint(self, **tones: Tone | None) -> str:
        """Return the attributes of a shape's ``fill`` and ``stroke``."""

    def weight(self, bold: bool) -> str:
        """Return the attributes of letters."""


class _OnPage:
    @staticmethod
    def paint(**tones: Tone | None) -> str:
        # The stylesheet overrules these attributes; without it they still tell lines and words from the ground.
        plain = {what: "none" if tone is None or tone in _GROUND else "currentColor" for what, tone in tones.items()}
        names = " ".join(f"clinic-{what}-{tone}" for what, tone in tones.items() if tone not in (None, Tone.INK))
        return _attributes(plain) + (f' class="{names}"' if names else "")

    @staticmethod
    def weight(bold: bool) -> str:
        return ' font-weight="700"' if bold else ""


class _InPrint:
    @staticmethod
    def paint(**tones: Tone | None) -> str:
        return _attributes({what: _PRINTED[tone] if tone else "none" for what, tone in tones.items()})

    @staticmethod
    def weight(bold: bool) -> str:
        weight = 700 if bold else 400
        # Typst takes the lightest letters of a variable font for those of normal weight, unless told so.
        return f' font-weight="{weight}" font-variation-settings="\'wght\' {weight}"'


def _attributes(values: Mapping[str, str]) -> str:
    return "".join(f' {name}="{value}"' for name, value in values.items())


def _all(shapes: Iterable[Plain], words: Words, look: _Look) -> str:
    return "".join(_shape(shape, words, look) for shape in shapes)


def _shape(shape: Plain, words: Words, look: _Look) -> str:
    if isinstance(shape, Label):
        anchor = f' text-anchor="{shape.anchor}"' if shape.anchor != "start" else ""
        where = _numbers(x=shape.x, y=shape.y, font_size=shape.size)
        return f"<text{where}{anchor}{look.weight(shape.bold)}{look.paint(fill=shape.tone)}>{html.escape(words(shape.text), quote=False)}</text>\n"
    if isinstance(shape, Line):
        where = _numbers(x1=shape.x1, y1=shape.y1, x2=shape.x2, y2=shape.y2, stroke_width=shape.stroke)
        dashes = ' stroke-dasharray="3 3"' if shape.dashed else ""
        return f"<line{where}{dashes}{look.paint(stroke=shape.tone)}/>\n"
    if isinstance(shape, Rect):
        where = "rect" + _numbers(x=shape.x, y=shape.y, width=shape.width, height=shape.height)
        where += _numbers(rx=shape.round) if shape.round else ""
    elif isinstance(shape, Circle):
        where = "circle" + _numbers(cx=shape.x, cy=shape.y, r=shape.r)
    else:
        assert isinstance(shape, Path)
        where = f'path d="{_quoted(shape.d)}"'
    width = _numbers(stroke_width=shape.stroke) if shape.line else ""
    return f"<{where}{width}{look.paint(fill=shape.fill, stroke=shape.line)}/>\n"


def _numbers(**values: float) -> str:
    return _attributes({name.replace("_", "-"): _number(value) for name, value in values.items()})


def _number(value: float) -> str:
    # Two decimals are a fiftieth of a millimetre; adding zero makes -0 a 0.
    return f"{round(value, 2) + 0:g}"


def _quoted(text: str) -> str:
    return html.escape(text)
