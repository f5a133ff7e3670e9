"""The records as spreadsheets: one CSV file for each kind, and one for each list of figures or steps within a kind.

They are for reading, counting and filtering; nothing is read back from them. A cell that a spreadsheet would run as a
formula starts with an apostrophe instead. The byte order mark tells Excel that the file is UTF-8.
"""

from __future__ import annotations

import csv
import datetime
import enum
import functools
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, get_origin

from clinic_snippets.library import Library
from clinic_snippets.reading.explain import part_in
from clinic_snippets.records import Record, Source
from clinic_snippets.records.base import Part, Statement, View, is_prose
from clinic_snippets.snippets.redline import without_markup

_FIRST = ("id", "name", "status", "topic")
_SAID = ("text", "view")
_FORMULA = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
Row = dict[str, str]


def spreadsheets(library: Library) -> dict[str, str]:
    """Return the text of each file by its name."""
    sheets: dict[str, list[Row]] = {}
    for record in library.records.values():
        for name, row in _rows(library, record):
            sheets.setdefault(name, []).append(row)
    names = sorted({name for source in library.sources.values() for name, _ in source.fields} - {"grade", "read"})
    sheets["sources"] = [_source_row(library.sources[key], names) for key in sorted(library.sources)]
    return {f"{name}.csv": _as_csv(rows) for name, rows in sheets.items() if rows}


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


def _rows(library: Library, record: Record) -> Iterator[tuple[str, Row]]:
    """Yield the row of a record, and a row for each item of its lists, each with the name of its sheet."""
    row = dict(_cells(library, type(record), record))
    yield record.kind, {name: row[name] for name in dict.fromkeys((*_FIRST, *row)) if name != "kind"}
    for name, holds, inner in _fields(type(record)):
        for number, item in enumerate(getattr(record, name) if holds is _Holds.LIST else (), 1):
            assert inner is not None
            head = {"record": record.id, "record_name": record.name, "number": str(number)}
            yield f"{record.kind}-{name.replace('_', '-')}", {**head, **dict(_cells(library, inner, item))}


def _cells(library: Library, model: type[Part], part: Part, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield each column of a model with what ``part`` has there."""
    for name, holds, inner in _fields(model):
        value = getattr(part, name)
        if holds is _Holds.PART and inner:
            own = f"{prefix}{name}_"
            yield from (
                ((own + column, "") for column in _columns(inner))
                if value is None
                else _cells(library, inner, value, own)
            )
        elif holds is _Holds.STATEMENTS:
            yield prefix + name, "\n".join(_said(library, statement) for statement in value or ())
        elif holds is not _Holds.LIST:
            is_text = holds is _Holds.PROSE and isinstance(value, str)
            yield prefix + name, without_markup(library, value) if is_text else _words(value)


@functools.cache
def _columns(model: type[Part]) -> tuple[str, ...]:
    """Return the columns of a model, those of the parts in it included."""
    out: list[str] = []
    for name, holds, inner in _fields(model):
        if holds is _Holds.PART and inner:
            out += [f"{name}_{column}" for column in _columns(inner)]
        elif holds is not _Holds.LIST:
            out.append(name)
    return tuple(out)


def _said(library: Library, statement: Any) -> str:
    """Return a statement or a view with what it stands on and its remarks."""
    text = next(getattr(statement, name) for name in _SAID if hasattr(statement, name))
    words = [without_markup(library, text)]
    if support := "our synthesis" if statement.synthesis else ", ".join(statement.sources):
        words.append(f"[{support}]")
    for label, remark in (("Note", statement.note), ("Unverified", statement.unverified)):
        words += [f"({label}: {without_markup(library, remark)})"] if remark else []
    return " ".join(words)


def _words(value: Any) -> str:
    if type(value) is str or value is None:  # as most are
        return value or ""
    match value:
        case bool():
            return "yes" if value else "no"
        case enum.Enum():
            return str(value.value)
        case tuple() if value and isinstance(value[0], tuple):
            return " ".join(",".join(f"{number:g}" for number in point) for point in value)
        case tuple():
            return "; ".join(map(_words, value))
        case datetime.date():
            return value.isoformat()
    return str(value)


def _source_row(source: Source, names: Iterable[str]) -> Row:
    fields = dict(source.fields)
    head = {"key": source.key, "label": source.label, "grade": source.grade or "", "read": source.read or ""}
    return {**head, **{name: fields.get(name, "") for name in names}}


def _as_csv(rows: Sequence[Mapping[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")  # as RFC 4180 has it
    writer.writerow(rows[0])
    writer.writerows(_harmless(row.values()) for row in rows)
    return "\ufeff" + out.getvalue()


def _harmless(cells: Iterable[str]) -> list[str]:
    """Return cells of which a spreadsheet runs none; a number stays one, whatever its sign."""
    return [f"'{cell}" if cell[:1] in _FORMULA and not _NUMBER.fullmatch(cell) else cell for cell in cells]
