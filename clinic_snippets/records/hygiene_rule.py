"""Hygiene and sharps: what keeps a needle from carrying harm."""

from __future__ import annotations

import enum
from typing import Annotated, ClassVar, Literal

from clinic_snippets.records.base import Disagreement, Ids, Record, RefersTo, Statements


class Agreement(enum.StrEnum):
    """How far the sources agree on a rule."""

    AGREED = "agreed"
    VARIES = "varies"
    DISPUTED = "disputed"
    OURS = "our synthesis"


class HygieneRule(Record):
    """A hygiene rule; ``prevents`` names incidents and adverse events."""

    plural: ClassVar[str] = "hygiene rules"

    kind: Literal["hygiene-rule"]
    agreement: Agreement
    """How far the sources agree."""
    action: Statements
    """What to do."""
    why: Statements = ()
    """Why it is done."""
    disagreement: Disagreement | None = None
    limits: Statements = ()
    """What the evidence does not show."""
    prevents: Annotated[Ids, RefersTo("incident", "adverse-event")] = ()
    """Ids of incidents and adverse events."""
