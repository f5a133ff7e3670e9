"""Who looked at a record and when: reviews, sign-offs, change notes and releases, and what they say about each record."""

from __future__ import annotations

import calendar
import hashlib
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from clinic_snippets.library.release import Fields, Release, fields_of
from clinic_snippets.records import Record, Status
from clinic_snippets.records.governance import ChangeNote, Review, SignOff
from clinic_snippets.records.json_text import JsonText

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
        found = [review for review in self.reviews if covers(review, record)]
        return sorted(found, key=lambda review: review.date, reverse=True)

    def last_review(self, record: Record) -> Review | None:
        """Return the last review of a record, or None where there was none."""
        return next(iter(self.reviews_of(record)), None)

    def last_reviewed(self, record: Record) -> date | None:
        """Return the day of the last review of a record, or None where there was none."""
        review = self.last_review(record)
        return review.date if review else None

    def standing_review(self, record: Record) -> Review | None:
        """Return the last review of a record as it is written, or None: one older than the text was of another text."""
        review = self.last_review(record)
        return review if review and review.date >= record.written else None

    def overdue(self, record: Record) -> bool:
        """Say whether the review of a record is overdue on the day of the build; the day itself is still in time.

        Nobody reviews what is withdrawn.
        """
        active = record.status is not Status.WITHDRAWN
        return active and self.as_of is not None and self.as_of > record.review_by

    def authors_of(self, record: Record) -> set[str]:
        """Return who wrote what changed in a record: the authors of every note about it, pending or of any release.

        Of any: what somebody wrote is theirs however many releases ago. A note about a topic is about the records that
        stood under it before or after that change.
        """
        authors: set[str] = set()
        before: set[str] = set()
        for release in self.releases:
            now = {fields["topic"]} if "topic" in (fields := release.records.get(record.id, {})) else set()
            authors |= {
                note["author"]
                for note in release.notes
                if record.id in note.get("records", ()) or (before | now).intersection(note.get("topics", ()))
            }
            before = now
        topics = before | {record.topic}
        return authors | {n.author for n in self.notes if record.id in n.records or topics.intersection(n.topics)}

    @cached_property
    def _signed(self) -> dict[str, list[SignOff]]:
        found: dict[str, list[SignOff]] = {}
        for entry in self.sign_offs:
            found.setdefault(entry.record, []).append(entry)
        return found

    def sign_offs_of(self, record: Record) -> list[SignOff]:
        """Return every sign-off of a record, whatever it said then."""
        return self._signed.get(record.id, [])

    def valid_sign_offs(self, record: Record) -> list[SignOff]:
        """Return the sign-offs of a record as it stands now."""
        entries = self.sign_offs_of(record)
        if not entries:
            return []
        now = self.fingerprint(record)
        return [signed for signed in entries if signed.fingerprint == now and signed.seal == seal(signed)]

    def fingerprint(self, record: Record) -> str:
        """Return the fingerprint of a record as it stands now; a sign-off is of the text before any translation."""
        return _hashed(_clinical_json(self.originals.get(record.id, record)))

    def approvals(self, record: Record) -> list[SignOff]:
        """Return the sign-offs that hold for a release: one of each person, and none by who wrote what changed."""
        authors = {same(author) for author in self.authors_of(record)}
        by_person = {same(signed.name): signed for signed in reversed(self.valid_sign_offs(record))}
        return [signed for person, signed in by_person.items() if person not in authors]

    def lapsed_sign_off(self, record: Record) -> SignOff | None:
        """Return the last sign-off of a record that has changed since, or None."""
        if self.valid_sign_offs(record):
            return None
        return max(self.sign_offs_of(record), key=lambda signed: signed.date, default=None)


def covers(review: Review, record: Record) -> bool:
    """Say whether a review is about a record, by its id or its topic."""
    return record.id in review.records or record.topic in review.topics


def same(name: str) -> str:
    """Return a name or a role as it is compared: capitals and blanks make no other person of somebody."""
    return " ".join(name.split()).casefold()


def clinical(fields: Fields) -> Fields:
    """Return the fields of a record that a sign-off covers, its id and kind among them."""
    return {name: value for name, value in fields.items() if name not in NOT_CLINICAL}


def fingerprint(fields: Fields) -> str:
    """Return sixteen hex digits that change when any clinical field of a record does."""
    return _digest(clinical(fields))


_clinical_json = JsonText(lambda record: clinical(fields_of(record)), compact=True, left_out=NOT_CLINICAL)


def seal(entry: SignOff) -> str:
    """Return what ties the parts of a sign-off together: an entry copied to another record, person or day breaks it."""
    return _digest([entry.record, entry.name, entry.role, str(entry.date), entry.fingerprint])


def _digest(content: object) -> str:
    return _hashed(_clinical_json.anything(content))


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def latest_limit(record: Record, governance: Governance, months: int = REVIEW_MONTHS) -> date:
    """Return the latest date that ``review_by`` may name: so many months after it was written or last reviewed.

    A review that is not older than the text may set an earlier one.
    """
    if review := governance.standing_review(record):
        return min(review.next_review, months_after(review.date, months))
    return months_after(record.written, months)


def months_after(start: date, months: int) -> date:
    """Return the day so many months later, or the last of that month; the calendar ends with the year 9999."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def vanished(ids: Set[str], releases: tuple[Release, ...]) -> Iterator[tuple[str, Fields, Release]]:
    """Yield each record of the latest release that is not among ``ids``, with its fields there."""
    if releases:
        for identifier, fields in releases[-1].records.items():
            if identifier not in ids:
                yield identifier, fields, releases[-1]
