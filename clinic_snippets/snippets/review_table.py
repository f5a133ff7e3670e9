"""Reviews by topic: who owns the entries, when they were written and reviewed, and which review is due next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from clinic_snippets.library import Library
from clinic_snippets.records import Record
from clinic_snippets.records.text import Paragraph, RecordLink, Words
from clinic_snippets.snippets.blocks import Column, Row, Table
from clinic_snippets.snippets.phrases import listed
from clinic_snippets.snippets.registry import snippet

COLUMNS = (
    Column("Topic", 20), Column("Owner", 14), Column("Entries", 8), Column("Written", 14), Column("Last reviewed", 18),
    Column("Next review", 26),
)  # fmt: skip


def _span(days: Sequence[date]) -> str:
    first, last = min(days), max(days)
    return str(first) if first == last else f"{first} to {last}"


def _last_reviewed(library: Library, records: Sequence[Record]) -> str:
    days = [day for record in records if (day := library.governance.last_reviewed(record))]
    if not days:
        return "never"
    part = "" if len(days) == len(records) else f"{len(days)} of {len(records)} entries: "
    return f"{part}{_span(days)}"


def _row(library: Library, topic: str, records: Sequence[Record]) -> Row:
    first = min(records, key=lambda record: (record.review_by, record.name.lower(), record.id))
    due = sum(record.review_by == first.review_by for record in records)
    others = f" and {due - 1} more" if due > 1 else ""
    return Row(
        first.id,
        (
            listed([topic[:1].upper() + topic[1:]]),
            listed(sorted({record.owner for record in records})),
            listed([str(len(records))]),
            listed([_span([record.written for record in records])]),
            listed([_last_reviewed(library, records)]),
            (Paragraph((Words(f"{first.review_by}: "), RecordLink(first.id), Words(f"{others}."))),),
        ),
    )


@snippet
def review_table(library: Library) -> Table:
    """Reviews by topic, the one that is due first at the top."""
    topics: dict[str, list[Record]] = {}
    for record in library.of():
        topics.setdefault(record.topic, []).append(record)
    found = sorted(topics.items(), key=lambda item: (min(record.review_by for record in item[1]), item[0].lower()))
    rows = tuple(_row(library, topic, records) for topic, records in found)
    return Table("Reviews by topic", COLUMNS, rows, "No records are loaded.")
