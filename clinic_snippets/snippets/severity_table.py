"""Classes of severity, as this handbook uses them."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import SeverityClass
from clinic_snippets.snippets.blocks import Column, Row, Table
from clinic_snippets.snippets.phrases import doubt_badges, name_cell, remarks, sources_cell, statements_cell
from clinic_snippets.snippets.registry import snippet

COLUMNS = (Column("Class", 18), Column("Meaning", 34), Column("Examples", 32), Column("Sources (grade)", 16))


def _row(library: Library, record: SeverityClass) -> Row:
    cells = (
        name_cell(record, *doubt_badges(library, record), home=library),
        statements_cell(library, record.meaning) + remarks(library, record),
        statements_cell(library, record.examples),
        sources_cell(library, record),
    )
    return Row(record.id, cells)


@snippet
def severity_table(library: Library) -> Table:
    """Classes of severity, mildest first."""
    rows = library.made(_row, library.of(SeverityClass))
    return Table("How bad is it?", COLUMNS, rows, "No severity class is recorded.", home=True)
