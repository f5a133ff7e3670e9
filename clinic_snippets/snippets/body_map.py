"""The body map: a drawn body whose regions lead to their hazards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clinic_snippets.library import Library
from clinic_snippets.records import Muscle, Region
from clinic_snippets.records.region import BodyView, Point
from clinic_snippets.records.text import Badge, Paragraph, RecordLink, Words
from clinic_snippets.snippets.blocks import Column, Picture, Row, Table
from clinic_snippets.snippets.drawing import (
    LINE_HEIGHT,
    WIDTH,
    Circle,
    Drawing,
    Label,
    Line,
    Link,
    Path,
    Plain,
    Rect,
    Tone,
)
from clinic_snippets.snippets.region_table import hazards_cell, hazards_there, muscles_cell
from clinic_snippets.snippets.registry import snippet

COLUMNS = (Column("Number and region", 36), Column("Hazards there", 36), Column("Muscles there", 28))
VIEWS = {BodyView.FRONT: ("Front", WIDTH / 4), BodyView.BACK: ("Back", WIDTH * 3 / 4)}
"""Each view with its heading and the x of its midline."""
HEADING = 18
"""Where the grid of the body starts, below the headings."""
SHADES = {False: Tone.LEVEL_1, True: Tone.LEVEL_3}
"""The tone of an area by whether something there is for trained and supervised hands only.

Not by how many hazards are recorded: one can kill, and an area without a shade would read as safe.
"""
NUMBER = 10.5
"""The size of a region's number: two digits fit in a disc, and a disc in most regions."""
RADIUS = 7.6
TRAINED_ONLY = Badge("Trained and supervised only, at least in part", "specialist-only")
OTHERS = "Vessels and nerves can be hit here too"
ALT = (
    "A body from the front and from the back. Its regions are numbered. Regions where something is for trained and "
    "supervised hands only have a stronger shade, and their numbers stand in rings. The table names all regions and leads "
    "to their hazards and muscles."
)


def closed_curve(points: Sequence[Point]) -> str:
    """Return a smooth closed line through ``points`` as the words of an SVG path; a point that comes twice is a corner.

    It is the spline of Catmull and Rom ("A class of local interpolating splines", 1974): at each point it runs parallel
    to the line between that point's neighbours. From b to c, between a and d, that is the Bézier curve with the
    control points b + (c - a) / 6 and c - (d - b) / 6.
    """
    words = ["M" + _pair(points[0])]
    count = len(points)
    for n, b in enumerate(points):
        a, c, d = points[n - 1], points[(n + 1) % count], points[(n + 2) % count]
        if b != c:
            first = (b[0] + (c[0] - a[0]) / 6, b[1] + (c[1] - a[1]) / 6)
            second = (c[0] - (d[0] - b[0]) / 6, c[1] - (d[1] - b[1]) / 6)
            words.append(f"C{_pair(first)} {_pair(second)} {_pair(c)}")
    return " ".join([*words, "Z"])


def _pair(point: Point) -> str:
    return " ".join(f"{round(number, 2):g}" for number in point)


def _placed(view: BodyView, points: Sequence[Point]) -> list[Point]:
    """Return points of the body's grid as points of the drawing."""
    return [(VIEWS[view][1] + x, HEADING + y) for x, y in points]


def _mark(x: float, y: float, text: str, trained_only: bool) -> Iterator[Plain]:
    """Yield a number, in a ring where something is for trained and supervised hands only."""
    if trained_only:
        yield Circle(x, y, RADIUS, fill=Tone.PAPER, line=Tone.INK)
    yield Label(x, y + NUMBER * 0.36, text, "middle", size=NUMBER, bold=True)


class _Area:
    """A region on the map, with its number and what is recorded there."""

    def __init__(self, library: Library, number: int, region: Region) -> None:
        self.number, self.region = str(number), region
        hazards = hazards_there(library, region)
        self.count = len(hazards)
        near = library.regions_near(region.id)
        muscles = [muscle for muscle in library.of(Muscle) if near.intersection(muscle.region)]
        self.trained_only = any(hazard.specialist_only for hazard in hazards) or any(m.specialist_only for m in muscles)

    def link(self) -> Link:
        """Return the areas of the region, and the numbers that stand beside the body, as a link to the region."""
        shade = SHADES[self.trained_only]
        shapes: list[Plain] = [
            Path(closed_curve(_placed(shape.view, outline)), fill=shade, line=Tone.QUIET, stroke=0.7)
            for shape in self.region.shapes
            for outline in shape.outlines()
        ]
        for shape in self.region.shapes:
            if len(shape.label) == 2:
                (x, y), (to_x, to_y) = _placed(shape.view, shape.label)
                shapes += [Line(x, y, to_x, to_y, stroke=0.8), Circle(to_x, to_y, 1.5, fill=Tone.INK)]
                shapes += _mark(x, y, self.number, self.trained_only)
        return Link(self.region.id, tuple(shapes), self.words())

    def numbers(self) -> Iterator[Plain]:
        """Yield the numbers that stand on the body: above all areas, because a ring may reach over a border."""
        for shape in self.region.shapes:
            if len(shape.label) == 1:
                ((x, y),) = _placed(shape.view, shape.label)
                yield from _mark(x, y, self.number, self.trained_only)

    def words(self) -> str:
        """Say in words what the area shows."""
        count = f"{self.count} hazard{'' if self.count == 1 else 's'}" if self.count else "at risk as everywhere"
        trained = f", {TRAINED_ONLY.text.lower()}" if self.trained_only else ""
        return f"{self.region.name}: {count}{trained}"

    def row(self, library: Library) -> Row:
        """Return the same as a row of the table."""
        name = Paragraph((Words(f"{self.number}. "), RecordLink(self.region.id)))
        badges = (Paragraph((TRAINED_ONLY,), "clinic-badges"),) if self.trained_only else ()
        cells = ((name, *badges), hazards_cell(library, self.region), muscles_cell(library, self.region))
        return Row(self.region.id, cells)


def _legend(y: float) -> Iterator[Plain]:
    """Yield what the shades and rings mean, the first line standing on ``y``."""
    for trained_only, words in ((True, TRAINED_ONLY.text), (False, OTHERS)):
        yield Rect(4, y - 9, 14, 10, fill=SHADES[trained_only], line=Tone.QUIET, stroke=0.7)
        yield from _mark(30, y - 4, "1", trained_only)
        yield Label(44, y, words)
        y += LINE_HEIGHT + 4


@snippet
def body_map(library: Library) -> Picture:
    """Body regions with the hazards recorded there, on a body seen from the front and from the back."""
    drawn = [region for region in library.of(Region) if region.shapes]
    areas = [_Area(library, number, region) for number, region in enumerate(drawn, 1)]
    lowest = max((y for region in drawn for shape in region.shapes for _, y in shape.points), default=0.0)
    legend = HEADING + lowest + 2 * LINE_HEIGHT
    shapes: list[Plain | Link] = [Label(x, 12, words, "middle", bold=True) for words, x in VIEWS.values()]
    shapes += [area.link() for area in areas]
    shapes += [mark for area in areas for mark in area.numbers()]
    shapes += _legend(legend)
    drawing = Drawing(WIDTH, legend + 2 * LINE_HEIGHT, tuple(shapes), ALT)
    table = Table("Hazards on the body", COLUMNS, tuple(area.row(library) for area in areas), "No region is drawn.")
    return Picture("Hazards on the body, front and back", (drawing,), table, open=True)
