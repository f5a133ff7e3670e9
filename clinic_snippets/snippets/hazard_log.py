"""The handbook's own hazard log as cards: how the handbook may lead to harm, and what stands against it."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import Control, HandbookHazard, Proof
from clinic_snippets.records.text import Code, Inline, ListBlock, PageLink, Paragraph, RecordLink, Words
from clinic_snippets.snippets.blocks import Card, Cards, Cell
from clinic_snippets.snippets.card_parts import record_card
from clinic_snippets.snippets.phrases import statements_cell
from clinic_snippets.snippets.registry import snippet


def _proof(proof: Proof) -> Paragraph:
    """Return what proves a control; a test is named by the sentence that its name is, and its file."""
    parts: list[tuple[Inline, ...]] = []
    for test in proof.test:
        file, _, name = test.partition("::")
        sentence = name.rpartition("::")[2].removeprefix("test_").replace("_", " ")
        parts.append((Words(f'test "{sentence}" in '), Code(file)))
    parts += [(Words("entry "), RecordLink(identifier)) for identifier in proof.record]
    parts += [(Words("page "), PageLink(label)) for label in proof.page]
    out: list[Inline] = [Words("Shown by ")]
    for number, part in enumerate(parts):
        out += [*([Words("; ")] if number else []), *part]
    return Paragraph((*out, Words(".")), "clinic-small")


def _control(library: Library, control: Control) -> Cell:
    return (*library.prose(control.control), _proof(control.proved_by))


def _card(library: Library, record: HandbookHazard) -> Card:
    controls = ListBlock(tuple(_control(library, control) for control in record.controls))
    facts: list[tuple[str, Cell]] = [
        ("What goes wrong", statements_cell(library, record.hazard)),
        ("How it can come about", statements_cell(library, record.causes)),
        ("What may follow for a patient", statements_cell(library, record.effect)),
        ("What stands against it", (controls,)),
        ("What remains", statements_cell(library, record.left)),
    ]
    return record_card(library, record, [], facts)


@snippet
def hazard_log(library: Library) -> Cards:
    """How the handbook itself may lead to harm: causes, what stands against each with its proof, and what remains."""
    empty = "No hazard of the handbook is recorded. This does not mean that it cannot do harm."
    return Cards(library.made(_card, library.of(HandbookHazard)), empty)
