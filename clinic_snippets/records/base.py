"""What every record has, and the building blocks that kinds are made of.

What a single value is made of stands in ``records.scalars``.
"""

from __future__ import annotations

import datetime
import enum
import functools
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, NamedTuple, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

# A kind of record finds all it is made of here.
from clinic_snippets.records.light import light_part
from clinic_snippets.records.scalars import Date as Date
from clinic_snippets.records.scalars import Id as Id
from clinic_snippets.records.scalars import Line as Line
from clinic_snippets.records.scalars import Prose as Prose
from clinic_snippets.records.scalars import ProseMark
from clinic_snippets.records.scalars import YesNo as YesNo
from clinic_snippets.records.scalars import read_day as read_day


class RefersTo:
    """Marks a field of ids: each must be a record of one of ``kinds``, or of any kind when none is given."""

    def __init__(self, *kinds: str) -> None:
        self.kinds = kinds


class NamesRegions:
    """Marks a field of region ids, or of the word that stands for everywhere."""


NO_SOURCE = ("names no source", "add 'sources: [key]' or, if it is our own reasoning, 'synthesis: yes'")
REVIEW_BEFORE_WRITTEN = (
    "the review is not after 'written'",
    "write the later date by which the text is to be reviewed",
)


def filled(value: Any) -> Any:
    """Refuse an empty list."""
    if value == []:
        raise PydanticCustomError("empty_text", "the list is empty; fill it in or leave the field out")
    return value


def one_or_many(value: Any) -> Any:
    """Return one text or one group of fields as a list; an empty list is refused."""
    return [value] if isinstance(value, (str, dict)) else value or filled(value)


class Status(enum.StrEnum):
    """Where a record stands in its life."""

    ACTIVE = "active"
    DRAFT = "draft"
    WITHDRAWN = "withdrawn"


class Part(BaseModel):
    """A frozen group of fields that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=False, defer_build=True)  # built when met


class Supported(Part):
    """Something said, with what it stands on: ``sources`` (BibTeX keys) or ``synthesis``, our own reasoning."""

    sources: tuple[str, ...] = ()
    """Keys of bibliography entries."""
    synthesis: YesNo = False
    """``yes`` where this is the handbook's own reasoning."""
    note: Prose | None = None
    """A remark for the reader."""
    unverified: Prose | None = None
    """What could not be seen or confirmed."""

    @model_validator(mode="after")
    def _one_support(self) -> Supported:
        if self.synthesis and self.sources:
            raise PydanticCustomError(
                "two_supports",
                "has both sources and 'synthesis: yes'; a statement stands on one of them, so split it in two",
            )
        return self


class Statement(Supported):
    """A text; without support of its own it stands on the record's sources."""

    text: Prose
    """What is said. Several lines stand after ``|``."""


_JUST_TEXT = {"text"}
_NO_SUPPORT = {"sources": (), "synthesis": False, "note": None, "unverified": None}


def as_statements(value: Any) -> Any:
    """Return texts and groups of fields, one or a list, as a list of statements and groups."""
    if isinstance(value, str):
        # Most statements are no more than a text, in which nothing but blanks could be wrong.
        words = not value.isspace() and value.rstrip("\n")
        return [light_part(Statement, {**_NO_SUPPORT, "text": words}, _JUST_TEXT) if words else {"text": value}]
    value = one_or_many(value)
    if isinstance(value, list):
        return [{"text": item} if isinstance(item, str) else item for item in value]
    return value


Statements = Annotated[tuple[Statement, ...], BeforeValidator(as_statements)]
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
    """What this side says."""

    @model_validator(mode="after")
    def _is_supported(self) -> View:
        if not self.sources and not self.synthesis:
            raise PydanticCustomError("no_source", "; ".join(NO_SOURCE))
        return self


class Disagreement(Part):
    """Where sources disagree, what each says, and what this handbook does about it."""

    question: Prose
    """What the sources disagree about."""
    views: Annotated[tuple[View, ...], BeforeValidator(filled)]
    """Each side, with its own sources."""
    house_rule: Prose
    """What this handbook does until the sources agree."""
    because: Prose | None = None
    """Why it does so."""
    synthesis: YesNo = False
    """``yes`` where the house rule is the handbook's own reasoning."""


class Withdrawal(Part):
    """When and why a record was withdrawn, and what took its place; its old address leads here."""

    date: Date
    """The day, as year-month-day."""
    reason: Prose
    """Why it was withdrawn."""
    replaced_by: Ids = ()
    """Ids of the records that took its place."""


class Record(Supported):
    """What every kind of record has. ``owner`` is a role, never a person."""

    kind: str
    """The kind of record, which decides what other fields it has."""
    id: Id
    """A permanent name for links: lower-case words joined by hyphens."""
    name: Line
    """What readers know it by."""
    also_known_as: Words = ()
    """Other names that a reader may look for."""
    searched_as: Words = Field(default=(), exclude=True)
    """Lay words and spellings that only the search knows. Nothing prints, signs or releases them."""
    see_also: Ids = ()
    """Ids of related records."""
    status: Status = Status.ACTIVE
    """``active`` unless it says ``draft`` or ``withdrawn``."""
    withdrawn: Withdrawal | None = None
    """When and why it was withdrawn, with ``status: withdrawn``."""
    topic: Line
    """What the records of a file are about; it stands once at the top."""
    owner: Line
    """The role that answers for the text, never a person; it stands once at the top."""
    written: Date
    """The day of the text, as year-month-day; it stands once at the top."""
    review_by: Date
    """The day by which the text must be reviewed; it stands once at the top."""

    plural: ClassVar[str] = "records"
    """What several of this kind are called, in a sentence."""
    needs_source: ClassVar[bool] = True
    """Whether the record itself must name a source; where not, each of its statements does."""

    # In place of that of other parts: a record may have both supports, and each call of a validator takes its time.
    @model_validator(mode="after")
    def _one_support(self) -> Record:
        if self.needs_source and not self.sources and not self.synthesis:
            raise PydanticCustomError("no_source", "; ".join(NO_SOURCE))
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
            raise PydanticCustomError("review_before_written", "; ".join(REVIEW_BEFORE_WRITTEN))
        return review_by

    @property
    def anchor(self) -> str:
        """The id of this record's home in a page."""
        return f"{self.kind}-{self.id}"


# A record with a problem is walked too, as far as its fields are right; hence fields that have no value. What a field can
# hold is worked out once for each model: handbooks have thousands of records, and each is walked by several checks.


class _Held(NamedTuple):
    """What a field can hold that a walk looks for."""

    name: str
    prose: bool
    parts: bool
    kinds: tuple[str, ...] | None  # of record that a field of ids takes
    regions: bool
    source: bool


def _holds_parts(annotation: Any) -> bool:
    return (
        issubclass(annotation, Part) if isinstance(annotation, type) else any(map(_holds_parts, get_args(annotation)))
    )


@functools.cache
def held_by(model: type[Part]) -> tuple[_Held, ...]:
    out = []
    for name, info in model.model_fields.items():
        references = [mark.kinds for mark in info.metadata if isinstance(mark, RefersTo)]
        regions = any(isinstance(mark, NamesRegions) for mark in info.metadata)
        parts, kinds = _holds_parts(info.annotation), references[-1] if references else None
        out.append(_Held(name, is_prose(model, name), parts, kinds, regions, name == "source"))
    return tuple(out)


@functools.cache
def _fields_with(model: type[Part], what: str) -> tuple[_Held, ...]:
    """Return the fields that can hold ``what`` (a field of ``_Held``), or parts."""
    return tuple(held for held in held_by(model) if held.parts or getattr(held, what) not in (None, False))


def _parts_of(part: Part, path: tuple[str | int, ...], name: str) -> Iterator[tuple[tuple[str | int, ...], Part]]:
    value = part.__dict__.get(name)
    if isinstance(value, tuple):
        for index, item in enumerate(value):
            if isinstance(item, Part):
                yield (*path, name, index), item
    elif isinstance(value, Part):
        yield (*path, name), value


def prose_fields(part: Part, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield ``(path, text)`` for each prose text in ``part``, in the order of its fields."""
    values = part.__dict__
    for held in _fields_with(type(part), "prose"):
        if not (value := values.get(held.name)):
            continue
        if held.prose and isinstance(value, str):
            yield (*path, held.name), value
        for at, inner in _parts_of(part, path, held.name):
            yield from prose_fields(inner, at)


@functools.cache
def is_prose(model: type[Part], name: str) -> bool:
    """Say whether a field holds record prose."""
    info = model.model_fields[name]
    within = (mark for inner in getattr(info.annotation, "__args__", ()) for mark in getattr(inner, "__metadata__", ()))
    return any(isinstance(mark, ProseMark) for mark in (*info.metadata, *within))


def parts_in(part: Part) -> Iterator[Part]:
    """Yield every part within ``part``, parents first, in the order of the fields."""
    for held in _fields_with(type(part), "parts"):
        for _, inner in _parts_of(part, (), held.name):
            yield inner
            yield from parts_in(inner)


def reference_fields(
    part: Part, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], str, tuple[str, ...]]]:
    """Yield ``(path, id, kinds)`` for each record that a field of ``part`` or of a part within it names."""
    values = part.__dict__
    for held in _fields_with(type(part), "kinds"):
        if not (value := values.get(held.name)):
            continue
        if held.kinds is not None:
            for index, target in enumerate(value):
                yield (*path, held.name, index), target, held.kinds
        else:
            for at, inner in _parts_of(part, path, held.name):
                yield from reference_fields(inner, at)


def region_fields(record: Record) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield ``(path, region)`` for each region that a field of ``record`` names."""
    for held in held_by(type(record)):
        if held.regions:
            for index, region in enumerate(record.__dict__.get(held.name, ())):
                yield (held.name, index), region


def unsupported(part: Part, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of each statement within ``part`` that stands on nothing of its own."""
    for held in _fields_with(type(part), "parts"):
        if isinstance(part.__dict__.get(held.name), tuple):
            for at, inner in _parts_of(part, path, held.name):
                if isinstance(inner, Supported) and not inner.sources and not inner.synthesis:
                    yield at
                yield from unsupported(inner, at)


def source_fields(part: Part, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield ``(path, key)`` for each BibTeX key named in a ``sources`` or ``source`` field anywhere in ``part``."""
    values = part.__dict__
    if isinstance(part, Supported):
        for index, key in enumerate(part.sources):
            yield (*path, "sources", index), key
    for held in _fields_with(type(part), "source"):
        if not (value := values.get(held.name)):
            continue
        if held.source:
            yield (*path, held.name), value
        else:
            for at, inner in _parts_of(part, path, held.name):
                yield from source_fields(inner, at)
