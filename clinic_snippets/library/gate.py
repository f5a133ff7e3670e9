"""Making a release, and the gate before it: every reason why these records cannot be given out, with the way out.

A release below 1.0.0 is a draft. From 1.0.0 on it is for use: then every record is signed off, a looser change and a withdrawal by
two people, and the clinic's own numbers are filled in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from clinic_snippets.library.changes import BY_AUTHOR, Change, diff
from clinic_snippets.library.governance import NOT_CLINICAL
from clinic_snippets.library.library import Library
from clinic_snippets.library.load_governance import read_notes
from clinic_snippets.library.release import FIRST_FOR_USE, Release, is_version, number, snapshot, write_release
from clinic_snippets.problems import Place, Problem, shown
from clinic_snippets.reading.entries import Entry
from clinic_snippets.reading.page_calls import SnippetCall
from clinic_snippets.records import Record, Status, Whom
from clinic_snippets.records.governance import ChangeClass, ChangeNote

SIGNERS_OF_LOOSER = 2
TELLS_CHANGES = "release-changes"
"""The snippet that tells what a release changed."""


@dataclass(frozen=True)
class Candidate:
    """What is to become a release: the records and files in a handbook's folder, a version and a day.

    ``problems`` are those of ``clinic-snippets check``; ``numbers`` are the clinic's own, by whom to call; ``placed`` are
    the snippets that its pages place, each with the page.
    """

    folder: Path
    library: Library
    problems: Sequence[Problem]
    version: str
    day: date
    numbers: Mapping[str, str]
    placed: Sequence[tuple[str, SnippetCall]] = ()

    @property
    def for_use(self) -> bool:
        """Say whether this is to be more than a draft."""
        return number(self.version) >= FIRST_FOR_USE


def reasons_not_to_release(candidate: Candidate) -> list[Problem]:
    """Return every reason why a release is refused; none where it may be written."""
    reasons = [*_version(candidate), *_problems(candidate), *_changes(candidate), *_notes(candidate)]
    # Of a version that is none it cannot be said whether it is a draft, nor what to write in a page.
    if is_version(candidate.version):
        reasons += _pages(candidate)
        if candidate.for_use:
            reasons += [*_sign_offs(candidate), *_numbers(candidate)]
    return reasons


@dataclass(frozen=True)
class Made:
    """A release that was written: its file, what it changed, and the files of notes that went into it."""

    release: Release
    file: Path
    changes: Sequence[Change]
    collected: Sequence[Path]


def make_release(candidate: Candidate) -> Made:
    """Write the release file with the change notes in it, then remove the files of the notes; raises OSError.

    The notes go last: whatever ends this run before that loses nothing.
    """
    governance, entries = candidate.library.governance, read_notes(candidate.folder)[0]
    notes = [entry.value.model_dump(mode="json", by_alias=True, exclude_defaults=True) for entry in entries]
    # Sorted: what notes are called as files must not show in the release.
    notes.sort(key=lambda note: json.dumps(note, sort_keys=True))
    release = snapshot(governance.originals or candidate.library.records, candidate.version, candidate.day, notes)
    changes = diff(governance.releases[-1].records, release.records, notes) if governance.releases else []
    file = write_release(release, candidate.folder / "releases")
    collected = sorted({Path(entry.origin.file) for entry in entries})
    for path in collected:
        path.unlink()
    return Made(release, file, changes, collected)


def _version(candidate: Candidate) -> Iterator[Problem]:
    place = Place(str(candidate.folder / "releases"))
    releases = candidate.library.governance.releases
    if not is_version(candidate.version):
        message = f"'{shown(candidate.version)}' is not a version"
        yield Problem(place, "", message, "write three numbers, for example 0.2.0")
        return
    if (candidate.folder / "releases" / f"{candidate.version}.json").exists():
        message = f"release {candidate.version} is there already, and a release never changes"
        yield Problem(place, "", message, "take the next version")
    elif releases and number(candidate.version) <= number(releases[-1].version):
        message = f"{candidate.version} is not above the latest release, {releases[-1].version}"
        yield Problem(place, "", message, "take a higher version")
    if releases and candidate.day < releases[-1].date:
        message = f"{candidate.day} is before the latest release, which is of {releases[-1].date}"
        yield Problem(place, "", message, "write that day or a later one")


def _problems(candidate: Candidate) -> Iterator[Problem]:
    """Yield the records that are gone, and one reason for all other problems of the records."""
    gone = [problem for problem in candidate.problems if problem.code == "vanished"]
    yield from gone
    if others := len(candidate.problems) - len(gone):
        message = f"the records have {others} {'problem' if others == 1 else 'problems'}"
        yield Problem(Place(str(candidate.folder)), "", message, f"see: clinic-snippets check {candidate.folder}")


def _changes(candidate: Candidate) -> Iterator[Problem]:
    """Yield the records that changed clinically without a note, or without a class that says what it means."""
    library = candidate.library
    for change in library.history.unreleased:
        record = library.get(change.id)
        if record is None or not change.clinical:
            continue  # a record that is not there is one of the problems
        place = library.place(record) or Place(record.topic)
        version = library.governance.releases[-1].version
        if not change.notes:
            message = (
                f"this {record.kind} {_what_happened(change)} since release {version}, and no change note says why"
            )
            hint = f"add an entry to a file in {candidate.folder / 'changes'}: records, what, why, class, effective_from, author"
            yield Problem(place, record.id, message, hint)
        elif change.kind_of_change is None:
            fields = ", ".join(field.name for field in change.fields if field.name not in NOT_CLINICAL)
            message = f"its change note does not say what the change means for a clinician ({fields})"
            hint = f"give the note 'class:' with one of: {', '.join(BY_AUTHOR)}"
            yield Problem(place, record.id, message, hint)


def _what_happened(change: Change) -> str:
    return {ChangeClass.NEW: "is new", ChangeClass.WITHDRAWN: "was withdrawn"}.get(
        change.kind_of_change or ChangeClass.WORDING, "changed"
    )


def _notes(candidate: Candidate) -> Iterator[Problem]:
    """Yield the notes about what did not change since the latest release."""
    library = candidate.library
    if not library.governance.releases:
        return
    changes, version = library.history.unreleased, library.governance.releases[-1].version
    changed = {change.id for change in changes} | library.faulty
    topics = {fields["topic"] for i in changed for fields in _states(library, i) if "topic" in fields}
    for entry in read_notes(candidate.folder)[0]:
        yield from _idle(entry, "records", changed, f"has not changed since release {version}")
        yield from _idle(entry, "topics", topics, f"holds no record that changed since release {version}")


def _states(library: Library, identifier: str) -> Iterator[Mapping[str, object]]:
    """Yield what is known of a record's fields: as it was released, and as it is."""
    yield library.governance.releases[-1].records.get(identifier, {})
    if record := library.get(identifier):
        yield {"topic": record.topic}


def _idle(entry: Entry[ChangeNote], field: str, changed: Iterable[object], message: str) -> Iterator[Problem]:
    for index, named in enumerate(getattr(entry.value, field)):
        if named not in changed:
            place = entry.origin.place(field, index)
            yield Problem(place, entry.name, f"'{named}' {message}", "take it out of the note, or remove the note")


def _pages(candidate: Candidate) -> Iterator[Problem]:
    """Yield that no page has a section for this release, where pages tell what releases changed.

    It is written first: the release is tagged with its pages, and a build warns of a release that none tells of.
    """
    told = [(page, call) for page, call in candidate.placed if call.snippet == TELLS_CHANGES]
    if told and not any(("release", candidate.version) in call.options for _, call in told):
        page, call = told[0]
        message = f"no page tells what release {candidate.version} changed"
        yield Problem(Place(page, call.line), "", message, f"add a section with :release: {candidate.version}")


def _sign_offs(candidate: Candidate) -> Iterator[Problem]:
    """Yield the records that are not signed off, by topic: that is how they are signed."""
    library, governance = candidate.library, candidate.library.governance
    # What is withdrawn no longer warns of anything: that is looser too.
    lax = (ChangeClass.LOOSER, ChangeClass.WITHDRAWN)
    looser = {change.id for change in library.history.unreleased if change.kind_of_change in lax}

    def unsigned(record: Record) -> str:
        if governance.approvals(record) or record.status is Status.WITHDRAWN:
            return ""
        if governance.valid_sign_offs(record):
            return "signed off only by the author of a change note"
        return "changed since the sign-off" if governance.lapsed_sign_off(record) else "not signed off"

    def once(record: Record) -> str:
        signers = len(governance.approvals(record))
        return (
            "looser than before or withdrawn, which takes two people"
            if record.id in looser and signers < SIGNERS_OF_LOOSER
            else ""
        )

    for judge in (unsigned, once):
        yield from _by_topic(library, judge)


def _by_topic(library: Library, judge: Callable[[Record], str]) -> Iterator[Problem]:
    found: dict[tuple[str, str], list[Record]] = {}
    for record in library.records.values():
        if why := judge(record):
            found.setdefault((record.topic, why), []).append(record)
    for (topic, why), records in found.items():
        place = library.place(records[0]) or Place(topic)
        some = "1 record" if len(records) == 1 else f"{len(records)} records"
        ids = " ".join(record.id for record in records)
        hint = f"let somebody in another role than the owner's run: clinic-snippets sign {ids} --by NAME --role ROLE"
        yield Problem(Place(place.file), topic, f"{some}: {why}", hint)


def _numbers(candidate: Candidate) -> Iterator[Problem]:
    if missing := [whom.value for whom in Whom if not candidate.numbers.get(whom.value, "").strip()]:
        message = f"clinic_numbers has no number for: {', '.join(missing)}"
        hint = "write the clinic's own numbers there, in one plain assignment"
        yield Problem(Place(str(candidate.folder / "conf.py")), "", message, hint)
