"""Regulations: what a place or a body asks of those who needle, as seen on a date."""

from __future__ import annotations

from typing import ClassVar, Literal

from clinic_snippets.records.base import Disagreement, Line, Record, Statements


class Regulation(Record):
    """A rule of one place or body; ``seen`` says how old the text is that was read."""

    plural: ClassVar[str] = "regulations"

    kind: Literal["regulation"]
    seen: Line
    """When the text was seen, and how old it is."""
    requires: Statements
    """What it asks for."""
    limits: Statements = ()
    """What the evidence does not show."""
    disagreement: Disagreement | None = None
