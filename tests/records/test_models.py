"""What the types make of what a clinical lead writes: one or many, yes or no, dates; and what they find in a record."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from pydantic import ValidationError

from clinic_snippets.records import KINDS, Precaution, Record, Scope
from clinic_snippets.records.base import Statement, prose_fields, source_fields

FIELDS: dict[str, Any] = {
    "kind": "precaution", "id": "bleeding", "name": "Bleeding", "level": "precaution", "applies_to": "person",
    "rule": "adapt", "regions": "all", "techniques": "all", "action": "Ask.", "why": "It bleeds.", "sources": ["a"],
    "topic": "t", "owner": "o", "written": "2026-01-01", "review_by": "2027-01-01",
}  # fmt: skip


def precaution(**fields: Any) -> Precaution:
    return Precaution.model_validate({**FIELDS, **fields})


@pytest.mark.parametrize(
    ("written", "statements"),
    [
        ("Ask.", [Statement(text="Ask.")]),
        ({"text": "Ask.", "sources": ["a"]}, [Statement(text="Ask.", sources=("a",))]),
        (["Ask.", {"text": "Adapt.", "synthesis": "yes"}], [Statement(text="Ask."), Statement(text="Adapt.", synthesis=True)]),
    ],
    ids=["a text", "a statement", "a list of both"],
)  # fmt: skip
def test_statements_are_written_in_any_of_three_forms(written: Any, statements: list[Statement]) -> None:
    assert list(precaution(action=written).action) == statements


def test_one_word_stands_for_a_list_of_one() -> None:
    record = precaution(applies_to="site", regions="neck", also_known_as="bleed", see_also="faint")
    assert record.applies_to == (Scope.SITE,)
    assert (record.regions, record.also_known_as, record.see_also) == (("neck",), ("bleed",), ("faint",))


@pytest.mark.parametrize(("word", "meaning"), [("yes", True), ("no", False)])
def test_yes_and_no(word: str, meaning: bool) -> None:
    assert precaution(synthesis=word).synthesis is meaning


@pytest.mark.parametrize("word", ["true", "Yes", "y", "1", "on"])
def test_other_words_are_neither_yes_nor_no(word: str) -> None:
    with pytest.raises(ValidationError, match="is neither yes nor no"):
        precaution(synthesis=word)


@pytest.mark.parametrize("written", ["2026-1-1", "01-01-2026", "2026-02-30", "20260101", "2026-01-01T00:00", "2026"])
def test_only_a_whole_date_is_a_date(written: str) -> None:
    with pytest.raises(ValidationError, match="is not a date; write year-month-day"):
        precaution(written=written)


def test_a_date_is_a_date() -> None:
    assert precaution().written == datetime.date(2026, 1, 1)


@pytest.mark.parametrize("identifier", ["a", "a1-b2", "x" * 500, "-".join("abc" * 50)])
def test_ids_may_be_of_any_length(identifier: str) -> None:
    assert precaution(id=identifier).anchor == f"precaution-{identifier}"


@pytest.mark.parametrize("identifier", ["A", "1a", "a--b", "-a", "a-", "a_b", "a b", "ä", "a.b", "a\n", ""])
def test_an_id_is_lower_case_words_and_hyphens(identifier: str) -> None:
    with pytest.raises(ValidationError):
        precaution(id=identifier)


@pytest.mark.parametrize("field", ["regions", "techniques", "applies_to", "action", "why", "never"])
def test_a_list_that_is_written_is_not_empty(field: str) -> None:
    """A precaution without a region would be in no region's table."""
    with pytest.raises(ValidationError, match="the list is empty"):
        precaution(**{field: []})


def test_a_record_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        precaution().level = "contraindication"  # type: ignore[assignment]


def test_prose_and_sources_are_found_in_every_part_with_their_path() -> None:
    views = [{"view": "No.", "sources": ["b"], "note": "One case."}, {"view": "Yes.", "synthesis": "yes"}]
    record = precaution(
        note="A note.",
        action=["Ask.", {"text": "Adapt.", "sources": ["c", "d"], "unverified": "Not seen."}],
        disagreement={"question": "Is it?", "views": views, "house_rule": "Ask.", "because": "Safer."},
    )
    assert {path: text for path, text in prose_fields(record)} == {
        ("note",): "A note.",
        ("action", 0, "text"): "Ask.",
        ("action", 1, "text"): "Adapt.",
        ("action", 1, "unverified"): "Not seen.",
        ("why", 0, "text"): "It bleeds.",
        ("disagreement", "question"): "Is it?",
        ("disagreement", "views", 0, "view"): "No.",
        ("disagreement", "views", 0, "note"): "One case.",
        ("disagreement", "views", 1, "view"): "Yes.",
        ("disagreement", "house_rule"): "Ask.",
        ("disagreement", "because"): "Safer.",
    }
    assert list(source_fields(record)) == [
        (("sources", 0), "a"),
        (("action", 1, "sources", 0), "c"),
        (("action", 1, "sources", 1), "d"),
        (("disagreement", "views", 0, "sources", 0), "b"),
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_named_and_found(kind: str) -> None:
    model = KINDS[kind]
    assert model.model_fields["kind"].annotation.__args__ == (kind,)  # type: ignore[union-attr]
    assert model.plural != Record.plural
    assert model.__doc__
