"""Overdue reviews: the mark on every row and card of such a record, and the sentence for a page that shows some."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import TypeVar

from clinic_snippets.library import Library
from clinic_snippets.records.text import Badge, Paragraph
from clinic_snippets.snippets.blocks import Block, Card, CardBlock, Picture, Row, Table
from clinic_snippets.snippets.phrases import SPACE

OVERDUE = Badge("Review overdue", "overdue")
ADVICE = "What such an entry says may no longer hold: check it before you use it."
_BADGES = "clinic-badges"
B = TypeVar("B", bound=CardBlock)


def marked(block: Block, library: Library) -> Block:
    """Return a block with the mark on each row and card whose record is overdue.

    Done for every snippet in one place: a table that forgot it would show an overdue rule as if it were in order.
    """
    if library.governance.as_of is None:
        return block
    if isinstance(block, Picture):
        table = marked(block.table, library)
        assert isinstance(table, Table)
        return block if table is block.table else replace(block, table=table)
    if isinstance(block, Table):
        rows = tuple(_row(row) if _late(library, row) else row for row in block.rows)
        return block if rows == block.rows else replace(block, rows=rows)
    cards = tuple(_card(card) if _late(library, card) else card for card in block.cards)
    return block if cards == block.cards else replace(block, cards=cards)


def _late(library: Library, part: Row | Card) -> bool:
    return library.governance.overdue(library.records[part.record])


def _row(row: Row) -> Row:
    return Row(row.record, (_with_mark(row.cells[0], 1), *row.cells[1:]))


def _card(card: Card) -> Card:
    return Card(card.record, card.title, _with_mark(card.body, 0))


def _with_mark(blocks: tuple[B, ...], place: int) -> tuple[B | Paragraph, ...]:
    """Return ``blocks`` with the mark behind their other marks, or else on a line of its own at ``place``."""
    for index, block in enumerate(blocks):
        if isinstance(block, Paragraph) and block.style == _BADGES:
            line = Paragraph((*block.children, SPACE, OVERDUE), _BADGES)
            return (*blocks[:index], line, *blocks[index + 1 :])
    return (*blocks[:place], Paragraph((OVERDUE,), _BADGES), *blocks[place:])


def overdue_words(days: Collection[date]) -> str:
    """Say how many entries of a page are overdue; ``days`` are those by which each was to be reviewed.

    The script for pages already built, ``review.js``, says the same.
    """
    entries = "1 entry on this page was" if len(days) == 1 else f"{len(days)} entries on this page were"
    by = " by" if len(set(days)) == 1 else ", the first by"
    return f"{entries} to be reviewed{by} {min(days)}. {ADVICE}"
