"""Hazards of the handbook itself: how its text, or the way in which it reaches a reader, may lead to harm."""

from __future__ import annotations

import re
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, model_validator
from pydantic_core import PydanticCustomError

from clinic_snippets.records.base import Ids, Line, Part, Prose, Record, Statements, Words, filled, one_or_many


def _names_a_test(text: str) -> str:
    if not re.fullmatch(r"(?:(?!\.\.)[\w.-]+/)*[\w-]+\.py(?:::Test\w+)?::test_\w+", text, re.ASCII):
        raise PydanticCustomError(
            "no_test_name",
            "'{given}' does not name a test; write its file and its function, such as tests/test_x.py::test_it_holds",
            {"given": text},
        )
    return text


TestName = Annotated[Line, AfterValidator(_names_a_test)]
"""A test by its file, from the folder above the handbook's source, and its function."""


class Proof(Part):
    """What shows that a control is there and works; at least one of the three."""

    test: Annotated[tuple[TestName, ...], BeforeValidator(one_or_many)] = ()
    """Tests that fail when the control does, as ``file::function``."""
    record: Ids = ()
    """Ids of records that are the control, or part of it."""
    page: Words = ()
    """Labels of pages, or of places in them, where a reader sees it."""

    @model_validator(mode="after")
    def _is_something(self) -> Proof:
        if not (self.test or self.record or self.page):
            raise PydanticCustomError("no_proof", "proves nothing; name a 'test', a 'record' or a 'page'")
        return self


class Control(Part):
    """Something that makes a hazard less likely or less harmful."""

    control: Prose
    """What is done against it."""
    proved_by: Proof
    """What shows that it is done."""


class HandbookHazard(Record):
    """One entry of the handbook's own hazard log."""

    plural: ClassVar[str] = "hazards of the handbook"

    kind: Literal["handbook-hazard"]
    hazard: Statements
    """What goes wrong."""
    causes: Statements
    """How it can come about."""
    effect: Statements
    """What harm may follow for a patient."""
    controls: Annotated[tuple[Control, ...], BeforeValidator(filled)]
    """What stands against it, each with its proof."""
    left: Statements
    """What remains in spite of the controls, and what the reader or the clinic does about it."""
