"""Proposed mechanisms as cards: the home of each."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import Mechanism
from clinic_snippets.snippets.blocks import Card, Cards
from clinic_snippets.snippets.card_parts import record_card
from clinic_snippets.snippets.mechanism_table import strength_badge
from clinic_snippets.snippets.phrases import statements_cell
from clinic_snippets.snippets.registry import snippet


def _card(library: Library, record: Mechanism) -> Card:
    facts = [
        ("The idea", statements_cell(library, record.proposal)),
        ("What was seen", statements_cell(library, record.evidence)),
        ("What speaks against it", statements_cell(library, record.controversy)),
    ]
    badges = [strength_badge(record)]
    return record_card(library, record, badges, facts)


@snippet
def mechanism_cards(library: Library) -> Cards:
    """The home of each proposed mechanism: the idea, what was seen, and what speaks against it."""
    return Cards(library.made(_card, library.of(Mechanism)), "No mechanism is recorded.")
