"""Records as JSON, without the dictionaries in between: a handbook may have thousands, and writes each twice a build.

What is written is to the letter what ``json.dumps`` makes of pydantic's ``model_dump(mode="json",
exclude_defaults=True)``. A kind that a handbook declares may hold anything and say itself how that is dumped, so it goes
that long way.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from datetime import date
from json.encoder import encode_basestring
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_core import to_json, to_jsonable_python

from clinic_snippets.records.base import Part, Record

_OURS = "clinic_snippets.records."
_LONG = 100
_Fields = tuple[tuple[str, Any, str], ...]
"""Of each field its name, its default, and the name as it is written."""


class JsonText:
    """One way of writing records as JSON, all on one line.

    ``dumped`` gives a record's fields as a dictionary, without those that are ``left_out``: the long way. With
    ``compact`` there are no blanks, and names are sorted; else ``first`` come first and the other fields as declared.
    With ``everything``, fields that no dump holds follow behind the others.
    """

    def __init__(
        self,
        dumped: Callable[[Record], dict[str, Any]],
        *,
        compact: bool = False,
        first: Collection[str] = (),
        left_out: Collection[str] = (),
        everything: bool = False,
    ) -> None:
        self._dumped, self._compact, self._first = dumped, compact, first
        self._left_out, self._everything = left_out, everything
        self._comma, self._colon = (",", ":") if compact else (", ", ": ")
        separators = (self._comma, self._colon)
        self.anything = json.JSONEncoder(ensure_ascii=False, sort_keys=compact, separators=separators).encode
        """Writes anything that JSON can hold in the same form."""
        self._records: dict[type[Record], _Fields] = {}
        self._writers: dict[type, Callable[[Any], str]] = {}

    def __call__(self, record: Record) -> str:
        """Return a record as it is written."""
        kind = type(record)
        if not kind.__module__.startswith(_OURS):
            return self.anything(self._dumped(record))
        if kind not in self._records:
            infos = kind.model_fields
            names = [*self._first, *(name for name, info in infos.items() if not info.exclude)]
            names += infos if self._everything else ()
            self._records[kind] = self._fields(infos, (name for name in names if name not in self._left_out))
        return self._object(record, self._records[kind])

    def _fields(self, infos: dict[str, FieldInfo], names: Iterable[str]) -> _Fields:
        each = list(dict.fromkeys(names))
        if self._compact:
            each.sort()
        # A field that must be given has a default that equals nothing.
        return tuple((name, infos[name].get_default(), encode_basestring(name) + self._colon) for name in each)

    def _object(self, part: Part, fields: _Fields) -> str:
        values, said = part.__dict__, []
        for name, default, key in fields:
            value = values[name]
            if value is default:  # as most are
                continue
            if value != default:
                said.append(key + (_text(value) if type(value) is str else self._value(value)))
        return f"{{{self._comma.join(said)}}}"

    def _value(self, value: Any) -> str:
        write = self._writers.get(type(value))
        if write is None:
            write = self._writers[type(value)] = self._writer(type(value))
        return write(value)

    def _writer(self, kind: type) -> Callable[[Any], str]:
        if issubclass(kind, str):
            return _text
        if issubclass(kind, date):
            return lambda day: f'"{day}"'
        if issubclass(kind, tuple):
            return lambda values: f"[{self._comma.join(map(self._value, values))}]"
        if issubclass(kind, Part):
            infos = kind.model_fields
            fields = self._fields(infos, (name for name, info in infos.items() if not info.exclude))
            return lambda part: self._object(part, fields)
        # Numbers above all, which are not written alike everywhere.
        return lambda value: self.anything(to_jsonable_python(value))


def _text(text: str) -> str:
    # Pydantic's way starts slower and then goes faster.
    return encode_basestring(text) if len(text) < _LONG else to_json(text).decode()
