"""Incidents at a glance: what it may be, and the first thing to do."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import Incident, Urgency
from clinic_snippets.records.text import Badge, Call, Paragraph, TextBlock
from clinic_snippets.snippets.blocks import Column, Row, Table
from clinic_snippets.snippets.incident_cards import URGENCIES, condition
from clinic_snippets.snippets.phrases import name_cell
from clinic_snippets.snippets.registry import snippet

COLUMNS = (Column("If you suspect", 34), Column("First", 66))


def _row(library: Library, record: Incident) -> Row:
    start = record.steps[0]
    first: list[TextBlock] = [*condition(library, start), *library.prose(start.do)]
    call = next((step for step in record.steps if step.call), None)
    if call and call.call:
        if call is not start:
            # The condition stands with the call, or a glance would read as "always call".
            first += condition(library, call)
        first.append(Paragraph((Call(call.call.value),), "clinic-call"))
    return Row(record.id, (name_cell(record, Badge(URGENCIES[record.urgency], record.urgency.value)), tuple(first)))


@snippet
def incident_table(library: Library) -> Table:
    """Incidents at a glance, most urgent first: the first thing to do, and whom to call."""
    order = list(Urgency)
    found = sorted(library.of(Incident), key=lambda record: order.index(record.urgency))
    return Table(
        "If something goes wrong", COLUMNS, library.made(_row, found), "No incident is recorded. Call for help."
    )
