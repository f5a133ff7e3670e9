"""Every record with a home, from A to Z."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import Precaution, Record, Region
from clinic_snippets.records.text import Code, Paragraph, Words
from clinic_snippets.snippets.blocks import Column, Row, Table
from clinic_snippets.snippets.phrases import LEVELS, listed, name_cell
from clinic_snippets.snippets.registry import snippet

COLUMNS = (
    Column("Record", 34),
    Column("Kind", 18),
    Column("Also called", 28),
    Column("Review by", 12),
    Column("Id", 20),
)


def _row(library: Library, record: Record) -> Row:
    kind = LEVELS[record.level] if isinstance(record, Precaution) else record.kind.replace("-", " ").capitalize()
    return Row(
        record.id,
        (
            name_cell(record),
            listed([kind]),
            listed(record.also_known_as),
            (Paragraph((Words(str(record.review_by)),)),),
            (Paragraph((Code(record.id),)),),
        ),
    )


@snippet
def record_index(library: Library) -> Table:
    """Every record but the regions from A to Z, with its kind, review date and id."""
    found = sorted((r for r in library.of() if not isinstance(r, Region)), key=lambda r: (r.name.lower(), r.id))
    rows = library.made(_row, found)
    return Table("Records from A to Z", COLUMNS, rows, "No records are loaded.")
