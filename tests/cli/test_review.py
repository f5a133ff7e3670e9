"""``clinic-snippets review``: what is overdue and what is due soon, the same in words, as data and as exit code."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result

from clinic_snippets.cli import review

REVIEWS = """
    reviews:
    - date: 2026-06-01
      reviewer: medical director
      records: [warfarin]
      searched: Two databases.
      outcome: no change
      next_review: 2027-01-01
"""


@pytest.mark.parametrize(("day", "overdue"), [("2026-12-31", 0), ("2027-01-01", 0), ("2027-01-02", 2)])
def test_words_data_and_exit_code_agree_on_the_day_before_and_the_day_after(
    handbook: Callable[..., Path], clinic: Callable[..., Result], day: str, overdue: int
) -> None:
    handbook()
    run = clinic("review", "--as-of", day, "--fail-overdue")
    assert run.stdout.startswith(f"Overdue on {day}: {overdue} records\n")
    assert run.exit_code == (1 if overdue else 0)
    found = json.loads(clinic("review", "--as-of", day, "--format", "json").stdout)
    assert (found["as_of"], len(found["overdue"])) == (day, overdue)


def test_overdue_first_then_due_each_by_date_with_what_is_known_of_it(
    handbook: Callable[..., Path], clinic: Callable[..., Result]
) -> None:
    handbook({"source/reviews.yaml": REVIEWS})
    run = clinic("review", "source", "--as-of", "2027-01-02")
    assert run.stdout.splitlines() == [
        "Overdue on 2027-01-02: 2 records",
        "  2027-01-01  warfarin: Blood thinner (safety lead; bleeding; written 2026-01-01, last reviewed 2026-06-01)",
        "  2027-01-01  bruises: Bruises easily (safety lead; bleeding; written 2026-01-01, never reviewed)",
        "Due from 2027-01-02 to 2027-03-03: 1 record",
        "  2027-03-01  pleura: Lung apex (chest lead; lung; written 2026-01-01, never reviewed)",
    ]
    assert run.exit_code == 0, "without --fail-overdue it only tells"


def test_json_holds_every_part(handbook: Callable[..., Path], clinic: Callable[..., Result]) -> None:
    handbook({"source/reviews.yaml": REVIEWS})
    found = json.loads(clinic("review", "--as-of", "2027-01-01", "--within", "10d", "--format", "json").stdout)
    assert (found["within_days"], found["overdue"]) == (10, [])
    assert found["due"][0] == {
        "id": "warfarin", "kind": "precaution", "name": "Blood thinner", "owner": "safety lead", "topic": "bleeding",
        "written": "2026-01-01", "last_reviewed": "2026-06-01", "review_by": "2027-01-01",
    }  # fmt: skip
    assert found["due"][1]["last_reviewed"] is None


@pytest.mark.parametrize(("within", "found"), [("0d", 0), ("58d", 0), ("59d", 1), ("365d", 2)])
def test_how_far_it_looks_ahead(
    handbook: Callable[..., Path], clinic: Callable[..., Result], within: str, found: int
) -> None:
    handbook()
    due = json.loads(clinic("review", "--as-of", "2027-01-01", "--within", within, "--owner", "chest lead",
                            "--format", "json").stdout)["due"]  # fmt: skip
    assert len(due) == found


def test_an_owner_sees_only_what_is_theirs(handbook: Callable[..., Path], clinic: Callable[..., Result]) -> None:
    handbook()
    run = clinic("review", "--as-of", "2027-01-02", "--owner", "chest lead", "--fail-overdue")
    assert run.stdout.startswith("Overdue on 2027-01-02: 0 records\nDue from 2027-01-02 to 2027-03-03: 1 record\n")
    assert run.exit_code == 0


def test_a_withdrawn_record_is_reviewed_no_more(
    handbook: Callable[..., Path], clinic: Callable[..., Result], edit: Callable[..., None]
) -> None:
    handbook()
    gone = "id: warfarin\n  status: withdrawn\n  withdrawn:\n    date: 2026-06-01\n    reason: Another says the same.\n"
    edit("source/records/bleeding.yaml", "id: warfarin\n", gone)
    assert "warfarin" not in clinic("review", "--as-of", "2027-01-02").stdout


def test_without_a_day_it_is_today(
    handbook: Callable[..., Path], clinic: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Then(date):
        @classmethod
        def today(cls) -> date:
            return date(2027, 1, 2)

    handbook()
    monkeypatch.setattr(review, "date", Then)
    assert clinic("review").stdout.startswith("Overdue on 2027-01-02: 2 records\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--as-of", "soon"], "'soon' is not a date; write year-month-day, for example 2026-11-22"),
        (["--as-of", "20270102"], "'20270102' is not a date"),
        (["--as-of", "2027-W01-1"], "'2027-W01-1' is not a date"),
        (["--within", "60"], "'60' is not a number of days; write a number and d, for example 60d"),
        (["--owner", "cheast lead"], "'cheast lead' owns no record; allowed: chest lead, safety lead; did you mean"),
        (["nowhere"], "There is no folder 'nowhere'"),
    ],
)
def test_a_slip_in_the_call_is_named_with_the_way_out(
    handbook: Callable[..., Path], clinic: Callable[..., Result], arguments: list[str], words: str
) -> None:
    handbook()
    run = clinic("review", *arguments)
    assert (run.exit_code, run.stdout) == (2, "")
    assert words in run.stderr


@pytest.mark.parametrize("within", ["60d", "99999d"])
def test_the_calendar_ends_and_the_list_does_not_fall_over(
    handbook: Callable[..., Path], clinic: Callable[..., Result], within: str
) -> None:
    handbook()
    run = clinic("review", "--as-of", "9999-12-31", "--within", within)
    assert run.exit_code == 0, run.output
    assert "Overdue on 9999-12-31: 4 records" in run.stdout
    assert "Due from 9999-12-31 to 9999-12-31: 0 records" in run.stdout


def test_a_review_of_a_day_to_come_is_warned_of(handbook: Callable[..., Path], clinic: Callable[..., Result]) -> None:
    handbook({"source/reviews.yaml": REVIEWS})
    run = clinic("review", "--as-of", "2026-05-31")
    assert run.stderr.startswith("warning: reviews[1] in reviews.yaml is of 2026-06-01, after 2026-05-31: ")
    assert clinic("review", "--as-of", "2026-06-01").stderr == ""


def test_nothing_is_listed_while_records_have_problems(
    handbook: Callable[..., Path], clinic: Callable[..., Result], edit: Callable[..., None]
) -> None:
    """A record that is left out would read as reviewed in time."""
    handbook()
    edit("source/records/bleeding.yaml", "rule: refer", "rule: refre")
    run = clinic("review", "--as-of", "2027-01-02")
    assert (run.exit_code, run.stdout) == (1, "")
    assert run.stderr == "Nothing is listed, because the records have problems. See: clinic-snippets check source\n"
