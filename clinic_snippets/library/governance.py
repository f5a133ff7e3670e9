"""Who looked at a record and when: reviews, sign-offs, change notes and releases, and what they say about each record."""

from __future__ import annotations

import calendar
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from clinic_snippets.library.release import Fields, Release, fields_of
from clinic_snippets.records import Record
from clinic_snippets.records.governance import ChangeNote, Review, SignOff

NOT_CLINICAL = frozenset({"also_known_as", "see_also", "shapes", "topic", "owner", "written", "review_by"})
"""Fields that a sign-off does not cover: how a record is found or drawn, and the dates that reviews govern."""
REVIEW_MONTHS = 36
"""The longest time to the next review that is allowed unless a handbook says otherwise."""


@dataclass(frozen=True)
class Governance:
    """What a clinic has written about its records. ``as_of`` is the day for which a build is made, if one is named."""

    reviews: tuple[Review, ...] = ()
    sign_offs: tuple[SignOff, ...] = ()
    notes: tuple[ChangeNote, ...] = ()
    releases: tuple[Release, ...] = ()
    as_of: date | None = None
    originals: Mapping[str, Record] = field(default_factory=dict)
    """The records as they were signed off, before any translation."""

    def reviews_of(self, record: Record) -> list[Review]:
        """Return the reviews that covered a record, latest first."""
        found = [r for r in self.reviews if record.id in r.records or record.topic in r.topics]
        return sorted(found, key=lambda review: review.date, reverse=True)

    def last_reviewed(self, record: Record) -> date | None:
        """Return the day of the last review of a record, or None where there was none."""
        return next((review.date for review in self.reviews_of(record)), None)

    def overdue(self, record: Record) -> bool:
        """Say whether the review of a record is overdue on the day of the build; the day itself is still in time."""
        return self.as_of is not None and self.as_of > record.review_by

    def notes_of(self, record: Record) -> list[ChangeNote]:
        """Return the change notes, not yet released, that are about a record."""
        return [note for note in self.notes if record.id in note.records or record.topic in note.topics]

    def valid_sign_offs(self, record: Record) -> list[SignOff]:
        """Return the sign-offs of a record as it stands now."""
        if not any(signed.record == record.id for signed in self.sign_offs):
            return []
        now = fingerprint(fields_of(self.originals.get(record.id, record)))
        return [s for s in self.sign_offs if s.record == record.id and s.fingerprint == now and s.seal == seal(s)]

    def lapsed_sign_off(self, record: Record) -> SignOff | None:
        """Return the last sign-off of a record that has changed since, or None."""
        if self.valid_sign_offs(record):
            return None
        return max((s for s in self.sign_offs if s.record == record.id), key=lambda s: s.date, default=None)


def clinical(fields: Fields) -> Fields:
    """Return the fields of a record that a sign-off covers, its id and kind among them."""
    return {name: value for name, value in fields.items() if name not in NOT_CLINICAL}


def fingerprint(fields: Fields) -> str:
    """Return sixteen hex digits that change when any clinical field of a record does."""
    return _digest(clinical(fields))


def seal(entry: SignOff) -> str:
    """Return what ties the parts of a sign-off together: an entry copied to another record, person or day breaks it."""
    return _digest([entry.record, entry.name, entry.role, str(entry.date), entry.fingerprint])


def _digest(content: object) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def latest_limit(record: Record, governance: Governance, months: int = REVIEW_MONTHS) -> date:
    """Return the latest date that ``review_by`` may name: so many months after it was written or last reviewed."""
    start = max(filter(None, (record.written, governance.last_reviewed(record))))
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def vanished(records: Mapping[str, Record], releases: tuple[Release, ...]) -> Iterator[tuple[str, Fields, Release]]:
    """Yield each record of the latest release that is gone without a trace, with its fields there."""
    if releases:
        for identifier, fields in releases[-1].records.items():
            if identifier not in records:
                yield identifier, fields, releases[-1]
