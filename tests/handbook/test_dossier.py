"""Every row of the evidence behind the handbook is a record, or stands on the list of omissions with the reason.

The rows are named as the evidence names them; ``dossier/*.csv`` says which records hold each.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from clinic_snippets.library import Library

ROWS = {
    "precautions": [f"C{n:02}" for n in range(1, 18)] + [f"P{n:02}" for n in range(1, 39)],
    "hazards": [f"H{n:02}" for n in range(1, 26)],
    "adverse-events": [f"A{n:02}" for n in range(1, 67)],
    "incidents": [
        "8.0",
        *["8.1", *(f"8.1.{n}" for n in range(1, 8))],
        *["8.2", *(f"8.2.{n}" for n in range(1, 5))],
        *(f"8.3.{n}" for n in range(1, 6)),
        *(f"8.4.{n}" for n in range(1, 4)),
        *(f"8.5.{n}" for n in range(1, 6)),
        *(f"8.6.{n}" for n in range(1, 6)),
        *(f"8.7.{n}" for n in range(1, 7)),
    ],
    "hygiene-consent-screening": [
        *(f"5.{n}" for n in range(1, 10)),
        *(f"6.{n}" for n in range(1, 13)),
        *(f"7.{n}" for n in range(1, 13)),
        *(f"9.{n}" for n in range(0, 18)),
    ],
    "definitions": [f"1.{n}" for n in range(1, 11)],
    "technique": [*(f"2.{n}" for n in range(1, 20)), "2.dose"],
    "needles": [f"3.{n}" for n in range(1, 18)],
    "types": [f"4.{n}" for n in range(1, 11)],
    "mechanisms": ["5.0", *(f"5m.{n}" for n in range(1, 15))],
    "findings": [f"6.{n}" for n in range(1, 43)],
    "gaps": [f"G{n}" for n in range(1, 9)],
    "unverified": [f"U{n}" for n in range(1, 13)],
    "regulation": [f"R{n:02}" for n in range(1, 15)],
    "competencies": [f"K{n:02}" for n in range(1, 15)],
    "outcomes": [f"O{n:02}" for n in range(1, 14)],
    "glossary": [f"T{n:02}" for n in range(1, 37)],
    "muscles": [f"M{n:02}" for n in range(1, 27)],
    "claims": [
        *(f"X{n:02}" for n in range(1, 16)),
        *(f"B{n}" for n in range(1, 15)),
        *(f"S{n:02}" for n in range(1, 17)),
    ],
    "quiz": [f"Q{n:02}" for n in range(1, 26)],
}
WITHOUT_ROWS = {"handbook-hazard", "region", "reporting-item"}
"""Kinds that do not come from the evidence: names of places, checklists that were read by themselves, our own hazard log."""
MORE_THAN_ROWS = {"quiz-question"}
"""Kinds of which some come from the evidence; the others only ask about records that do."""


def rows_of(repository: Path, name: str) -> list[dict[str, str]]:
    with (repository / "tests/handbook/dossier" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", ROWS)
def test_every_row_is_accounted_for_once(repository: Path, name: str) -> None:
    assert [row["row"] for row in rows_of(repository, name)] == ROWS[name]


@pytest.mark.parametrize("name", ROWS)
def test_a_row_is_a_record_or_left_out_with_a_reason(repository: Path, library: Library, name: str) -> None:
    for row in rows_of(repository, name):
        assert row["records"] or row["omitted_because"], row["row"]
        for identifier in row["records"].split():
            assert library.get(identifier), f"{row['row']}: there is no record '{identifier}'"


def test_every_record_comes_from_a_row(repository: Path, library: Library) -> None:
    named = {i for name in ROWS for row in rows_of(repository, name) for i in row["records"].split()}
    found = {record.id: record.kind for record in library.of() if record.kind not in WITHOUT_ROWS}
    assert named <= set(found)
    assert {identifier for identifier in set(found) - named if found[identifier] not in MORE_THAN_ROWS} == set()


def test_no_file_of_rows_is_forgotten(repository: Path) -> None:
    assert {path.stem for path in (repository / "tests/handbook/dossier").glob("*.csv")} == set(ROWS)
