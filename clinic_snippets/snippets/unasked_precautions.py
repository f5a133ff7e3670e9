"""Contraindications and precautions that no question to the patient leads to: the clinician must look for them."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import Level, Precaution, ScreeningQuestion
from clinic_snippets.snippets.blocks import Column, Row, Table
from clinic_snippets.snippets.phrases import doubt_badges, name_cell, rule_badge, statements_cell
from clinic_snippets.snippets.registry import snippet

COLUMNS = (Column("Look for", 34), Column("What to do", 66))
TITLES = {
    Level.CONTRAINDICATION: "Contraindications that no question finds",
    Level.PRECAUTION: "Precautions that no question finds",
}
EVERY_ONE_ASKED = "A question leads to each of them."


def unasked(library: Library, level: Level) -> list[Precaution]:
    """Return the precautions of a level that no question leads to, strictest first."""
    asked = {target for question in library.of(ScreeningQuestion) for target in question.if_yes}
    return [record for record in library.precautions(level=level) if record.id not in asked]


def _row(library: Library, record: Precaution) -> Row:
    name = name_cell(record, rule_badge(record), *doubt_badges(library, record))
    return Row(record.id, (name, statements_cell(library, record.action)))


@snippet
def unasked_precautions(library: Library, *, level: Level = Level.CONTRAINDICATION) -> Table:
    """Contraindications, or precautions, that no screening question leads to, with what to do."""
    rows = library.made(_row, unasked(library, level))
    return Table(TITLES[level], COLUMNS, rows, EVERY_ONE_ASKED, calm=True)
