"""``reviews.json``: who owns each record, when it was reviewed, by when it must be, and whether it is signed off."""

from __future__ import annotations

from typing import Any

from clinic_snippets.export.writing import indented
from clinic_snippets.library import Library
from clinic_snippets.records import Record


def reviews(library: Library) -> str:
    """Return every record that is not withdrawn, by id; what is overdue is told only where the day is known."""
    as_of = library.governance.as_of
    day = f' "as_of": "{as_of}",\n' if as_of else ""
    entries = (_entry(library, record) for record in sorted(library.of(), key=lambda record: record.id))
    listed = ",".join(f"\n  {indented(entry, 2)}" for entry in entries)
    end = "\n " if listed else ""
    return f'{{\n{day} "records": [{listed}{end}]\n}}\n'


def _entry(library: Library, record: Record) -> dict[str, Any]:
    governance = library.governance
    reviewed = governance.last_reviewed(record)
    overdue = {"overdue": governance.overdue(record)} if governance.as_of else {}
    return {
        "id": record.id, "name": record.name, "kind": record.kind, "owner": record.owner, "topic": record.topic,
        "written": str(record.written), "last_reviewed": str(reviewed) if reviewed else None,
        "review_by": str(record.review_by), "signed": bool(governance.valid_sign_offs(record)), **overdue,
    }  # fmt: skip
