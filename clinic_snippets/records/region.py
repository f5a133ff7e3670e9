"""Body regions: the places that precautions and hazards are about, and where they lie on a drawn body."""

from __future__ import annotations

import enum
import re
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from clinic_snippets.records.base import Id, Part, Record, YesNo, one_or_many

GRID_WIDTH = 90
"""How far the grid of a drawn body reaches to either side of the body's midline, where x is 0."""
GRID_HEIGHT = 400
"""How far it reaches down from the line above the head, where y is 0."""

Point = tuple[float, float]
_POINT = r"-?[0-9]+(\.[0-9]+)?,-?[0-9]+(\.[0-9]+)?"


def _points(value: Any) -> Any:
    if isinstance(value, list | tuple) and value and all(map(_is_pair, value)):
        # From a record or a JSON bundle; from a record file every number comes as text.
        return tuple(_on_grid(x, y, f"{x:g},{y:g}") for x, y in value)
    if not isinstance(value, str):
        raise PydanticCustomError("points_text", "points stand in one text; write x,y x,y with a blank between points")
    return tuple(_point(word) for word in value.split())


def _is_pair(value: Any) -> bool:
    return (
        isinstance(value, list | tuple) and len(value) == 2 and all(isinstance(number, float | int) for number in value)
    )


def _point(word: str) -> Point:
    if not re.fullmatch(_POINT, word):
        raise PydanticCustomError(
            "no_point", "'{given}' is not a point; write x,y with numbers, for example 12,46.5", {"given": word}
        )
    x, y = (float(number) for number in word.split(","))
    return _on_grid(x, y, word)


def _on_grid(x: float, y: float, word: str) -> Point:
    if abs(x) > GRID_WIDTH or not 0 <= y <= GRID_HEIGHT:
        raise PydanticCustomError(
            "off_grid", "'{given}' lies outside the grid; x goes from -{width} to {width} and y from 0 to {height}",
            {"given": word, "width": GRID_WIDTH, "height": GRID_HEIGHT},
        )  # fmt: skip
    return x, y


def _an_area(points: tuple[Point, ...]) -> tuple[Point, ...]:
    if len(set(points)) < 3:
        raise PydanticCustomError("few_points", "fewer than three different points enclose nothing; add points")
    return points


def _one_or_two(points: tuple[Point, ...]) -> tuple[Point, ...]:
    if not 1 <= len(points) <= 2:
        raise PydanticCustomError(
            "label_points",
            "a label has one point, or two when a line leads from it to the second; found {number}",
            {"number": len(points)},
        )
    return points


_AS_WRITTEN = WithJsonSchema({"type": "string", "pattern": rf"^\s*{_POINT}(\s+{_POINT})*\s*$"}, mode="validation")


class BodyView(enum.StrEnum):
    """The side from which a body is seen."""

    FRONT = "front"
    BACK = "back"


class Shape(Part):
    """An area of a region on the drawn body.

    ``points`` lie on its outline, in order, and a smooth closed line joins them; a point that is written twice is a
    corner, and so is the first when the last repeats it. Neighbours that name the same points between two corners have
    no gap. ``mirrored`` draws the shape on both sides of the body; where its first and last points lie on the midline,
    the two are one area. ``label`` is where its number stands; with a second point, a line leads there from the number.
    """

    view: BodyView
    """The side from which the body is seen."""
    mirrored: YesNo
    """Whether it is drawn on both sides."""
    label: Annotated[tuple[Point, ...], BeforeValidator(_points), _AS_WRITTEN, AfterValidator(_one_or_two)]
    """Where its number stands: one point, or two with a line between them."""
    points: Annotated[tuple[Point, ...], BeforeValidator(_points), _AS_WRITTEN, AfterValidator(_an_area)]
    """The outline: x,y x,y and so on, with blanks between points."""

    @model_validator(mode="after")
    def _on_one_side(self) -> Shape:
        if self.mirrored and min(x for x, _ in self.points) < 0 < max(x for x, _ in self.points):
            raise PydanticCustomError(
                "both_sides", "a mirrored shape crosses the midline; write its points on one side, or 'mirrored: no'"
            )
        return self

    def outlines(self) -> tuple[tuple[Point, ...], ...]:
        """Return the points of each area that is drawn, a corner twice."""
        if not self.mirrored:
            return (self.points,)
        mirror = tuple((-x, y) for x, y in self.points)
        if self.points[0][0] == self.points[-1][0] == 0 and self.points[0] != self.points[-1]:
            return (self.points + mirror[-2:0:-1],)
        return (self.points, mirror)


class Region(Record):
    """A part of the body; ``within`` names the larger region that holds it, ``shapes`` where it is seen."""

    plural: ClassVar[str] = "regions"
    needs_source: ClassVar[bool] = False

    kind: Literal["region"]
    within: Id | None = None
    """The id of the larger region that holds it."""
    shapes: Annotated[tuple[Shape, ...], BeforeValidator(one_or_many)] = ()
    """Where it is seen on the drawn body."""


EVERYWHERE = "all"
"""The word that stands for every region (and, in ``techniques``, for every technique)."""
