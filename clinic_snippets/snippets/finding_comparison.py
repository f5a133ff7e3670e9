"""Short term against long term, side by side."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import Finding, Timing
from clinic_snippets.records.text import ListBlock
from clinic_snippets.snippets.blocks import Cell, Column, Row, Table
from clinic_snippets.snippets.finding_table import finding_badge, findings_about, short_effect
from clinic_snippets.snippets.phrases import listed, name_cell, words_cell
from clinic_snippets.snippets.registry import snippet

COLUMNS = (
    Column("Finding", 24), Column("At once and short term", 22), Column("Medium term", 18), Column("Long term", 18),
    Column("At mixed times, or not said when", 18),
)  # fmt: skip
NOTHING = "Not reported in what was read."


def _at(record: Finding, *timings: Timing) -> Cell:
    found = [effect for effect in record.effects if effect.timing in timings]
    if not found:
        return listed([NOTHING] if Timing.MIXED not in timings else ["–"])
    return (ListBlock(tuple(words_cell(short_effect(effect)) for effect in found)),)


def _row(library: Library, record: Finding) -> Row:
    cells = (
        name_cell(record, finding_badge(record)),
        _at(record, Timing.IMMEDIATE, Timing.SHORT),
        _at(record, Timing.MEDIUM),
        _at(record, Timing.LONG),
        _at(record, Timing.MIXED),
    )
    return Row(record.id, cells)


@snippet
def finding_comparison(library: Library, *, condition: str | None = None) -> Table:
    """What was found soon after treatment, and what was left of it later, side by side."""
    rows = library.made(_row, findings_about(library, condition))
    return Table("Short term and long term", COLUMNS, rows, "No finding is recorded.")
