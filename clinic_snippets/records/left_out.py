"""Outputs that every contraindication and incident must stand in, and a record's reason for being left out of one."""

from __future__ import annotations

import enum
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

from clinic_snippets.records.base import Line, Part, one_or_many


class Output(enum.StrEnum):
    """What is made of the records for somebody to work with."""

    TABLE = "table"
    ENTRY = "entry"
    SCREENING = "screening"
    FORM = "form"
    CONSENT = "consent"
    CARD = "card"
    QUIZ = "quiz"
    AFTERCARE = "aftercare"


class LeftOut(Part):
    """An output that a record does not stand in, with the reason."""

    output: Output
    """The output."""
    because: Line
    """Why it is right that the record is missing there."""


def _each_once(given: tuple[LeftOut, ...]) -> tuple[LeftOut, ...]:
    outputs = [item.output for item in given]
    for output in outputs:
        if outputs.count(output) > 1:
            raise PydanticCustomError(
                "left_out_twice",
                "'{output}' is named twice; give it one reason",
                {"output": output.value},
            )
    return given


LeftOutOf = Annotated[tuple[LeftOut, ...], BeforeValidator(one_or_many), AfterValidator(_each_once)]
"""One or more outputs, each with its reason."""
