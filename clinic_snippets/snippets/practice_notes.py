"""Practice notes: what sources say about needles, dose and other matters of practice."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.problems import allowed_words
from clinic_snippets.records import PracticeNote
from clinic_snippets.snippets.blocks import Column, Row, Table
from clinic_snippets.snippets.phrases import (
    disputed_cell,
    doubt_badges,
    name_cell,
    remarks,
    sources_cell,
    statements_cell,
)
from clinic_snippets.snippets.registry import OptionError, snippet

COLUMNS = (Column("Matter", 22), Column("What sources say", 36), Column("Limits", 26), Column("Sources (grade)", 16))


def _row(library: Library, record: PracticeNote) -> Row:
    limits = statements_cell(library, record.limits) + remarks(library, record)
    cells = (
        name_cell(record, *doubt_badges(library, record), home=library),
        statements_cell(library, record.says),
        limits + disputed_cell(library, record.disagreement),
        sources_cell(library, record),
    )
    return Row(record.id, cells)


@snippet
def practice_notes(library: Library, *, about: str | None = None) -> Table:
    """What sources say about one matter of practice, such as needles or dose."""
    found = list(library.of(PracticeNote))
    matters = sorted({note.about for note in found})
    if about is not None and about not in matters and found:
        raise OptionError(f"no note is about '{about}'; {allowed_words(about, matters)}")
    rows = library.made(_row, [note for note in found if about in (None, note.about)])
    title = (about or "practice").capitalize()
    return Table(title, COLUMNS, rows, "No practice note is recorded.", home=True)
