"""Screening questions: what to ask before each treatment."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from clinic_snippets.records.base import Ids, Prose, Record, RefersTo, Statements


class ScreeningQuestion(Record):
    """A question in the patient's words; ``if_yes`` names the precautions that a yes leads to."""

    plural: ClassVar[str] = "screening questions"

    kind: Literal["screening-question"]
    asks: Prose
    if_yes: Annotated[Ids, RefersTo("precaution")]
    why: Statements = ()
