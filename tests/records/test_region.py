"""Where a region is drawn: what a clinical lead may write, and what each mistake is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from clinic_snippets.reading.records import read_records
from clinic_snippets.records import Region
from clinic_snippets.records.region import BodyView, Shape

SHAPE = {"view": "front", "mirrored": "yes", "label": "3,4", "points": "1,1 5,6 2,9"}


def region(*shapes: Any) -> Region:
    header = {"topic": "t", "owner": "o", "written": "2026-01-01", "review_by": "2027-01-01"}
    return Region.model_validate({**header, "kind": "region", "id": "neck", "name": "Neck", "shapes": list(shapes)})


def shape(**fields: Any) -> Shape:
    return region({**SHAPE, **fields}).shapes[0]


def test_points_are_pairs_of_numbers_on_one_line_or_several() -> None:
    made = shape(points="1,1 5.5,6\n2,9.25\n", label="-3,4 2,5")
    assert made.points == ((1, 1), (5.5, 6), (2, 9.25))
    assert made.label == ((-3, 4), (2, 5))
    assert made.view is BodyView.FRONT


def test_a_region_need_not_be_drawn() -> None:
    fields = region(SHAPE).model_dump(exclude={"shapes"})
    assert Region.model_validate(fields).shapes == ()


def test_a_mirrored_shape_is_drawn_on_both_sides() -> None:
    assert shape().outlines() == (((1, 1), (5, 6), (2, 9)), ((-1, 1), (-5, 6), (-2, 9)))


def test_a_shape_that_is_not_mirrored_is_drawn_as_written() -> None:
    assert shape(mirrored="no", points="-1,1 5,6 2,9").outlines() == (((-1, 1), (5, 6), (2, 9)),)


def test_halves_that_start_and_end_on_the_midline_are_one_area() -> None:
    assert shape(points="0,1 5,6 4,8 0,9").outlines() == (((0, 1), (5, 6), (4, 8), (0, 9), (-4, 8), (-5, 6)),)


def test_halves_that_only_touch_the_midline_stay_two() -> None:
    """As the buttocks do: their points start elsewhere, and go along the midline."""
    assert len(shape(points="5,6 0,9 0,1 5,6").outlines()) == 2
    assert len(shape(points="0,1 5,6 4,8 0,1").outlines()) == 2


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"points": "1,1 5;6 2,9"}, "'5;6' is not a point; write x,y with numbers"),
        ({"points": "1,1 5,6, 2,9"}, "'5,6,' is not a point"),
        ({"points": "1,1 5,nan 2,9"}, "'5,nan' is not a point"),
        ({"points": "1,1 ٣,6 2,9"}, "'٣,6' is not a point"),
        ({"points": "1,1 5,6"}, "fewer than three different points enclose nothing; add points"),
        ({"points": "1,1 5,6 1,1 5,6"}, "fewer than three different points"),
        ({"points": "1,1 90.5,6 2,9"}, "'90.5,6' lies outside the grid; x goes from -90 to 90 and y from 0 to 400"),
        ({"points": "1,-1 5,6 2,9"}, "'1,-1' lies outside the grid"),
        ({"points": "1,1 5,401 2,9"}, "'5,401' lies outside the grid"),
        ({"points": [["1", "1"], ["5", "6"], ["2", "9"]]}, "points stand in one text"),
        ({"points": "-1,1 5,6 2,9"}, "a mirrored shape crosses the midline; .* or 'mirrored: no'"),
        ({"label": "3"}, "'3' is not a point"),
        ({"label": "3,4 5,6 7,8"}, "a label has one point, or two .*; found 3"),
        ({"label": "3,500"}, "'3,500' lies outside the grid"),
        ({"view": "side"}, "'front' or 'back'"),
        ({"mirrored": "both"}, "is neither yes nor no"),
        ({"colour": "red"}, "Extra inputs"),
    ],
)
def test_what_cannot_be_drawn_is_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        shape(**fields)


def test_a_mistake_is_reported_where_it_stands(tmp_path: Path) -> None:
    file = tmp_path / "regions.yaml"
    file.write_text(
        "topic: t\nowner: o\nwritten: 2026-01-01\nreview_by: 2027-01-01\nrecords:\n- kind: region\n  id: neck\n"
        "  name: Neck\n  shapes:\n  - view: front\n    mirrored: yes\n    label:\n    points: |\n      1,1 5,6\n      2,9 x\n",
        "utf-8",
    )
    empty, wrong = (str(problem).removeprefix(f"{file}:") for problem in read_records(tmp_path).problems)
    assert empty.startswith("12:11: neck.shapes[1].label: the field is empty")
    assert wrong == "14:7: neck.shapes[1].points: 'x' is not a point; write x,y with numbers, for example 12,46.5"
