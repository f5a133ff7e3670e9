"""Screening questions with what each "yes" leads to."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import Precaution, ScreeningQuestion
from clinic_snippets.records.text import ListBlock, Paragraph, RecordLink
from clinic_snippets.snippets.blocks import Cell, Column, Facts, Fold, Row, Table
from clinic_snippets.snippets.phrases import SPACE, name_cell, rule_badge, statements_cell
from clinic_snippets.snippets.registry import snippet

COLUMNS = (Column("Topic", 18), Column("Ask", 46), Column("A yes leads to", 36))


def _leads_to(library: Library, record: ScreeningQuestion) -> Cell:
    items = []
    for identifier in record.if_yes:
        target = library.get(identifier)
        badge = (SPACE, rule_badge(target)) if isinstance(target, Precaution) else ()
        items.append((Paragraph((RecordLink(identifier), *badge)),))
    return (ListBlock(tuple(items)),)


def _what_to_do(library: Library, record: ScreeningQuestion) -> Fold:
    """Return what each of them asks for, to be opened on screen; in print the tables of precautions say it."""
    found = [target for i in record.if_yes if isinstance(target := library.get(i), Precaution)]
    facts = tuple((target.name, statements_cell(library, target.action)) for target in found)
    return Fold("What to do", (Facts(facts),), screen_only=True)


def _row(library: Library, record: ScreeningQuestion) -> Row:
    ask = library.prose(record.asks) + statements_cell(library, record.why)
    leads = (*_leads_to(library, record), _what_to_do(library, record))
    return Row(record.id, (name_cell(record, home=library), ask, leads))


@snippet
def screening_list(library: Library) -> Table:
    """Questions to ask before each treatment, and the precautions that a yes leads to."""
    rows = library.made(_row, library.of(ScreeningQuestion))
    return Table("Questions before treatment", COLUMNS, rows, "No screening question is recorded.", home=True)
