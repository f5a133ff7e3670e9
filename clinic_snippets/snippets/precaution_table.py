"""Contraindications and precautions as a table."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.problems import allowed_words
from clinic_snippets.records import Level, Precaution, Region, Scope
from clinic_snippets.records.text import Paragraph, Words
from clinic_snippets.snippets.blocks import Column, Row, Table
from clinic_snippets.snippets.phrases import (
    doubt_badges,
    name_cell,
    never_cell,
    regions_words,
    rule_badge,
    sources_cell,
    statements_cell,
    techniques_words,
)
from clinic_snippets.snippets.registry import OptionError, snippet

COLUMNS = (Column("Precaution", 22), Column("What to do", 36), Column("Why", 26), Column("Sources (grade)", 16))


def _row(library: Library, record: Precaution) -> Row:
    where = f"Where: {regions_words(library, record)}; {techniques_words(record)}."
    return Row(
        record.id,
        (
            (
                *name_cell(record, rule_badge(record), *doubt_badges(library, record)),
                Paragraph((Words(where),), "clinic-small"),
            ),
            statements_cell(library, record.action) + never_cell(library, record.never),
            statements_cell(library, record.why),
            sources_cell(library, record),
        ),
    )


def select(
    library: Library, level: Level | None, scope: Scope | None, region: Region | None, technique: str | None
) -> list[Precaution]:
    """Return the precautions that fit; raises OptionError for a technique that no record names."""
    known = library.techniques()
    if technique is not None and technique not in known:
        raise OptionError(f"'{technique}' is not a value of 'technique'; {allowed_words(technique, known)}")
    return library.precautions(level=level, scope=scope, region=region.id if region else None, technique=technique)


def nothing_found(*values: object) -> str:
    """Return the sentence that stands where rows were expected."""
    chosen = ", ".join(str(getattr(v, "name", v) if isinstance(v, Region) else v) for v in values if v is not None)
    what = f"No precaution is recorded for: {chosen}." if chosen else "No precaution is recorded."
    return f"{what} This does not mean that needling is safe here."


@snippet
def precaution_table(
    library: Library,
    *,
    level: Level | None = None,
    scope: Scope | None = None,
    region: Region | None = None,
    technique: str | None = None,
) -> Table:
    """Contraindications and precautions, strictest first."""
    found = select(library, level, scope, region, technique)
    title = f"{level.value.capitalize()}s" if level else "Contraindications and precautions"
    rows = library.made(_row, found)
    return Table(title, COLUMNS, rows, nothing_found(level, scope, region, technique))
