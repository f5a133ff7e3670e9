"""Blocks to the terminal, with rich."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table as RichTable
from rich.text import Text

from clinic_snippets.library import Library
from clinic_snippets.records.text import (
    Anchor,
    Call,
    Citation,
    DocumentLink,
    Emphasis,
    Inline,
    ListBlock,
    PageLink,
    Paragraph,
    RecordLink,
    Strong,
    Term,
    WebLink,
)
from clinic_snippets.snippets.blocks import Block, CardBlock, Facts, Fold, RecordFoot, Table, parts


class TerminalRenderer:
    """Renders a block for the terminal; links show the names they lead to."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def block(self, block: Block) -> RenderableType:
        """Return a table, or one panel per card, or the sentence that says there is nothing."""
        if not parts(block):
            return Text(block.empty, style="bold red")
        if isinstance(block, Table):
            table = RichTable(title=block.title, show_lines=True)
            for column in block.columns:
                table.add_column(column.heading, ratio=column.width)
            for row in block.rows:
                table.add_row(*(Group(*(self._block(b) for b in cell)) for cell in row.cells))
            return table
        return Group(*(Panel(Group(*(self._block(b) for b in c.body)), title=c.title) for c in block.cards))

    def _block(self, block: CardBlock) -> RenderableType:
        if isinstance(block, Paragraph):
            return self._text(block.children)
        if isinstance(block, ListBlock):
            marks = (f"{n}. " if block.ordered else "• " for n in range(1, len(block.items) + 1))
            rows = RichTable.grid()
            for mark, item in zip(marks, block.items, strict=True):
                rows.add_row(mark, Group(*(self._block(b) for b in item)))
            return rows
        if isinstance(block, Facts):
            return Group(*(
                part for heading, cell in block.items
                for part in (Text(heading, style="bold"), Padding(Group(*(self._block(b) for b in cell)), (0, 0, 0, 2)))
            ))  # fmt: skip
        if isinstance(block, Fold):
            return Group(Text(block.summary, style="bold underline"), *(self._block(b) for b in block.body))
        assert isinstance(block, RecordFoot)
        place = self.library.place(self.library.records[block.record])
        return Text(str(place) if place else "", style="dim")

    def _text(self, children: tuple[Inline, ...]) -> Text:
        text = Text()
        for piece in children:
            if isinstance(piece, Strong | Emphasis | WebLink):
                text.append_text(
                    Text(style="bold" if isinstance(piece, Strong) else "italic").append_text(
                        self._text(piece.children)
                    )
                )
            elif isinstance(piece, RecordLink):
                record = self.library.get(piece.id)
                text.append(piece.words or (record.name if record else piece.id), style="underline")
            elif isinstance(piece, Citation):
                names = [self.library.sources[key].label if key in self.library.sources else key for key in piece.keys]
                text.append(", ".join(names) if piece.textual else f"[{', '.join(names)}]")
            elif isinstance(piece, PageLink | Term):
                text.append(piece.words or getattr(piece, "term", "") or getattr(piece, "target", ""))
            elif isinstance(piece, DocumentLink):
                text.append(piece.docname)
            elif isinstance(piece, Call):
                text.append(f"Call: {piece.whom}", style="bold")
            elif not isinstance(piece, Anchor):
                text.append(piece.text, style="reverse" if type(piece).__name__ == "Badge" else "")
        return text
