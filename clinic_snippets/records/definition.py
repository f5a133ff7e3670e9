"""Definitions and terms: what words mean, and where their meaning is disputed."""

from __future__ import annotations

from typing import ClassVar, Literal

from clinic_snippets.records.base import Disagreement, Record, Statements


class Definition(Record):
    """A notion that needs more than a line, with what is disputed about it."""

    plural: ClassVar[str] = "definitions"

    kind: Literal["definition"]
    meaning: Statements
    """What it means."""
    limits: Statements = ()
    """What the evidence does not show."""
    disagreement: Disagreement | None = None


class Term(Record):
    """An entry of the glossary: one line that also shows wherever the term is linked."""

    plural: ClassVar[str] = "terms"

    kind: Literal["term"]
    meaning: Statements
    """What it means, in one line."""
