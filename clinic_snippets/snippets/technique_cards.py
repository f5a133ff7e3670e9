"""The steps of a session as cards: the home of each."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import Phase, TechniqueStep
from clinic_snippets.snippets.blocks import Card, Cards
from clinic_snippets.snippets.card_parts import record_card
from clinic_snippets.snippets.phrases import links_cell, never_cell, statements_cell
from clinic_snippets.snippets.registry import snippet
from clinic_snippets.snippets.technique_list import steps_of


def _card(library: Library, record: TechniqueStep) -> Card:
    facts = [
        ("Do", statements_cell(library, record.do)),
        ("Say", statements_cell(library, record.say)),
        ("Never", never_cell(library, record.never)),
        ("Why", statements_cell(library, record.why)),
        ("What it guards against, and the rules for it", links_cell(record.keeps_safe)),
    ]
    return record_card(library, record, [], facts)


@snippet
def technique_cards(library: Library, *, phase: Phase | None = None) -> Cards:
    """The home of each step of a session: what to do, what never to do, and why."""
    return Cards(library.made(_card, steps_of(library, phase)), "No step is recorded.")
