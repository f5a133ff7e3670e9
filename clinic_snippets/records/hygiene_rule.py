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
    action: Statements
    why: Statements = ()
    disagreement: Disagreement | None = None
    limits: Statements = ()
    prevents: Annotated[Ids, RefersTo("incident", "adverse-event")] = ()
