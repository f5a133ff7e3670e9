"""Practice notes: what is known of how needling is done, such as needles, dose, and records."""

from __future__ import annotations

from typing import ClassVar, Literal

from clinic_snippets.records.base import Disagreement, Line, Record, Statements


class PracticeNote(Record):
    """What sources say about one matter of practice; ``about`` groups the notes."""

    plural: ClassVar[str] = "practice notes"

    kind: Literal["practice-note"]
    about: Line
    says: Statements
    limits: Statements = ()
    disagreement: Disagreement | None = None
