"""A table of this handbook alone."""

from clinic_snippets.library import Library
from clinic_snippets.records import Precaution
from clinic_snippets.snippets import Column, Row, Table, snippet
from clinic_snippets.snippets.phrases import name_cell, statements_cell


@snippet
def why_table(library: Library) -> Table:
    """Why each precaution is one."""
    rows = [Row(r.id, (name_cell(r), statements_cell(library, r.why))) for r in library.of(Precaution)]
    return Table("Why", (Column("Precaution"), Column("Why")), tuple(rows), "No precaution is recorded.")
