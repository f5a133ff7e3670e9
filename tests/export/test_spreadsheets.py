"""The spreadsheets: every record in a row, every item of a list in a row of its own, and no cell that is run."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic_snippets.export.spreadsheets import spreadsheets
from clinic_snippets.library import Library
from clinic_snippets.library.load import load_library
from clinic_snippets.records import Finding, Grade, Precaution, Record, Region, Source

FIELDS: dict[str, Any] = {
    "kind": "precaution", "id": "bleeding", "name": "Bleeding", "level": "precaution", "applies_to": ["person", "site"],
    "rule": "adapt", "regions": "all", "techniques": "all", "action": "Ask.", "why": "It bleeds.", "sources": ["a"],
    "topic": "t", "owner": "o", "written": "2026-01-01", "review_by": "2027-01-01",
}  # fmt: skip


def precaution(**fields: Any) -> Precaution:
    return Precaution.model_validate({**FIELDS, **fields})


def rows(text: str) -> list[dict[str, str]]:
    """Read a spreadsheet as a program does that knows of byte order marks."""
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def texts(library: Library) -> dict[str, str]:
    return {name: "".join(lines) for name, lines in spreadsheets(library).items()}


def sheets(*records: Record, sources: dict[str, Source] | None = None) -> dict[str, list[dict[str, str]]]:
    return {name: rows(text) for name, text in texts(Library(records, sources)).items()}


def test_every_record_of_the_handbook_is_a_row_of_its_kind(repository: Path) -> None:
    library, _ = load_library(repository / "source" / "records", [repository / "source" / "references.bib"])
    made = {name: rows(text) for name, text in texts(library).items()}
    by_kind: dict[str, list[str]] = {}
    for record in library.records.values():
        by_kind.setdefault(record.kind, []).append(record.id)
    assert {kind: [row["id"] for row in made[f"{kind}.csv"]] for kind in by_kind} == by_kind
    assert [row["key"] for row in made["sources.csv"]] == sorted(library.sources)
    effects = [(finding.id, effect.part) for finding in library.of(Finding) for effect in finding.effects]
    assert [(row["record"], row["part"]) for row in made["finding-effects.csv"]] == effects
    # Read as plain text, no role and no markup is left.
    assert not [name for name, text in texts(library).items() if "{clinic:" in text or "**" in text]


def test_a_statement_stands_with_its_sources_and_doubts() -> None:
    action = [
        {"text": "Ask {clinic:ref}`bleeding` *twice*.", "sources": ["a", "b"], "note": "In adults."},
        {"text": "Press.", "synthesis": "yes", "unverified": "How long."},
    ]
    views = [{"view": "No.", "sources": ["a"]}, {"view": "Yes.", "synthesis": "yes"}]
    [row] = sheets(
        precaution(action=action, disagreement={"question": "Is it?", "views": views, "house_rule": "Ask."})
    )["precaution.csv"]
    assert (
        row["action"] == "Ask Bleeding twice. [a, b] (Note: In adults.)\nPress. [our synthesis] (Unverified: How long.)"
    )
    assert row["applies_to"] == "person; site"
    assert row["synthesis"] == "no"
    assert (row["disagreement_question"], row["disagreement_views"]) == ("Is it?", "No. [a]\nYes. [our synthesis]")
    assert list(row)[:4] == ["id", "name", "status", "topic"]


def test_what_a_record_does_not_have_is_an_empty_cell_in_the_same_columns() -> None:
    gone = precaution(id="gone", status="withdrawn", withdrawn={"date": "2026-06-01", "reason": "Twice."})
    first, second = sheets(precaution(), gone)["precaution.csv"]
    assert list(first) == list(second)
    assert (first["withdrawn_date"], second["withdrawn_date"]) == ("", "2026-06-01")


def test_an_outline_stands_as_it_is_written() -> None:
    shape = {"view": "front", "mirrored": "yes", "label": "1,2", "points": "0,0 10,0.5 10,20"}
    common = {name: FIELDS[name] for name in ("topic", "owner", "written", "review_by")}
    region = Region.model_validate({**common, "kind": "region", "id": "neck", "name": "Neck", "shapes": shape})
    [row] = sheets(region)["region-shapes.csv"]
    assert (row["record"], row["number"], row["points"]) == ("neck", "1", "0,0 10,0.5 10,20")


def test_a_source_has_all_its_fields() -> None:
    source = Source("a", "A 2020", "T", Grade.A_MINUS, None, "", (("title", "T"), ("year", "2020")))
    [row] = sheets(precaution(), sources={"a": source})["sources.csv"]
    assert row == {"key": "a", "label": "A 2020", "grade": "A-", "read": "", "title": "T", "year": "2020"}


def test_it_opens_in_excel_and_in_anything_that_reads_rfc_4180() -> None:
    text = texts(Library([precaution(action='One,\ntwo “three” "four".')]))["precaution.csv"]
    assert text.startswith("\ufeff") and text.count("\ufeff") == 1
    assert re.sub(r"\r\n", "", text).count("\r") == 0
    assert text.count("\r\n") == 2, "one line end for the heading, one for the record"
    assert rows(text)[0]["action"] == 'One, two “three” "four".'


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\uff1d", "\uff0d"])
def test_no_cell_is_run_as_a_formula(start: str) -> None:
    evil = f"{start}HYPERLINK(1)"
    [row] = sheets(precaution(name=evil, also_known_as=[evil, "b"], action=evil))["precaution.csv"]
    assert row["name"] == row["action"] == f"'{evil}"
    assert row["also_known_as"] == f"'{evil}; b"


def test_a_number_stays_a_number_whatever_its_sign() -> None:
    effect = {
        "part": "pain", "outcome": "pain", "timing": "short term", "direction": "favours needling", "value": "-1.50",
        "measure": "mean difference",
    }  # fmt: skip
    finding = Finding.model_validate({
        **{name: FIELDS[name] for name in ("topic", "owner", "written", "review_by", "sources", "id", "name", "regions")},
        "kind": "finding", "condition": "Pain", "design": "a trial", "comparator": "sham", "claim": "Less.",
        "certainty": "low", "effects": [effect],
    })  # fmt: skip
    assert sheets(finding)["finding-effects.csv"][0]["value"] == "-1.50"


LINE = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), min_size=1).filter(str.strip)


@given(name=LINE, action=LINE, key=LINE)
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_written_no_cell_starts_a_formula(name: str, action: str, key: str) -> None:
    text = texts(Library([precaution(name=name, action=action, sources=[key])]))["precaution.csv"]
    [row] = rows(text)
    assert not [cell for cell in row.values() if cell[:1] in tuple("=+-@\t\r\n") and cell]
    assert row["name"].removeprefix("'").strip() == name.strip().removeprefix("'")


CELL = st.text(st.sampled_from("a,;\"\n\r '1é=")) | st.text(st.characters(codec="utf-8"))


@given(st.lists(st.fixed_dictionaries({"year": CELL, "title": CELL}), min_size=1, max_size=3))
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
def test_cells_are_quoted_where_pythons_own_writer_quotes_them(fields: list[dict[str, str]]) -> None:
    sources = {str(key): Source(str(key), "A", "", fields=tuple(said.items())) for key, said in enumerate(fields)}
    text = texts(Library([], sources))["sources.csv"]
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert text == "\ufeff" + out.getvalue()
    read = rows(text)
    assert [row["title"].removeprefix("'") for row in read] == [said["title"].removeprefix("'") for said in fields]
