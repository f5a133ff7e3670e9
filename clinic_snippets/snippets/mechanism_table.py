"""Proposed mechanisms side by side."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import Mechanism, Strength
from clinic_snippets.records.text import Badge
from clinic_snippets.snippets.blocks import Column, Row, Table
from clinic_snippets.snippets.phrases import doubt_badges, name_cell, sources_cell, statements_cell
from clinic_snippets.snippets.registry import snippet

COLUMNS = (Column("Mechanism", 26), Column("The idea", 30), Column("What speaks against it", 28), Column("Sources (grade)", 16))  # fmt: skip
STRENGTHS = {
    Strength.HYPOTHESIS: "Hypothesis",
    Strength.ANIMALS: "Seen in animals only",
    Strength.SMALL: "Small studies in people",
    Strength.TRIALS: "Trials in people",
}


def strength_badge(record: Mechanism) -> Badge:
    """Say what a mechanism rests on at best."""
    return Badge(STRENGTHS[record.strength], "strength")


def _row(library: Library, record: Mechanism) -> Row:
    cells = (
        name_cell(record, strength_badge(record), *doubt_badges(library, record)),
        statements_cell(library, record.proposal),
        statements_cell(library, record.controversy),
        sources_cell(library, record),
    )
    return Row(record.id, cells)


@snippet
def mechanism_table(library: Library) -> Table:
    """Proposed mechanisms: the idea, what it rests on, and what speaks against it."""
    rows = library.made(_row, library.of(Mechanism))
    return Table("Proposed mechanisms", COLUMNS, rows, "No mechanism is recorded.")
