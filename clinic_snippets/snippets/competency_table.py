"""Competencies: what a trainee must be able to do, and how it may be checked."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import Competency
from clinic_snippets.snippets.blocks import Column, Row, Table
from clinic_snippets.snippets.phrases import doubt_badges, name_cell, sources_cell, statements_cell
from clinic_snippets.snippets.registry import snippet

COLUMNS = (
    Column("Competency", 20), Column("The trainee can", 26), Column("May be checked by", 16), Column("Learn it from", 24),
    Column("Sources (grade)", 14),
)  # fmt: skip


def _row(library: Library, record: Competency) -> Row:
    cells = (
        name_cell(record, *doubt_badges(library, record), home=library),
        statements_cell(library, record.can),
        statements_cell(library, record.check),
        library.prose(record.learn),
        sources_cell(library, record),
    )
    return Row(record.id, cells)


@snippet
def competency_table(library: Library) -> Table:
    """What a trainee must be able to do, how it may be checked, and where to learn it."""
    rows = library.made(_row, library.of(Competency))
    return Table("Competencies", COLUMNS, rows, "No competency is recorded.", home=True)
