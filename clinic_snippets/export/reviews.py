"""``reviews.json``: who owns each record, when it was reviewed, by when it must be, and whether it is signed off."""

from __future__ import annotations

import json
from typing import Any

from clinic_snippets.library import Library
from clinic_snippets.records import Record


def reviews(library: Library) -> str:
    """Return every record that is not withdrawn, by id; what is overdue is told only where the day is known."""
    as_of = library.governance.as_of
    content: dict[str, Any] = {"as_of": str(as_of)} if as_of else {}
    content["records"] = [_entry(library, record) for record in sorted(library.of(), key=lambda record: record.id)]
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _entry(library: Library, record: Record) -> dict[str, Any]:
    governance = library.governance
    reviewed = governance.last_reviewed(record)
    overdue = {"overdue": governance.overdue(record)} if governance.as_of else {}
    return {
        "id": record.id, "name": record.name, "kind": record.kind, "owner": record.owner, "topic": record.topic,
        "written": str(record.written), "last_reviewed": str(reviewed) if reviewed else None,
        "review_by": str(record.review_by), "signed": bool(governance.valid_sign_offs(record)), **overdue,
    }  # fmt: skip
