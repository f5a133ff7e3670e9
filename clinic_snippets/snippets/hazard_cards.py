"""Anatomical hazards as cards: the home of each."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import EVERYWHERE, Hazard, Region
from clinic_snippets.records.text import Badge
from clinic_snippets.snippets.blocks import Card, Cards
from clinic_snippets.snippets.card_parts import record_card
from clinic_snippets.snippets.hazard_table import TRAINED_ONLY, nothing_found
from clinic_snippets.snippets.phrases import (
    listed,
    regions_words,
    statements_cell,
    words_cell,
)
from clinic_snippets.snippets.registry import snippet


def _card(library: Library, record: Hazard) -> Card:
    badges = [
        Badge("Hazard", "hazard"),
        *([TRAINED_ONLY] if record.specialist_only else []),
    ]
    facts = [
        ("What to do", statements_cell(library, record.avoid)),
        ("Can be hit", listed(record.structure)),
        ("What has happened", statements_cell(library, record.harm)),
        ("What depths say", statements_cell(library, record.depth_note)),
        ("Muscles", listed(record.muscles)),
        ("Where", words_cell(f"{regions_words(library, record)}.")),
    ]
    return record_card(library, record, badges, facts)


@snippet
def hazard_cards(library: Library, *, region: Region | None = None, everywhere: bool = False) -> Cards:
    """The home of each hazard of a region, or, with ``everywhere``, of those that every region shares."""
    found = library.hazards()
    if everywhere:
        found = [record for record in found if EVERYWHERE in record.region]
    elif region:
        # A record has one home, so a region's page holds what lies within it and nothing else.
        inside = library.regions_within(region.id)
        found = [record for record in found if record.region[0] in inside]
    cards = library.made(_card, found)
    return Cards(cards, nothing_found(region))
