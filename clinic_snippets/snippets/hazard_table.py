"""Anatomical hazards as a table by region."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import Hazard, Region
from clinic_snippets.records.text import Badge
from clinic_snippets.snippets.blocks import Column, Row, Table
from clinic_snippets.snippets.phrases import doubt_badges, listed, name_cell, sources_cell, statements_cell
from clinic_snippets.snippets.registry import snippet

COLUMNS = (
    Column("Hazard", 22), Column("Muscles", 16), Column("Can be hit", 16), Column("What to do", 30),
    Column("Sources (grade)", 16),
)  # fmt: skip
TRAINED_ONLY = Badge("Trained and supervised only", "specialist-only")


def _row(library: Library, record: Hazard) -> Row:
    badges = (*((TRAINED_ONLY,) if record.specialist_only else ()), *doubt_badges(library, record))
    return Row(
        record.id,
        (
            name_cell(record, *badges),
            listed(record.muscles),
            listed(record.structure),
            statements_cell(library, record.avoid),
            sources_cell(library, record),
        ),
    )


def nothing_found(region: Region | None) -> str:
    """Return the sentence that stands where hazards were expected."""
    where = f" for: {region.name}" if region else ""
    return f"No hazard is recorded{where}. This does not mean that needling is safe here."


@snippet
def hazard_table(library: Library, *, region: Region | None = None) -> Table:
    """Structures that a needle can hit, by body region."""
    found = library.hazards(region=region.id if region else None)
    order = {record.id: n for n, record in enumerate(library.of(Region))}
    found.sort(key=lambda record: order.get(record.region[0], len(order)))
    rows = library.made(_row, found)
    title = f"Hazards: {region.name}" if region else "Hazards by region"
    return Table(title, COLUMNS, rows, nothing_found(region))
