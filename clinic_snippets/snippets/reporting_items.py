"""Checklists for guidelines, item by item: where the handbook answers each, or why not."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.problems import allowed_words
from clinic_snippets.records import ReportingItem
from clinic_snippets.records.text import Anchor, Badge, Code, Paragraph, Words
from clinic_snippets.snippets.blocks import Cell, Column, Row, Table
from clinic_snippets.snippets.phrases import remarks
from clinic_snippets.snippets.registry import OptionError, snippet

COLUMNS = (Column("Item", 40), Column("Answered here, or not done because", 60))
NOT_DONE = Paragraph((Badge("Not done", "refer"),), "clinic-badges")


def _row(library: Library, record: ReportingItem) -> Row:
    name: Cell = (
        Paragraph((Anchor(record.anchor), Words(f"{record.number}. {record.name}"))),
        Paragraph((Code(record.id),), "clinic-small"),
    )
    answer: Cell = library.prose(record.where) if record.where else ()
    if record.not_done:
        answer += (NOT_DONE, *library.prose(record.not_done))
    return Row(record.id, (name, answer + remarks(library, record)))


@snippet
def reporting_items(library: Library, *, checklist: str | None = None) -> Table:
    """A checklist for guidelines, item by item: where this handbook answers it, or why it is not done."""
    found = list(library.of(ReportingItem))
    names = sorted({item.checklist for item in found})
    if checklist is not None and checklist not in names and found:
        raise OptionError(f"no item belongs to '{checklist}'; {allowed_words(checklist, names)}")
    rows = library.made(_row, [item for item in found if checklist in (None, item.checklist)])
    return Table(checklist or "Checklists", COLUMNS, rows, "No checklist is recorded.", home=True)
