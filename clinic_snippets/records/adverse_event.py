"""Adverse events: unwanted things that happened, with how often they were seen."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import field_validator
from pydantic_core import PydanticCustomError

from clinic_snippets.records.base import Ids, Record, RefersTo, Statements
from clinic_snippets.records.rate import Rate


class AdverseEvent(Record):
    """An adverse event; ``severity`` names severity classes, ``prevented_by`` precautions and hazards."""

    plural: ClassVar[str] = "adverse events"
    needs_source: ClassVar[bool] = False

    kind: Literal["adverse-event"]
    severity: Annotated[Ids, RefersTo("severity-class")]
    about: Statements = ()
    rates: tuple[Rate, ...]
    limits: Statements = ()
    prevented_by: Annotated[Ids, RefersTo("precaution", "hazard", "hygiene-rule")] = ()
    what_to_do: Annotated[Ids, RefersTo("incident")] = ()

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
