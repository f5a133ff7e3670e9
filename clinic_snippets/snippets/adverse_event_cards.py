"""Adverse events as cards: the home of each."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.library.figures import reported
from clinic_snippets.records import AdverseEvent
from clinic_snippets.records.text import Badge, Citation, ListBlock, Words
from clinic_snippets.snippets.adverse_event_table import how_often
from clinic_snippets.snippets.blocks import Card, Cards, Cell
from clinic_snippets.snippets.card_parts import record_card
from clinic_snippets.snippets.phrases import links_cell, listed, statements_cell
from clinic_snippets.snippets.registry import snippet


def _rates(library: Library, record: AdverseEvent) -> Cell:
    items = []
    for rate in record.rates:
        seen = Words(f" ({rate.setting}; {reported(rate)}) ")
        items.append(how_often(library, rate, seen, Citation((rate.source,))))
    return (ListBlock(tuple(items)),)


def _card(library: Library, record: AdverseEvent) -> Card:
    severities = [r.name for i in record.severity if (r := library.get(i))]
    badges = [*(Badge(name, "severity") for name in severities)]
    facts: list[tuple[str, Cell]] = []
    if record.plain_name:
        facts.append(("In plain words", listed([record.plain_name])))
    if record.about:
        facts.append(("What it is", statements_cell(library, record.about)))
    facts.append(("How often", _rates(library, record)))
    if record.what_to_do:
        facts.append(("What to do", links_cell(record.what_to_do)))
    if record.prevented_by:
        facts.append(("What lowers the risk", links_cell(record.prevented_by)))
    return record_card(library, record, badges, facts)


@snippet
def adverse_event_cards(library: Library) -> Cards:
    """The home of each adverse event: how often it was seen, with every denominator, and what to do."""
    return Cards(
        library.made(_card, library.of(AdverseEvent)),
        "No adverse event is recorded. This does not mean that none happens.",
    )
