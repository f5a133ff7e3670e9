"""Which records are to be reviewed: overdue on a day, or due within some days after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from clinic_snippets.library.library import Library
from clinic_snippets.records import Record


@dataclass(frozen=True)
class Due:
    """Records whose review is overdue, and those whose review is due soon; the earliest first."""

    overdue: tuple[Record, ...]
    soon: tuple[Record, ...]


def due(library: Library, as_of: date, within: timedelta, owner: str | None = None) -> Due:
    """Return the records to review. The day itself is still in time; a withdrawn record is reviewed no more."""
    records = sorted(
        (record for record in library.of() if owner is None or record.owner == owner),
        key=lambda record: (record.review_by, record.name.lower(), record.id),
    )
    return Due(
        tuple(record for record in records if record.review_by < as_of),
        tuple(record for record in records if 0 <= (record.review_by - as_of).days <= within.days),
    )


def owners(library: Library) -> list[str]:
    """Return every role that owns a record."""
    return sorted({record.owner for record in library.of()})
