"""Where the evidence is absent or negative, as cards."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import EvidenceGap
from clinic_snippets.snippets.blocks import Card, Cards
from clinic_snippets.snippets.card_parts import record_card
from clinic_snippets.snippets.phrases import statements_cell
from clinic_snippets.snippets.registry import snippet


def _card(library: Library, record: EvidenceGap) -> Card:
    facts = [("What is known", statements_cell(library, record.known))]
    return record_card(library, record, [], facts)


@snippet
def evidence_gap_cards(library: Library) -> Cards:
    """The home of each gap in the evidence: the question, and what is known."""
    empty = "No gap in the evidence is recorded. This does not mean that there is none."
    return Cards(library.made(_card, library.of(EvidenceGap)), empty)
