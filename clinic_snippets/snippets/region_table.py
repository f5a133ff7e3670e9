"""Body regions: the names that other entries use, what lies within what, and what is at risk there."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import EVERYWHERE, Hazard, Muscle, Region
from clinic_snippets.records.text import Inline, Paragraph, RecordLink, Words
from clinic_snippets.snippets.blocks import Cell, Column, Row, Table
from clinic_snippets.snippets.hazard_table import nothing_found
from clinic_snippets.snippets.phrases import links_cell, listed, name_cell
from clinic_snippets.snippets.registry import snippet

COLUMNS = (
    Column("Region", 24), Column("Also called", 16), Column("Part of", 14), Column("Hazards", 26), Column("Muscles", 20),
)  # fmt: skip


def hazards_there(library: Library, region: Region) -> list[Hazard]:
    """Return the hazards of a region, of a larger one that holds it and of those within it.

    What a needle can hit everywhere is left out, because it tells no region from another.
    """
    return [hazard for hazard in library.hazards(region=region.id) if EVERYWHERE not in hazard.region]


def hazards_cell(library: Library, region: Region) -> Cell:
    """Return links to the hazards of a region; where it has none, what is said instead never reads as "safe"."""
    if found := hazards_there(library, region):
        return links_cell(hazard.id for hazard in found)
    everywhere: list[Inline] = []
    for hazard in library.hazards(region=region.id):
        everywhere += [Words(", ") if everywhere else Words("At risk everywhere: "), RecordLink(hazard.id)]
    end = (Paragraph((*everywhere, Words("."))),) if everywhere else ()
    return (*listed([nothing_found(region)]), *end)


def muscles_cell(library: Library, region: Region) -> Cell:
    """Return links to the muscles of a region."""
    return links_cell(muscle.id for muscle in library.of(Muscle) if region.id in muscle.region)


def _row(library: Library, record: Region) -> Row:
    whole: Cell = (Paragraph((RecordLink(record.within),)),) if record.within else ()
    name, others = name_cell(record, home=library), listed(record.also_known_as) if record.also_known_as else ()
    return Row(record.id, (name, others, whole, hazards_cell(library, record), muscles_cell(library, record)))


@snippet
def region_table(library: Library) -> Table:
    """Body regions, as the entries name them, with their hazards and muscles."""
    return Table("Body regions", COLUMNS, library.made(_row, library.of(Region)), "No region is recorded.", home=True)
