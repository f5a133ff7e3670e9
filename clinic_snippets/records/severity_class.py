"""Severity classes: how bad an adverse event is."""

from __future__ import annotations

from typing import ClassVar, Literal

from clinic_snippets.records.base import Record, Statements


class SeverityClass(Record):
    """A class of severity, mildest first in its file."""

    plural: ClassVar[str] = "severity classes"

    kind: Literal["severity-class"]
    meaning: Statements
    """What belongs to it."""
    examples: Statements = ()
    """Examples."""
