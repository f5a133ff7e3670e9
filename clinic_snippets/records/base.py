"""What every record has, and the building blocks that kinds are made of.

Scalars arrive from the reader as text; the types here turn them into what they mean.
"""

from __future__ import annotations

import datetime
import enum
import re
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError


class RefersTo:
    """Marks a field of ids: each must be a record of one of ``kinds``, or of any kind when none is given."""

    def __init__(self, *kinds: str) -> None:
        self.kinds = kinds


class NamesRegions:
    """Marks a field of region ids, or of the word that stands for everywhere."""


class _ProseMark:
    """Marks a text field whose content is record prose (see ``reading.prose``)."""


NO_SOURCE = ("names no source", "add 'sources: [key]' or, if it is our own reasoning, 'synthesis: yes'")
REVIEW_BEFORE_WRITTEN = (
    "the review is not after 'written'",
    "write the later date by which the text is to be reviewed",
)


def _filled(value: Any) -> Any:
    if value == []:
        raise PydanticCustomError("empty_text", "the list is empty; fill it in or leave the field out")
    return value


def one_or_many(value: Any) -> Any:
    """Return one text or one group of fields as a list; an empty list is refused."""
    return [value] if isinstance(value, str | dict) else _filled(value)


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


def _not_blank(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("empty_text", "the text is empty; write it or leave the field out")
    return text.rstrip("\n")


def _one_line(text: str) -> str:
    if "\n" in text:
        raise PydanticCustomError("several_lines", "the text has several lines; write it on one")
    return text


Line = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_not_blank), AfterValidator(_one_line)]
"""Plain words on one line, without markup."""
Prose = Annotated[str, AfterValidator(_not_blank), _ProseMark()]
"""Words with the closed set of markup that ``reading.prose`` knows."""
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
"""A permanent, readable name: lower case, digits and hyphens."""
YesNo = Annotated[bool, BeforeValidator(_yes_or_no)]
Date = Annotated[datetime.date, BeforeValidator(_iso_date)]


class Status(enum.StrEnum):
    """Where a record stands in its life."""

    ACTIVE = "active"
    DRAFT = "draft"
    WITHDRAWN = "withdrawn"


class Part(BaseModel):
    """A frozen group of fields that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=False)


class Supported(Part):
    """Something said, with what it stands on: ``sources`` (BibTeX keys) or ``synthesis``, our own reasoning."""

    sources: tuple[str, ...] = ()
    synthesis: YesNo = False
    note: Prose | None = None
    unverified: Prose | None = None

    @model_validator(mode="after")
    def _one_support(self) -> Supported:
        if self.synthesis and self.sources and not isinstance(self, Record):
            raise PydanticCustomError(
                "two_supports",
                "has both sources and 'synthesis: yes'; a statement stands on one of them, so split it in two",
            )
        return self


class Statement(Supported):
    """A text; without support of its own it stands on the record's sources."""

    text: Prose


def _statements(value: Any) -> Any:
    value = one_or_many(value)
    if isinstance(value, list):
        return [{"text": item} if isinstance(item, str) else item for item in value]
    return value


Statements = Annotated[tuple[Statement, ...], BeforeValidator(_statements)]
"""A text, a statement with its own support, or a list of them."""
Words = Annotated[tuple[Line, ...], BeforeValidator(one_or_many)]
"""One or more plain words or phrases."""
Regions = Annotated[tuple[Line, ...], BeforeValidator(one_or_many), NamesRegions()]
"""One or more ids of regions, or ``all``."""
Ids = Annotated[tuple[Id, ...], BeforeValidator(one_or_many), RefersTo()]
"""Ids of other records; ``Annotated[Ids, RefersTo("precaution")]`` narrows them to a kind."""


class View(Supported):
    """One side of a disagreement; it names its own sources."""

    view: Prose

    @model_validator(mode="after")
    def _is_supported(self) -> View:
        if not self.sources and not self.synthesis:
            raise PydanticCustomError("no_source", "; ".join(NO_SOURCE))  # type: ignore[arg-type]
        return self


class Disagreement(Part):
    """Where sources disagree, what each says, and what this handbook does about it."""

    question: Prose
    views: Annotated[tuple[View, ...], BeforeValidator(_filled)]
    house_rule: Prose
    because: Prose | None = None
    synthesis: YesNo = False


class Withdrawal(Part):
    """When and why a record was withdrawn, and what took its place; its old address leads here."""

    date: Date
    reason: Prose
    replaced_by: Ids = ()


class Record(Supported):
    """What every kind of record has. ``owner`` is a role, never a person."""

    kind: str
    id: Id
    name: Line
    also_known_as: Words = ()
    see_also: Ids = ()
    status: Status = Status.ACTIVE
    withdrawn: Withdrawal | None = None
    topic: Line
    owner: Line
    written: Date
    review_by: Date

    plural: ClassVar[str] = "records"
    """What several of this kind are called, in a sentence."""
    needs_source: ClassVar[bool] = True
    """Whether the record itself must name a source; where not, each of its statements does."""

    @model_validator(mode="after")
    def _stands_on_something(self) -> Record:
        if self.needs_source and not self.sources and not self.synthesis:
            raise PydanticCustomError("no_source", "; ".join(NO_SOURCE))  # type: ignore[arg-type]
        return self

    @model_validator(mode="after")
    def _says_why_it_is_withdrawn(self) -> Record:
        if (self.status is Status.WITHDRAWN) != (self.withdrawn is not None):
            raise PydanticCustomError(
                "withdrawn",
                "needs both 'status: withdrawn' and 'withdrawn:' or neither; give its 'date' and 'reason', and what it was "
                "'replaced_by'",
            )
        return self

    @field_validator("review_by")
    @classmethod
    def _lies_ahead(cls, review_by: datetime.date, info: ValidationInfo) -> datetime.date:
        if "written" in info.data and review_by <= info.data["written"]:
            raise PydanticCustomError("review_before_written", "; ".join(REVIEW_BEFORE_WRITTEN))  # type: ignore[arg-type]
        return review_by

    @property
    def anchor(self) -> str:
        """The id of this record's home in a page."""
        return f"{self.kind}-{self.id}"


# A record with a problem is walked too, as far as its fields are right; hence the default values below.


def prose_fields(part: Part, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield ``(path, text)`` for each prose text in ``part``, in the order of its fields."""
    for name, info in type(part).model_fields.items():
        value = getattr(part, name, None)
        if isinstance(value, str):
            if _is_prose(type(part), name, info):
                yield (*path, name), value
        elif isinstance(value, Part):
            yield from prose_fields(value, (*path, name))
        elif isinstance(value, tuple):
            for index, item in enumerate(value):
                if isinstance(item, Part):
                    yield from prose_fields(item, (*path, name, index))


_PROSE: dict[tuple[type, str], bool] = {}


def _is_prose(model: type, name: str, info: Any) -> bool:
    known = _PROSE.get((model, name))
    if known is None:
        marks = [
            *info.metadata,
            *(m for a in getattr(info.annotation, "__args__", ()) for m in getattr(a, "__metadata__", ())),
        ]
        known = _PROSE[model, name] = any(isinstance(mark, _ProseMark) for mark in marks)
    return known


def parts_in(part: Part) -> Iterator[Part]:
    """Yield every part within ``part``, parents first, in the order of the fields."""
    for name in type(part).model_fields:
        value = getattr(part, name, None)
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Part):
                yield item
                yield from parts_in(item)


def reference_fields(
    part: Part, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], str, tuple[str, ...]]]:
    """Yield ``(path, id, kinds)`` for each record that a field of ``part`` or of a part within it names."""
    for name, info in type(part).model_fields.items():
        marks = [mark for mark in info.metadata if isinstance(mark, RefersTo)]
        value = getattr(part, name, None)
        if marks:
            for index, target in enumerate(value or ()):
                yield (*path, name, index), target, marks[-1].kinds
        elif isinstance(value, Part):
            yield from reference_fields(value, (*path, name))


def region_fields(record: Record) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield ``(path, region)`` for each region that a field of ``record`` names."""
    for name, info in type(record).model_fields.items():
        if any(isinstance(mark, NamesRegions) for mark in info.metadata):
            for index, region in enumerate(getattr(record, name, ())):
                yield (name, index), region


def unsupported(part: Part, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of each statement within ``part`` that stands on nothing of its own."""
    for name in type(part).model_fields:
        value = getattr(part, name, None)
        for index, item in enumerate(value) if isinstance(value, tuple) else ():
            if isinstance(item, Supported) and not item.sources and not item.synthesis:
                yield (*path, name, index)
            if isinstance(item, Part):
                yield from unsupported(item, (*path, name, index))


def source_fields(part: Part, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield ``(path, key)`` for each BibTeX key named in a ``sources`` or ``source`` field anywhere in ``part``."""
    if isinstance(part, Supported):
        for index, key in enumerate(part.sources):
            yield (*path, "sources", index), key
    for name in type(part).model_fields:
        value = getattr(part, name, None)
        if name == "source" and value is not None:
            yield (*path, name), value
        elif isinstance(value, Part):
            yield from source_fields(value, (*path, name))
        elif isinstance(value, tuple):
            for index, item in enumerate(value):
                if isinstance(item, Part):
                    yield from source_fields(item, (*path, name, index))
