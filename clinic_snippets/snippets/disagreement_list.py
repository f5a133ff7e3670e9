"""Every place where sources disagree, with what this handbook does about it."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import Record
from clinic_snippets.records.base import Disagreement, parts_in
from clinic_snippets.snippets.blocks import Column, Row, Table
from clinic_snippets.snippets.phrases import append, disagreement_mark, name_cell, views_list
from clinic_snippets.snippets.registry import snippet

COLUMNS = (Column("Record", 18), Column("Question", 20), Column("What each side says", 36), Column("What this handbook does", 26))  # fmt: skip


def _rows(library: Library, record: Record) -> tuple[Row, ...]:
    out = []
    for part in parts_in(record):
        if isinstance(part, Disagreement):
            rule = library.prose(part.house_rule) + (library.prose(part.because) if part.because else ())
            views = (views_list(library, part),)
            cells = (name_cell(record), library.prose(part.question), views, append(rule, disagreement_mark(part)))
            out.append(Row(record.id, cells))
    return tuple(out)


@snippet
def disagreement_list(library: Library) -> Table:
    """Every place where sources disagree: the question, each view, and what this handbook does."""
    rows = tuple(row for found in library.made(_rows, library.of()) for row in found)
    return Table("Where sources disagree", COLUMNS, rows, "No disagreement is recorded.")
