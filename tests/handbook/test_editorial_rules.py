"""The editorial rules of the handbook, as far as a machine can hold to them."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from clinic_snippets.cli import main
from clinic_snippets.library import Library
from clinic_snippets.library.figures import in_text
from clinic_snippets.records import (
    AdverseEvent,
    Direction,
    EvidenceGap,
    Finding,
    Hazard,
    Incident,
    Level,
    Muscle,
    Needling,
    Precaution,
    Record,
    Rule,
    Unit,
)
from clinic_snippets.records.base import prose_fields
from clinic_snippets.snippets.finding_table import finding_badge

GRADE_D_ALONE = {
    "forbidden-surface-areas", "eye-region", "unstable-spinal-segment", "autoimmune-disease-or-steroids",
    "hungry-tired-or-intoxicated", "recent-surgery-or-scar", "unstable-heart-disease", "past-radiotherapy",
    "altered-sensation", "neck-base-and-lung", "obliquus-capitis-superior",
}  # fmt: skip
ADVICE = ("action", "avoid", "steps", "never", "do", "position", "handling", "can", "check", "house_rule")
TRAINED_REGIONS = (
    "jaw", "suboccipital", "front-and-side-of-neck", "neck-base", "neck-and-thoracic-spine", "interscapular",
    "neck-shoulder-angle", "front-of-chest", "sternum", "shoulder-blade", "side-of-chest", "upper-lumbar", "flank",
    "abdomen-and-pelvis", "buttock-and-hip",
)  # fmt: skip


def words_of(record: Record) -> str:
    return " ".join(text for _, text in prose_fields(record))


def test_seventeen_contraindications_thirty_eight_precautions_and_twenty_five_hazards(library: Library) -> None:
    assert len(library.precautions(level=Level.CONTRAINDICATION)) == 17
    assert len(library.precautions(level=Level.PRECAUTION)) == 38
    assert len(library.hazards()) == 25


def test_only_a_contraindication_says_do_not_needle_as_its_rule(library: Library) -> None:
    assert [p.id for p in library.precautions(level=Level.PRECAUTION) if p.rule is Rule.NEVER] == []


def test_rows_on_grade_d_alone_are_left_to_the_clinic(library: Library) -> None:
    found = {r.id for r in library.of() if isinstance(r, Precaution | Hazard) and library.clinic_decides(r)}
    assert found == GRADE_D_ALONE


@pytest.mark.parametrize("region", TRAINED_REGIONS)
def test_dangerous_regions_are_for_trained_hands_only(library: Library, region: str) -> None:
    found = [h for h in library.hazards() if library.regions_within(region) & set(h.region)]
    assert found
    assert [h.id for h in found if not h.specialist_only] == []


def test_no_figure_of_acupuncture_goes_without_its_name(library: Library) -> None:
    rates = [rate for event in library.of(AdverseEvent) for rate in event.rates]
    for rate in rates:
        assert ("acupuncture" in in_text(rate, "events")) == (rate.needling is Needling.ACUPUNCTURE) or (
            rate.needling is Needling.DRY_NEEDLING and "acupuncture" in (rate.setting + (rate.words or ""))
        )
    assert {rate.needling for rate in rates} == set(Needling)


def test_no_advice_gives_a_depth_length_or_angle(library: Library) -> None:
    """Figures of samples may describe; what to *do* never names one."""
    measure = re.compile(r"\d\s*(?:mm|cm|millimet|centimet|°|degrees|inch)", re.IGNORECASE)
    for record in library.of():
        advice = [text for path, text in prose_fields(record) if path[0] in ADVICE]
        assert not [text for text in advice if measure.search(text)], record.id


@pytest.mark.parametrize(
    "forbidden",
    ["0.003", "touch only the shaft", "two days before needling", "aim caudally", "certified therapists are safe"],
)
def test_what_must_not_be_printed_is_not(library: Library, repository: Path, forbidden: str) -> None:
    pages = [page.read_text("utf-8") for page in (repository / "source").glob("*.md")]
    assert not [r.id for r in library.of() if forbidden in words_of(r).lower()]
    assert not [page for page in pages if forbidden in page.lower()]


def test_no_patient_is_ever_told_to_stop_a_medicine(library: Library) -> None:
    record = library.get("anticoagulants")
    assert isinstance(record, Precaution)
    assert any("Never tell the patient to stop" in statement.text for statement in record.never)


def test_a_share_of_clinicians_is_never_a_count_of_treatments(library: Library) -> None:
    rates = [rate for event in library.of(AdverseEvent) for rate in event.rates if rate.unit is Unit.CLINICIANS]
    assert rates
    assert not [rate for rate in rates if "treatments" in in_text(rate, "events")]


def test_every_emergency_says_whom_to_call(library: Library) -> None:
    emergencies = [i for i in library.of(Incident) if i.urgency.value == "emergency"]
    assert len(emergencies) >= 4
    assert not [i.id for i in emergencies if not any(step.call for step in i.steps)]


def test_every_contraindication_is_asked_for_or_told(library: Library) -> None:
    """A screening question leads to each contraindication that a patient can answer for."""
    by_look_or_training = {
        "cannot-keep-still", "forbidden-surface-areas", "eye-region", "unstable-spinal-segment",
        "practitioner-not-trained",
    }  # fmt: skip
    asked = {i for q in library.of() for i in getattr(q, "if_yes", ())}
    contraindications = {p.id for p in library.precautions(level=Level.CONTRAINDICATION)}
    assert contraindications - asked == by_look_or_training


def test_no_result_is_typed_by_hand_in_a_page(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository)
    run = CliRunner().invoke(main, ["check", "source"])
    assert (run.exit_code, run.stdout) == (0, "")


def test_every_finding_shows_how_sure_one_can_be_in_words_and_circles(library: Library) -> None:
    findings = list(library.of(Finding))
    assert len(findings) >= 48
    for finding in findings:
        badge = finding_badge(finding).text
        assert re.fullmatch(
            r"[●○]{4} (?:very low|low|moderate|high)(?: to \w+)? certainty(?:, by outcome)?|○○○○ certainty not graded",
            badge,
        )
        assert finding.certainty or finding.not_graded


def test_what_does_not_help_has_as_much_room_as_what_does(library: Library) -> None:
    """Outcomes that show no difference, or favour the other side, are told as those that favour needling are."""
    directions = Counter(effect.direction for finding in library.of(Finding) for effect in finding.effects)
    assert directions[Direction.NO_DIFFERENCE] + directions[Direction.OTHER] > directions[Direction.NEEDLING] / 2
    assert len(list(library.of(EvidenceGap))) == 8


def test_every_position_and_handling_of_a_muscle_is_free_of_routes(library: Library) -> None:
    route = re.compile(r"\b(?:insert|aim|advance|direct the needle|perpendicular|angle)\b", re.IGNORECASE)
    for muscle in library.of(Muscle):
        texts = [text for path, text in prose_fields(muscle) if path[0] in ("position", "handling")]
        assert not [text for text in texts if route.search(text)], muscle.id
