"""A kind of record of this handbook alone."""

from clinic_snippets.library import Library
from clinic_snippets.records import Record, record_kind
from clinic_snippets.records.base import Line
from clinic_snippets.snippets import Column, Row, Table, snippet
from clinic_snippets.snippets.phrases import listed, name_cell


@record_kind
class Batch(Record):
    """A batch of needles."""

    plural = "batches"
    number: Line
    """What stands on the box."""


def row(library: Library, record: Batch) -> Row:
    """Return the row of a batch."""
    return Row(record.id, (name_cell(record, home=library), listed([record.number])))


@snippet
def batch_table(library: Library) -> Table:
    """Batches of needles."""
    rows = library.made(row, library.of(Batch))
    return Table("Batches", (Column("Batch"), Column("Number")), rows, "No batch is recorded.", home=True)
