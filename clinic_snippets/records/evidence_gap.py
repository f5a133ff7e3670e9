"""Evidence gaps: where the evidence is absent or negative, and what is known there."""

from __future__ import annotations

from typing import ClassVar, Literal

from clinic_snippets.records.base import Disagreement, Record, Statements


class EvidenceGap(Record):
    """A question to which the evidence gives no answer, or a plain no."""

    plural: ClassVar[str] = "evidence gaps"

    kind: Literal["evidence-gap"]
    known: Statements
    """What is known there."""
    limits: Statements = ()
    """What the evidence does not show."""
    disagreement: Disagreement | None = None
