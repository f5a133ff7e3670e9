"""``bundle.schema.json``: the schema of ``records.json``.

For this package's own kinds of record it stands ready in a file, because to make it takes longer than all else that a
small build does with the records. ``make schema`` writes that file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from clinic_snippets.export.bundle import FORM, NOTICE, SCHEMA, SOURCE_FIELDS
from clinic_snippets.export.schema import DIALECT, Schema, any_record, definitions_of
from clinic_snippets.records import KINDS, Grade, Read, Record
from clinic_snippets.records.kinds import OURS

READY = Path(__file__).with_name(SCHEMA)


def bundle_schema(kinds: Mapping[str, type[Record]] = KINDS) -> str:
    """Return the schema of a bundle with these kinds of record."""
    return READY.read_text("utf-8") if tuple(kinds.items()) == OURS else make_schema(kinds)


def make_schema(kinds: Mapping[str, type[Record]]) -> str:
    """Return the schema of a bundle with these kinds of record, made from their models."""
    refs, definitions = definitions_of(kinds.values(), "serialization")
    text, texts = {"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}
    date = {"type": "string", "format": "date"}
    properties: Schema = {
        "$schema": {**text, "description": "The schema, which stands beside this file."},
        "form": {"const": FORM, "description": "The form of this file."},
        "handbook": {**text, "description": "What the handbook is called."},
        "language": {**text, "description": "The language in which the records are written."},
        "version": {"type": ["string", "null"], "description": "The latest release, if there is one."},
        "changed_since": {"type": "boolean", "description": "Whether a record has changed since that release."},
        "edition": {"type": "string", "description": "A code that changes with any clinical field of any record."},
        "made_by": {**text, "description": "The program that wrote this file, and its version."},
        "notice": {**text, "description": "What a handbook is not, and what must be shown with its records."},
        "records": {"type": "array", "items": any_record(kinds, refs), "description": "Every record."},
        "sources": _by_key("Source", "Every source, by its key."),
        "provenance": _by_key("Provenance", "Where each record comes from, by its id."),
    }
    source = {
        "key": {**text, "description": "Its key in the bibliography."},
        "label": {**text, "description": "What it is called where it is cited."},
        "title": {**text, "description": "Its title."},
        "caution": {**text, "description": "What a reader must know of it."},
        "grade": {"enum": list(Grade), "description": "How it was read and what it is, best first."},
        "read": {"enum": list(Read), "description": "What of it was read."},
        "fields": {**texts, "description": "Every field of the bibliography entry."},
    }
    signed = {"name": text, "role": text, "date": date}
    origin = {
        "file": {**text, "description": "Where the record is written."},
        "line": {"type": "integer", "description": "The line of that file."},
        "code": {**text, "description": "The code that a printed copy of the record shows."},
        "fingerprint": {**text, "description": "Of the clinical fields; a sign-off holds while it stays the same."},
        "last_reviewed": {"anyOf": [date, {"type": "null"}], "description": "The day of its last review, if there was one."},
        "signed_off": {
            "type": "array", "items": _closed(signed, signed),
            "description": "Who signed it off as it stands; where it is empty, nobody has.",
        },
    }  # fmt: skip
    definitions["Source"] = _closed({name: source[name] for name in SOURCE_FIELDS}, ("key", "label", "fields"))
    definitions["Provenance"] = _closed(origin, ("code", "fingerprint", "last_reviewed", "signed_off"))
    whole = _closed(properties, properties)
    head = {"$schema": DIALECT, "title": "The records of a handbook", "description": NOTICE}
    return json.dumps({**head, **whole, "$defs": definitions}, indent=1, ensure_ascii=False) + "\n"


def _by_key(name: str, description: str) -> Schema:
    return {"type": "object", "additionalProperties": {"$ref": f"#/$defs/{name}"}, "description": description}


def _closed(properties: Schema, required: Any) -> Schema:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


if __name__ == "__main__":
    READY.write_text(make_schema(dict(OURS)), "utf-8", newline="\n")
