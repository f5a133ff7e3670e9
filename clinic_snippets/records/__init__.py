"""What a record is: one file per kind, no reading and no rendering."""

from __future__ import annotations

from clinic_snippets.records.adverse_event import AdverseEvent
from clinic_snippets.records.base import Record, Statement, Status
from clinic_snippets.records.claim import Claim, Verdict
from clinic_snippets.records.consent_item import ConsentItem
from clinic_snippets.records.definition import Definition, Term
from clinic_snippets.records.evidence_gap import EvidenceGap
from clinic_snippets.records.finding import Better, Certainty, Direction, Effect, Finding, Measure, Timing
from clinic_snippets.records.handbook_hazard import Control, HandbookHazard, Proof
from clinic_snippets.records.hazard import Hazard
from clinic_snippets.records.hygiene_rule import Agreement, HygieneRule
from clinic_snippets.records.incident import Incident, Step, Urgency, Whom
from clinic_snippets.records.kinds import KINDS, plural_of, record_kind
from clinic_snippets.records.learning import Competency, LearningOutcome, Stage
from clinic_snippets.records.left_out import LeftOut, Output
from clinic_snippets.records.mechanism import Mechanism, Strength
from clinic_snippets.records.muscle import Muscle
from clinic_snippets.records.needling_type import NeedlingType
from clinic_snippets.records.practice_note import PracticeNote
from clinic_snippets.records.precaution import Level, Precaution, Rule, Scope
from clinic_snippets.records.quiz_question import Choice, QuizQuestion
from clinic_snippets.records.rate import Counted, Form, Needling, Rate, ReportedBy, Unit
from clinic_snippets.records.region import EVERYWHERE, Region
from clinic_snippets.records.regulation import Regulation
from clinic_snippets.records.reporting_item import ReportingItem
from clinic_snippets.records.screening_question import ScreeningQuestion
from clinic_snippets.records.severity_class import SeverityClass
from clinic_snippets.records.source import Grade, Read, Source
from clinic_snippets.records.technique_step import Phase, TechniqueStep

__all__ = [
    "EVERYWHERE",
    "KINDS",
    "AdverseEvent",
    "Agreement",
    "Better",
    "Certainty",
    "Choice",
    "Claim",
    "Competency",
    "ConsentItem",
    "Control",
    "Counted",
    "Definition",
    "Direction",
    "Effect",
    "EvidenceGap",
    "Finding",
    "Form",
    "Grade",
    "HandbookHazard",
    "Hazard",
    "HygieneRule",
    "Incident",
    "LearningOutcome",
    "LeftOut",
    "Level",
    "Measure",
    "Mechanism",
    "Muscle",
    "Needling",
    "NeedlingType",
    "Output",
    "Phase",
    "PracticeNote",
    "Precaution",
    "Proof",
    "QuizQuestion",
    "Rate",
    "Read",
    "Record",
    "Region",
    "Regulation",
    "ReportedBy",
    "ReportingItem",
    "Rule",
    "Scope",
    "ScreeningQuestion",
    "SeverityClass",
    "Source",
    "Stage",
    "Statement",
    "Status",
    "Step",
    "Strength",
    "TechniqueStep",
    "Term",
    "Timing",
    "Unit",
    "Urgency",
    "Verdict",
    "Whom",
    "plural_of",
    "record_kind",
]
