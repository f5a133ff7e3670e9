"""Reviews, sign-offs, change notes and releases to one object, with every problem in them and in the dates they govern."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from datetime import date
from pathlib import Path
from typing import TypeVar

from clinic_snippets.library.changes import BY_AUTHOR
from clinic_snippets.library.governance import (
    REVIEW_MONTHS,
    Governance,
    clinical,
    covers,
    latest_limit,
    same,
    seal,
    vanished,
)
from clinic_snippets.library.library import Library
from clinic_snippets.library.release import Fields, Release, fields_of, read_releases, release_files
from clinic_snippets.problems import ClinicError, Place, Problem, nearest, shown
from clinic_snippets.reading.entries import Entry, read_entries
from clinic_snippets.reading.files import files_below, is_yaml
from clinic_snippets.reading.origin import Origin
from clinic_snippets.records.base import Part, Record, prose_fields, reference_fields
from clinic_snippets.records.governance import ChangeNote, Outcome, Review, SignOff
from clinic_snippets.records.text import Citation, RecordLink, walk

P = TypeVar("P", bound=Part)
REVIEWS, SIGN_OFFS = LISTS = ("reviews.yaml", "sign-offs.yaml")
"""The files beside the pages that hold a list of entries each."""


def load_governance(
    folder: Path, library: Library, *, as_of: date | None = None, months: int = REVIEW_MONTHS
) -> tuple[Governance, list[Problem]]:
    """Read ``reviews.yaml``, ``sign-offs.yaml``, ``changes/*.yaml`` and ``releases/*.json`` in a handbook's folder.

    ``months`` is the longest time to the next review. Returns what was read and every problem.
    """
    reviews, problems = read_entries(folder / REVIEWS, "reviews", Review)
    sign_offs, found = read_entries(folder / SIGN_OFFS, "sign-offs", SignOff)
    problems += [*found, *_misnamed(folder)]
    problems += [problem for name in ("changes", "releases") for problem in files_below(folder / name)[1]]
    notes, found = read_notes(folder)
    problems += found
    releases: list[Release] = []
    try:
        releases = read_releases(folder / "releases")
    except ClinicError as error:
        problems += error.problems
    governance = Governance(
        _values(reviews), _values(sign_offs), _values(notes), tuple(releases), as_of, dict(library.records)
    )
    known = {*library.records, *library.faulty, *(i for release in releases for i in release.records)}
    problems += _names(library, releases, known, [*reviews, *notes])
    problems += _classes(notes)
    problems += _replacements(library)
    problems += _withdrawals(library, reviews)
    problems += _sign_offs(library, known, sign_offs)
    problems += _gone(library, releases, folder)
    problems += _dates(library, governance, months)
    return governance, sorted(set(problems))


def read_notes(folder: Path) -> tuple[list[Entry[ChangeNote]], list[Problem]]:
    """Read the change notes of a handbook's folder that no release has collected yet."""
    notes: list[Entry[ChangeNote]] = []
    problems: list[Problem] = []
    for path in note_files(folder):
        entries, found = read_entries(path, "changes", ChangeNote)
        notes += entries
        problems += found
    return notes, problems


def governance_files(folder: Path) -> list[Path]:
    """Return every file in a handbook's folder that ``load_governance`` reads, if it is there."""
    return [
        *_yaml_beside(folder),
        *note_files(folder),
        *release_files(folder / "releases"),
    ]


def note_files(folder: Path) -> list[Path]:
    """Return the files of change notes in a handbook's folder; like record files, they may stand in folders in it."""
    return [path for path in files_below(folder / "changes")[0] if is_yaml(path.name)]


def _yaml_beside(folder: Path) -> list[Path]:
    """Return the YAML files beside a handbook's pages, those too to whose names an editor added ``.txt``."""
    return [path for path in sorted(folder.glob("*")) if is_yaml(path.name.lower().removesuffix(".txt"))]


def _misnamed(folder: Path) -> Iterator[Problem]:
    """Yield the files beside a handbook's pages that are meant to be read, and are not for their names."""
    for path in _yaml_beside(folder):
        meant = f"{path.name.lower().removesuffix('.txt').rpartition('.')[0]}.yaml"
        if meant in LISTS and path.name not in LISTS:
            yield Problem(Place(str(path)), "", "a file of this name is not read", f"name it {meant}", "file-name")


def _values(entries: Iterable[Entry[P]]) -> tuple[P, ...]:
    return tuple(entry.value for entry in entries)


def _names(
    library: Library, releases: list[Release], known: Set[str], entries: Iterable[Entry[Review] | Entry[ChangeNote]]
) -> Iterator[Problem]:
    """Check that each record, topic and source named is there, or was in a release."""
    topics = {record.topic for record in library.records.values()}
    topics |= {fields.get("topic", "") for release in releases for fields in release.records.values()}
    for entry in entries:
        for path, target, _ in reference_fields(entry.value):
            if target not in known:
                yield _unknown(target, known, entry.origin.place(*path), entry.origin.subject(entry.name, path))
        for index, topic in enumerate(entry.value.topics):
            if topic not in topics:
                hint = nearest(topic, topics) or "write the 'topic:' of a record file"
                place = entry.origin.place("topics", index)
                yield Problem(place, entry.name, f"no record file has the topic '{topic}'", hint, "unknown-topic")
        for path, text in prose_fields(entry.value):
            place, subject = entry.origin.place(*path), entry.origin.subject(entry.name, path)
            for piece in walk(library.prose(text)):
                if isinstance(piece, RecordLink) and piece.id not in known:
                    yield _unknown(piece.id, known, place, subject)
                for key in piece.keys if isinstance(piece, Citation) else ():
                    if key not in library.sources:
                        hint = nearest(key, library.sources) or "add the entry to the .bib file"
                        message = f"'{shown(key)}' is not in the bibliography"
                        yield Problem(place, subject, message, hint, "unknown-source")


def _unknown(target: str, known: Set[str], place: Place, subject: str) -> Problem:
    hint = nearest(target, known) or "check the id"
    return Problem(place, subject, f"no record has the id '{shown(target)}'", hint, "dangling-reference")


def _classes(notes: Iterable[Entry[ChangeNote]]) -> Iterator[Problem]:
    """Check that notes say what only their author can say; the other classes are seen by themselves."""
    for entry in notes:
        if (given := entry.value.change) is not None and given not in BY_AUTHOR:
            message = f"'{given}' is not for a note to say; it is seen in the records themselves"
            hint = "give looser, stricter or wording, or leave the field out"
            place = entry.origin.place("class")
            yield Problem(place, entry.origin.subject(entry.name, ("class",)), message, hint, "class-not-by-author")


def _replacements(library: Library) -> Iterator[Problem]:
    """Check that no withdrawn record leads back to itself."""
    for record in library.withdrawn():
        named = record.withdrawn.replaced_by if record.withdrawn else ()
        if record.id in named and (origin := library.origins.get(record.id)):
            path = ("withdrawn", "replaced_by", named.index(record.id))
            message, hint = "a record cannot take its own place", "name another, or leave the field out"
            yield Problem(origin.place(*path), origin.subject(record.id, path), message, hint, "replaced-by-itself")


def _withdrawals(library: Library, reviews: list[Entry[Review]]) -> Iterator[Problem]:
    """Check that what a review withdrew is withdrawn."""
    for record in library.of():
        # A text that was written after the review is another one, and a later review may have let it stand.
        of_this = [e for e in reviews if covers(e.value, record) and e.value.date >= record.written]
        last = max((entry.value.date for entry in of_this), default=None)
        for entry in of_this:
            if entry.value.date == last and entry.value.outcome is Outcome.WITHDRAWN:
                message = f"it ended with '{record.id}' being withdrawn, but that record is {record.status}"
                hint = "give the record 'status: withdrawn' and 'withdrawn:', or write how the review ended"
                yield Problem(entry.origin.place("outcome"), entry.name, message, hint, "not-withdrawn")


def _sign_offs(library: Library, known: Set[str], entries: Iterable[Entry[SignOff]]) -> Iterator[Problem]:
    """Check that sign-offs were made by the command, for records that exist, and not by who owns them."""
    for entry in entries:
        signed, subject = entry.value, entry.name
        if signed.record not in known:
            yield _unknown(signed.record, known, entry.origin.place("record"), subject)
        elif signed.seal != seal(signed):
            message = "this entry was copied or edited; a sign-off holds for one record, as it was, by one person"
            hint = f"remove it, and let that person run: clinic-snippets sign {signed.record}"
            yield Problem(entry.origin.place(), subject, message, hint, "sign-off-copied")
        elif (record := library.get(signed.record)) and same(signed.role) == same(record.owner):
            message = f"'{signed.role}' owns this record, and who wrote it cannot sign it off"
            yield Problem(entry.origin.place("role"), subject, message, "let another role sign", "sign-off-by-owner")


def _gone(library: Library, releases: list[Release], folder: Path) -> Iterator[Problem]:
    """Report records of the latest release that are gone: their old addresses would lead nowhere."""
    for identifier, fields, release in vanished({*library.records, *library.faulty}, tuple(releases)):
        place = Place(str(folder / "releases" / f"{release.version}.json"))
        message = f"this {fields.get('kind', 'record')} was in release {release.version} and is gone"
        hint = "put it back with 'status: withdrawn' and 'withdrawn:' (date, reason, replaced_by)"
        yield Problem(place, identifier, message, hint, "vanished")


def _dates(library: Library, governance: Governance, months: int) -> Iterator[Problem]:
    """Check the dates of every record against its reviews and against the latest release."""
    last = governance.releases[-1] if governance.releases else None
    for record in library.records.values():
        origin = library.origins.get(record.id)
        if origin is not None:
            old = last.records.get(record.id) if last else None
            moved = list(_moved_dates(record, origin, old, last.version, governance)) if last and old else []
            yield from moved
            limit = latest_limit(record, governance, months)
            if record.review_by > limit and not any(problem.subject.endswith("review_by") for problem in moved):
                review = governance.standing_review(record)
                message = f"{record.review_by} is more than {months} months after it was written"
                if review and limit == review.next_review:
                    message = f"{record.review_by} is later than what the review of {review.date} allows"
                elif review:
                    message = f"{record.review_by} is more than {months} months after its last review"
                hint = f"write {limit} or earlier, or add the review to reviews.yaml"
                yield _date_problem(record, origin, "review_by", message, hint, "review-too-late")


def _moved_dates(
    record: Record, origin: Origin, old: Fields, version: str, governance: Governance
) -> Iterator[Problem]:
    """Check that the dates of a record stand as in the latest release, or that there is a reason why they do not."""
    now = fields_of(record)
    rewritten = clinical(now) != clinical(old)
    if now["written"] != old.get("written") and not rewritten:
        message = f"the date was changed since release {version}, but nothing that is written was"
        hint = f"put {old.get('written')} back; a review is an entry in reviews.yaml"
        yield _date_problem(record, origin, "written", message, hint, "date-bumped")
    review = governance.standing_review(record)
    allowed = review is not None and review.next_review >= record.review_by
    # A text that was written anew has a new time to its review, counted from the new date.
    allowed = allowed or (rewritten and now["written"] > str(old.get("written", "")))
    if now["review_by"] > str(old.get("review_by", "")) and not allowed:
        message = f"the date was put off since release {version} without a review"
        hint = f"put {old.get('review_by')} back, or add the review to reviews.yaml"
        if older := governance.last_review(record) if review is None else None:
            hint += f"; that of {older.date} is older than the text"
        if review and str(review.next_review) > str(old.get("review_by", "")):
            message = f"{record.review_by} is later than what the review of {review.date} allows"
            hint = f"write {review.next_review} or earlier"
        yield _date_problem(record, origin, "review_by", message, hint, "date-bumped")


def _date_problem(record: Record, origin: Origin, name: str, message: str, hint: str, code: str) -> Problem:
    if name in origin.marks[5]:
        return Problem(origin.place(name), f"{record.id}.{name}", message, hint, code)
    # Inherited from the header: said once for the file, not for each of its records.
    return Problem(Place(origin.file, 1, 1), name, message, hint, code)
