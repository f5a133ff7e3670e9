"""Everything that could not be seen or confirmed."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import Record, ReportingItem
from clinic_snippets.records.base import Supported, parts_in
from clinic_snippets.snippets.blocks import Column, Row, Table
from clinic_snippets.snippets.phrases import listed, name_cell
from clinic_snippets.snippets.registry import snippet

COLUMNS = (Column("Record", 30), Column("Kind", 16), Column("What we could not verify", 54))


def _rows(library: Library, record: Record) -> tuple[Row, ...]:
    kind = record.kind.replace("-", " ").capitalize()
    return tuple(
        Row(record.id, (name_cell(record), listed([kind]), library.prose(part.unverified)))
        for part in (record, *parts_in(record))
        if isinstance(part, Supported) and part.unverified
    )


@snippet
def unverified_list(library: Library) -> Table:
    """Everything that could not be seen or confirmed, entry by entry."""
    # Checklists for guidelines are about the handbook, not about needling.
    records = [record for record in library.of() if not isinstance(record, ReportingItem)]
    rows = tuple(row for found in library.made(_rows, records) for row in found)
    return Table("What we could not verify", COLUMNS, rows, "Nothing is marked as unverified.")
