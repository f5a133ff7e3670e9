"""Blocks: what a snippet returns and every renderer understands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Union

from clinic_snippets.records.text import ListBlock, Paragraph, TextBlock, walk
from clinic_snippets.snippets.drawing import Drawing

Cell = tuple[TextBlock, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading, and its width relative to the other columns of the table."""

    heading: str
    width: int = 1


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Row:
    """One row about one record; its first cell is the row's heading."""

    record: str
    cells: tuple[RowCell, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table of records.

    ``empty`` is the sentence shown when there are no rows: silence would read as "safe". With ``home`` the rows are the
    homes of their records; such a row's first cell starts with an ``Anchor``. With ``calm`` having no rows is an answer
    like any other, such as "nothing has changed", and no cause for a warning. With ``folded`` a reader opens the table on
    screen; its title then is what there is to open, and the table has no number.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    empty: str
    home: bool = False
    calm: bool = False
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Short headings, each with what there is to say about it."""

    items: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True, slots=True)
class Fold:
    """Detail that a reader can open on screen and that print shows in full.

    With ``screen_only`` it is left out wherever it could not be closed: in print, in books and in the terminal. What it
    says must then stand elsewhere too, such as an answer in a key.
    """

    summary: str
    body: tuple[CardBlock, ...]
    screen_only: bool = False


@dataclass(frozen=True, slots=True)
class RecordFoot:
    """Where the record is used, and the links to edit it and to report an error; filled in when a page is written."""

    record: str


RowCell = tuple[Union[TextBlock, Fold], ...]
CardBlock = Union[Paragraph, ListBlock, Facts, Fold, RecordFoot]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Card:
    """The home of one record: every link to the record leads here."""

    record: str
    title: str
    body: tuple[CardBlock, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Cards:
    """The homes of several records; ``empty`` is shown when there are none."""

    cards: tuple[Card, ...]
    empty: str


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """Drawings under one caption, one below the other, and a table that says the same to those who cannot use them.

    A long picture is several drawings, so that it can go on on the next page of a book. The table is folded away, unless
    ``open`` says that the drawings are read with it.
    """

    title: str
    drawings: tuple[Drawing, ...]
    table: Table
    open: bool = False

    @property
    def empty(self) -> str:
        """The sentence shown when there is nothing to draw."""
        return self.table.empty


Block = Union[Table, Cards, Picture]


def parts(block: Block) -> tuple[Row, ...] | tuple[Card, ...]:
    """Return the rows of a table, also of that of a picture, or the cards of a block of cards."""
    if isinstance(block, Picture):
        return block.table.rows
    return block.rows if isinstance(block, Table) else block.cards


def with_parts(block: Block, change: Callable[[Row | Card], Row | Card]) -> Block:
    """Return a block with each of its rows or cards changed."""
    changed: Any = tuple(map(change, parts(block)))
    if isinstance(block, Picture):
        return replace(block, table=replace(block.table, rows=changed))
    return replace(block, rows=changed) if isinstance(block, Table) else replace(block, cards=changed)


def emptied(part: Row | Card) -> Row | Card:
    """Return a row without its cells, or a card without its body."""
    return replace(part, cells=()) if isinstance(part, Row) else replace(part, body=())


def pieces(part: Row | Card) -> Iterator[object]:
    """Yield every text piece in a row or a card."""
    return walk(part.cells if isinstance(part, Row) else part.body)
