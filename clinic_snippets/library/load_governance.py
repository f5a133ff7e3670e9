"""Reviews, sign-offs, change notes and releases to one object, with every problem in them and in the dates they govern."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TypeVar

from clinic_snippets.library.governance import (
    REVIEW_MONTHS,
    Governance,
    clinical,
    latest_limit,
    seal,
    vanished,
)
from clinic_snippets.library.library import Library
from clinic_snippets.library.release import Release, fields_of, read_releases
from clinic_snippets.problems import ClinicError, Place, Problem, nearest
from clinic_snippets.reading.entries import Entry, read_entries
from clinic_snippets.reading.records import Origin
from clinic_snippets.records.base import Part, reference_fields
from clinic_snippets.records.governance import ChangeNote, Review, SignOff

P = TypeVar("P", bound=Part)


def load_governance(
    folder: Path, library: Library, *, as_of: date | None = None, months: int = REVIEW_MONTHS
) -> tuple[Governance, list[Problem]]:
    """Read ``reviews.yaml``, ``sign-offs.yaml``, ``changes/*.yaml`` and ``releases/*.json`` in a handbook's folder.

    ``months`` is the longest time to the next review. Returns what was read and every problem.
    """
    reviews, problems = read_entries(folder / "reviews.yaml", "reviews", Review)
    sign_offs, found = read_entries(folder / "sign-offs.yaml", "sign-offs", SignOff)
    problems += found
    notes: list[Entry[ChangeNote]] = []
    for path in sorted((folder / "changes").glob("*.yaml")):
        entries, found = read_entries(path, "changes", ChangeNote)
        notes += entries
        problems += found
    releases: list[Release] = []
    try:
        releases = read_releases(folder / "releases")
    except ClinicError as error:
        problems += error.problems
    governance = Governance(
        _values(reviews), _values(sign_offs), _values(notes), tuple(releases), as_of, dict(library.records)
    )
    problems += _names(library, releases, "reviews", reviews)
    problems += _names(library, releases, "changes", notes)
    problems += _sign_offs(library, releases, sign_offs)
    problems += _gone(library, releases, folder)
    problems += _dates(library, governance, months)
    return governance, sorted(set(problems))


def _values(entries: Iterable[Entry[P]]) -> tuple[P, ...]:
    return tuple(entry.value for entry in entries)


def _names(library: Library, releases: list[Release], what: str, entries: Iterable[Entry[P]]) -> Iterator[Problem]:
    """Check that each record and topic named is there, or was in a release."""
    known = {*library.records, *(i for release in releases for i in release.records)}
    topics = {record.topic for record in library.records.values()}
    topics |= {fields.get("topic", "") for release in releases for fields in release.records.values()}
    for number, entry in enumerate(entries, 1):
        for path, target, _ in reference_fields(entry.value):
            if target not in known:
                hint = nearest(target, known) or "check the id"
                place, subject = entry.origin.place(*path), entry.origin.subject(f"{what}[{number}]", path)
                yield Problem(place, subject, f"no record has the id '{target}'", hint, "dangling-reference")
        for index, topic in enumerate(getattr(entry.value, "topics", ())):
            if topic not in topics:
                hint = nearest(topic, topics) or "write the 'topic:' of a record file"
                place = entry.origin.place("topics", index)
                yield Problem(
                    place, f"{what}[{number}]", f"no record file has the topic '{topic}'", hint, "unknown-topic"
                )


def _sign_offs(library: Library, releases: list[Release], entries: list[Entry[SignOff]]) -> Iterator[Problem]:
    """Check that sign-offs were made by the command, for records that exist, and not by who owns them."""
    known = {*library.records, *(i for release in releases for i in release.records)}
    for number, entry in enumerate(entries, 1):
        signed, subject = entry.value, f"sign-offs[{number}]"
        if signed.record not in known:
            hint = nearest(signed.record, known) or "check the id"
            place = entry.origin.place("record")
            yield Problem(place, subject, f"no record has the id '{signed.record}'", hint, "dangling-reference")
        elif signed.seal != seal(signed):
            message = "this entry was copied or edited; a sign-off holds for one record, as it was, by one person"
            hint = f"remove it, and let that person run: clinic-snippets sign {signed.record}"
            yield Problem(entry.origin.place(), subject, message, hint, "sign-off-copied")
        elif (record := library.get(signed.record)) and signed.role == record.owner:
            message = f"'{signed.role}' owns this record, and who wrote it cannot sign it off"
            yield Problem(entry.origin.place("role"), subject, message, "let another role sign", "sign-off-by-owner")


def _gone(library: Library, releases: list[Release], folder: Path) -> Iterator[Problem]:
    """Report records of the latest release that are gone: their old addresses would lead nowhere."""
    for identifier, fields, release in vanished(library.records, tuple(releases)):
        place = Place(str(folder / "releases" / f"{release.version}.json"))
        message = f"this {fields.get('kind', 'record')} was in release {release.version} and is gone"
        hint = "put it back with 'status: withdrawn' and 'withdrawn:' (date, reason, replaced_by)"
        yield Problem(place, identifier, message, hint, "vanished")


def _dates(library: Library, governance: Governance, months: int) -> Iterator[Problem]:
    """Check the dates of every record against its reviews and against the latest release."""
    last = governance.releases[-1].records if governance.releases else {}
    for record in library.records.values():
        origin = library.origins.get(record.id)
        if origin is None:
            continue

        def problem(
            name: str, message: str, hint: str, code: str, origin: Origin = origin, subject: str = record.id
        ) -> Problem:
            if name in origin.marks[5]:
                return Problem(origin.place(name), f"{subject}.{name}", message, hint, code)
            # Inherited from the header: said once for the file, not for each of its records.
            return Problem(Place(origin.file, 1, 1), name, message, hint, code)

        limit = latest_limit(record, governance, months)
        if record.review_by > limit:
            since = "its last review" if governance.last_reviewed(record) else "it was written"
            message = f"{record.review_by} is more than {months} months after {since}"
            hint = f"write {limit} or earlier, or add the review to reviews.yaml"
            yield problem("review_by", message, hint, "review-too-late")
        old = last.get(record.id)
        if old is None:
            continue
        now = fields_of(record)
        rewritten = clinical(now) != clinical(old)
        reviewed = any(
            review.date >= governance.releases[-1].date and review.next_review >= record.review_by
            for review in governance.reviews_of(record)
        )
        if now["written"] != old.get("written") and not rewritten:
            message = (
                f"the date was changed since release {governance.releases[-1].version}, but nothing that is written was"
            )
            hint = f"put {old.get('written')} back; a review is an entry in reviews.yaml"
            yield problem("written", message, hint, "date-bumped")
        if str(record.review_by) > str(old.get("review_by", "")) and not reviewed and not rewritten:
            message = f"the date was put off since release {governance.releases[-1].version} without a review"
            hint = f"put {old.get('review_by')} back, or add the review to reviews.yaml"
            yield problem("review_by", message, hint, "date-bumped")
