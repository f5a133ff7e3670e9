"""The body map: what a tap leads to, what the shades and rings say, and that a region without a hazard never reads as safe."""

from __future__ import annotations

from typing import Any

import pytest

from clinic_snippets.library import Library
from clinic_snippets.records import EVERYWHERE, Hazard, Muscle, Region, Source
from clinic_snippets.records.region import BodyView
from clinic_snippets.records.text import RecordLink, plain, walk
from clinic_snippets.snippets import SNIPPETS, Row, Table
from clinic_snippets.snippets.blocks import Picture
from clinic_snippets.snippets.body_map import TRAINED_ONLY, closed_curve
from clinic_snippets.snippets.drawing import Circle, Drawing, Label, Line, Link, Tone, links
from clinic_snippets.snippets.drawing import Path as Outline

HEADER = {"topic": "t", "owner": "safety lead", "written": "2026-01-01", "review_by": "2027-01-01"}
FRONT = {"view": "front", "mirrored": "no", "label": "0,10", "points": "0,0 10,0 10,20 0,20"}
BACK = {"view": "back", "mirrored": "yes", "label": "40,9 8,9", "points": "5,0 10,0 10,20 5,20"}


def region(identifier: str, *shapes: Any, **fields: Any) -> Region:
    about = {"name": identifier.capitalize(), **({"shapes": list(shapes)} if shapes else {})}
    return Region.model_validate({**HEADER, "kind": "region", "id": identifier, **about, **fields})


def hazard(identifier: str, *regions: str, specialist_only: str = "no") -> Hazard:
    said = {"muscles": "any", "structure": "lung", "avoid": "Angle away.", "harm": "Collapse.", "sources": ["a"]}
    about = {"id": identifier, "name": identifier, "region": list(regions), "specialist_only": specialist_only}
    return Hazard.model_validate({**HEADER, "kind": "hazard", **about, **said})


def muscle(identifier: str, *regions: str, specialist_only: str = "no") -> Muscle:
    about = {"id": identifier, "name": identifier, "region": list(regions), "specialist_only": specialist_only}
    return Muscle.model_validate({**HEADER, "kind": "muscle", **about, "structure": "lung", "sources": ["a"]})


TREE = (region("trunk"), region("chest", FRONT, BACK, within="trunk"), region("foot", FRONT))


def picture(*records: Any) -> Picture:
    block = SNIPPETS["body-map"](Library([*TREE, *records], {"a": Source("a", "A 2014", "A")}), {})
    assert isinstance(block, Picture)
    return block


def drawing(*records: Any) -> Drawing:
    (only,) = picture(*records).drawings
    return only


def link_to(identifier: str, *records: Any) -> Link:
    return next(link for link in links(drawing(*records)) if link.record == identifier)


def outlines(link: Link) -> list[Outline]:
    return [shape for shape in link.shapes if isinstance(shape, Outline)]


def targets(row: Row) -> list[str]:
    return [piece.id for piece in walk(row.cells[1]) if isinstance(piece, RecordLink)]


def test_each_drawn_region_is_one_link_with_all_its_areas() -> None:
    assert [link.record for link in links(drawing())] == ["chest", "foot"]
    assert [len(outlines(link_to(i))) for i in ("chest", "foot")] == [3, 1]


def test_front_and_back_stand_beside_each_other_and_a_mirrored_shape_on_both_sides() -> None:
    front, right, left = outlines(link_to("chest"))
    assert front.d.startswith("M90 18 C")
    assert right.d.startswith("M275 18 C")
    assert left.d.startswith("M265 18 C")


def test_the_table_names_what_the_numbers_mean() -> None:
    rows = picture(hazard("lung", "chest")).table.rows
    assert [(row.record, plain(row.cells[0])) for row in rows] == [("chest", "1."), ("foot", "2.")]
    assert [RecordLink(row.record) in walk(row.cells[0]) for row in rows] == [True, True]
    drawn = [shape.text for shape in drawing().shapes if isinstance(shape, Label) and shape.text.isdigit()]
    assert {"1", "2"} <= set(drawn)


def test_the_table_is_open_because_it_names_the_numbers() -> None:
    assert picture().open


def test_a_number_beside_the_body_belongs_to_the_link_and_a_line_leads_to_its_area() -> None:
    beside = link_to("chest").shapes
    assert [(s.x1, s.y1, s.x2, s.y2) for s in beside if isinstance(s, Line)] == [(310, 27, 278, 27)]
    assert [s.text for s in beside if isinstance(s, Label)] == ["1"]
    assert [s for s in link_to("foot").shapes if isinstance(s, Line | Label)] == []


@pytest.mark.parametrize(
    ("count", "words"), [(0, "Foot: at risk as everywhere"), (1, "Foot: 1 hazard"), (5, "Foot: 5 hazards")]
)
def test_the_words_say_how_many_hazards_lie_there_and_no_area_is_without_a_shade(count: int, words: str) -> None:
    link = link_to("foot", *(hazard(f"artery-{n}", "foot") for n in range(count)), hazard("any", EVERYWHERE))
    assert ([shape.fill for shape in outlines(link)], link.words) == ([Tone.LEVEL_1], words)


def test_what_is_for_trained_hands_only_is_darker() -> None:
    link = link_to("foot", hazard("artery", "foot", specialist_only="yes"))
    assert [shape.fill for shape in outlines(link)] == [Tone.LEVEL_3]


def test_a_hazard_of_the_larger_region_counts_in_the_smaller() -> None:
    """Leaving it out would read as "safe here"."""
    records = (hazard("lung", "chest"), hazard("prone", "trunk"), hazard("artery", "foot"))
    assert link_to("chest", *records).words == "Chest: 2 hazards"
    assert targets(picture(*records).table.rows[0]) == ["lung", "prone"]


@pytest.mark.parametrize(
    "record",
    [
        hazard("lung", "chest", specialist_only="yes"),
        hazard("prone", "trunk", specialist_only="yes"),
        muscle("rhomboids", "chest", specialist_only="yes"),
    ],
    ids=["a hazard", "a hazard of the larger region", "a muscle"],
)
def test_a_ring_marks_what_is_for_trained_hands_only(record: Hazard | Muscle) -> None:
    chest = link_to("chest", record)
    assert chest.words.endswith(", trained and supervised only, at least in part")
    assert [shape for shape in chest.shapes if isinstance(shape, Circle) and shape.line]
    chest_row, foot_row = picture(record).table.rows
    assert TRAINED_ONLY in walk(chest_row.cells[0])
    assert TRAINED_ONLY not in walk(foot_row.cells[0])
    assert not link_to("foot", record).words.endswith("in part")


def test_a_region_without_a_hazard_is_not_called_safe() -> None:
    (_, foot) = picture(hazard("lung", "chest"), hazard("any", EVERYWHERE)).table.rows
    assert plain(foot.cells[1]).startswith("No hazard is recorded for: Foot. This does not mean that needling is safe")
    assert targets(foot) == ["any"]


def test_without_a_drawn_region_there_is_a_sentence() -> None:
    block = SNIPPETS["body-map"](Library([region("trunk")]), {})
    assert isinstance(block, Picture)
    assert (block.table.rows, block.empty) == ((), "No region is drawn.")


def test_a_curve_passes_through_its_points_and_leaves_each_in_the_direction_of_its_neighbours() -> None:
    square = closed_curve([(0, 0), (12, 0), (12, 12), (0, 12)])
    assert square.split(" C")[:2] == ["M0 0", "2 -2 10 -2 12 0"]
    assert square.endswith("-2 2 0 0 Z")


def test_a_point_that_is_written_twice_is_a_corner() -> None:
    """Neighbours that share the points between two corners share the line between them, whatever follows."""
    border = [(0, 0), (0, 0), (6, 3), (12, 0), (12, 0)]
    one, other = (closed_curve([*border, *rest]) for rest in ([(6, 30)], [(40, -7), (6, -90)]))
    assert one.split(" C")[:3] == other.split(" C")[:3]
    assert one.split(" C")[1].startswith("1 0.5 ")


def test_the_home_of_a_region_shows_the_hazards_that_the_map_counts_and_its_muscles() -> None:
    records = (hazard("lung", "chest"), hazard("prone", "trunk"), muscle("rhomboids", "chest"), muscle("toe", "foot"))
    table = SNIPPETS["region-table"](Library([*TREE, *records], {"a": Source("a", "A 2014", "A")}), {})
    assert isinstance(table, Table)
    rows = {row.record: row.cells for row in table.rows}
    shown = {i: [[p.id for p in walk(cell) if isinstance(p, RecordLink)] for cell in rows[i][3:]] for i in rows}
    assert shown["chest"] == [["lung", "prone"], ["rhomboids"]]
    assert shown["trunk"] == [["lung", "prone"], []]
    assert shown["foot"] == [[], ["toe"]]
    assert plain(rows["foot"][3]).startswith("No hazard is recorded for: Foot.")


# --- the handbook's own map ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def library(handbook_library: Library) -> Library:
    return handbook_library


def test_every_region_with_a_hazard_can_be_tapped_or_has_parts_that_can(library: Library) -> None:
    drawn = {record.id for record in library.of(Region) if record.shapes}
    hidden = {
        region
        for record in library.of(Hazard)
        for region in record.region
        if region != EVERYWHERE and not drawn & library.regions_within(region)
    }
    assert hidden == set()


def test_every_region_without_parts_is_drawn(library: Library) -> None:
    whole = {record.within for record in library.of(Region)}
    assert [record.id for record in library.of(Region) if not record.shapes and record.id not in whole] == []


def test_counts_are_the_librarys_own_answer(library: Library) -> None:
    block = SNIPPETS["body-map"](library, {})
    assert isinstance(block, Picture)
    everywhere = [record.id for record in library.of(Hazard) if EVERYWHERE in record.region]
    for link, row in zip(links(block.drawings[0]), block.table.rows, strict=True):
        found = [record.id for record in library.hazards(region=link.record)]
        own = [identifier for identifier in found if identifier not in everywhere]
        muscles = [record.id for record in library.of(Muscle) if link.record in record.region]
        assert targets(row) == (own or everywhere)
        assert [piece.id for piece in walk(row.cells[2]) if isinstance(piece, RecordLink)] == muscles
        assert (f": {len(own)} hazard" if own else ": at risk as everywhere") in link.words


@pytest.mark.parametrize("view", list(BodyView))
def test_neighbours_share_their_borders(library: Library, view: BodyView) -> None:
    """A step of an outline that two regions share is the same in both; no third one has it, and most steps are shared."""
    used: dict[frozenset[tuple[float, float]], int] = {}
    for record in library.of(Region):
        for shape in record.shapes:
            for outline in shape.outlines() if shape.view is view else ():
                for step in zip(outline, (*outline[1:], outline[0]), strict=True):
                    if step[0] != step[1]:
                        used[frozenset(step)] = used.get(frozenset(step), 0) + 1
    assert max(used.values()) == 2
    # What is not shared is the outline of the body: it closes, so each of its points has two such steps.
    ends: dict[tuple[float, float], int] = {}
    for step in (step for step, count in used.items() if count == 1):
        for point in step:
            ends[point] = ends.get(point, 0) + 1
    assert set(ends.values()) == {2}
