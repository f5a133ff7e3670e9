"""Findings as cards: the home of each."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import Finding
from clinic_snippets.snippets.blocks import Card, Cards, Cell
from clinic_snippets.snippets.card_parts import record_card
from clinic_snippets.snippets.finding_table import effects_cell, finding_badge, findings_about
from clinic_snippets.snippets.phrases import listed
from clinic_snippets.snippets.registry import snippet


def _card(library: Library, record: Finding) -> Card:
    not_graded: Cell = library.prose(record.not_graded) if record.not_graded else ()
    waived: Cell = library.prose(record.wording_waived_because) if record.wording_waived_because else ()
    facts = [
        ("In short", library.prose(record.claim)),
        ("What was found", effects_cell(library, record)),
        ("Compared with", listed([record.comparator])),
        ("Studied in", listed([record.design])),
        ("About the certainty", not_graded),
        ("Why the wording is surer", waived),
    ]
    badges = [finding_badge(record)]
    return record_card(library, record, badges, facts)


@snippet
def finding_cards(library: Library, *, condition: str | None = None) -> Cards:
    """The home of each finding: one sentence, then every outcome with its figure, its time and its certainty."""
    empty = "No finding is recorded. This does not mean that it works, or does not."
    return Cards(library.made(_card, findings_about(library, condition)), empty)
