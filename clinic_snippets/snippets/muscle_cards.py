"""Muscles as cards: the home of each."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import Muscle, Region
from clinic_snippets.records.text import Badge
from clinic_snippets.snippets.blocks import Card, Cards
from clinic_snippets.snippets.card_parts import record_card
from clinic_snippets.snippets.hazard_table import TRAINED_ONLY
from clinic_snippets.snippets.muscle_table import NO_POSITION, muscles_in, nothing_found
from clinic_snippets.snippets.phrases import links_cell, listed, regions_words, statements_cell
from clinic_snippets.snippets.registry import snippet


def _card(library: Library, record: Muscle) -> Card:
    badges: list[Badge] = [TRAINED_ONLY] if record.specialist_only else []
    facts = [
        ("A needle can hit", listed(record.structure)),
        ("What has happened, and what is disputed", statements_cell(library, record.at_risk)),
        ("Read first", links_cell(record.hazards)),
        ("Patient position", statements_cell(library, record.position) or listed([NO_POSITION])),
        ("Handling", statements_cell(library, record.handling)),
        ("Where", listed([f"{regions_words(library, record)}."])),
    ]
    return record_card(library, record, badges, facts)


@snippet
def muscle_cards(library: Library, *, region: Region | None = None) -> Cards:
    """The home of each muscle of a region: what a needle can hit first, then how the patient lies."""
    return Cards(library.made(_card, muscles_in(library, region)), nothing_found(region))
