"""Pictures: they say what their tables say, never mix what must not be mixed, and say so when they cannot be drawn."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from clinic_snippets.library import Library, load_library
from clinic_snippets.library.figures import figure
from clinic_snippets.records import AdverseEvent, Finding, Measure, Rate, Source, TechniqueStep
from clinic_snippets.records.text import RecordLink, plain, walk
from clinic_snippets.rendering.svg import for_print
from clinic_snippets.snippets import SNIPPETS, OptionError, Picture
from clinic_snippets.snippets.drawing import (
    WIDTH,
    Circle,
    Drawing,
    Label,
    Line,
    Link,
    Plain,
    Rect,
    Tone,
    links,
    text_width,
)

HEADER = {"topic": "t", "owner": "o", "written": "2026-01-01", "review_by": "2027-01-01", "sources": ["a"]}
SOURCES = {"a": Source("a", "Brady 2014", "Events")}
MD = {"measure": "mean difference"}


def effect(part: str, value: str, low: str | None, high: str | None, **fields: Any) -> dict[str, Any]:
    interval = {"low": low, "high": high} if low else {}
    return {
        "part": part, "outcome": "Pain", "timing": "short term", "direction": "favours needling",
        "measure": "mean difference", "better": "lower", "value": value, **interval, **fields,
    }  # fmt: skip


def finding(name: str, *effects: dict[str, Any], **fields: Any) -> Finding:
    said = {"condition": "Neck pain", "regions": "all", "design": "5 trials", "comparator": "sham", "claim": "It may."}
    identity = {"kind": "finding", "id": name, "name": name, "certainty": "low"}
    return Finding.model_validate({**HEADER, **identity, **said, "effects": list(effects), **fields})


def step(name: str, phase: str) -> TechniqueStep:
    return TechniqueStep.model_validate(
        {**HEADER, "kind": "technique-step", "id": name, "name": name.capitalize(), "phase": phase, "do": "So."}
    )


def event(*rates: dict[str, Any]) -> AdverseEvent:
    base = {"needling": "dry needling", "reported_by": "clinicians", "setting": "a clinic", "unit": "treatments"}
    said = {"kind": "adverse-event", "id": "ache", "name": "Ache", "severity": ["mild"], "about": "It aches."}
    return AdverseEvent.model_validate({**HEADER, **said, "rates": [{"source": "a", **base, **rate} for rate in rates]})


def picture(name: str, *records: Any, **options: str) -> Picture:
    made = SNIPPETS[name](Library(records, SOURCES), options)
    assert isinstance(made, Picture)
    return made


def flat(drawing: Drawing) -> list[Plain]:
    """Every shape, also those in links."""
    return [inner for shape in drawing.shapes for inner in (shape.shapes if isinstance(shape, Link) else (shape,))]


def words(drawing: Drawing) -> str:
    return " ".join(shape.text for shape in flat(drawing) if isinstance(shape, Label))


def rows(made: Picture) -> list[list[str]]:
    return [[plain(cell) for cell in row.cells] for row in made.table.rows]


# --- forest plot -----------------------------------------------------------------------------------------

NECK = finding(
    "neck",
    effect("late", "-0.20", "-0.90", "0.50", timing="long term", direction="no difference"),
    effect("soon", "-1.50", "-2.10", "-0.90", timing="immediate", time="the same day", certainty=["low", "moderate"]),
    effect("worse", "0.80", "0.30", "1.30", direction="favours the other", outcome="Pain at night"),
)


def intervals(drawing: Drawing) -> list[tuple[float, float, float]]:
    """Where each interval starts, its square stands and it ends, from top to bottom."""
    lines = [s for s in drawing.shapes if isinstance(s, Line) and s.tone is Tone.ACCENT and s.y1 == s.y2]
    squares = [s for s in drawing.shapes if isinstance(s, Rect) and s.line is Tone.ACCENT]
    return [(line.x1, box.x + box.width / 2, line.x2) for line, box in zip(lines, squares, strict=True)]


def ticks(drawing: Drawing) -> dict[float, float]:
    """Where the numbers of the axis stand."""
    found = [s for s in drawing.shapes if isinstance(s, Label) and s.anchor == "middle"]
    return {float(label.text.replace("\u2212", "-")): label.x for label in found}


def test_every_interval_stands_on_its_axis_where_its_numbers_say() -> None:
    (drawing,) = picture("forest-plot", NECK, **MD).drawings
    axis = ticks(drawing)
    first, last = min(axis), max(axis)
    scale = (axis[last] - axis[first]) / (last - first)
    drawn = [tuple(round((x - axis[0]) / scale, 3) for x in interval) for interval in intervals(drawing)]
    assert drawn == [(-2.1, -1.5, -0.9), (0.3, 0.8, 1.3), (-0.9, -0.2, 0.5)], "soonest first"
    zeros = {
        s.x1 for s in drawing.shapes if isinstance(s, Line) and s.x1 == s.x2 and s.tone is Tone.INK and s.y2 - s.y1 > 9
    }
    assert zeros == {axis[0]}, "a line for no difference in every row"


def test_the_table_says_the_same_in_the_same_order() -> None:
    made = picture("forest-plot", NECK, **MD)
    (drawing,) = made.drawings
    assert [[row[1], row[2]] for row in rows(made)] == [
        ["sham", "immediate (the same day)"], ["sham", "short term"], ["sham", "long term"],
    ]  # fmt: skip
    figures = re.findall(r"\S+ \(\S+ to \S+\)", words(drawing))
    assert figures == ["−1.50 (−2.10 to −0.90)", "0.80 (0.30 to 1.30)", "−0.20 (−0.90 to 0.50)"]
    for shown, row in zip(figures, rows(made), strict=True):
        for number in re.findall(r"−?[\d.]+", shown):
            assert number in row[3]
    assert all(RecordLink("neck") in walk(row.cells[0]) for row in made.table.rows)
    assert [row[4] for row in rows(made)] == [
        "●●○○ low to moderate certainty",
        "●●○○ low certainty",
        "●●○○ low certainty",
    ]


def test_a_row_says_what_was_compared_when_and_how_sure_one_can_be() -> None:
    (drawing,) = picture("forest-plot", NECK, **MD).drawings
    said = words(drawing)
    for part in ("Neck pain", "Against sham, immediate (the same day)", "Pain at night: against sham, short term",
                 "low to moderate", "← favours needling", "favours the other →", "lower is better"):  # fmt: skip
        assert part in said
    circles = [s for s in drawing.shapes if isinstance(s, Circle)]
    assert [s.fill for s in circles] == [Tone.INK, Tone.INK, None, None] * 3


def test_no_difference_is_a_hollow_square() -> None:
    (drawing,) = picture("forest-plot", NECK, **MD).drawings
    squares = [s.fill for s in drawing.shapes if isinstance(s, Rect) and s.line is Tone.ACCENT]
    assert squares == [Tone.ACCENT, Tone.ACCENT, Tone.PAPER]


def test_an_ungraded_finding_has_empty_circles() -> None:
    made = picture(
        "forest-plot", finding("f", effect("a", "-1", "-2", "-0.5"), certainty=(), not_graded="One trial."), **MD
    )
    assert "not graded" in words(made.drawings[0])
    assert [s.fill for s in made.drawings[0].shapes if isinstance(s, Circle)] == [None] * 4
    assert rows(made)[0][4] == "\u25cb\u25cb\u25cb\u25cb certainty not graded"


def test_the_alternative_text_says_what_is_seen() -> None:
    (drawing,) = picture("forest-plot", NECK, **MD).drawings
    assert drawing.alt == (
        "Neck pain: 3 results on pain with 95 % intervals: 1 favours needling, 1 no clear difference, 1 favours the other. "
        "Mean difference, the scale is not named in what was read; lower is better."
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "different measures never share a picture; choose 'measure', one of: mean difference, standardised"),
        ({"measure": "risk ratio"}, "a risk ratio has no zero for no difference; choose 'measure', one of: mean diff"),
        ({"measure": "number needed to treat"}, "has no zero for no difference"),
        ({**MD, "condition": "Nek pain"}, "no finding is about 'Nek pain'; .*did you mean 'Neck pain'"),
    ],
)
def test_what_cannot_share_an_axis_is_refused(options: dict[str, str], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        picture("forest-plot", NECK, **options)


def test_only_pain_of_the_measure_is_drawn() -> None:
    others = (
        effect("smd", "-0.5", "-0.6", "-0.4", measure="standardised mean difference"),
        effect("threshold", "5", "4", "6", outcome="Pressure pain threshold", better="higher"),
        effect("disability", "-5", "-6", "-4", outcome="Disability"),
        effect("first", "-2", "-3", "-1", outcome="First-step pain"),
    )
    made = picture("forest-plot", finding("f", *others), **MD)
    assert [row[3].partition(":")[0] for row in rows(made)] == ["First-step pain"]
    assert len(intervals(made.drawings[0])) == 1


def test_scales_and_directions_never_share_an_axis() -> None:
    mixed = finding(
        "f",
        effect("plain", "-1", "-2", "-0.5"),
        effect("millimetres", "-14", "-24", "-5", scale="mm"),
        effect("relief", "1", "0.5", "2", better="higher"),
    )
    made = picture("forest-plot", mixed, **MD)
    assert len(made.drawings) == 3
    assert max(map(abs, ticks(made.drawings[0]))) < 5 < max(map(abs, ticks(made.drawings[1])))
    assert "mm" in words(made.drawings[1])
    relief = words(made.drawings[2])
    assert "← favours the other" in relief
    assert "favours needling →" in relief
    assert [row[2] for row in rows(made)] == ["short term"] * 3


def test_conditions_have_drawings_of_their_own_on_the_same_axis() -> None:
    neck = finding("neck", effect("a", "-1", "-2", "-0.5", scale="points of 10"))
    heel = finding("heel", effect("a", "-3", "-4", "-2", scale="points of 10"), condition="Heel pain")
    made = picture("forest-plot", neck, heel, **MD)
    assert [drawing.alt.partition(":")[0] for drawing in made.drawings] == ["Neck pain", "Heel pain"]
    assert ticks(made.drawings[0]) == ticks(made.drawings[1])
    assert len(picture("forest-plot", neck, heel, **MD, condition="Heel pain").drawings) == 1


def test_findings_on_scales_that_nobody_named_never_share_an_axis() -> None:
    one = finding("one", effect("a", "-1", "-2", "-0.5"), effect("b", "-1.5", "-2.5", "-0.5", timing="long term"))
    other = finding("other", effect("a", "-30", "-40", "-20"))
    made = picture("forest-plot", one, other, **MD)
    assert len(made.drawings) == 2
    assert max(map(abs, ticks(made.drawings[0]))) < 5 < max(map(abs, ticks(made.drawings[1])))


def test_what_is_not_drawn_is_counted() -> None:
    made = picture("forest-plot", finding("f", effect("a", "-1", "-2", "-0.5"), effect("b", "-3", None, None)), **MD)
    assert "(1 result without an interval is not drawn)" in made.title
    assert "−3" not in words(made.drawings[0])


def test_nothing_to_draw_never_reads_as_no_effect() -> None:
    made = picture("forest-plot", finding("f", effect("a", "-3", None, None)), **MD)
    assert not made.drawings
    assert (
        made.empty == "No effect on pain is recorded as mean difference. This does not mean that it works, or does not."
    )


# --- icon array ------------------------------------------------------------------------------------------


def array(**rate: Any) -> Picture:
    return picture("icon-array", event(rate), rate="ache@a")


def counted(made: Picture) -> tuple[int, int]:
    """How many marks and how many squares there are, without those of the legend."""
    shapes = made.drawings[0].shapes
    marks = sum(isinstance(shape, Circle) for shape in shapes) - 1
    return marks, marks + sum(isinstance(shape, Rect) for shape in shapes) - 1


EVENTS = {"counted": "events"}
AFFECTED = {"counted": "affected"}


@pytest.mark.parametrize(
    ("rate", "marks", "said"),
    [
        ({"events": "577", "total": "7629", **EVENTS}, (8, 100), "about 8 events in 100 treatments"),
        ({"events": "1", "total": "100", **EVENTS}, (1, 100), "about 1 event in 100 treatments"),
        ({"events": "5", "total": "1000", **AFFECTED}, (5, 1000), "about 5 in 1,000 treatments"),
        ({"events": "25", "total": "1000", "unit": "patients", **AFFECTED}, (3, 100), "about 3 in 100 patients"),
        ({"events": "100", "total": "100", **AFFECTED}, (100, 100), "about 100 in 100 treatments"),
        ({"percent": "36.7", "unit": "clinicians"}, (37, 100), "about 37 in 100 clinicians reported it"),
        (
            {"percent": "0.55", "printed_unit": "consultations", **EVENTS},
            (6, 1000),
            "about 6 events in 1,000 consultations",
        ),
        ({"value": "7.70", "per": "100"}, (8, 100), "about 8 in 100 treatments"),
        ({"one_in": "250"}, (4, 1000), "about 4 in 1,000 treatments"),
    ],
)
def test_so_many_of_the_squares_are_marked(rate: dict[str, str], marks: tuple[int, int], said: str) -> None:
    made = array(**rate)
    assert counted(made) == marks
    assert said in words(made.drawings[0])
    assert f"{marks[1]} squares, {marks[0]} of them with a filled circle: Ache, {said}." in made.drawings[0].alt


def test_events_are_never_people() -> None:
    made = array(events="577", total="7629", **EVENTS)
    for said in (words(made.drawings[0]), made.drawings[0].alt):
        assert "Events are counted, not people: one treatment can give several." in said
    assert "one event the rest of 100 treatments" in words(made.drawings[0])
    assert "can give several" not in words(array(events="577", total="7629", **AFFECTED).drawings[0])


def test_a_share_of_clinicians_is_no_risk() -> None:
    assert "A share of clinicians, not a risk per treatment." in array(percent="36", unit="clinicians").drawings[0].alt


def test_acupuncture_says_so_in_the_picture_its_title_and_its_table() -> None:
    made = array(events="577", total="7629", needling="acupuncture", **EVENTS)
    assert "A figure from acupuncture, not from dry needling." in words(made.drawings[0])
    assert made.drawings[0].alt.startswith("A figure from acupuncture")
    assert made.title.startswith("Acupuncture: ")
    assert rows(made)[0][1].startswith("Acupuncture: ")


def test_the_table_and_the_title_have_the_figure_itself() -> None:
    made = array(events="577", total="7629", **EVENTS)
    exact = figure(Rate.model_validate({
        "source": "a", "needling": "dry needling", "reported_by": "clinicians", "setting": "s", "unit": "treatments",
        "events": "577", "total": "7629", **EVENTS,
    }))  # fmt: skip
    assert exact in rows(made)[0][1]
    assert exact in made.title
    assert rows(made)[0][2] == "a clinic; reported by clinicians"
    assert RecordLink("ache") in walk(made.table.rows[0].cells[0])


@pytest.mark.parametrize(
    ("rate", "message"),
    [
        ({"events": "0", "total": "500", **AFFECTED}, "none was seen, and a picture without a mark would read as safe"),
        ({"events": "4", "total": "10000", **AFFECTED}, "it is rarer than 1 in 2,000"),
        ({"events": "150", "total": "100", **EVENTS}, "more than one per unit"),
        ({"cases": "3", "unit": None}, "nobody knows out of how many"),
        ({"words": "Often.", "unit": None}, "words, not a figure"),
        ({"percent_at_most": "5"}, "a range or an upper limit"),
        ({"percent_low": "5", "percent_high": "9"}, "a range or an upper limit"),
    ],
)
def test_what_cannot_be_drawn_says_why(rate: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=f"ache@a: this figure cannot be drawn: .*{message}"):
        array(**rate)


def test_an_unknown_or_missing_address_names_the_nearest() -> None:
    with pytest.raises(OptionError, match="there is no figure 'ache@b'; allowed: ache@a; did you mean 'ache@a'"):
        picture("icon-array", event({"events": "1", "total": "9", **EVENTS}), rate="ache@b")
    with pytest.raises(OptionError, match="choose 'rate', the address of one figure; allowed: ache@a"):
        picture("icon-array", event({"events": "1", "total": "9", **EVENTS}))


# --- session timeline ------------------------------------------------------------------------------------

STEPS = (step("look", "before"), step("press", "after"), step("insert", "needling"), step("mark", "before"))


def test_steps_are_numbered_phase_by_phase_and_lead_to_their_records() -> None:
    made = picture("session-timeline", *STEPS)
    (drawing,) = made.drawings
    found = list(links(drawing))
    assert [link.record for link in found] == ["look", "mark", "insert", "press"]
    assert [[s.text for s in link.shapes if isinstance(s, Label)] for link in found] == [
        ["1", "Look"], ["2", "Mark"], ["3", "Insert"], ["4", "Press"],
    ]  # fmt: skip
    dots = [shape.y for link in found for shape in link.shapes if isinstance(shape, Circle)]
    assert dots == sorted(dots)
    assert [row[1:] for row in rows(made)] == [
        ["1", "Before the needle"], ["2", "Before the needle"], ["3", "Needling"], ["4", "Afterwards"],
    ]  # fmt: skip
    assert [row.record for row in made.table.rows] == [link.record for link in found]


def test_phases_are_bands_with_headings_in_order() -> None:
    (drawing,) = picture("session-timeline", *STEPS).drawings
    bands = [shape for shape in drawing.shapes if isinstance(shape, Rect)]
    assert len(bands) == 3
    headings = [shape for shape in drawing.shapes if isinstance(shape, Label)]
    assert [label.text for label in headings] == ["Before the needle", "Needling", "Afterwards"]
    assert drawing.alt == (
        "A session in 4 steps from top to bottom: before the needle, steps 1 to 2; needling, step 3; afterwards, step 4."
    )


def test_without_steps_there_is_a_sentence() -> None:
    made = picture("session-timeline")
    assert (made.table.rows, made.empty) == ((), "No step is recorded.")


# --- all pictures ----------------------------------------------------------------------------------------


def box(label: Label) -> tuple[float, float, float, float]:
    """Where a label's letters may reach: left, top, right, bottom."""
    width = text_width(label.text, label.size, label.bold)
    left = label.x - {"start": 0.0, "middle": width / 2, "end": width}[label.anchor]
    return left, label.y - 0.8 * label.size, left + width, label.y + 0.2 * label.size


def crowded(drawing: Drawing) -> list[str]:
    """What is wrong with the places of a drawing's words."""
    placed = [(label.text, box(label)) for label in flat(drawing) if isinstance(label, Label)]
    out = [
        f"'{text}' leaves the picture"
        for text, (left, top, right, bottom) in placed
        if left < -0.5 or top < -0.5 or right > WIDTH + 0.5 or bottom > drawing.height + 0.5
    ]
    for index, (text, (left, top, right, bottom)) in enumerate(placed):
        for other, (left2, top2, right2, bottom2) in placed[index + 1 :]:
            if left < right2 - 0.5 and left2 < right - 0.5 and top < bottom2 - 0.5 and top2 < bottom - 0.5:
                out.append(f"'{text}' and '{other}' overlap")
    return out


def every_picture(library: Library) -> list[Picture]:
    """Each picture that these records allow."""
    calls = [("session-timeline", {})]
    calls += [("forest-plot", {"measure": measure.value}) for measure in Measure]
    calls += [("icon-array", {"rate": address}) for address in library.figure_addresses(AdverseEvent)]
    out = []
    for name, options in calls:
        try:
            out.append(SNIPPETS[name](library, options))
        except OptionError:
            continue
    return [made for made in out if isinstance(made, Picture)]


@pytest.fixture(scope="module", params=["source", "tests/roots/features"])
def library(request: pytest.FixtureRequest, repository: Path) -> Library:
    """The records of the handbook, and those of the project that uses every feature."""
    root = repository / request.param
    loaded, problems = load_library(root / "records", [root / "references.bib"])
    assert not problems
    return loaded


def test_no_words_overlap_or_leave_the_picture(library: Library) -> None:
    drawings = [drawing for made in every_picture(library) for drawing in made.drawings]
    assert len(drawings) > 5
    assert [(drawing.alt, problem) for drawing in drawings for problem in crowded(drawing)] == []


def test_letters_are_large_enough_for_a_phone(library: Library) -> None:
    drawings = [drawing for made in every_picture(library) for drawing in made.drawings]
    assert {drawing.width for drawing in drawings} == {WIDTH}
    assert min(label.size for drawing in drawings for label in flat(drawing) if isinstance(label, Label)) >= 11


def test_the_same_records_give_the_same_bytes(library: Library) -> None:
    first, second = (
        [for_print(drawing, str) for made in every_picture(library) for drawing in made.drawings] for _ in range(2)
    )
    assert first == second
