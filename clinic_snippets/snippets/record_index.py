"""Every record with a home, from A to Z."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import Precaution, Record, Region
from clinic_snippets.records.text import Code, Paragraph, Words
from clinic_snippets.snippets.blocks import Column, Row, Table
from clinic_snippets.snippets.phrases import LEVELS, listed, name_cell
from clinic_snippets.snippets.registry import snippet

# The id column holds the longest id on one line: an id that is broken at a hyphen is not found by searching the PDF.
COLUMNS = (
    Column("Record", 26), Column("Kind", 13), Column("Also called", 19), Column("Review by", 10), Column("Id", 36),
)  # fmt: skip


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
