"""Adverse events: unwanted things that happened, with how often they were seen."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import field_validator
from pydantic_core import PydanticCustomError

from clinic_snippets.records.base import Ids, Line, Record, RefersTo, Statements
from clinic_snippets.records.rate import Rate


class AdverseEvent(Record):
    """An adverse event; ``severity`` names severity classes, ``prevented_by`` precautions and hazards."""

    plural: ClassVar[str] = "adverse events"
    needs_source: ClassVar[bool] = False

    kind: Literal["adverse-event"]
    plain_name: Line | None = None
    """What a patient calls it, where that is not its name."""
    severity: Annotated[Ids, RefersTo("severity-class")]
    """Ids of severity classes."""
    about: Statements = ()
    """What it is like."""
    rates: tuple[Rate, ...]
    """How often it was seen, each figure with its source."""
    limits: Statements = ()
    """What the evidence does not show."""
    prevented_by: Annotated[Ids, RefersTo("precaution", "hazard", "hygiene-rule")] = ()
    """Ids of precautions, hazards and hygiene rules."""
    what_to_do: Annotated[Ids, RefersTo("incident")] = ()
    """Ids of incidents."""

    @field_validator("rates")
    @classmethod
    def _told_apart(cls, rates: tuple[Rate, ...]) -> tuple[Rate, ...]:
        seen: set[tuple[str, str | None]] = set()
        for rate in rates:
            if (rate.source, rate.part) in seen:
                raise PydanticCustomError(
                    "rate_twice",
                    "two rates of '{source}' cannot be told apart; give each a 'part:'",
                    {"source": rate.source},
                )
            seen.add((rate.source, rate.part))
        return rates
