"""Body regions: the names that other entries use, and what lies within what."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import Region
from clinic_snippets.records.text import Paragraph, RecordLink
from clinic_snippets.snippets.blocks import Cell, Column, Row, Table
from clinic_snippets.snippets.phrases import listed, name_cell
from clinic_snippets.snippets.registry import snippet

COLUMNS = (Column("Region", 44), Column("Also called", 32), Column("Part of", 24))


def _row(library: Library, record: Region) -> Row:
    whole: Cell = (Paragraph((RecordLink(record.within),)),) if record.within else ()
    return Row(record.id, (name_cell(record, home=True), listed(record.also_known_as), whole))


@snippet
def region_table(library: Library) -> Table:
    """Body regions, as the entries name them."""
    return Table("Body regions", COLUMNS, library.made(_row, library.of(Region)), "No region is recorded.", home=True)
