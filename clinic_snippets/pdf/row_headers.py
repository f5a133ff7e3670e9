"""Row headers in the tags of a PDF.

Typst tags the cells of a header row; what it has for the cells of a stub column is not in its Python package. So this
pass, after it, makes each of them a header of its row and names it in the other cells of the row, as PDF/UA asks of
tables with row headers.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from sphinx.errors import SphinxError

_GROUPS = (Name.THead, Name.TBody, Name.TFoot)


@dataclass
class _Cell:
    tag: Dictionary
    attributes: Dictionary
    row: int
    column: int
    rows: int
    columns: int
    in_head: bool


def tag_row_headers(pdf: bytes, stub_columns: Sequence[Sequence[int]]) -> bytes:
    """Return ``pdf`` with the cells of the given columns of each table, in reading order, tagged as row headers."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        root = _dictionary(document.Root.StructTreeRoot)
        tables = list(_tables(root))
        if len(tables) != len(stub_columns):
            raise SphinxError(
                f"the PDF has {len(tables)} tables and the documents have {len(stub_columns)}: row headers cannot be tagged; "
                "a table in raw Typst must be a grid"
            )
        named: dict[str, Dictionary] = {}
        for number, (table, stubs) in enumerate(zip(tables, stub_columns, strict=True), 1):
            if stubs:
                _tag_table(table, set(stubs), number, named)
        if named:
            # A new tree, sorted as a whole: adding thousands of names one by one takes minutes.
            if "/IDTree" in root:
                named.update((str(name), _dictionary(tag)) for name, tag in pikepdf.NameTree(root.IDTree).items())
            names = Array()
            for name, tag in sorted(named.items(), key=lambda item: item[0].encode()):
                names.append(String(name))
                names.append(tag)
            root.IDTree = document.make_indirect(Dictionary(Names=names))
        out = io.BytesIO()
        document.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _kids(tag: Dictionary) -> Iterator[Dictionary]:
    kids = tag.get("/K", Array())
    for kid in kids if isinstance(kids, Array) else [kids]:
        if isinstance(kid, Dictionary) and ("/S" in kid):
            yield kid


def _tables(tag: Dictionary) -> Iterator[Dictionary]:
    for kid in _kids(tag):
        if kid.S == Name.Table:
            yield kid
        yield from _tables(kid)


def _tag_table(table: Dictionary, stubs: set[int], number: int, named: dict[str, Dictionary]) -> None:
    cells = list(_cells(table))
    headers: dict[int, list[String]] = {}
    own: dict[int, String] = {}
    for place, cell in enumerate(cells):
        if cell.column in stubs and not cell.in_head and cell.tag.S == Name.TD:
            name = f"R{number}x{cell.column}y{cell.row}"
            cell.tag.S = Name.TH
            cell.tag.ID = String(name)
            cell.attributes.Scope = Name.Row
            named[name] = cell.tag
            own[place] = cell.tag.ID
            for row in range(cell.row, cell.row + cell.rows):
                headers.setdefault(row, []).append(cell.tag.ID)
    for place, cell in enumerate(cells):
        if place not in own and not cell.in_head and cell.row in headers:
            cell.attributes.Headers = Array([*cell.attributes.get("/Headers", Array()), *headers[cell.row]])


def _cells(table: Dictionary) -> Iterator[_Cell]:
    taken: set[tuple[int, int]] = set()
    for row, (in_head, line) in enumerate(_rows(table)):
        column = 0
        for tag in _kids(line):
            while (row, column) in taken:
                column += 1
            attributes = _table_attributes(tag)
            rows, columns = int(attributes.get("/RowSpan", 1)), int(attributes.get("/ColSpan", 1))
            taken.update((row + down, column + right) for down in range(rows) for right in range(columns))
            yield _Cell(tag, attributes, row, column, rows, columns, in_head)
            column += columns


def _rows(table: Dictionary) -> Iterator[tuple[bool, Dictionary]]:
    for part in _kids(table):
        if part.S in _GROUPS:
            for line in _kids(part):
                yield part.S == Name.THead, line
        elif part.S == Name.TR:
            yield False, part


def _table_attributes(cell: Dictionary) -> Dictionary:
    """Return the attributes of a cell that say it is a cell, added if there are none."""
    given = cell.get("/A", Array())
    found = list(given) if isinstance(given, Array) else [given]
    for attributes in found:
        if isinstance(attributes, Dictionary) and attributes.get("/O") == Name.Table:
            return attributes
    added = Dictionary(O=Name.Table)
    cell.A = Array([*found, added])
    return _dictionary(cell.A[-1])


def _dictionary(value: object) -> Dictionary:
    assert isinstance(value, Dictionary)
    return value
