"""Withdrawn records: their old addresses lead here, where a reader finds why, and what to use instead."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.problems import allowed_words
from clinic_snippets.records import KINDS, Level, Record
from clinic_snippets.records.text import Badge
from clinic_snippets.snippets.blocks import Column, Row, Table
from clinic_snippets.snippets.phrases import links_cell, listed, name_cell
from clinic_snippets.snippets.registry import OptionError, snippet

COLUMNS = (Column("Withdrawn", 28), Column("When", 12), Column("Why", 34), Column("Use instead", 26))
WITHDRAWN = Badge("Withdrawn", "withdrawn")


def _row(library: Library, record: Record) -> Row:
    assert record.withdrawn is not None
    instead = links_cell(record.withdrawn.replaced_by) or listed(["Nothing took its place."])
    reason = library.prose(record.withdrawn.reason)
    name = name_cell(record, WITHDRAWN, home=library)
    return Row(record.id, (name, listed([str(record.withdrawn.date)]), reason, instead))


@snippet
def withdrawn_list(library: Library, *, kind: str | None = None, level: Level | None = None) -> Table:
    """The home of withdrawn records; place it where their entries stood, so that old links still lead there."""
    if kind is not None and kind not in KINDS:
        raise OptionError(f"'{kind}' is no kind of record; {allowed_words(kind, KINDS)}")
    found = [
        record
        for record in library.withdrawn()
        if kind in (None, record.kind) and level in (None, getattr(record, "level", None))
    ]
    found.sort(key=lambda record: (record.name.lower(), record.id))
    what = f"{level.value}s" if level else KINDS[kind].plural if kind else "entries"
    rows, empty = library.made(_row, found), f"No {what} have been withdrawn."
    return Table(f"Withdrawn {what}", COLUMNS, rows, empty, home=True, calm=True)
