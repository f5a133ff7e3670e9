"""The competency log: each competency with room for who checked it, and when."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import Competency
from clinic_snippets.snippets.blocks import Column, Row, Table
from clinic_snippets.snippets.phrases import in_line, name_line
from clinic_snippets.snippets.registry import snippet

COLUMNS = (
    Column("Competency", 36), Column("Checked by", 28), Column("Assessor", 14), Column("Date", 9), Column("Signature", 13),
)  # fmt: skip


def _row(library: Library, record: Competency) -> Row:
    can = in_line(library, (statement.text for statement in record.can))
    check = in_line(library, (statement.text for statement in record.check))
    return Row(record.id, ((name_line(record, box=True), *can), check, (), (), ()))


@snippet
def competency_log(library: Library) -> Table:
    """Each competency with how it may be checked, and room for the assessor, the date and a signature."""
    return Table("", COLUMNS, library.made(_row, library.of(Competency)), "No competency is recorded.")
