"""What places and bodies ask of those who needle."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import Regulation
from clinic_snippets.snippets.blocks import Column, Row, Table
from clinic_snippets.snippets.phrases import (
    disputed_cell,
    doubt_badges,
    listed,
    name_cell,
    remarks,
    sources_cell,
    statements_cell,
)
from clinic_snippets.snippets.registry import snippet

COLUMNS = (
    Column("Place or body", 22), Column("What was read, and how old", 18), Column("What it asks", 44),
    Column("Sources (grade)", 16),
)  # fmt: skip


def _row(library: Library, record: Regulation) -> Row:
    asks = statements_cell(library, record.requires) + statements_cell(library, record.limits)
    cells = (
        name_cell(record, *doubt_badges(library, record), home=library),
        listed([record.seen]),
        asks + disputed_cell(library, record.disagreement) + remarks(library, record),
        sources_cell(library, record),
    )
    return Row(record.id, cells)


@snippet
def regulation_table(library: Library) -> Table:
    """What places and bodies ask of those who needle, each as seen on a date."""
    rows = library.made(_row, library.of(Regulation))
    empty = "No regulation is recorded. This does not mean that anyone may needle."
    return Table("Who may needle", COLUMNS, rows, empty, home=True)
