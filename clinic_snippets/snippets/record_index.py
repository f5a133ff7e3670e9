"""Every record with a home, from A to Z."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import Precaution, Record, Region
from clinic_snippets.records.text import Anchor, Code, Paragraph
from clinic_snippets.snippets.blocks import Column, Row, Table
from clinic_snippets.snippets.phrases import LEVELS, listed, name_cell, words_cell
from clinic_snippets.snippets.registry import snippet

# The id column holds the longest id on one line: an id that is broken at a hyphen is not found by searching the PDF.
COLUMNS = (
    Column("Record", 26), Column("Kind", 13), Column("Also called", 19), Column("Review by", 10), Column("Id", 36),
)  # fmt: skip


SNIPPET = "record-index"
_OTHER = "#"
"""Stands for all that is no letter or digit."""


def first_letter(record: Record) -> str:
    """Return the letter under which a record is looked up."""
    first = record.name[:1].upper()[:1]
    return first if first.isalnum() else _OTHER


def letter_place(letter: str) -> str:
    """Return the id of the first record with a letter."""
    name = letter.lower() if letter.isascii() else f"{ord(letter):x}"
    return f"letter-{'other' if letter == _OTHER else name}"


def _first_row(library: Library, record: Record) -> Row:
    """Return the row of the first record with its letter, which can be led to."""
    row = _row(library, record)
    name, *rest = row.cells[0]
    assert isinstance(name, Paragraph)
    place = Anchor(letter_place(first_letter(record)))
    return Row(row.record, ((Paragraph((place, *name.children), name.style), *rest), *row.cells[1:]))


def _row(library: Library, record: Record) -> Row:
    kind = LEVELS[record.level] if isinstance(record, Precaution) else record.kind.replace("-", " ").capitalize()
    return Row(
        record.id,
        (
            name_cell(record),
            listed([kind]),
            listed(record.also_known_as),
            words_cell(str(record.review_by)),
            (Paragraph((Code(record.id),)),),
        ),
    )


@snippet
def record_index(library: Library) -> Table:
    """Every record but the regions from A to Z, with its kind, review date and id."""
    found = sorted((r for r in library.of() if not isinstance(r, Region)), key=lambda r: (r.name.lower(), r.id))
    rows: list[Row] = []
    letters: set[str] = set()
    for record in found:
        rows += library.made(_row if first_letter(record) in letters else _first_row, [record])
        letters.add(first_letter(record))
    return Table("Records from A to Z", COLUMNS, tuple(rows), "No records are loaded.")
