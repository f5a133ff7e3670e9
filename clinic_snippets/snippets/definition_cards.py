"""Definitions as cards: what a word means, and what is disputed about it."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import Definition
from clinic_snippets.snippets.blocks import Card, Cards
from clinic_snippets.snippets.card_parts import record_card
from clinic_snippets.snippets.phrases import statements_cell
from clinic_snippets.snippets.registry import snippet


def _card(library: Library, record: Definition) -> Card:
    facts = [("What it means", statements_cell(library, record.meaning))]
    return record_card(library, record, [], facts)


@snippet
def definition_cards(library: Library) -> Cards:
    """The home of each definition: its meaning, and the views on it where they differ."""
    return Cards(library.made(_card, library.of(Definition)), "No definition is recorded.")
