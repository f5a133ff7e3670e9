"""Sheets made of records: none of them forgets a record, and a record that is gone is gone by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from clinic_snippets.library import Library
from clinic_snippets.records import (
    AdverseEvent,
    Competency,
    ConsentItem,
    Incident,
    Level,
    Needling,
    Precaution,
    ScreeningQuestion,
)
from clinic_snippets.records.text import RecordLink, plain, walk
from clinic_snippets.snippets import SNIPPETS, OptionError, Table
from clinic_snippets.snippets.adverse_event_table import figure_lines
from clinic_snippets.snippets.consent_sheet import told_rates

COUNTED = ("treatments", "patients", "neither")
CALLS = ("emergency", "emergency-department", "doctor")


@pytest.fixture(scope="module")
def library(handbook_library: Library) -> Library:
    return handbook_library


@pytest.fixture(scope="module")
def without(library: Library) -> Callable[..., Library]:
    """The handbook without a record, or with some of its fields changed."""

    def make(identifier: str, **fields: Any) -> Library:
        rest = [record for record in library.of() if record.id != identifier]
        return Library(
            [*rest, library.records[identifier].model_copy(update=fields)] if fields else rest, library.sources
        )

    return make


def table(library: Library, name: str, **options: str) -> Table:
    block = SNIPPETS[name](library, options)
    assert isinstance(block, Table)
    return block


def named(library: Library, *names: str, **options: str) -> set[str]:
    """Every record that the rows of some snippets are about or link to."""
    rows = [row for name in names for row in table(library, name, **options).rows]
    return {row.record for row in rows} | {
        piece.id for piece in walk(tuple(r.cells for r in rows)) if isinstance(piece, RecordLink)
    }


def ids(library: Library, kind: Any) -> set[str]:
    return {record.id for record in library.of(kind)}


def contraindications(library: Library) -> set[str]:
    return {record.id for record in library.of(Precaution) if record.level is Level.CONTRAINDICATION}


def risks(library: Library) -> dict[str, str]:
    rows = [row for counted in COUNTED for row in table(library, "consent-risks", counted=counted).rows]
    assert len(rows) == len({row.record for row in rows}), "a risk stands in one table only"
    return {row.record: plain(row.cells[1]) for row in rows}


def test_a_form_has_every_question_and_every_contraindication(library: Library) -> None:
    assert {row.record for row in table(library, "screening-form").rows} == ids(library, ScreeningQuestion)
    assert contraindications(library) <= named(library, "screening-form", "screening-checks")


def test_a_later_form_drops_no_question(library: Library) -> None:
    parts = [
        {row.record for row in table(library, "screening-form", asked=a).rows}
        for a in ("each time", "what has changed")
    ]
    assert not parts[0] & parts[1]
    assert parts[0] | parts[1] == ids(library, ScreeningQuestion)
    assert {"ask-consent", "ask-today", "ask-red-flags"} <= parts[0]


def test_a_question_that_is_gone_leaves_its_contraindications_to_the_clinician(
    library: Library, without: Callable[..., Library]
) -> None:
    less = without("ask-bleeding")
    assert ids(library, ScreeningQuestion) - named(less, "screening-form") == {"ask-bleeding"}
    checks = {row.record for row in table(less, "screening-checks").rows}
    assert checks - {row.record for row in table(library, "screening-checks").rows} == {
        "severe-bleeding-disorder", "deep-target-that-may-bleed",
    }  # fmt: skip


def test_a_contraindication_that_is_gone_is_missed_by_name(library: Library, without: Callable[..., Library]) -> None:
    less = without("eye-region")
    form = named(less, "screening-form", "screening-checks")
    assert contraindications(library) - form == {"eye-region"}


def test_a_form_has_two_boxes_and_no_verdict(library: Library) -> None:
    for row in table(library, "screening-form").rows:
        assert [plain(cell) for cell in row.cells[2:5]] == ["☐", "☐", ""]


def test_questions_keep_their_numbers_on_every_form(library: Library) -> None:
    def numbers(**options: str) -> dict[str, str]:
        return {row.record: plain(row.cells[0]) for row in table(library, "screening-form", **options).rows}

    assert numbers().items() >= numbers(asked="each time").items()
    assert len(set(numbers().values())) == len(numbers())


def test_the_page_opens_what_each_yes_asks_for(library: Library) -> None:
    shown = {row.record: row for row in table(library, "screening-list").rows}
    for question in library.of(ScreeningQuestion):
        words = plain(shown[question.id].cells[2])
        for target in question.if_yes:
            for statement in library.records[target].action:  # type: ignore[attr-defined]
                assert plain(library.prose(statement.text)) in words
    unasked = {row.record for level in Level for row in table(library, "unasked-precautions", level=level).rows}
    assert unasked == ids(library, Precaution) - {i for q in library.of(ScreeningQuestion) for i in q.if_yes}


def test_every_risk_that_consent_tells_of_is_a_line(library: Library) -> None:
    told = {i for item in library.of(ConsentItem) for i in item.discloses}
    shown = {i for counted in COUNTED for i in named(library, "consent-risks", counted=counted)}
    assert shown == told
    assert {i for i in told if isinstance(library.records[i], AdverseEvent)} == set(risks(library))


def test_a_risk_says_what_the_table_says_and_no_other_unit(library: Library) -> None:
    for identifier, words in risks(library).items():
        rates = told_rates(library.records[identifier])
        assert len({rate.unit for rate in rates}) <= 1
        for rate in rates:
            assert plain(figure_lines(library, rate)) in words
            assert rate.needling is Needling.DRY_NEEDLING
        event = library.records[identifier]
        only_acupuncture = isinstance(event, AdverseEvent) and {r.needling for r in event.rates} == {
            Needling.ACUPUNCTURE
        }
        assert words.startswith("Acupuncture: seen.") == only_acupuncture


def test_what_patients_report_comes_before_what_clinicians_report(library: Library) -> None:
    words = risks(library)["pain-after-needling"]
    assert "55 % of patients" in words and "91 % of patients" in words and "per 100 treatments" not in words
    assert "20 in 20,494 treatments" in risks(library)["significant-or-serious-event"]


def test_every_consent_item_is_said_or_done(library: Library, without: Callable[..., Library]) -> None:
    rows = {row.record: plain(row.cells[1]) for row in table(library, "consent-words").rows}
    assert set(rows) == ids(library, ConsentItem)
    assert rows["consent-common-effects"].startswith("Expect to be sore afterwards. Most people are.")
    assert "Give each figure" not in rows["consent-common-effects"], "words for the clinician"
    assert rows["consent-record"].startswith("Clinician: Record what was said")
    less = {row.record for row in table(without("consent-driving"), "consent-words").rows}
    assert set(rows) - less == {"consent-driving"}


def test_an_incident_that_consent_names_alone_has_a_line_of_its_own(without: Callable[..., Library]) -> None:
    assert "faint" in risks(without("fainting", what_to_do=()))


def test_every_sign_at_home_stands_where_one_is_to_call(library: Library, without: Callable[..., Library]) -> None:
    def signs(library: Library) -> list[str]:
        return [row.record for call in CALLS for row in table(library, "aftercare-signs", call=call).rows]

    expected = [record.id for record in library.of(Incident) for _ in record.at_home]
    assert sorted(signs(library)) == sorted(expected)
    kept = set(library.records["aftercare"].keeps_safe)  # type: ignore[attr-defined]
    incidents = {i for i in kept if isinstance(library.records[i], Incident)} - {"faint"}
    assert incidents <= set(signs(library))
    assert set(signs(library)) - set(signs(without("pulsating-lump"))) == {"pulsating-lump"}


def test_what_is_the_same_for_every_sign_is_the_heading(library: Library) -> None:
    assert [c.heading for c in table(library, "aftercare-signs", call="emergency").columns] == [
        "Call the emergency number now."
    ]
    assert len(table(library, "aftercare-signs", call="doctor").columns) == 2


def test_the_log_has_every_competency_and_room_to_sign(library: Library) -> None:
    log = table(library, "competency-log")
    assert {row.record for row in log.rows} == ids(library, Competency)
    assert all(row.cells[2:] == ((), (), ()) for row in log.rows)


def test_a_release_that_does_not_exist_is_refused(library: Library) -> None:
    with pytest.raises(OptionError, match="there is no release '9.9.9'"):
        SNIPPETS["changed-items"](library, {"release": "9.9.9"})
