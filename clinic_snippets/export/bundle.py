"""``records.json``: every record, typed, with its sources and where it comes from, for programs; and back again.

It holds no clock: the same records give the same bytes. Fields that are left at their defaults are left out, as in a
release; the schema beside it, ``bundle.schema.json``, gives the defaults.
"""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import to_jsonable_python

from clinic_snippets import __version__
from clinic_snippets.library import Library
from clinic_snippets.library.codes import current_code, current_edition, current_fingerprint
from clinic_snippets.library.release import Fields
from clinic_snippets.problems import ClinicError, Place, Problem
from clinic_snippets.reading.explain import explain
from clinic_snippets.records import KINDS, Grade, Read, Record, Source
from clinic_snippets.records.json_text import JsonText

RECORDS, SCHEMA = "records.json", "bundle.schema.json"
FORM = 1
"""The form of the bundle; a program that reads another form must not guess."""
NOTICE = (
    "A handbook for trained practitioners, not a device: it gives no verdict for a patient. A record is signed off only "
    "where its provenance names a sign-off. Show the sources and the limits with whatever is taken from it."
)
SOURCE_FIELDS = ("key", "label", "title", "grade", "read", "caution", "fields")
_FIRST = ("kind", "id", "name")


@dataclass(frozen=True)
class Bundle:
    """A bundle that was read: the records in their order, the sources by key, and what it says of itself."""

    records: tuple[Record, ...]
    sources: Mapping[str, Source]
    version: str | None
    edition: str
    provenance: Mapping[str, Mapping[str, Any]]


def bundle(library: Library, handbook: str, language: str, folder: Path) -> Iterator[str]:
    """Yield the bundle of a library, line by line; places of records are given from the handbook's source ``folder``."""
    releases = library.governance.releases
    head = {
        "$schema": SCHEMA,
        "form": FORM,
        "handbook": handbook,
        "language": language,
        "version": releases[-1].version if releases else None,
        "changed_since": bool(library.history.unreleased) if releases else True,
        "edition": current_edition(library),
        "made_by": f"clinic_snippets {__version__}",
        "notice": NOTICE,
    }
    sources = (f"{_json(key)}: {_json(_source_fields(library.sources[key]))}" for key in sorted(library.sources))
    provenance = (f"{_json(i)}: {_json(_provenance(library, record, folder))}" for i, record in library.records.items())
    yield "{\n"
    for name, value in head.items():
        yield f"{_json(name)}: {_json(value)},\n"
    # A line for each: quick to make, and to compare with an earlier one.
    yield from _lines('"records": [', map(_record, library.records.values()), "],\n")
    yield from _lines('"sources": {', sources, "},\n")
    yield from _lines('"provenance": {', provenance, "}\n")
    yield "}\n"


def _lines(start: str, parts: Iterable[str], end: str) -> Iterator[str]:
    yield start
    between = "\n"
    for part in parts:
        yield between
        yield part
        between = ",\n"
    yield f"\n{end}"


def as_fields(record: Record) -> Fields:
    """Return a record's fields by name but those at their defaults; unlike a release, it leaves out no other."""
    dumped = record.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    for name, info in type(record).model_fields.items():
        value = getattr(record, name)
        if info.exclude and value != info.get_default():
            dumped[info.alias or name] = to_jsonable_python(value, by_alias=True)
    return {name: dumped[name] for name in dict.fromkeys((*_FIRST, *dumped))}


_record = JsonText(as_fields, first=_FIRST, everything=True)
_json = _record.anything


def _source_fields(source: Source) -> dict[str, Any]:
    fields = {name: getattr(source, name) for name in SOURCE_FIELDS[:-1]}
    return {**{name: value for name, value in fields.items() if value}, "fields": dict(source.fields)}


def _provenance(library: Library, record: Record, folder: Path) -> dict[str, Any]:
    governance, place = library.governance, library.place(record)
    reviewed = governance.last_reviewed(record)
    signed = governance.valid_sign_offs(record)
    where = {"file": _below(place.file, folder), "line": place.line} if place else {}
    return {
        **where,
        "code": current_code(library, record.id),
        "fingerprint": current_fingerprint(library, record.id),
        "last_reviewed": str(reviewed) if reviewed else None,
        "signed_off": [{"name": by.name, "role": by.role, "date": str(by.date)} for by in signed],
    }


@functools.cache
def _below(file: str, folder: Path) -> str:
    return Path(os.path.relpath(file, folder)).as_posix()


def read_bundle(path: Path, kinds: Mapping[str, type[Record]] = KINDS) -> Bundle:
    """Read a bundle back; raises ClinicError that says what is wrong with it."""
    try:
        content = json.loads(path.read_text("utf-8"))
        if content["form"] != FORM:
            raise ValueError(f"its form is {content['form']}, and this version reads form {FORM}")
        sources = {key: _source(fields) for key, fields in content["sources"].items()}
        version, edition, provenance = content["version"], content["edition"], content["provenance"]
        fields = list(content["records"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        what = f"it has no {error}" if isinstance(error, KeyError) else str(error)
        raise ClinicError([_problem(path, "", f"not a bundle of records: {what}")]) from None
    records: list[Record] = []
    problems: list[Problem] = []
    for number, given in enumerate(fields, 1):
        name = given.get("id", f"records[{number}]") if isinstance(given, dict) else f"records[{number}]"
        model = kinds.get(str(given.get("kind"))) if isinstance(given, dict) else None
        if model is None:
            problems.append(_problem(path, str(name), "this is not a record of a known kind"))
            continue
        try:
            records.append(model.model_validate(given))
        except ValidationError as error:
            for details in error.errors(include_url=False):
                at = ".".join(map(str, (name, *details["loc"])))
                problems.append(_problem(path, at, explain(details, model)[0]))
    if problems:
        raise ClinicError(problems)
    return Bundle(tuple(records), sources, version, edition, provenance)


def _source(fields: Mapping[str, Any]) -> Source:
    grade, read = fields.get("grade"), fields.get("read")
    return Source(
        fields["key"],
        fields["label"],
        fields.get("title", ""),
        Grade(grade) if grade else None,
        Read(read) if read else None,
        fields.get("caution", ""),
        tuple(sorted(fields["fields"].items())),
    )


def _problem(path: Path, subject: str, message: str) -> Problem:
    return Problem(Place(str(path)), subject, message, "export it again: clinic-snippets export json", "bundle")
