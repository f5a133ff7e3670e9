"""The gate of the real handbook: whatever is taken out of whichever output is missed, by name and with its place."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from clinic_snippets.cli.gate import placed_in
from clinic_snippets.cli.handbook import find_handbook
from clinic_snippets.library import Library
from clinic_snippets.records import Output
from clinic_snippets.snippets.coverage import COVERED, Coverage, Gate, Hole, columns_of, coverage, covered
from clinic_snippets.snippets.coverage_rules import OUTPUT_RULES, Placed

GATE = "coverage.md"


class Pages(NamedTuple):
    """What the pages in a folder place; the names of pages are as seen from there."""

    placed: list[Placed]
    gates: list[Gate]


def read_pages(source: Path, library: Library) -> Pages:
    def named(page: str) -> str:
        return Path(page).resolve().relative_to(source.resolve()).as_posix()

    found = [item for item in placed_in(find_handbook(source), library) if isinstance(item, Placed | Gate)]
    placed = [item._replace(page=named(item.page)) for item in found if isinstance(item, Placed)]
    return Pages(placed, [item._replace(page=named(item.page)) for item in found if isinstance(item, Gate)])


@pytest.fixture(scope="module")
def pages(repository: Path, library: Library) -> Pages:
    return read_pages(repository / "source", library)


def judged(library: Library, pages: Pages) -> Coverage:
    return coverage(library, pages.placed, pages.gates)


def missing(holes: list[Hole]) -> set[tuple[str, str]]:
    """Each record that is missing, with the page where it should be."""
    return {
        (name, hole.page) for hole in holes for name in f"{hole.subject}, {hole.message}".replace(":", ",").split(", ")
    }


def test_everything_stands_where_it_must(library: Library, pages: Pages) -> None:
    found = judged(library, pages)
    assert [gate.page for gate in pages.gates] == [GATE]
    assert found.outputs == tuple(Output)
    assert found.holes == []
    assert found.needless == []


def test_the_matrix_has_every_contraindication_and_every_incident(library: Library, pages: Pages) -> None:
    found = judged(library, pages)
    rows = {heading: covered(library, heading) for heading in COVERED}
    assert {heading: len(records) for heading, records in rows.items()} == {"Contraindication": 17, "Incident": 14}
    for heading, records in rows.items():
        columns = [rule.output for rule in columns_of(heading, found.outputs)]
        assert len(columns) == 6
        assert {(record.id, column) for record in records for column in columns} <= found.cells.keys()


def test_no_contraindication_is_left_out_of_anything(library: Library, pages: Pages) -> None:
    firm = {record.id for record in covered(library, "Contraindication")}
    assert [record.id for record, _, _ in judged(library, pages).left_out(library) if record.id in firm] == []


def without(call: Placed, record: str) -> Placed:
    """A call that shows nothing about one record."""
    return call._replace(shown=[(shown, linked) for shown, linked in call.shown if shown != record])


@pytest.mark.parametrize("output", list(Output))
def test_every_row_of_every_output_is_missed(library: Library, pages: Pages, output: Output) -> None:
    """Each row, card, question and line is taken out in turn: of contraindications, incidents, and what else is shown."""
    rule = OUTPUT_RULES[output]
    gates = [gate._replace(outputs=(output,)) for gate in pages.gates]
    calls = [call for call in pages.placed if call.snippet in rule.shown_by.values()]
    wanted = {record.id for record in rule.wanted(library)}
    on_sheets = [call for sheet in rule.sheets(library, calls) for call in sheet.calls]
    cut = 0
    for index, call in enumerate(calls):
        if call not in on_sheets:
            continue
        for record in {record for record, _ in call.shown} & wanted:
            less = [*calls[:index], without(call, record), *calls[index + 1 :]]
            found = missing(coverage(library, less, gates).holes)
            assert (record, call.page) in found, (record, call.snippet, call.page)
            cut += 1
    assert cut > 10


@pytest.mark.parametrize(
    ("output", "snippet", "record", "also"),
    [
        (Output.FORM, "screening-form", "ask-consent", "no-valid-consent"),
        (Output.SCREENING, "screening-list", "ask-consent", "no-valid-consent"),
        (Output.CONSENT, "consent-risks", "needle-breakage", "broken-needle"),
    ],
)
def test_what_a_row_stood_for_is_missed_with_it(
    library: Library, pages: Pages, output: Output, snippet: str, record: str, also: str
) -> None:
    less = [without(call, record) if call.snippet == snippet else call for call in pages.placed]
    found = {name for name, _ in missing(coverage(library, less, pages.gates).holes)}
    assert {record, also} <= found


def test_without_its_questions_a_contraindication_is_missing_from_the_self_check(
    library: Library, pages: Pages
) -> None:
    tests = [
        question
        for question in OUTPUT_RULES[Output.QUIZ].wanted(library)
        if "lymphoedema" in getattr(question, "tests", ())
    ]
    placed = pages.placed
    for question in tests:
        placed = [without(call, question.id) if call.snippet == "self-check" else call for call in placed]
    assert "lymphoedema" in {name for name, _ in missing(coverage(library, placed, pages.gates).holes)}


# --- pages -----------------------------------------------------------------------------------------------


CARD = "sheets/couch-card-neck.md"
FIRM = "```{clinic:couch-precautions}\n:level: contraindication\n:region: neck\n```\n"


@pytest.mark.parametrize(
    ("page", "old", "new", "record", "place"),
    [
        (CARD, FIRM, "", "unstable-spinal-segment", CARD),
        (CARD, FIRM, FIRM.replace("neck", "arm"), "unstable-spinal-segment", CARD),
        (CARD, "```{clinic:couch-incidents}\n:name: couch-incidents-neck\n```\n", "", "suspected-pneumothorax", CARD),
        ("contraindications-and-precautions.md", ":level: contraindication", ":region: leg", "eye-region", "contraindications-and-precautions.md"),
        ("contraindications-in-detail.md", ":level: contraindication", ":level: precaution", "lymphoedema", "contraindications-in-detail.md"),
        ("when-something-goes-wrong.md", "```{clinic:incident-cards}\n```\n", "", "faint", GATE),
        ("when-something-goes-wrong.md", "{clinic:incident-cards}\n", "{clinic:incident-cards}\n:urgency: urgent\n", "stuck-needle", "when-something-goes-wrong.md"),
        ("sheets/screening-later.md", ":asked: what has changed\n", ":asked: each time\n", "ask-bleeding", "sheets/screening-later.md"),
        ("sheets/screening-first.md", "```{clinic:screening-checks}\n```\n", "", "eye-region", "sheets/screening-first.md"),
        ("screening-before-treatment.md", "```{clinic:unasked-precautions}\n:level: contraindication\n:name: table-unasked-contraindications\n```\n", "", "cannot-keep-still", "screening-before-treatment.md"),
        ("sheets/consent.md", "```{clinic:consent-words}\n```\n", "", "consent-driving", "sheets/consent.md"),
        ("sheets/aftercare.md", ":call: doctor\n", ":call: emergency\n", "pulsating-lump", "sheets/aftercare.md"),
        ("self-check-incidents.md", "{clinic:self-check}\n:topic: self-check, when something goes wrong", "{clinic:self-check}\n:topic: self-check, evidence", "bent-needle", "self-check-contraindications.md"),
    ],
)  # fmt: skip
def test_a_directive_that_is_gone_or_hides_a_row_is_missed(
    tmp_path: Path, repository: Path, library: Library, page: str, old: str, new: str, record: str, place: str
) -> None:
    source = copied(repository, tmp_path)
    text = (source / page).read_text("utf-8")
    assert text.count(old) == 1
    (source / page).write_text(text.replace(old, new), "utf-8")
    assert (record, place) in missing(judged(library, read_pages(source, library)).holes)


@pytest.mark.parametrize(
    ("page", "what"),
    [
        (CARD, "the couch card (Neck)"),
        ("sheets/screening-first.md", "the screening form (first treatment)"),
        ("sheets/screening-later.md", "the screening form (later treatments)"),
        ("sheets/consent.md", "the consent sheet"),
        ("screening-before-treatment.md", "the screening page"),
    ],
)
def test_a_page_that_is_gone_is_missed_with_all_that_stood_on_it(
    tmp_path: Path, repository: Path, library: Library, page: str, what: str
) -> None:
    source = copied(repository, tmp_path)
    (source / page).unlink()
    (hole,) = judged(library, read_pages(source, library)).holes
    assert hole.page == GATE
    assert hole.message.startswith(f"no page holds {what}, so these are missing: ")
    assert len(hole.message.split(", ")) > 10


def test_the_sheet_counts_although_a_chapter_has_the_same_signs(
    tmp_path: Path, repository: Path, library: Library
) -> None:
    source = copied(repository, tmp_path)
    (source / "sheets/aftercare.md").unlink()
    assert judged(library, read_pages(source, library)).holes


def copied(repository: Path, folder: Path) -> Path:
    """The pages of the handbook, to be changed."""
    shutil.copytree(repository / "source", folder / "source", ignore=shutil.ignore_patterns("records", "releases"))
    return folder / "source"
