"""What a clinic must decide before it adopts the handbook, as tick lists made from every record."""

from __future__ import annotations

import enum
from collections.abc import Iterator

from clinic_snippets.library import Library
from clinic_snippets.records import HandbookHazard, Record, Region, ReportingItem
from clinic_snippets.records.base import Disagreement, Statement, Supported, parts_in
from clinic_snippets.snippets.blocks import Cell, Column, Row, Table
from clinic_snippets.snippets.phrases import append, name_cell, support, words_cell
from clinic_snippets.snippets.registry import OptionError, snippet


class Doubt(enum.StrEnum):
    """What a clinic decides about."""

    DISAGREEMENT = "disagreement"
    SYNTHESIS = "synthesis"
    UNVERIFIED = "unverified"
    GRADE_D = "grade-d"


TITLES = {
    Doubt.DISAGREEMENT: "Where sources disagree: keep the rule, or choose another?",
    Doubt.SYNTHESIS: "What no source says: agree with our reasoning?",
    Doubt.UNVERIFIED: "What we could not verify: can you?",
    Doubt.GRADE_D: "What rests on low-authority sources alone: adopt it as a rule?",
}
COLUMNS = (Column("Record", 30), Column("What to decide", 60), Column("Decided", 10))


def _words(library: Library, record: Record, doubt: Doubt) -> Iterator[Cell]:
    """Yield what there is to decide about one record."""
    if doubt is Doubt.GRADE_D:
        if library.clinic_decides(record):
            yield words_cell("Only sources of grade D support this entry.")
        return
    for part in (record, *parts_in(record)):
        if doubt is Doubt.DISAGREEMENT and isinstance(part, Disagreement):
            yield library.prose(part.question) + library.prose(part.house_rule)
        elif doubt is Doubt.UNVERIFIED and isinstance(part, Supported) and part.unverified:
            yield library.prose(part.unverified)
        elif doubt is Doubt.SYNTHESIS and isinstance(part, Supported) and part.synthesis:
            text = (
                part.text if isinstance(part, Statement) else getattr(part, "do", None) or getattr(part, "view", None)
            )
            if isinstance(text, str):  # a record that is a step has statements there
                yield append(library.prose(text), support(part))
            else:
                yield words_cell("The entry as a whole is partly our own reasoning.")


def _rows(library: Library, record: Record) -> dict[Doubt, tuple[Row, ...]]:
    out = {}
    for doubt in Doubt:
        rows = []
        for words in _words(library, record, doubt):
            rows.append(Row(record.id, (name_cell(record), words, words_cell("☐"))))
        out[doubt] = tuple(rows)
    return out


@snippet
def adoption_checklist(library: Library, *, about: Doubt | None = None) -> Table:
    """What a clinic must decide before it adopts the handbook: one tick box per disagreement, synthesis or doubt."""
    if about is None:
        raise OptionError(f"choose what the list is about: {', '.join(Doubt)}")
    records = [record for record in library.of() if not isinstance(record, HandbookHazard | Region | ReportingItem)]
    rows = tuple(row for found in library.made(_rows, records) for row in found[about])
    return Table(TITLES[about], COLUMNS, rows, "Nothing to decide.")
