"""A claim sounds no surer than the effects that it speaks of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clinic_snippets.library import load_library
from clinic_snippets.library.wording import Voice, clauses, overstated_claims, overstatements
from clinic_snippets.records import Finding

PAIN = {"part": "pain", "outcome": "Pain", "timing": "short term", "direction": "favours needling", "words": "Less."}
DISABILITY = {**PAIN, "part": "disability", "outcome": "Disability"}
LATER = {**PAIN, "part": "pain-long", "timing": "long term"}


def finding(claim: str, *effects: dict[str, Any], **fields: Any) -> Finding:
    """A finding; its certainty is low unless told otherwise."""
    certainty = fields.pop("certainty", None if any("certainty" in e for e in effects) else "low")
    grading = {"certainty": certainty} if certainty else {"not_graded": "No rating of the whole was read."}
    return Finding.model_validate({
        "kind": "finding", "id": "neck", "name": "Neck", "condition": "Neck pain", "regions": "all",
        "design": "28 trials", "comparator": "sham", "claim": claim, "sources": ["a"], "topic": "t", "owner": "o",
        "written": "2026-01-01", "review_by": "2027-01-01", "effects": effects or (PAIN,), **grading, **fields,
    })  # fmt: skip


TOO_STRONG = [
    ("Dry needling eases neck pain.", "low", "eases"),
    ("Dry needling probably eases neck pain in the short term.", "low", "probably"),
    ("Dry needling may ease neck pain.", "very low", "may"),
    ("Dry needling is effective for neck pain.", "moderate", "is effective"),
    ("In these trials, pain was lower with dry needling. It may help with neck pain.", "", "may"),
    ("Dry needling does not ease neck pain.", ["very low", "low"], "does"),
]
FINE = [
    ("Dry needling eases neck pain in the short term.", "high"),
    ("Dry needling probably eases neck pain and reduces the use of drugs.", "moderate"),
    ("Dry needling may make no difference to neck pain.", "low"),
    ("It is uncertain whether dry needling eases neck pain.", "very low"),
    ("Dry needling may ease neck pain, but the evidence is very uncertain.", ["very low", "moderate"]),
    ("In this trial, pain was a little lower with dry needling. Neck movement did not change.", ""),
]


@pytest.mark.parametrize(("claim", "certainty", "word"), TOO_STRONG)
def test_a_claim_that_outruns_its_certainty_is_found_at_its_word(claim: str, certainty: Any, word: str) -> None:
    ((offset, message, hint),) = overstatements(finding(claim, certainty=certainty))
    assert claim[offset:].lower().startswith(word)
    assert message.startswith(f"'{word}' ")
    assert hint.endswith("or give the reason in 'wording_waived_because:'")


@pytest.mark.parametrize(("claim", "certainty"), FINE)
def test_a_claim_that_keeps_to_its_certainty_passes(claim: str, certainty: Any) -> None:
    assert list(overstatements(finding(claim, certainty=certainty))) == []


def test_six_and_six() -> None:
    assert (len(TOO_STRONG), len(FINE)) == (6, 6)


@pytest.mark.parametrize(
    ("claim", "certainty", "said"),
    [
        ("Dry needling may be cheap and it eases pain.", "low", "'eases' sounds certain"),
        ("It may ease pain, which improves sleep.", "low", "'improves' sounds certain"),
        ("Dry needling eases pain, but this is uncertain.", "very low", "'eases' sounds certain"),
        ("It probably eases pain, but this is uncertain.", "low", "'probably' is the word for moderate certainty"),
        ("It is uncertain whether it eases pain, and it cures headache.", "very low", "'cures' sounds certain"),
        ("It is no longer uncertain that needling helps.", "very low", "'no longer uncertain' sounds certain"),
        ("Trials have proven that it may help.", "low", "'proven' sounds certain"),
        ("Needles ease pain.", "low", "'ease' sounds certain"),
        ("Dry needling can ease pain.", "moderate", "'can' sounds certain"),
        ("Dry needling has an effect on pain.", "moderate", "'has an effect' sounds certain"),
        ("Dry needling: the best there is.", "low", "'Dry needling' sounds certain"),
        ("Dry needling eased pain.", "", "'Dry needling eased' sounds certain"),
        ("In these trials, dry needling eases pain.", "", "'eases' sounds certain"),
        ("Pain was lower in these trials. Needling banishes it.", "", "'Needling banishes it' sounds certain"),
    ],
)
def test_a_weak_word_elsewhere_does_not_cover_a_strong_one(claim: str, certainty: str, said: str) -> None:
    (found, *_) = overstatements(finding(claim, certainty=certainty))
    assert found[1].startswith(said), found[1]


def test_a_report_of_graded_evidence_says_how_sure_one_can_be() -> None:
    ((_, message, hint),) = overstatements(finding("In these trials, pain was lower.", certainty="very low"))
    assert message == (
        "it tells what was seen, but not how sure one can be: 'pain, short term' is of very low certainty"
    )
    assert "it is uncertain whether" in hint
    assert list(overstatements(finding("In these trials, pain was lower.", certainty="high"))) == []


def test_each_clause_is_held_to_the_outcome_and_the_time_that_it_names() -> None:
    effects = ({**PAIN, "certainty": "low"}, {**LATER, "certainty": "moderate"}, {**DISABILITY, "certainty": "low"})
    fine = "It may ease pain in the short term. In the long term it probably eases pain. It may reduce disability."
    assert list(overstatements(finding(fine, *effects))) == []
    wrong = "It probably eases pain in the short term, and it probably reduces disability."
    assert [message.split("but ")[1] for _, message, _ in overstatements(finding(wrong, *effects))] == [
        "'pain, short term' is of low certainty",
        "'disability, short term' is of low certainty",
    ]


def test_a_clause_that_names_no_outcome_is_held_to_the_weakest() -> None:
    effects = ({**PAIN, "certainty": "high"}, {**DISABILITY, "certainty": "very low"})
    ((_, message, _),) = overstatements(finding("Dry needling helps.", *effects))
    assert message == "'helps' sounds certain, but 'disability, short term' is of very low certainty"


def test_an_outcome_that_nobody_graded_is_reported_only() -> None:
    effects = ({**PAIN, "certainty": "low"}, DISABILITY)
    ((_, message, hint),) = overstatements(finding("It may ease pain. It may reduce disability.", *effects))
    assert message == ("'may' is the word for low certainty, but how sure one can be of 'disability' was not graded")
    assert hint.startswith("say what was seen and where, in the past tense")


def test_markup_is_passed_over_and_lines_do_not_matter() -> None:
    said = list(clauses("It **may**\nease {clinic:ref}`pain <what-cures>`. In this trial, it\ngrew."))
    assert [clause.voice for clause in said] == [Voice.MAY, Voice.REPORT]


HEADER = "topic: t\nowner: o\nwritten: 2026-01-01\nreview_by: 2027-01-01\nrecords:\n"
RECORD = """\
- kind: finding
  id: neck
  name: Neck
  condition: Neck pain
  regions: all
  design: 28 trials
  comparator: sham
  claim: |
    In these trials, pain was lower.
    Dry needling eases neck pain.
  certainty: low
  effects:
    - part: pain
      outcome: Pain
      timing: short term
      direction: favours needling
      words: Less.
  sources: [a]
"""


@pytest.fixture
def problems(tmp_path: Path) -> Callable[..., list[str]]:
    """What is said of a folder with one finding."""

    def check(record: str = RECORD, language: str = "en_GB") -> list[str]:
        (tmp_path / "neck.yaml").write_text(HEADER + record)
        (tmp_path / "a.bib").write_text("@misc{a, title = {A}}\n")
        library, found = load_library(tmp_path, [tmp_path / "a.bib"])
        found += overstated_claims(library, language)
        return [str(problem).replace(f"{tmp_path}/", "") for problem in found]

    return check


def test_a_problem_has_file_line_and_column_and_the_way_out(problems: Callable[..., list[str]]) -> None:
    assert problems() == [
        "neck.yaml:15:18: neck.claim: 'eases' sounds certain, but 'pain, short term' is of low certainty; "
        "write 'may', or give the reason in 'wording_waived_because:'"
    ]


def test_a_reason_waives(problems: Callable[..., list[str]]) -> None:
    assert problems(RECORD + "  wording_waived_because: The sentence is the review's own title.\n") == []


def test_a_waiver_without_a_reason_is_refused(problems: Callable[..., list[str]]) -> None:
    (found,) = problems(RECORD + "  wording_waived_because:\n")
    assert found.startswith("neck.yaml:24:26: neck.wording_waived_because: the field is empty")


def test_a_waiver_that_waives_nothing_is_refused(problems: Callable[..., list[str]]) -> None:
    weak = RECORD.replace("needling eases", "needling may ease")
    (found,) = problems(weak + "  wording_waived_because: Why not.\n")
    assert found == (
        "neck.yaml:24:27: neck.wording_waived_because: there is nothing to waive: the claim is no surer than its "
        "effects; take it out"
    )


def test_only_english_is_judged(problems: Callable[..., list[str]]) -> None:
    assert problems(language="de") == []
    assert len(problems(language="en")) == 1


def test_every_claim_of_the_handbook_passes(repository: Path) -> None:
    library, _ = load_library(repository / "source/records", [repository / "source/references.bib"])
    assert overstated_claims(library) == []
    assert len(list(library.of(Finding))) >= 49
