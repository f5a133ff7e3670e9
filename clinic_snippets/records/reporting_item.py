"""Reporting items: what a checklist for guidelines asks, and where this handbook answers it."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from clinic_snippets.records.base import Line, Prose, Record


class ReportingItem(Record):
    """One item of a checklist: either where it is answered, or why it is not done."""

    plural: ClassVar[str] = "reporting items"

    kind: Literal["reporting-item"]
    checklist: Line
    """The checklist that asks."""
    number: Line
    """The item's number there."""
    where: Prose | None = None
    """Where the handbook answers it."""
    not_done: Prose | None = None
    """Why it is not done."""

    @model_validator(mode="after")
    def _one_answer(self) -> ReportingItem:
        if self.where is None and self.not_done is None:
            raise PydanticCustomError(
                "no_answer", "has no answer; say where the handbook answers it in 'where', or why not in 'not_done'"
            )
        return self
