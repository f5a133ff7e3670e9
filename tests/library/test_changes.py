"""What changed between two releases: which records, which fields, and what it means for a clinician."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_snippets.library.changes import Change, diff, in_words, redline
from clinic_snippets.library.release import Fields, fields_of
from clinic_snippets.records import Precaution
from clinic_snippets.records.governance import ChangeClass

NOTE = {"what": "Words.", "why": "Reasons.", "effective_from": "2026-06-01", "author": "Ann"}


def fields(identifier: str = "a", **changed: Any) -> Fields:
    """A precaution as a release keeps it."""
    said = {
        "kind": "precaution", "id": identifier, "name": identifier.upper(), "topic": "bleeding", "owner": "safety lead",
        "written": "2026-01-01", "review_by": "2027-01-01", "level": "precaution", "applies_to": "person",
        "rule": "specialist-only", "regions": "all", "techniques": "all", "action": "Ask.", "why": "Bleeding.",
        "sources": ["brady2014"],
    }  # fmt: skip
    return fields_of(Precaution.model_validate(said | changed))


def told(changes: list[Change]) -> list[tuple[str, str | None]]:
    return [(change.id, change.kind_of_change) for change in changes]


def change(note: dict[str, Any] | None = None, **changed: Any) -> Change:
    """The one change that another value of some fields makes."""
    notes = [{**NOTE, "records": ["a"], **note}] if note else []
    (found,) = diff({"a": fields()}, {"a": fields(**changed)}, notes)
    return found


WITHDRAWN = {"status": "withdrawn", "withdrawn": {"date": "2026-06-01", "reason": "Another says the same."}}


def test_one_added_one_withdrawn_two_edited_and_one_moved_are_five_entries_and_an_order_of_fields_is_none() -> None:
    names = ("gone", "looser", "stricter", "moved", "same")
    before = {name: fields(name) for name in names}
    after = {
        "added": fields("added"),
        "gone": fields("gone", **WITHDRAWN),
        "looser": fields("looser", rule="adapt"),
        "stricter": fields("stricter", rule="refer"),
        "moved": fields("moved", topic="lung"),
        "same": dict(reversed(before["same"].items())),
    }
    assert told(diff(before, after)) == [
        ("looser", "looser"),
        ("stricter", "stricter"),
        ("gone", "withdrawn"),
        ("added", "new"),
        ("moved", "moved"),
    ]


@pytest.mark.parametrize(
    ("changed", "note", "expected"),
    [
        ({"rule": "adapt"}, None, "looser"),
        ({"rule": "refer"}, None, "stricter"),
        ({"level": "contraindication"}, None, "stricter"),
        ({"level": "contraindication", "rule": "adapt"}, None, "looser"),
        ({"rule": "refer", "action": "Ask twice."}, {"class": "looser"}, "looser"),
        ({"rule": "adapt"}, {"class": "stricter"}, "looser"),
        ({"action": "Ask twice."}, {"class": "stricter"}, "stricter"),
        ({"action": "Ask first."}, {"class": "wording"}, "wording"),
        ({"topic": "lung", "owner": "other lead"}, {"class": "looser"}, "moved"),
        ({"also_known_as": ["b"], "review_by": "2026-12-01"}, None, "not clinical"),
        (WITHDRAWN, {"class": "wording"}, "withdrawn"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_a_change_means(changed: dict[str, Any], note: dict[str, Any] | None, expected: str) -> None:
    assert change(note, **changed).kind_of_change == expected


@pytest.mark.parametrize("note", [None, {}, {"class": "moved"}, {"class": "not clinical"}, {"class": "new"}])
def test_only_its_author_can_say_what_other_words_mean_and_not_that_they_mean_nothing(
    note: dict[str, str] | None,
) -> None:
    assert change(note, action="Needle on.").kind_of_change is None


def test_what_nobody_classed_is_read_first() -> None:
    before = {name: fields(name) for name in "ab"}
    found = diff(before, {"a": fields("a", rule="adapt"), "b": fields("b", why="Other.")})
    assert told(found) == [("b", None), ("a", "looser")]


def test_fields_come_in_their_own_order_with_what_they_said() -> None:
    found = change(rule="adapt", action="Ask twice.", also_known_as=["b"])
    assert [(f.name, in_words(f.before), in_words(f.after)) for f in found.fields] == [
        ("also_known_as", "", "b"),
        ("rule", "specialist-only", "adapt"),
        ("action", "Ask.", "Ask twice."),
    ]


def test_a_note_about_the_record_goes_before_one_about_its_topic_in_whatever_order_they_stand() -> None:
    own = {**NOTE, "records": ["a"], "class": "wording"}
    grave = {**NOTE, "records": ["a"], "class": "stricter"}
    whole = {**NOTE, "topics": ["bleeding"], "class": "looser"}
    for notes in ([own, grave, whole], [whole, grave, own]):
        (found,) = diff({"a": fields()}, {"a": fields(why="Other.")}, notes)
        assert (found.kind_of_change, found.notes) == (ChangeClass.STRICTER, (grave, own, whole))


@pytest.mark.parametrize("topic", ["bleeding", "lung"])
def test_a_note_about_the_topic_it_came_from_or_went_to_tells_of_a_moved_record(topic: str) -> None:
    (found,) = diff({"a": fields()}, {"a": fields(topic="lung")}, [{**NOTE, "topics": [topic]}])
    assert found.note


def test_words_replaced_side_by_side_are_one_phrase() -> None:
    assert redline("Ask which drug, now.", "Press after each, now.") == [
        ("removed", "Ask which drug"),
        ("added", "Press after each"),
        ("kept", ", now."),
    ]


def test_a_comma_a_line_end_or_a_number_makes_no_other_word() -> None:
    assert redline("a,\nb in 73.3%", "a, b, c in 73.8%") == [
        ("kept", "a, b"),
        ("added", ", c"),
        ("kept", " in "),
        ("removed", "73.3%"),
        ("added", "73.8%"),
    ]


@given(st.text("ab ,.\n"), st.text("ab ,.\n"))
def test_a_redline_holds_both_texts(before: str, after: str) -> None:
    pieces = redline(before, after)
    assert "".join(words for what, words in pieces if what != "removed") == after
    assert "".join(words for what, words in pieces if what != "added").split() == before.split()


def test_a_redline_of_a_text_as_long_as_a_book_is_no_matter_of_minutes() -> None:
    """Every word against every other would be; here a word in fifty goes."""
    words = [f"word{number * number % 997}" if number % 3 else "the" for number in range(17_000)]
    pieces = redline(" ".join(words), " ".join(word for number, word in enumerate(words) if number % 50))
    assert "".join(text for what, text in pieces if what != "added").split() == words
    assert [what for what, _ in pieces].count("removed") > 20


def test_a_field_in_words_does_not_depend_on_where_it_was_read() -> None:
    statement = {"text": "Ask.", "sources": ["a", "b"], "note": "Once."}
    words = "Ask. (note: Once.; sources: a, b)"
    assert in_words([statement, {"text": "No.", "synthesis": True}]) == f"{words}\nNo. (synthesis: yes)"
    assert in_words([dict(sorted(statement.items()))]) == words
