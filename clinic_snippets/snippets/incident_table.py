"""Incidents at a glance: what it may be, and the first thing to do."""

from __future__ import annotations

import itertools

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
    # The condition stands with its call, or a glance would read as "always call"; and every call is named, or it would
    # read as "call nobody". Conditions for the same call share it.
    for whom, steps in itertools.groupby((step for step in record.steps if step.call), lambda step: step.call):
        for step in steps:
            first += condition(library, step) if step is not start else ()
        if whom:
            first.append(Paragraph((Call(whom.value),), "clinic-call"))
    return Row(record.id, (name_cell(record, Badge(URGENCIES[record.urgency], record.urgency.value)), tuple(first)))


def most_urgent_first(library: Library) -> list[Incident]:
    """Return all incidents, the most urgent first."""
    order = list(Urgency)
    return sorted(library.of(Incident), key=lambda record: order.index(record.urgency))


@snippet
def incident_table(library: Library) -> Table:
    """Incidents at a glance, most urgent first: the first thing to do, and whom to call."""
    return Table(
        "If something goes wrong",
        COLUMNS,
        library.made(_row, most_urgent_first(library)),
        "No incident is recorded. Call for help.",
    )
