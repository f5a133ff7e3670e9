"""The precaution and hazard snippets: what a row and a card must say, and that nothing found never reads as safe."""

from __future__ import annotations

from typing import Any

import pytest

from clinic_snippets.library import Library
from clinic_snippets.records import Grade, Hazard, Precaution, Read, Region, Source
from clinic_snippets.records.text import Anchor, Badge, Citation, RecordLink, plain, walk
from clinic_snippets.snippets import SNIPPETS, Card, Cards, OptionError, Row, Table

HEADER = {"topic": "t", "owner": "safety lead", "written": "2026-01-01", "review_by": "2027-01-01"}
REGIONS = [
    Region.model_validate({**HEADER, "kind": "region", "id": "thorax", "name": "Chest & back"}),
    Region.model_validate({**HEADER, "kind": "region", "id": "rib", "name": "Ribs", "within": "thorax"}),
]
SOURCES = {
    "a": Source("a", "Brady 2014", "Events", Grade.A, Read.ABSTRACT, "One clinic."),
    "d": Source("d", "A page", "A page", Grade.D),
}


def precaution(**fields: Any) -> Precaution:
    about = {"level": "precaution", "applies_to": "person", "rule": "adapt", "regions": "all", "techniques": "all"}
    said = {"id": "bleeding", "name": "Bleeding", "action": "Ask.", "why": "It bleeds.", "sources": ["a"]}
    return Precaution.model_validate({**HEADER, "kind": "precaution", **about, **said, **fields})


def hazard(**fields: Any) -> Hazard:
    about = {"region": "thorax", "muscles": "any", "structure": ["lung", "vessel"], "specialist_only": "no"}
    said = {"id": "lung", "name": "Lung", "avoid": "Angle away.", "harm": "Collapse.", "sources": ["a"]}
    return Hazard.model_validate({**HEADER, "kind": "hazard", **about, **said, **fields})


def library(*records: Any) -> Library:
    return Library([*REGIONS, *records], SOURCES)


def row(record: Precaution | Hazard) -> Row:
    """The row of the only record."""
    table = SNIPPETS[f"{record.kind}-table"](library(record), {})
    assert isinstance(table, Table)
    (only,) = table.rows
    return only


def card(record: Precaution | Hazard) -> Card:
    """The card of the only record."""
    cards = SNIPPETS[f"{record.kind}-cards"](library(record), {})
    assert isinstance(cards, Cards)
    (only,) = cards.cards
    return only


def badges(part: Row | Card) -> list[str]:
    """The words of each badge, in order."""
    return [
        piece.text for piece in walk(part.cells if isinstance(part, Row) else part.body) if isinstance(piece, Badge)
    ]


def words(part: Row | Card) -> str:
    return plain(part.cells if isinstance(part, Row) else part.body)


def test_a_row_links_home_says_what_to_do_and_cites_with_grades() -> None:
    made = row(precaution(regions=["thorax"], techniques=["deep"], sources=["a", "d"]))
    assert RecordLink("bleeding") in walk(made.cells[0])
    assert plain(made.cells[0]).endswith("Where: Chest & back; deep.")
    assert plain(made.cells[1]) == "Ask."
    assert [piece.keys for piece in walk(made.cells[3]) if isinstance(piece, Citation)] == [("a",), ("d",)]
    assert plain(made.cells[3]) == "(A),  (D)"


@pytest.mark.parametrize(
    ("level", "rule", "badge"),
    [
        ("contraindication", "never", "Do not needle"),
        ("contraindication", "refer", "Do not needle: refer first"),
        ("precaution", "refer", "Refer first"),
        ("precaution", "specialist-only", "Specialists only"),
        ("precaution", "adapt", "Ask, then adapt"),
        ("precaution", "inform", "Tell the patient"),
    ],
)
def test_only_a_contraindication_says_do_not_needle(level: str, rule: str, badge: str) -> None:
    assert badge in badges(row(precaution(level=level, rule=rule)))


@pytest.mark.parametrize("record", [precaution(sources=["d"]), hazard(sources=["d"])], ids=["precaution", "hazard"])
def test_grade_d_alone_leaves_it_to_the_clinic(record: Precaution | Hazard) -> None:
    assert "Clinic to decide" in badges(row(record))
    assert "Clinic to decide" in badges(card(record))
    assert "Only low-authority sources (grade D) support this row" in words(card(record))


def test_a_statement_shows_what_it_stands_on() -> None:
    action = [
        {"text": "Ask.", "sources": ["d"]},
        {"text": "Adapt.", "synthesis": "yes", "unverified": "No trial was seen."},
    ]
    made = row(precaution(action=action, never={"text": "Never press it.", "synthesis": "yes"}))
    assert Citation(("d",)) in walk(made.cells[1])
    assert badges(made)[-3:] == ["our synthesis", "unverified", "our synthesis"]
    assert "No trial was seen." in plain(made.cells[1])
    assert "Never press it." in plain(made.cells[1])


def test_a_card_shows_both_sides_the_house_rule_and_what_was_read() -> None:
    views = [{"view": "No bar.", "sources": ["a"]}, {"view": "A bar.", "synthesis": "yes"}]
    made = card(precaution(disagreement={"question": "Is it a bar?", "views": views, "house_rule": "Ask first."}))
    said = words(made)
    for part in (
        "Sources disagree. Is it a bar?",
        "No bar.",
        "A bar.",
        "Ask first.",
        "only the abstract was read",
        "One clinic.",
    ):
        assert part in said
    assert said.index("Ask.") < said.index("It bleeds.") < said.index("Sources disagree."), (
        "action, then why, then evidence"
    )


def test_a_card_names_its_dates_and_that_nobody_signed() -> None:
    said = words(card(hazard(also_known_as=["pleura"], see_also=["lung"])))
    assert "Also called: pleura." in said
    assert "Written 2026-01-01. Last reviewed: never. Review by 2027-01-01." in said
    assert "Owner: safety lead. Not clinically signed off." in said


def test_only_the_trained_may_is_on_the_row_and_the_card() -> None:
    record = hazard(specialist_only="yes")
    assert "Trained and supervised only" in badges(row(record))
    assert "Trained and supervised only" in badges(card(record))


@pytest.mark.parametrize(
    ("name", "options", "sentence"),
    [
        ("precaution-table", {}, "No precaution is recorded."),
        ("precaution-table", {"level": "contraindication"}, "No precaution is recorded for: contraindication."),
        ("precaution-cards", {"scope": "site", "region": "rib"}, "No precaution is recorded for: site, Ribs."),
        ("hazard-table", {}, "No hazard is recorded."),
        ("hazard-cards", {"region": "rib"}, "No hazard is recorded for: Ribs."),
    ],
)
def test_nothing_found_never_reads_as_safe(name: str, options: dict[str, str], sentence: str) -> None:
    assert SNIPPETS[name](library(), options).empty == f"{sentence} This does not mean that needling is safe here."


def test_a_technique_that_no_record_names_is_refused_and_not_empty() -> None:
    with pytest.raises(OptionError, match="'depe' is not a value of 'technique'; allowed: deep; did you mean 'deep'?"):
        SNIPPETS["precaution-table"](library(precaution(techniques="deep")), {"technique": "depe"})


def test_every_record_with_a_home_is_in_the_index_from_a_to_z() -> None:
    table = SNIPPETS["record-index"](library(precaution(name="zeta"), hazard(name="Alpha", also_known_as="pleura")), {})
    assert isinstance(table, Table)
    rows = [[plain(cell) for cell in row.cells[1:]] for row in table.rows]
    assert rows == [["Hazard", "pleura", "2027-01-01", "lung"], ["Precaution", "", "2027-01-01", "bleeding"]]


def test_the_first_record_of_each_letter_can_be_led_to() -> None:
    names = {"a": "Zeta", "b": "zone", "c": "(odd)", "d": "«odd", "e": "Östrus", "f": "7 days"}
    records = library(*(precaution(id=identifier, name=name) for identifier, name in names.items()))
    table = SNIPPETS["record-index"](records, {})
    assert isinstance(table, Table)
    places = {
        row.record: next((piece.id for piece in walk(row.cells[0]) if isinstance(piece, Anchor)), "")
        for row in table.rows
    }
    assert places == {"a": "letter-z", "b": "", "c": "letter-other", "d": "", "e": "letter-d6", "f": "letter-7"}
