"""The glossary: terms in one line each. A link to a term shows its meaning on hover."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import Term
from clinic_snippets.snippets.blocks import Column, Row, Table
from clinic_snippets.snippets.phrases import doubt_badges, listed, name_cell, sources_cell, statements_cell
from clinic_snippets.snippets.registry import snippet

COLUMNS = (Column("Term", 26), Column("Meaning", 40), Column("Also called", 18), Column("Sources (grade)", 16))


def _row(library: Library, record: Term) -> Row:
    cells = (
        name_cell(record, *doubt_badges(library, record), home=library),
        statements_cell(library, record.meaning),
        listed(record.also_known_as),
        sources_cell(library, record),
    )
    return Row(record.id, cells)


@snippet
def glossary(library: Library) -> Table:
    """Every term from A to Z with its meaning in one line."""
    terms = sorted(library.of(Term), key=lambda term: term.name.lower())
    return Table("Glossary", COLUMNS, library.made(_row, terms), "No term is recorded.", home=True)
