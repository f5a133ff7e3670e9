"""Blocks to the terminal, with rich."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table as RichTable
from rich.text import Text

from clinic_snippets.library import Library
from clinic_snippets.records.text import (
    Abbreviation,
    Added,
    Anchor,
    Badge,
    Call,
    Citation,
    DocumentLink,
    Emphasis,
    Inline,
    ListBlock,
    PageLink,
    Paragraph,
    RecordLink,
    Removed,
    Strong,
    Term,
    WebLink,
    letter,
)
from clinic_snippets.snippets.blocks import Block, CardBlock, Facts, Fold, Picture, RecordFoot, Table, parts


class TerminalRenderer:
    """Renders a block for the terminal; links show the names they lead to."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def block(self, block: Block) -> RenderableType:
        """Return a table, a picture in words, one panel per card, or the sentence that says there is nothing."""
        if not parts(block):
            return Text(block.empty, style="bold red")
        if isinstance(block, Picture):
            return Group(
                Text(block.title, style="bold"), *(Text(d.alt) for d in block.drawings), self.block(block.table)
            )
        if isinstance(block, Table):
            # As Text, because rich takes square brackets in a plain string for its own markup.
            table = RichTable(title=Text(block.title), show_lines=True, expand=True)
            for column in block.columns:
                table.add_column(Text(column.heading), ratio=column.width)
            for row in block.rows:
                table.add_row(*(Group(*(self._block(b) for b in cell)) for cell in row.cells))
            return table
        return Group(*(Panel(Group(*(self._block(b) for b in c.body)), title=Text(c.title)) for c in block.cards))

    def _block(self, block: CardBlock) -> RenderableType:
        if isinstance(block, Paragraph):
            return self._text(block.children)
        if isinstance(block, ListBlock):
            marks = (
                f"{letter(n) if block.letters else n + 1}. " if block.ordered else "• " for n in range(len(block.items))
            )
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
            if block.screen_only:
                return Text()
            return Group(Text(block.summary, style="bold underline"), *(self._block(b) for b in block.body))
        assert isinstance(block, RecordFoot)
        place = self.library.place(self.library.records[block.record])
        return Text(str(place) if place else "", style="dim")

    def _text(self, children: tuple[Inline, ...]) -> Text:
        # A word that is too long for its column goes on in the next line; by default rich would cut it.
        text = Text(overflow="fold")
        for piece in children:
            if isinstance(piece, Strong | Emphasis | WebLink):
                style = "bold" if isinstance(piece, Strong) else "italic"
                inner = self._text(piece.children)
                text.append_text(Text(style=style).append_text(inner))
                if isinstance(piece, WebLink) and piece.url != inner.plain:
                    text.append(f" <{piece.url}>")
            elif isinstance(piece, Removed | Added):
                inner = Text(f"[{piece.mark}: ").append_text(self._text(piece.children)).append("]")
                text.append_text(Text(style="strike" if isinstance(piece, Removed) else "underline").append_text(inner))
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
            elif isinstance(piece, Badge):
                # In brackets, because a pipe or a plain terminal shows no style.
                text.append(f"({piece.text})", style="reverse")
            elif isinstance(piece, Abbreviation):
                text.append(f"{piece.text} ({piece.long})")
            elif not isinstance(piece, Anchor):
                text.append(piece.text)
        return text
