"""Types of needling side by side."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import NeedlingType
from clinic_snippets.records.text import Badge
from clinic_snippets.snippets.blocks import Column, Row, Table
from clinic_snippets.snippets.phrases import (
    disputed_cell,
    doubt_badges,
    name_cell,
    remarks,
    sources_cell,
    statements_cell,
)
from clinic_snippets.snippets.registry import snippet

COLUMNS = (Column("Type", 22), Column("Idea", 26), Column("What is known", 36), Column("Sources (grade)", 16))
NOT_DRY = Badge("Not dry needling", "refer")


def _row(library: Library, record: NeedlingType) -> Row:
    kind = () if record.dry_needling else (NOT_DRY,)
    known = statements_cell(library, record.evidence) + statements_cell(library, record.limits)
    cells = (
        name_cell(record, *kind, *doubt_badges(library, record), home=library),
        statements_cell(library, record.idea),
        known + disputed_cell(library, record.disagreement) + remarks(library, record),
        sources_cell(library, record),
    )
    return Row(record.id, cells)


@snippet
def needling_type_table(library: Library) -> Table:
    """Types of needling: the idea behind each, what is known of it, and which are not dry needling."""
    rows = library.made(_row, library.of(NeedlingType))
    return Table("Types of needling", COLUMNS, rows, "No type of needling is recorded.", home=True)
