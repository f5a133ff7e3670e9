"""Muscles with what a needle can hit there."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import Muscle, Region
from clinic_snippets.snippets.blocks import Column, Row, Table
from clinic_snippets.snippets.hazard_table import TRAINED_ONLY
from clinic_snippets.snippets.phrases import doubt_badges, links_cell, listed, name_cell, statements_cell
from clinic_snippets.snippets.registry import snippet

COLUMNS = (Column("Muscle", 24), Column("Patient position", 26), Column("At risk", 22), Column("Hazards", 28))
NO_POSITION = "Not confirmed in a source that was read."


def muscles_in(library: Library, region: Region | None) -> list[Muscle]:
    """Return the muscles listed in a region, or all, in the order of the regions."""
    order = {record.id: n for n, record in enumerate(library.of(Region))}
    inside = library.regions_within(region.id) if region else set()
    found = [muscle for muscle in library.of(Muscle) if region is None or muscle.region[0] in inside]
    return sorted(found, key=lambda muscle: order.get(muscle.region[0], len(order)))


def nothing_found(region: Region | None) -> str:
    """Return the sentence that stands where muscles were expected."""
    where = f" for: {region.name}" if region else ""
    return f"No muscle is recorded{where}. This does not mean that needling is safe here."


def _row(library: Library, record: Muscle) -> Row:
    badges = (*((TRAINED_ONLY,) if record.specialist_only else ()), *doubt_badges(library, record))
    cells = (
        name_cell(record, *badges),
        statements_cell(library, record.position) or listed([NO_POSITION]),
        listed(record.structure),
        links_cell(record.hazards),
    )
    return Row(record.id, cells)


@snippet
def muscle_table(library: Library, *, region: Region | None = None) -> Table:
    """Muscles by region: how the patient lies, and what a needle can hit."""
    title = f"Muscles: {region.name}" if region else "Muscles by region"
    return Table(title, COLUMNS, library.made(_row, muscles_in(library, region)), nothing_found(region))
