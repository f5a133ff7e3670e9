"""What a record is: one file per kind, no reading and no rendering."""

from __future__ import annotations

from clinic_snippets.records.adverse_event import AdverseEvent
from clinic_snippets.records.base import Record, Statement, Status
from clinic_snippets.records.consent_item import ConsentItem
from clinic_snippets.records.hazard import Hazard
from clinic_snippets.records.hygiene_rule import Agreement, HygieneRule
from clinic_snippets.records.incident import Incident, Step, Urgency, Whom
from clinic_snippets.records.precaution import Level, Precaution, Rule, Scope
from clinic_snippets.records.rate import Counted, Form, Needling, Rate, ReportedBy, Unit
from clinic_snippets.records.region import EVERYWHERE, Region
from clinic_snippets.records.screening_question import ScreeningQuestion
from clinic_snippets.records.severity_class import SeverityClass
from clinic_snippets.records.source import Grade, Read, Source

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
}
"""Every kind of record, by the word that stands after ``kind:``."""

__all__ = [
    "EVERYWHERE",
    "KINDS",
    "AdverseEvent",
    "Agreement",
    "ConsentItem",
    "Counted",
    "Form",
    "Grade",
    "Hazard",
    "HygieneRule",
    "Incident",
    "Level",
    "Needling",
    "Precaution",
    "Rate",
    "Read",
    "Record",
    "Region",
    "ReportedBy",
    "Rule",
    "Scope",
    "ScreeningQuestion",
    "SeverityClass",
    "Source",
    "Statement",
    "Status",
    "Step",
    "Unit",
    "Urgency",
    "Whom",
]
