"""A PDF that Typst wrote, taken apart into its objects as bytes.

Of a hundred thousand objects, a few thousand change. A library makes something of each before it gives one away, and packs
them all one by one, which takes five times as long.
"""

from __future__ import annotations

import hashlib
import io
import re
import zlib

from sphinx.errors import SphinxError

_END = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*\Z")
_TABLE = re.compile(rb"xref\s+0 (\d+)\s+")
_LINE = 20
"""Bytes of a line of the table of places."""
_TRAILER = re.compile(rb"trailer\s+<<(.+)>>\s+startxref", re.DOTALL)
_OF_THE_TABLE = re.compile(rb"/Size \d+|/ID\[.*\]", re.DOTALL)
_START = re.compile(rb"\d+ 0 obj\s+")
_TOGETHER = 200
"""Objects packed together, at most 256: more make the file smaller, and a reader that wants one unpacks them all."""


class UnknownForm(SphinxError):
    """What Typst wrote is not written the way this package knows."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"row headers cannot be tagged: this version of Typst writes {what} of a PDF in another way; "
            "install the version of typst that requirements.txt names"
        )


class PdfFile:
    """The objects of a PDF."""

    def __init__(self, pdf: bytes) -> None:
        end = _END.search(pdf, len(pdf) - 64)
        table = _TABLE.match(pdf, int(end[1])) if end else None
        lines = range(table.end(), table.end() + _LINE * int(table[1]), _LINE) if table else range(0)
        trailer = _TRAILER.match(pdf, lines.stop)
        if not (table and trailer):
            raise UnknownForm("the table of objects")
        self._trailer = _OF_THE_TABLE.sub(b"", trailer[1])
        places = sorted((int(pdf[at : at + 10]), number) for number, at in enumerate(lines) if pdf[at + 17] == ord("n"))
        ends = [*(at for at, _number in places[1:]), table.start()]
        self._head = pdf[: places[0][0]]
        self.objects = {number: _inside(pdf[at:end]) for (at, number), end in zip(places, ends, strict=True)}
        """What each object says, by its number."""

    def root(self) -> bytes:
        """Return the object that leads to all others."""
        return self.objects[reference(self._trailer, b"Root")]

    def packed(self) -> bytes:
        """Return the file, smaller: all that may be packed is. The same objects make the same bytes."""
        out = io.BytesIO(self._head)
        out.seek(0, io.SEEK_END)
        rows: dict[int, tuple[int, int, int]] = {}

        def write(number: int, body: bytes) -> None:
            rows[number] = (1, out.tell(), 0)
            out.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))

        loose = []
        for number, body in self.objects.items():
            if body.endswith(b"endstream"):
                write(number, body)
            else:
                loose.append(number)
        last = max(self.objects)
        for inside in (loose[at : at + _TOGETHER] for at in range(0, len(loose), _TOGETHER)):
            last += 1
            write(last, self._pack(inside))
            rows |= {number: (2, last, place) for place, number in enumerate(inside)}
        identity = hashlib.sha256(out.getbuffer()).hexdigest()[:32].encode()
        rows[last := last + 1] = (1, start := out.tell(), 0)
        out.write(
            b"%d 0 obj\n%b\nendobj\n"
            % (last, _places(rows, last + 1, b"/ID[<%b><%b>]%b" % (identity, identity, self._trailer)))
        )
        out.write(b"startxref\n%d\n%%%%EOF\n" % start)
        return out.getvalue()

    def _pack(self, numbers: list[int]) -> bytes:
        bodies = [self.objects[number] + b"\n" for number in numbers]
        at = 0
        index = []
        for number, body in zip(numbers, bodies, strict=True):
            index.append(b"%d %d " % (number, at))
            at += len(body)
        first = b"".join(index)
        return _stream(b"/Type/ObjStm/N %d/First %d" % (len(bodies), len(first)), b"".join([first, *bodies]))


def reference(body: bytes, name: bytes) -> int:
    """Return the number of the object that an entry of ``body`` leads to."""
    found = re.search(rb"/%b (\d+) 0 R" % name, body)
    if not found:
        raise UnknownForm(f"/{name.decode()}")
    return int(found[1])


def _inside(written: bytes) -> bytes:
    start = _START.match(written)
    if not start:
        raise UnknownForm("objects")
    return written[start.end() : written.rindex(b"endobj")].rstrip()


def _places(rows: dict[int, tuple[int, int, int]], size: int, entries: bytes) -> bytes:
    """Return the table of where each object is: from a byte of the file on, or at a place in a pack."""
    wide = (max(first for _kind, first, _second in rows.values()).bit_length() + 7) // 8
    lines = (rows.get(number, (0, 0, 0)) for number in range(size))
    table = b"".join(kind.to_bytes(1) + first.to_bytes(wide) + second.to_bytes(1) for kind, first, second in lines)
    return _stream(b"/Type/XRef/Size %d/W[1 %d 1]%b" % (size, wide, entries), table)


def _stream(entries: bytes, content: bytes) -> bytes:
    packed = zlib.compress(content)
    return b"<<%b/Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream" % (entries, len(packed), packed)
