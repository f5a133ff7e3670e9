"""The training part hangs together: what must be learnt can be found, is worked towards, and each verdict has a reason."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from clinic_snippets.library import Library
from clinic_snippets.records import (
    Claim,
    Competency,
    Incident,
    LearningOutcome,
    Level,
    Precaution,
    QuizQuestion,
    Verdict,
)
from clinic_snippets.records.base import Statement
from clinic_snippets.records.text import RecordLink, walk


@pytest.fixture(scope="module")
def pages(repository: Path) -> set[str]:
    """The labels in front of the titles of pages."""
    texts = [page.read_text("utf-8") for page in (repository / "source").glob("*.md")]
    return {label for text in texts for label in re.findall(r"(?m)^\(([\w-]+)\)=\n# ", text)}


def labels_in(prose: str) -> set[str]:
    """The labels that ``{ref}`` names in a text, with or without words of its own."""
    return {re.sub(r"^.*<(.*)>$", r"\1", target) for target in re.findall(r"\{ref\}`([^`]+)`", prose)}


def test_every_competency_and_outcome_names_a_page_to_learn_it_from(library: Library, pages: set[str]) -> None:
    for record in (*library.of(Competency), *library.of(LearningOutcome)):
        assert labels_in(record.learn) & pages, record.id


def test_no_text_to_learn_from_names_a_page_that_is_not_there(
    repository: Path, library: Library, pages: set[str]
) -> None:
    texts = [page.read_text("utf-8") for page in (repository / "source").glob("*.md")]
    tables = {name for text in texts for name in re.findall(r"(?m)^:name: (\S+)$", text)}
    for record in (*library.of(Competency), *library.of(LearningOutcome)):
        assert labels_in(record.learn) <= pages | tables, record.id


def test_every_outcome_serves_a_competency_and_every_competency_is_served(library: Library) -> None:
    outcomes = list(library.of(LearningOutcome))
    assert [outcome.id for outcome in outcomes if not outcome.competencies] == []
    served = {competency for outcome in outcomes for competency in outcome.competencies}
    assert {competency.id for competency in library.of(Competency)} == served


def test_every_competency_is_checked_by_a_question(library: Library) -> None:
    checked = {competency for question in library.of(QuizQuestion) for competency in question.competencies}
    assert checked == {competency.id for competency in library.of(Competency)}


def test_every_question_checks_a_competency(library: Library) -> None:
    assert [question.id for question in library.of(QuizQuestion) if not question.competencies] == []


def test_every_contraindication_and_every_incident_has_a_question(library: Library) -> None:
    tested = {identifier for question in library.of(QuizQuestion) for identifier in question.tests}
    contraindications = [p.id for p in library.of(Precaution) if p.level is Level.CONTRAINDICATION]
    incidents = [incident.id for incident in library.of(Incident)]
    assert [identifier for identifier in (*contraindications, *incidents) if identifier not in tested] == []


def test_every_question_stands_on_a_page_with_its_key(repository: Path, library: Library) -> None:
    calls = re.compile(r"```\{clinic:(self-check(?:-key)?)\}.*\n:topic: (.+)\n")
    texts = [page.read_text("utf-8") for page in (repository / "source").glob("*.md")]
    shown = [sorted(calls.findall(text)) for text in texts if calls.search(text)]
    topics = {question.topic for question in library.of(QuizQuestion)}
    assert sorted(shown) == sorted([[("self-check", topic), ("self-check-key", topic)] for topic in topics])


def test_the_reason_for_an_answer_leads_to_what_the_question_tests(library: Library) -> None:
    def links(question: QuizQuestion) -> set[str]:
        return {piece.id for piece in walk(library.prose(question.because)) if isinstance(piece, RecordLink)}

    assert [q.id for q in library.of(QuizQuestion) if not links(q) & set(q.tests)] == []


def test_every_way_to_check_a_competency_is_marked_as_our_proposal(library: Library) -> None:
    competencies = list(library.of(Competency))
    assert competencies
    assert [c.id for c in competencies if not all(statement.synthesis for statement in c.check)] == []


def test_a_verdict_stands_on_sources_or_says_that_it_is_ours(library: Library) -> None:
    def stands(claim: Claim, statement: Statement) -> bool:
        return bool(statement.synthesis or statement.sources or claim.sources)

    claims = list(library.of(Claim))
    assert {claim.verdict for claim in claims} == set(Verdict)
    for claim in claims:
        assert claim.verdict is Verdict.NOT_FOUND or all(stands(claim, s) for s in claim.because), claim.id


def test_a_claim_that_is_more_than_not_found_names_a_source(library: Library) -> None:
    """Our reasoning alone may find nothing; it may not support, qualify or contradict what others say."""
    for claim in library.of(Claim):
        sourced = bool(claim.sources) or any(statement.sources for statement in claim.because)
        assert sourced or claim.verdict is Verdict.NOT_FOUND, claim.id


def test_a_claim_leads_on_to_what_carries_the_reason(library: Library) -> None:
    assert [claim.id for claim in library.of(Claim) if not claim.see_also] == []
