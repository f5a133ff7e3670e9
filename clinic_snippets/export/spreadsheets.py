"""The records as spreadsheets: one CSV file for each kind, and one for each list of figures or steps within a kind.

They are for reading, counting and filtering; nothing is read back from them. A cell that a spreadsheet would run as a
formula starts with an apostrophe instead. The byte order mark tells Excel that the file is UTF-8.
"""

from __future__ import annotations

import csv
import enum
import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, get_origin

from clinic_snippets.library import Library
from clinic_snippets.reading.explain import part_in
from clinic_snippets.records import Record, Source
from clinic_snippets.records.base import Part, Statement, View, is_prose
from clinic_snippets.snippets.redline import without_markup

_FIRST = ("id", "name", "status", "topic")
_OF_AN_ITEM = ("record", "record_name", "number")
_OF_A_SOURCE = ("key", "label", "grade", "read")
_FORMULA = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
Cell = Callable[[Library, Any], str]
"""What a part has in one column."""


def spreadsheets(library: Library) -> dict[str, Iterable[str]]:
    """Return the lines of each file by its name; they are made when they are asked for, once."""
    by_kind: dict[type[Record], list[Record]] = {}
    for record in library.records.values():
        by_kind.setdefault(type(record), []).append(record)
    out: dict[str, Iterable[str]] = {}
    for kind, records in by_kind.items():
        columns = _columns(kind)
        columns = {name: columns[name] for name in dict.fromkeys((*_FIRST, *columns)) if name != "kind"}
        name = records[0].kind
        out[f"{name}.csv"] = _lines(columns, _rows(library, columns, records))
        for field, holds, inner in _fields(kind):
            if holds is _Holds.LIST and inner and any(getattr(record, field) for record in records):
                columns = _columns(inner)
                rows = _rows_of_items(library, columns, records, field)
                out[f"{name}-{field.replace('_', '-')}.csv"] = _lines((*_OF_AN_ITEM, *columns), rows)
    if library.sources:
        names = sorted({name for source in library.sources.values() for name, _ in source.fields} - {"grade", "read"})
        rows = (_source_row(library.sources[key], names) for key in sorted(library.sources))
        out["sources.csv"] = _lines((*_OF_A_SOURCE, *names), rows)
    return out


def _rows(library: Library, columns: Mapping[str, Cell], parts: Iterable[Part]) -> Iterator[list[str]]:
    cells = list(columns.values())
    for part in parts:
        yield [cell(library, part) for cell in cells]


def _rows_of_items(
    library: Library, columns: Mapping[str, Cell], records: Iterable[Record], field: str
) -> Iterator[list[str]]:
    for record in records:
        for number, row in enumerate(_rows(library, columns, getattr(record, field)), 1):
            yield [record.id, record.name, str(number), *row]


class _Holds(enum.Enum):
    """What a field holds, which decides where it goes."""

    VALUE = enum.auto()
    PROSE = enum.auto()
    STATEMENTS = enum.auto()
    PART = enum.auto()
    LIST = enum.auto()
    """Parts with several fields of their own, such as rates: they have a sheet of their own."""


@functools.cache
def _fields(model: type[Part]) -> tuple[tuple[str, _Holds, type[Part] | None], ...]:
    """Return each field of a model, what it holds, and the type of the parts in it."""
    out = []
    for name, info in model.model_fields.items():
        inner = part_in(info.annotation)
        holds = _Holds.PART if inner else _Holds.PROSE if is_prose(model, name) else _Holds.VALUE
        if inner and get_origin(info.annotation) is tuple:
            holds = _Holds.STATEMENTS if issubclass(inner, Statement | View) else _Holds.LIST
        out.append((name, holds, inner))
    return tuple(out)


@functools.cache
def _columns(model: type[Part]) -> dict[str, Cell]:
    """Return the columns of a model, those of the parts in it included."""
    out: dict[str, Cell] = {}
    for name, holds, inner in _fields(model):
        if holds is _Holds.PART and inner:
            out |= {f"{name}_{column}": _within(name, cell) for column, cell in _columns(inner).items()}
        elif holds is not _Holds.LIST:
            make = {_Holds.STATEMENTS: _statements, _Holds.PROSE: _prose}.get(holds, _value)
            out[name] = make(name)
    return out


def _within(name: str, cell: Cell) -> Cell:
    def in_part(library: Library, part: Any) -> str:
        inner = part.__dict__[name]
        return "" if inner is None else cell(library, inner)

    return in_part


def _statements(name: str) -> Cell:
    return lambda library, part: "\n".join([_said(library, said) for said in part.__dict__[name] or ()])


def _prose(name: str) -> Cell:
    def text(library: Library, part: Any) -> str:
        value = part.__dict__[name]
        return without_markup(library, value) if isinstance(value, str) else _words(value)

    return text


def _value(name: str) -> Cell:
    return lambda library, part: _words(part.__dict__[name])


def _said(library: Library, statement: Any) -> str:
    """Return a statement or a view with what it stands on and its remarks."""
    held = statement.__dict__
    words = [without_markup(library, held["text"] if "text" in held else held["view"])]
    if support := "our synthesis" if statement.synthesis else ", ".join(statement.sources):
        words.append(f"[{support}]")
    for label, remark in (("Note", statement.note), ("Unverified", statement.unverified)):
        words += [f"({label}: {without_markup(library, remark)})"] if remark else []
    return " ".join(words)


def _words(value: Any) -> str:
    if type(value) is str or value is None:  # as most are
        return value or ""
    if isinstance(value, tuple):
        if value and isinstance(value[0], tuple):
            return " ".join(",".join(f"{number:g}" for number in point) for point in value)
        return "; ".join(map(_words, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value.value if isinstance(value, enum.Enum) else value)


def _source_row(source: Source, names: Iterable[str]) -> list[str]:
    fields = dict(source.fields)
    return [source.key, source.label, source.grade or "", source.read or "", *(fields.get(name, "") for name in names)]


class _Lines:
    """A file for Python's CSV writer that hands back what is written."""

    def write(self, line: str) -> str:
        """Return a line."""
        return line


def _lines(columns: Iterable[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    writer = csv.writer(_Lines(), lineterminator="\r\n")  # as RFC 4180 has it
    yield "\ufeff"
    yield writer.writerow(columns)
    for row in rows:
        yield writer.writerow([_harmless(cell) if cell[:1] in _FORMULA else cell for cell in row])


def _harmless(cell: str) -> str:
    """Return what a spreadsheet does not run; a number stays one, whatever its sign."""
    return cell if _NUMBER.fullmatch(cell) else f"'{cell}"
