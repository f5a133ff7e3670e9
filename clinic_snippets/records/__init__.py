"""What a record is: one file per kind, no reading and no rendering."""

from __future__ import annotations

from clinic_snippets.records.base import Record, Statement, Status
from clinic_snippets.records.hazard import Hazard
from clinic_snippets.records.precaution import Level, Precaution, Rule, Scope
from clinic_snippets.records.region import EVERYWHERE, Region
from clinic_snippets.records.source import Grade, Read, Source

KINDS: dict[str, type[Record]] = {"precaution": Precaution, "hazard": Hazard, "region": Region}
"""Every kind of record, by the word that stands after ``kind:``."""

__all__ = [
    "EVERYWHERE",
    "KINDS",
    "Grade",
    "Hazard",
    "Level",
    "Precaution",
    "Read",
    "Record",
    "Region",
    "Rule",
    "Scope",
    "Source",
    "Statement",
    "Status",
]
