"""Mechanisms: how something is thought to come about or to work."""

from __future__ import annotations

import enum
from typing import ClassVar, Literal

from clinic_snippets.records.base import Disagreement, Record, Statements


class Strength(enum.StrEnum):
    """What a proposed mechanism rests on at best, weakest first."""

    HYPOTHESIS = "hypothesis"
    ANIMALS = "animals only"
    SMALL = "small studies in people"
    TRIALS = "trials in people"


class Mechanism(Record):
    """A proposed mechanism: the idea, what was seen, and what speaks against it."""

    plural: ClassVar[str] = "mechanisms"

    kind: Literal["mechanism"]
    proposal: Statements
    """The idea."""
    strength: Strength
    """What it rests on at best."""
    evidence: Statements
    """What was seen."""
    controversy: Statements
    """What speaks against it."""
    disagreement: Disagreement | None = None
