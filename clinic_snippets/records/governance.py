"""What a clinic writes about its records: reviews, sign-offs and change notes. Each file is a list of these."""

from __future__ import annotations

import enum
from typing import Annotated, Any

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
    """The day of the review."""
    reviewer: Line
    """Who reviewed, as a role or a name."""
    records: Ids = ()
    """Ids of the records that were reviewed."""
    topics: Words = ()
    """Topics whose records were all reviewed."""
    searched: Prose
    """Where was searched for new evidence, and since when."""
    outcome: Outcome
    """How it ended."""
    next_review: Date
    """The latest date that ``review_by`` of these records may then name."""
    note: Prose | None = None
    """A remark."""

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
    """The id of the record."""
    name: Line
    """Who signed."""
    role: Line
    """In which role; another than the record's owner."""
    date: Date
    """The day of the sign-off."""
    fingerprint: Line
    """Of the clinical fields as they were; ``clinic-snippets sign`` writes it."""
    seal: Line
    """Of this entry; ``clinic-snippets sign`` writes it."""

    @model_validator(mode="before")
    @classmethod
    def _made_by_the_command(cls, given: Any) -> Any:
        if isinstance(given, dict) and not {"fingerprint", "seal"} <= given.keys():
            raise PydanticCustomError(
                "sign_off_by_hand",
                "this entry was written by hand; remove it, and let that person run: clinic-snippets sign",
            )
        return given


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
    """Ids of the records that changed."""
    topics: Words = ()
    """Topics whose records changed."""
    what: Prose
    """What changed."""
    why: Prose
    """Why it changed."""
    change: ChangeClass | None = Field(default=None, alias="class")
    """What it means for a clinician: ``looser``, ``stricter`` or ``wording``."""
    effective_from: Date
    """The day from which it holds."""
    author: Line
    """Who wrote the change."""

    @model_validator(mode="after")
    def _is_about_something(self) -> ChangeNote:
        if not self.records and not self.topics:
            raise PydanticCustomError("no_records", "names nothing that changed; give 'records' or 'topics'")
        return self
