"""What a clinic writes about its records: reviews, sign-offs and change notes. Each file is a list of these."""

from __future__ import annotations

import enum
from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from clinic_snippets.records.base import Date, Ids, Line, Part, Prose, RefersTo, Words


class Outcome(enum.StrEnum):
    """How a review ended."""

    NO_CHANGE = "no change"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


class Review(Part):
    """A review of some records, or of all records of some topics: who looked, what was searched, how it ended.

    ``next_review`` is the latest date that ``review_by`` of these records may name.
    """

    date: Date
    reviewer: Line
    records: Ids = ()
    topics: Words = ()
    searched: Prose
    outcome: Outcome
    next_review: Date
    note: Prose | None = None

    @model_validator(mode="after")
    def _is_about_something(self) -> Review:
        if not self.records and not self.topics:
            raise PydanticCustomError("no_records", "names nothing that was reviewed; give 'records' or 'topics'")
        if self.next_review <= self.date:
            raise PydanticCustomError(
                "next_review", "the next review is not after this one; write the later date by which it is due"
            )
        return self


class SignOff(Part):
    """A sign-off of one record as it was: ``fingerprint`` is of its clinical fields, ``seal`` of the entry itself."""

    record: Annotated[str, RefersTo()]
    name: Line
    role: Line
    date: Date
    fingerprint: Line
    seal: Line


class ChangeClass(enum.StrEnum):
    """What a change means for a clinician, in the order in which they should read it."""

    LOOSER = "looser"
    STRICTER = "stricter"
    WITHDRAWN = "withdrawn"
    NEW = "new"
    WORDING = "wording"
    MOVED = "moved"
    NOT_CLINICAL = "not clinical"


class ChangeNote(Part):
    """Why some records changed; ``class`` is needed where ``level`` and ``rule`` do not tell."""

    records: Annotated[Ids, RefersTo()] = ()
    topics: Words = ()
    what: Prose
    why: Prose
    change: ChangeClass | None = Field(default=None, alias="class")
    effective_from: Date
    author: Line

    @model_validator(mode="after")
    def _is_about_something(self) -> ChangeNote:
        if not self.records and not self.topics:
            raise PydanticCustomError("no_records", "names nothing that changed; give 'records' or 'topics'")
        return self
