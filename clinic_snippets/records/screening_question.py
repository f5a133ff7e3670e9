"""Screening questions: what to ask before each treatment."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from clinic_snippets.records.base import Ids, Prose, Record, RefersTo, Statements, YesNo


class ScreeningQuestion(Record):
    """A question in the patient's words; ``if_yes`` names the precautions that a yes leads to."""

    plural: ClassVar[str] = "screening questions"

    kind: Literal["screening-question"]
    asks: Prose
    """The question, in the patient's words."""
    if_yes: Annotated[Ids, RefersTo("precaution")]
    """Ids of the precautions that a yes leads to."""
    each_time: YesNo = False
    """``yes`` where it is asked again at every treatment; the others are then asked for what has changed."""
    why: Statements = ()
    """Why it is asked."""
