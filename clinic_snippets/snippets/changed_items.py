"""What changed since the release before, in brief: for a sheet on which staff sign that they have read it."""

from __future__ import annotations

import json

from clinic_snippets.library import Library
from clinic_snippets.library.changes import Change
from clinic_snippets.problems import allowed_words
from clinic_snippets.records import plural_of
from clinic_snippets.records.governance import ChangeClass
from clinic_snippets.records.text import Code, Inline, Paragraph, RecordLink, TextBlock, Words
from clinic_snippets.snippets.blocks import Column, Row, Table
from clinic_snippets.snippets.phrases import SPACE
from clinic_snippets.snippets.redline import class_badge
from clinic_snippets.snippets.registry import OptionError, snippet


def _row(library: Library, group: list[Change]) -> Row:
    first = group[0]
    names: list[Inline] = []
    if first.kind_of_change is ChangeClass.NEW and len(group) > 1:
        # A list of them would be as long as the page about what changed, where it stands.
        names.append(Words(f"{len(group)} {plural_of(first.kind)}"))
    else:
        for change in group:
            names += [*([Words("; ")] if names else []), RecordLink(change.id), SPACE, Code(change.id)]
    what: list[TextBlock] = [block for note in first.notes for block in library.prose(note["what"])]
    return Row(first.id, ((Paragraph((class_badge(first),)),), (Paragraph(tuple(names)),), tuple(what)))


@snippet
def changed_items(library: Library, *, release: str | None = None) -> Table:
    """What a release changed, or what has changed since the last, looser first; entries with the same reason share a row."""
    released = library.history.released
    if release is not None and release not in released:
        raise OptionError(f"there is no release '{release}'; {allowed_words(release, released)}")
    groups: dict[object, list[Change]] = {}
    for change in library.history.unreleased if release is None else released[release]:
        if change.clinical and change.id in library.records:
            notes = json.dumps(change.notes, sort_keys=True, default=str)
            kind = change.kind if change.kind_of_change is ChangeClass.NEW else ""
            groups.setdefault((change.kind_of_change, kind, notes), []).append(change)
    latest = list(released)[-1] if released else ""
    title = f"Changed by release {release}" if release else f"Changed since release {latest}" if latest else "Changed"
    columns = (Column("Class", 13), Column(title, 45), Column("What changed", 42))
    return Table(
        "", columns, tuple(_row(library, group) for group in groups.values()), "Nothing has changed.", calm=True
    )
