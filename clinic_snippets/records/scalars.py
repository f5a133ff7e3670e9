"""What a single value is made of: words, prose, ids, yes and no, dates.

Scalars arrive from the reader as text; the types here turn them into what they mean. Their JSON Schema for validation
is of what an author writes, as an editor reads it: a plain ``2014`` is a number there, and ``yes`` a text.
"""

from __future__ import annotations

import datetime
import re
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError


class ProseMark:
    """Marks a text field whose content is record prose (see ``reading.prose``)."""


def _yes_or_no(value: Any) -> Any:
    words = {"yes": True, "no": False, True: True, False: False}
    try:
        return words[value]
    except (KeyError, TypeError):
        raise PydanticCustomError("yes_or_no", "'{given}' is neither yes nor no", {"given": str(value)}) from None


def read_day(text: str) -> datetime.date:
    """Return the day that is written as year-month-day, and in no other way; raises ValueError."""
    # Python reads other ways of writing a date too, such as a week's number.
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise ValueError(text)
    return datetime.date.fromisoformat(text)


def _iso_date(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return read_day(value)
    except ValueError:
        raise PydanticCustomError(
            "iso_date", "'{given}' is not a date; write year-month-day, for example 2026-11-22", {"given": value}
        ) from None


def is_id(text: str) -> bool:
    """Say whether a text can be the id of a record."""
    return re.fullmatch(_ID, text) is not None


def _not_blank(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("empty_text", "the text is empty; write it or leave the field out")
    return text.rstrip("\n")


def _one_line(text: str) -> str:
    if "\n" in (text := _not_blank(text)):
        raise PydanticCustomError("several_lines", "the text has several lines; write it on one")
    return text


# An editor takes a text of digits for a number; the reader does not.
_TEXT = ["string", "number"]
PROSE_AS_WRITTEN = {"type": _TEXT, "pattern": r"\S"}
"""The JSON Schema of prose as an author writes it."""


def _written_as(**schema: Any) -> WithJsonSchema:
    return WithJsonSchema(schema, mode="validation")


Line = Annotated[
    str, StringConstraints(strip_whitespace=True), AfterValidator(_one_line),
    _written_as(type=_TEXT, pattern=r"^\s*\S[^\n]*\s*$"),
]  # fmt: skip
"""Plain words on one line, without markup."""
Prose = Annotated[str, AfterValidator(_not_blank), ProseMark(), _written_as(**PROSE_AS_WRITTEN)]
"""Words with the closed set of markup that ``reading.prose`` knows."""
_ID = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
Id = Annotated[str, StringConstraints(pattern=_ID)]
"""A permanent, readable name: lower case, digits and hyphens."""
YesNo = Annotated[bool, BeforeValidator(_yes_or_no), _written_as(enum=["yes", "no"])]
Date = Annotated[
    datetime.date, BeforeValidator(_iso_date),
    _written_as(type="string", format="date", pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
]  # fmt: skip
