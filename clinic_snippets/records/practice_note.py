"""Practice notes: what is known of how needling is done, such as needles, dose, and records."""

from __future__ import annotations

from typing import ClassVar, Literal

from clinic_snippets.records.base import Disagreement, Line, Record, Statements


class PracticeNote(Record):
    """What sources say about one matter of practice; ``about`` groups the notes."""

    plural: ClassVar[str] = "practice notes"

    kind: Literal["practice-note"]
    about: Line
    """What the note is grouped under."""
    says: Statements
    """What the sources say."""
    limits: Statements = ()
    """What the evidence does not show."""
    disagreement: Disagreement | None = None
