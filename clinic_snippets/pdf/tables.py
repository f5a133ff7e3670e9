"""Rules for tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from docutils import nodes

from clinic_snippets.pdf.source_writer import FULL_LINE, SourceWriter
from clinic_snippets.pdf.typst_text import array, length, quoted

WIDE = ("landscape", "wide")
"""Classes of tables that ask for a page on its side."""

_LONG_CELL = 1200
_LONG_COLUMN = 45
"""Lines of a cell after which its row may break: a row that is kept whole and longer than a page would be cut off."""
_LETTERS_UPRIGHT, _LETTERS_LYING = 105, 150
_AUTO_ROOM = 12
_ALIGNMENTS = {"text-left": "left", "text-center": "center", "text-right": "right"}


@dataclass
class _Cell:
    entry: nodes.entry
    row: int
    column: int
    rows: int
    columns: int


class TableRules(SourceWriter):
    """Real tables: widths from the column specifications, header rows repeated, rows kept whole."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.stub_columns: list[list[int]] = []
        """The columns of row headers of each table, in reading order."""

    def visit_table(self, node: nodes.table) -> None:
        title = next((child for child in node.children if isinstance(child, nodes.title)), None)
        group = next(child for child in node.children if isinstance(child, nodes.tgroup))
        columns = [child for child in group.children if isinstance(child, nodes.colspec)]
        head = [child for child in group.children if isinstance(child, nodes.thead)]
        body = [child for child in group.children if isinstance(child, nodes.tbody)]
        classes: list[str] = node.get("classes", [])
        shares = [float(column.get("colwidth", 1)) for column in columns]
        wide = bool(set(WIDE) & set(classes))
        automatic = "colwidths-auto" in classes
        across = (_LETTERS_LYING if wide else _LETTERS_UPRIGHT) / sum(shares)
        letters = [max(4.0, across * share) for share in shares]
        stubs = [number for number, column in enumerate(columns) if column.get("stub")]

        self.stub_columns.append(stubs)
        name = self.named(node)
        caption = self.render(title) if title is not None else ""
        outer_room, outer_notes = self.room, self.header_notes
        self.in_table += 1
        notes: list[str] = []
        self.header_notes = notes
        parts = [f"table.header(\n{self._rows(head[0], letters, automatic, range(len(columns)))}),\n"] if head else []
        self.header_notes = outer_notes
        parts += [self._rows(rows, letters, automatic, stubs) for rows in body]
        self.in_table -= 1
        self.room = outer_room

        widths = array("auto" if automatic else f"{share:g}fr" for share in shares)
        options = f"heads: {len(head[0]) if head else 0}" + (", size: 8.5pt" if self.in_table or wide else "") + name
        call = f"data-table({quoted(self.figure_number('table', node))}, [{caption}], {widths}, {options},\n{''.join(parts)})"
        width = length(node.get("width"))
        self.add_block(f"#block(width: {width}, {call})" if width else f"#{call}")
        for note in notes:
            self.add_block(f"#table-note[{note}]")
        raise nodes.SkipNode

    def _rows(self, group: nodes.Element, letters: Sequence[float], automatic: bool, headers: Sequence[int]) -> str:
        cells = _grid(group)
        free = _rows_that_may_break(cells, letters)
        lines: list[str] = []
        for cell in cells:
            across = sum(letters[cell.column : cell.column + cell.columns])
            # Code is half as wide again as text.
            self.room = _AUTO_ROOM if automatic else max(6, min(FULL_LINE, int(across * 0.6)))
            start = "  " if cell.entry.parent.index(cell.entry) else "\n  "
            lines.append(f"{start}{self._cell(cell, cell.column in headers, cell.row in free)}, ")
        return "".join(lines) + "\n"

    def _cell(self, cell: _Cell, header: bool, may_break: bool) -> str:
        arguments = []
        if cell.columns > 1:
            arguments.append(f"colspan: {cell.columns}")
        if cell.rows > 1:
            arguments.append(f"rowspan: {cell.rows}")
        if may_break:
            arguments.append("breakable: true")
        classes: list[str] = cell.entry.get("classes", [])
        align = next((_ALIGNMENTS[name] for name in classes if name in _ALIGNMENTS), None)
        if align:
            arguments.append(f"align: {align}")
        # What is left empty on a sheet is to be written in.
        words = self._heading(cell.entry) if header else self.render(cell.entry) or "#blank"
        if cell.entry.parent.index(cell.entry) == 0:
            words = self.anchor_of(cell.entry.parent) + words
        return f"table.cell({', '.join(arguments)})[{words}]" if arguments else f"[{words}]"

    def _heading(self, entry: nodes.entry) -> str:
        """Return the markup of a header cell: its first paragraph names the row, what follows only describes it."""
        blocks = entry.children
        shown = (number for number, block in enumerate(blocks, 1) if not isinstance(block, nodes.Invisible))
        end = next(shown, len(blocks))
        name = self.anchor_of(entry) + self.render(blocks[:end])
        rest = self.render(blocks[end:])
        return (f"#strong[{name}]" if name else "") + (f"\n\n{rest}" if rest else "")


def _grid(group: nodes.Element) -> list[_Cell]:
    """Return the cells of a head or body with their places, which spans shift."""
    taken: set[tuple[int, int]] = set()
    cells: list[_Cell] = []
    for row_number, row in enumerate(group.children):
        column = 0
        for entry in row.children:
            assert isinstance(entry, nodes.entry)
            while (row_number, column) in taken:
                column += 1
            cell = _Cell(entry, row_number, column, entry.get("morerows", 0) + 1, entry.get("morecols", 0) + 1)
            taken.update(
                (row_number + down, column + right) for down in range(cell.rows) for right in range(cell.columns)
            )
            cells.append(cell)
            column += cell.columns
    return cells


def _rows_that_may_break(cells: Sequence[_Cell], letters: Sequence[float]) -> set[int]:
    free: set[int] = set()
    for cell in cells:
        text = cell.entry.astext()
        across = sum(letters[cell.column : cell.column + cell.columns])
        height = sum(1 + len(line) / across for line in text.split("\n") if line)
        if len(text) > _LONG_CELL or height > _LONG_COLUMN or any(True for _ in cell.entry.findall(nodes.table)):
            free.update(range(cell.row, cell.row + cell.rows))
    # Rows that one cell spans are free together: Typst keeps a spanned group whole if any of its rows is.
    for cell in cells:
        span = range(cell.row, cell.row + cell.rows)
        if free.intersection(span):
            free.update(span)
    return free
