"""Contraindications and precautions as cards: the home of each."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import Level, Precaution, Region, Scope
from clinic_snippets.records.text import Badge
from clinic_snippets.snippets.blocks import Card, Cards
from clinic_snippets.snippets.card_parts import record_card
from clinic_snippets.snippets.phrases import (
    LEVELS,
    SCOPES,
    listed,
    never_cell,
    regions_words,
    rule_badge,
    statements_cell,
    techniques_words,
    words_cell,
)
from clinic_snippets.snippets.precaution_table import nothing_found, select
from clinic_snippets.snippets.registry import snippet


def _card(library: Library, record: Precaution) -> Card:
    badges = [Badge(LEVELS[record.level], record.level.value), rule_badge(record)]
    about = " and ".join(SCOPES[scope] for scope in record.applies_to)
    facts = [
        ("What to do", statements_cell(library, record.action)),
        ("Never", never_cell(library, record.never)),
        ("Why", statements_cell(library, record.why)),
        ("Where", words_cell(f"{regions_words(library, record)}; {techniques_words(record)}.")),
        ("It is about", listed([about])),
    ]
    return record_card(library, record, badges, facts)


@snippet
def precaution_cards(
    library: Library,
    *,
    level: Level | None = None,
    scope: Scope | None = None,
    region: Region | None = None,
    technique: str | None = None,
) -> Cards:
    """The home of each contraindication and precaution: action first, then why, then the evidence."""
    found = select(library, level, scope, region, technique)
    cards = library.made(_card, found)
    return Cards(cards, nothing_found(level, scope, region, technique))
