"""Hygiene and sharps rules."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import Agreement, HygieneRule
from clinic_snippets.records.base import Disagreement
from clinic_snippets.records.text import Badge, Paragraph, Strong, TextBlock, Words
from clinic_snippets.snippets.blocks import Cell, Column, Row, Table
from clinic_snippets.snippets.phrases import (
    doubt_badges,
    name_cell,
    remarks,
    sources_cell,
    statements_cell,
    views_list,
)
from clinic_snippets.snippets.registry import snippet

COLUMNS = (Column("Rule", 20), Column("Do", 36), Column("Why, and what is disputed", 28), Column("Sources (grade)", 16))
AGREEMENT = {
    Agreement.AGREED: Badge("Sources agree", "agreed"),
    Agreement.VARIES: Badge("Varies: follow local law", "refer"),
    Agreement.OURS: Badge("our synthesis", "synthesis"),
}


def _dispute(library: Library, disagreement: Disagreement) -> Cell:
    rule: list[TextBlock] = [
        Paragraph((Strong((Words("What this handbook does"),)),)),
        *library.prose(disagreement.house_rule),
    ]
    because = library.prose(disagreement.because) if disagreement.because else ()
    return (*library.prose(disagreement.question), views_list(library, disagreement), *rule, *because)


def _row(library: Library, record: HygieneRule) -> Row:
    agreement = [AGREEMENT[record.agreement]] if record.agreement in AGREEMENT else []
    reasons = statements_cell(library, record.why) + statements_cell(library, record.limits) + remarks(library, record)
    if record.disagreement:
        reasons += _dispute(library, record.disagreement)
    cells = (
        name_cell(record, *agreement, *doubt_badges(library, record), home=True),
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
