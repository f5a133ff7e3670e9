"""All kinds of record, those of this package and those that a handbook's own Python files declare."""

from __future__ import annotations

from typing import Literal, TypeVar, get_args, get_origin

from clinic_snippets.problems import DeclarationError
from clinic_snippets.records.adverse_event import AdverseEvent
from clinic_snippets.records.base import Record
from clinic_snippets.records.claim import Claim
from clinic_snippets.records.consent_item import ConsentItem
from clinic_snippets.records.definition import Definition, Term
from clinic_snippets.records.evidence_gap import EvidenceGap
from clinic_snippets.records.finding import Finding
from clinic_snippets.records.handbook_hazard import HandbookHazard
from clinic_snippets.records.hazard import Hazard
from clinic_snippets.records.hygiene_rule import HygieneRule
from clinic_snippets.records.incident import Incident
from clinic_snippets.records.learning import Competency, LearningOutcome
from clinic_snippets.records.mechanism import Mechanism
from clinic_snippets.records.muscle import Muscle
from clinic_snippets.records.needling_type import NeedlingType
from clinic_snippets.records.practice_note import PracticeNote
from clinic_snippets.records.precaution import Precaution
from clinic_snippets.records.quiz_question import QuizQuestion
from clinic_snippets.records.region import Region
from clinic_snippets.records.regulation import Regulation
from clinic_snippets.records.reporting_item import ReportingItem
from clinic_snippets.records.scalars import is_id
from clinic_snippets.records.screening_question import ScreeningQuestion
from clinic_snippets.records.severity_class import SeverityClass
from clinic_snippets.records.technique_step import TechniqueStep

R = TypeVar("R", bound=Record)

KINDS: dict[str, type[Record]] = {
    "precaution": Precaution,
    "hazard": Hazard,
    "region": Region,
    "adverse-event": AdverseEvent,
    "severity-class": SeverityClass,
    "incident": Incident,
    "hygiene-rule": HygieneRule,
    "consent-item": ConsentItem,
    "screening-question": ScreeningQuestion,
    "definition": Definition,
    "term": Term,
    "needling-type": NeedlingType,
    "technique-step": TechniqueStep,
    "practice-note": PracticeNote,
    "muscle": Muscle,
    "mechanism": Mechanism,
    "finding": Finding,
    "evidence-gap": EvidenceGap,
    "regulation": Regulation,
    "competency": Competency,
    "learning-outcome": LearningOutcome,
    "claim": Claim,
    "quiz-question": QuizQuestion,
    "reporting-item": ReportingItem,
    "handbook-hazard": HandbookHazard,
}
"""Every kind of record, by the word that stands after ``kind:``."""
OURS = tuple(KINDS.items())
"""The kinds that this package brings; a handbook may add some."""

_OTHER_ROLES = ("ref", "rate", "call")
"""What follows ``clinic:`` in roles that are no kinds."""
_OTHER_SHEETS = ("sources",)
"""Spreadsheets of the export that hold no records; each kind has one of its own name."""


def record_kind(model: type[R]) -> type[R]:
    """Register a class of records under the word of its ``kind`` field; raises DeclarationError where that cannot be."""
    if not isinstance(model, type) or not issubclass(model, Record):
        name = getattr(model, "__name__", repr(model))
        raise DeclarationError(f"{name} is no kind of record; write 'class {name}(Record)' below @record_kind")
    field, example = model.model_fields["kind"].annotation, f"{model.__name__.lower()}"
    words = get_args(field) if get_origin(field) is Literal else ()
    if len(words) != 1 or not is_id(words[0]):
        raise DeclarationError(
            f"{model.__name__} does not say what stands after 'kind:'; add one lower-case word, or words joined by "
            f"hyphens, such as 'kind: Literal[\"{example}\"]'"
        )
    [word] = words
    there = KINDS.get(word)
    # A build within the same program loads the same file once more.
    if there and (there.__module__, there.__qualname__) != (model.__module__, model.__qualname__):
        raise DeclarationError(f"the kind '{word}' is there already ({there.__name__}); choose another word")
    if word in (*_OTHER_ROLES, *_OTHER_SHEETS):
        raise DeclarationError(f"'{word}' means something else already; choose another word for this kind")
    if not (model.__doc__ or "").strip():
        raise DeclarationError(f"{model.__name__} has no docstring; say in one line what such a record is")
    KINDS[word] = model
    return model


def plural_of(kind: str) -> str:
    """Return what several records of a kind are called; a release may hold kinds that this handbook no longer has."""
    return KINDS[kind].plural if kind in KINDS else f"{kind.replace('-', ' ')} records"
