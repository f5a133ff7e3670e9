"""Incidents as cards: what to do when something goes wrong."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import Incident, Step, Urgency
from clinic_snippets.records.text import Badge, Call, ListBlock, Paragraph, Strong, TextBlock, Words
from clinic_snippets.snippets.blocks import Card, CardBlock, Cards, Cell, Facts
from clinic_snippets.snippets.card_parts import about_blocks, evidence_fold, labels
from clinic_snippets.snippets.phrases import (
    append,
    doubt_badges,
    links_cell,
    remarks,
    statements_cell,
    support,
)
from clinic_snippets.snippets.registry import snippet

URGENCIES = {Urgency.EMERGENCY: "Emergency", Urgency.URGENT: "Urgent", Urgency.ROUTINE: "Deal with it now"}


def condition(library: Library, step: Step) -> Cell:
    """Return under which condition a step is done, or nothing where it always is."""
    if not step.when:
        return ()
    first, *rest = library.prose(step.when)
    words = first.children if isinstance(first, Paragraph) else ()
    return (Paragraph((Strong((Words("If: "), *words)),), "clinic-when"), *rest)


def _step(library: Library, step: Step) -> Cell:
    out: list[TextBlock] = [*condition(library, step)]
    out += append(library.prose(step.do), support(step))
    if step.call:
        out.append(Paragraph((Call(step.call.value),), "clinic-call"))
    if step.why:
        out += library.prose(step.why)
    return (*out, *remarks(library, step))


def _card(library: Library, record: Incident) -> Card:
    steps = ListBlock(tuple(_step(library, step) for step in record.steps), ordered=True, style="clinic-steps")
    facts: list[tuple[str, Cell]] = [("Signs", statements_cell(library, record.signs))]
    if record.at_home:
        steps_at_home = tuple(_step(library, step) for step in record.at_home)
        facts.append(("Tell the patient for at home", (ListBlock(steps_at_home),)))
    if record.later:
        facts.append(("Afterwards", statements_cell(library, record.later)))
    if record.prevented_by:
        facts.append(("What lowers the risk", links_cell(record.prevented_by)))
    badges = [Badge(URGENCIES[record.urgency], record.urgency.value), *doubt_badges(library, record)]
    disagreements = [record.disagreement, *(step.disagreement for step in record.steps)]
    body: list[CardBlock] = [
        labels(badges),
        Paragraph((Strong((Words("Do this now"),)),), "clinic-now"),
        steps,
        Facts(tuple(facts)),
        evidence_fold(library, record, record.limits, disagreements),
        *about_blocks(library, record),
    ]
    return Card(record.id, record.name, tuple(body))


@snippet
def incident_cards(library: Library, *, urgency: Urgency | None = None) -> Cards:
    """What to do when something goes wrong: steps first, in order, then signs and what to do afterwards."""
    found = [record for record in library.of(Incident) if urgency is None or record.urgency is urgency]
    return Cards(library.made(_card, found), "No incident is recorded. Call for help.")
