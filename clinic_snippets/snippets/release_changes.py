"""What a release changed, for clinicians: what each change means, what it says now, why, and from when."""

from __future__ import annotations

import json
from collections.abc import Iterable

from clinic_snippets.library import Library
from clinic_snippets.library.changes import Change, Note
from clinic_snippets.library.release import Release, is_version, number
from clinic_snippets.problems import allowed_words
from clinic_snippets.records import plural_of
from clinic_snippets.records.governance import ChangeClass
from clinic_snippets.records.text import Inline, Paragraph, RecordLink, Strong, TextBlock, Words
from clinic_snippets.snippets.blocks import Cell, Column, Row, Table
from clinic_snippets.snippets.phrases import SPACE, listed
from clinic_snippets.snippets.redline import class_badge, field_change, told_in_words
from clinic_snippets.snippets.registry import OptionError, snippet

COLUMNS = (Column("Record", 20), Column("What changed", 50), Column("Why, and from when", 30))


@snippet
def release_changes(library: Library, *, release: str | None = None) -> Table:
    """What a release changed, looser first; without a release, or for the next one, what is not yet released."""
    releases = {made.version: made for made in library.governance.releases}
    if release is None or (release not in releases and _is_next(release, releases)):
        since = list(releases)[-1] if releases else ""
        empty = f"Nothing has changed since release {since}." if since else "No release has been made yet."
        title = f"{release}, not yet released" if release else "Not yet released"
        return Table(f"{title}{f': changed since {since}' if since else ''}", COLUMNS,
                     _rows(library, library.history.unreleased, pending=True), empty, calm=True)  # fmt: skip
    if release not in releases:
        raise OptionError(f"there is no release '{release}'; {allowed_words(release, releases)}")
    made, first = releases[release], release == next(iter(releases))
    empty = f"{_name(made)} is the first, so no entry had changed." if first else f"{_name(made)} changed no entry."
    rows = _rows(library, library.history.released[release], pending=False)
    return Table(f"{_name(made)}, {made.date}", COLUMNS, rows, empty, calm=True)


def _is_next(version: str, releases: Iterable[str]) -> bool:
    """Say whether a version comes after all releases: its section is written before it is given out."""
    return is_version(version) and all(number(version) > number(made) for made in releases)


def _name(release: Release) -> str:
    return f"Draft release {release.version}" if release.draft else f"Release {release.version}"


def _rows(library: Library, changes: Iterable[Change], *, pending: bool) -> tuple[Row, ...]:
    """Return a row for each change; new records of a kind with the same reason share one."""
    groups: dict[object, list[Change]] = {}
    for change in changes:
        if change.kind_of_change is ChangeClass.NOT_CLINICAL:
            continue  # such as another name for search
        if change.id not in library.records:
            raise OptionError(f"'{change.id}' is gone; put it back with 'status: withdrawn' and 'withdrawn:'")
        notes = json.dumps(change.notes, sort_keys=True, default=str)
        new = change.kind_of_change is ChangeClass.NEW
        key = (change.kind, notes) if new else change.id
        groups.setdefault(key, []).append(change)
    return tuple(_row(library, group, pending) for group in groups.values())


def _row(library: Library, group: list[Change], pending: bool) -> Row:
    first = group[0]
    marks = Paragraph((class_badge(first),), "clinic-badges")
    why: list[TextBlock] = [block for note in first.notes for block in _why(library, note)]
    if pending and first.clinical and not first.notes:
        why += listed(["No change note says why yet."])
    head: Inline = Words(f"{len(group)} {plural_of(first.kind)}") if len(group) > 1 else RecordLink(first.id)
    return Row(first.id, ((Paragraph((head,)), marks), _what(library, group), tuple(why)))


def _what(library: Library, group: list[Change]) -> Cell:
    first = group[0]
    out: list[TextBlock] = [block for note in first.notes for block in library.prose(note["what"])]
    if first.kind_of_change is ChangeClass.NEW:
        out += listed([f"New {first.kind.replace('-', ' ')}."]) if len(group) == 1 else ()
    elif first.kind_of_change is ChangeClass.WITHDRAWN:
        out += withdrawal(library, first)
    else:
        for field in told_in_words(first):
            out += field_change(library, first, field)
    if len(group) > 1:
        links: list[Inline] = []
        for change in group:
            links += [Words("; "), RecordLink(change.id)] if links else [RecordLink(change.id)]
        out.append(Paragraph((*links, Words("."))))
    return tuple(out)


def withdrawal(library: Library, change: Change) -> Cell:
    """Return when and why the record of a change was withdrawn, and what to use instead."""
    said = next((field.after for field in change.fields if field.name == "withdrawn"), None)
    if not said:
        return listed(["It is gone."])
    out = [*listed([f"Withdrawn on {said['date']}."]), *library.prose(said["reason"])]
    links: list[Inline] = []
    for target in said.get("replaced_by", ()):
        links += [Words(", "), RecordLink(target)] if links else [Words("Use instead: "), RecordLink(target)]
    return (*out, Paragraph((*links, Words(".")))) if links else tuple(out)


def _why(library: Library, note: Note) -> Cell:
    begins = Paragraph((Strong((Words("Effective from"),)), SPACE, Words(f"{note['effective_from']}.")))
    return (*library.prose(note["why"]), begins)
