"""Row headers in the tags of a PDF.

Typst tags the cells of a header row; what it has for the cells of a stub column is not in its Python package. So this pass, after it, makes each
of them a header of its row and names it in the other cells of the row, as PDF/UA asks of tables with row headers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sphinx.errors import SphinxError

from clinic_snippets.pdf.pdf_file import PdfFile, UnknownForm, reference

_TAG = re.compile(rb"<</Type/StructElem/S/(\w+)/P (\d+) 0 R")
_KIDS = re.compile(rb"/K\[([^\]]*)\]")
_REFERENCE = re.compile(rb"(\d+) 0 R")
_WORDS = re.compile(rb"\((?:[^()\\]|\\.)*\)", re.DOTALL)
_NO_TAG = re.compile(rb"<<.*?>>")
_SPAN = re.compile(rb"/(Row|Col)Span (\d+)")
_NAMES = re.compile(rb"/IDTree<</Names\[((?:\([\w ]+\)\d+ 0 R)*)\]>>")
_NAME = re.compile(rb"\(([\w ]+)\)(\d+) 0 R")
_GROUPS = (b"THead", b"TBody", b"TFoot")
_CELL = b"<</O/Table"
"""Starts the attributes of a cell that say it is a cell."""


@dataclass
class _Cell:
    number: int
    kind: bytes
    row: int
    column: int
    rows: int
    in_head: bool


def tag_row_headers(pdf: bytes, stub_columns: Sequence[Sequence[int]]) -> bytes:
    """Return ``pdf`` with the cells of the given columns of each table, in reading order, tagged as row headers."""
    file = PdfFile(pdf)
    tags = _Tags(file)
    tables = tags.tables()
    if len(tables) != len(stub_columns):
        raise SphinxError(
            f"the PDF has {len(tables)} tables and the documents have {len(stub_columns)}: row headers cannot be tagged; "
            "a table in raw Typst must be a grid"
        )
    named: dict[bytes, int] = {}
    for number, (table, stubs) in enumerate(zip(tables, stub_columns, strict=True), 1):
        if stubs:
            tags.tag_table(table, set(stubs), number, named)
    if named:
        tags.name(named)
    return file.packed()


class _Tags:
    """The tree of tags of a PDF."""

    def __init__(self, file: PdfFile) -> None:
        self._objects = file.objects
        self._root = reference(file.root(), b"StructTreeRoot")

    def tables(self) -> list[int]:
        """Return the tables in reading order."""
        marked = (number for number, body in self._objects.items() if b"/S/Table/" in body)
        tables = {number for number in marked if self._kind(number) == b"Table"}
        around: set[int] = set()
        for number in tables:
            while number not in around and (tag := _TAG.match(self._objects[number])):
                around.add(number)
                number = int(tag[2])
        return [number for number in self._walk(self._root, around) if number in tables]

    def _walk(self, number: int, around: set[int]) -> Iterator[int]:
        for kid in self._kids(number):
            if kid in around:
                yield kid
                yield from self._walk(kid, around)

    def tag_table(self, table: int, stubs: set[int], number: int, named: dict[bytes, int]) -> None:
        """Make the cells of some columns the headers of their rows, and add each to ``named``."""
        cells = list(self._cells(table))
        headers: dict[int, list[bytes]] = {}
        others = []
        for cell in cells:
            if cell.column in stubs and not cell.in_head and cell.kind == b"TD":
                name = b"R%dx%dy%d" % (number, cell.column, cell.row)
                body = self._with_attributes(cell, b"/Scope/Row")
                start = _TAG.match(body)
                assert start
                above = b"<</Type/StructElem/S/TH/P %b 0 R/ID(%b)" % (start[2], name)
                self._objects[cell.number] = above + body[start.end() :]
                named[name] = cell.number
                for row in range(cell.row, cell.row + cell.rows):
                    headers.setdefault(row, []).append(name)
            elif not cell.in_head:
                others.append(cell)
        for cell in others:
            if cell.row in headers:
                mine = b"".join(b"(%b)" % name for name in headers[cell.row])
                body = self._objects[cell.number]
                known, has_some, rest = body.partition(b"/Headers[")
                given, end, rest = rest.partition(b"]")
                self._objects[cell.number] = (
                    known + has_some + given + mine + end + rest
                    if has_some
                    else self._with_attributes(cell, b"/Headers[%b]" % mine)
                )

    def name(self, named: dict[bytes, int]) -> None:
        """Make tags known by their names, besides those that are."""
        body = self._objects[self._root]
        found = _NAMES.search(body)
        if b"/IDTree" in body and not found:
            raise UnknownForm("names of tags")
        if found:
            named |= {name: int(number) for name, number in _NAME.findall(found[1])}
            body = body.replace(found[0], b"")
        names = b"".join(b"(%b)%d 0 R" % (name, number) for name, number in sorted(named.items()))
        self._objects[self._root] = body.removesuffix(b">>") + b"/IDTree<</Names[%b]>>>>" % names

    def _kind(self, number: int) -> bytes:
        tag = _TAG.match(self._objects[number])
        return tag[1] if tag else b""

    def _kids(self, number: int) -> list[int]:
        body, words = self._objects[number], 1
        while words and b"(" in body:  # from the inside out: words may hold brackets
            body, words = _WORDS.subn(b"", body)
        kids = _KIDS.search(body)
        return [int(kid) for kid in _REFERENCE.findall(_NO_TAG.sub(b"", kids[1]))] if kids else []

    def _cells(self, table: int) -> Iterator[_Cell]:
        taken: set[tuple[int, int]] = set()
        for row, (in_head, line) in enumerate(self._rows(table)):
            column = 0
            for number in self._kids(line):
                while (row, column) in taken:
                    column += 1
                spans = {name: int(count) for name, count in _SPAN.findall(self._objects[number])}
                rows, columns = spans.get(b"Row", 1), spans.get(b"Col", 1)
                taken.update((row + down, column + right) for down in range(rows) for right in range(columns))
                yield _Cell(number, self._kind(number), row, column, rows, in_head)
                column += columns

    def _rows(self, table: int) -> Iterator[tuple[bool, int]]:
        for part in self._kids(table):
            kind = self._kind(part)
            if kind in _GROUPS:
                yield from ((kind == b"THead", line) for line in self._kids(part))
            elif kind == b"TR":
                yield False, part

    def _with_attributes(self, cell: _Cell, attributes: bytes) -> bytes:
        """Return a cell with more attributes that say it is a cell."""
        body = self._objects[cell.number]
        if _CELL in body:
            return body.replace(_CELL, _CELL + attributes, 1)
        own = b"%b%b>>" % (_CELL, attributes)
        if b"/A[" in body:
            return body.replace(b"/A[", b"/A[" + own, 1)
        return body.removesuffix(b">>") + b"/A[%b]>>" % own
