"""A snippet of this project's own."""

from clinic_snippets.records import Precaution
from clinic_snippets.records.text import Citation, Paragraph, RecordLink, Words
from clinic_snippets.snippets import Column, Row, Table, snippet


@snippet
def short_list(library, *, word: str = "Ask") -> Table:
    """Every precaution in one line."""
    rows = tuple(
        Row(
            record.id,
            (
                (Paragraph((RecordLink(record.id),)),),
                (Paragraph((Words(f"{word} about it: "), Citation(record.sources or ("nobody",)))),),
            ),
        )
        for record in library.of(Precaution)
        if record.sources
    )
    return Table('The list\'s "short" form', (Column("Record", 1), Column("Word", 2)), rows, "Nothing is listed.")
