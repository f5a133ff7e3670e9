"""What to say before needling."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import ConsentItem
from clinic_snippets.records.text import Paragraph, Strong, TextBlock, Words
from clinic_snippets.snippets.blocks import Cell, Column, Row, Table
from clinic_snippets.snippets.phrases import doubt_badges, links_cell, name_cell, sources_cell, statements_cell
from clinic_snippets.snippets.registry import snippet

COLUMNS = (Column("Item", 18), Column("Say", 40), Column("It discloses, or is for", 26), Column("Sources (grade)", 16))


def _say(library: Library, record: ConsentItem) -> Cell:
    out: list[TextBlock] = [*statements_cell(library, record.say)]
    if record.alternatives:
        out += [Paragraph((Strong((Words("Alternatives"),)),)), *statements_cell(library, record.alternatives)]
    return (*out, *statements_cell(library, record.why))


def _row(library: Library, record: ConsentItem) -> Row:
    linked = links_cell([*record.discloses, *record.for_whom])
    name = name_cell(record, *doubt_badges(library, record), home=library)
    return Row(record.id, (name, _say(library, record), linked, sources_cell(library, record)))


@snippet
def consent_list(library: Library) -> Table:
    """What to say before needling, and the risks and people each item is about."""
    rows = library.made(_row, library.of(ConsentItem))
    return Table("Consent", COLUMNS, rows, "No consent item is recorded.", home=True)
