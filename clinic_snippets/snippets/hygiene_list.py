"""Hygiene and sharps rules."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import Agreement, HygieneRule
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

COLUMNS = (Column("Rule", 20), Column("Do", 36), Column("Why, and what is disputed", 28), Column("Sources (grade)", 16))
AGREEMENT = {
    Agreement.AGREED: Badge("Sources agree", "agreed"),
    Agreement.VARIES: Badge("Varies: follow local law", "refer"),
    Agreement.OURS: Badge("our synthesis", "synthesis"),
}


def _row(library: Library, record: HygieneRule) -> Row:
    agreement = [AGREEMENT[record.agreement]] if record.agreement in AGREEMENT else []
    reasons = statements_cell(library, record.why) + statements_cell(library, record.limits) + remarks(library, record)
    reasons += disputed_cell(library, record.disagreement)
    cells = (
        name_cell(record, *agreement, *doubt_badges(library, record), home=library),
        statements_cell(library, record.action),
        reasons,
        sources_cell(library, record),
    )
    return Row(record.id, cells)


@snippet
def hygiene_list(library: Library) -> Table:
    """Hygiene and sharps: what to do, why, and where sources differ."""
    rows = library.made(_row, library.of(HygieneRule))
    return Table("Hygiene and sharps", COLUMNS, rows, "No hygiene rule is recorded.", home=True)
