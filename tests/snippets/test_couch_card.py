"""Couch cards: what stands on one, and that no card has fewer rows than the full tables."""

from __future__ import annotations

import pytest

from clinic_snippets.library import Library
from clinic_snippets.records import Region
from clinic_snippets.records.text import plain
from clinic_snippets.snippets import SNIPPETS, Table

LEVELS = ("contraindication", "precaution")


@pytest.fixture(scope="module")
def library(handbook_library: Library) -> Library:
    return handbook_library


def rows(library: Library, snippet: str, **options: str) -> dict[str, str]:
    """The words of the rows of a snippet by record."""
    block = SNIPPETS[snippet](library, options)
    assert isinstance(block, Table)
    return {row.record: " ".join(plain(cell) for cell in row.cells) for row in block.rows}


def test_in_every_region_a_card_has_the_rows_of_the_full_tables(library: Library) -> None:
    for region in library.of(Region):
        for level in LEVELS:
            where = {"level": level, "region": region.id}
            assert (
                rows(library, "couch-precautions", **where).keys() == rows(library, "precaution-table", **where).keys()
            )
        where = {"region": region.id}
        assert rows(library, "couch-structures", **where).keys() == rows(library, "hazard-table", **where).keys()
    assert rows(library, "couch-incidents").keys() == rows(library, "incident-table").keys()


def test_what_holds_in_the_region_alone_comes_first_and_says_what_to_do(library: Library) -> None:
    found = list(rows(library, "couch-precautions", level="precaution", region="thorax").items())
    everywhere = ["all" in library.records[name].regions for name, _ in found]  # type: ignore[attr-defined]
    assert everywhere == sorted(everywhere) and not everywhere[0] and everywhere[-1]
    assert "Needle only one side of the thorax per session." in dict(found)["both-sides-of-thorax"]
    assert dict(found)["diabetes"].split() == ["diabetes"]


@pytest.mark.parametrize(
    ("snippet", "options", "record", "words"),
    [
        ("couch-precautions", {"level": "precaution"}, "acute-swelling", "* acute-swelling (refer)"),
        ("couch-precautions", {"level": "precaution"}, "driving-after-treatment", " driving-after-treatment (tell the patient)"),
        ("couch-precautions", {"level": "precaution"}, "lung-disease-or-thin-chest", "†* lung-disease-or-thin-chest"),
        ("couch-precautions", {"level": "contraindication"}, "severe-bleeding-disorder", " severe-bleeding-disorder (refer)"),
        ("couch-structures", {}, "neck-vessels", "† neck-vessels"),
        ("couch-incidents", {}, "stuck-needle", " stuck-needle (deal with it now)"),
        ("couch-incidents", {}, "seizure-during-treatment", "Take the needles out as soon as it is safe. Protect from injury"),
        ("couch-incidents", {}, "faint", "(at least urgent) Take out all the needles. Lay the patient flat and raise the legs."),
        ("couch-incidents", {}, "needlestick-injury", "needlestick-injury (urgent)"),
    ],
)  # fmt: skip
def test_a_row_says_what_its_heading_does_not(
    library: Library, snippet: str, options: dict[str, str], record: str, words: str
) -> None:
    assert words.strip() in rows(library, snippet, **options)[record]


def test_every_doubt_of_the_full_table_has_its_star(library: Library) -> None:
    doubtful = {row.record for row in SNIPPETS["precaution-table"](library, {}).rows if _doubts(row)}  # type: ignore[union-attr]
    marked = {
        name
        for level in LEVELS
        for name, words in rows(library, "couch-precautions", level=level).items()
        if words.lstrip("†").startswith("*")
    }
    assert doubtful and doubtful <= marked


def _doubts(row: object) -> bool:
    return any(words in plain(row.cells[0]) for words in ("Clinic to decide", "Sources disagree", "Partly unverified"))  # type: ignore[attr-defined]


def test_a_region_without_anything_is_not_called_safe() -> None:
    empty = SNIPPETS["couch-precautions"](Library(), {}).empty
    assert empty.endswith("This does not mean that needling is safe here.")
