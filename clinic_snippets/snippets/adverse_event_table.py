"""Adverse events and how often they were seen, for one unit and one kind of needling."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.library.figures import UNIT_SINGULAR, figure, reported
from clinic_snippets.records import AdverseEvent, Form, Needling, Rate, Unit
from clinic_snippets.records.text import Badge, Citation, Inline, Paragraph, TextBlock, Words
from clinic_snippets.snippets.blocks import Cell, Column, Row, Table
from clinic_snippets.snippets.phrases import SPACE, name_cell, words_cell
from clinic_snippets.snippets.registry import OptionError, snippet

COLUMNS = (
    Column("Adverse event", 24),
    Column("How often", 34),
    Column("Seen where, reported by", 26),
    Column("Source (grade)", 16),
)


AS_PRINTED = (Form.PRINTED, Form.POOLED, Form.RATIO, Form.ODDS_RATIO)
"""Forms whose figure is the source's own; the others are worked out from its counts."""


def figure_lines(library: Library, rate: Rate, *behind: Inline) -> Cell:
    """Return a rate's figure; one from acupuncture says so itself, and one that the source printed is marked."""
    lead = "Acupuncture: " if rate.needling is Needling.ACUPUNCTURE else ""
    if rate.form is Form.WORDS and rate.words:
        first, *rest = library.prose(rate.words)
    else:
        first, *rest = words_cell(figure(rate))
    shown = first.children if isinstance(first, Paragraph) else ()
    printed = (SPACE, Badge("as printed", "printed")) if rate.form in AS_PRINTED else ()
    return (Paragraph((*([Words(lead)] if lead else []), *shown, *printed, *behind)), *rest)


def how_often(library: Library, rate: Rate, *behind: Inline) -> Cell:
    """Return a rate's figure and what is odd about it."""
    out: list[TextBlock] = [*figure_lines(library, rate, *behind)]
    if rate.oddity:
        odd, *more = library.prose(rate.oddity)
        out += [Paragraph(odd.children if isinstance(odd, Paragraph) else (), "clinic-small"), *more]
    return tuple(out)


def source_cell(library: Library, rate: Rate) -> Cell:
    """Return the citation of a rate with its grade."""
    source = library.sources.get(rate.source)
    grade = f" ({source.grade})" if source and source.grade else ""
    return (Paragraph((Citation((rate.source,)), Words(grade))),)


def _rows(library: Library, record: AdverseEvent) -> dict[tuple[Unit | None, Needling], list[Row]]:
    out: dict[tuple[Unit | None, Needling], list[Row]] = {}
    for rate in record.rates:
        where = f"{rate.setting}; {reported(rate)}"
        cells = (
            name_cell(record),
            how_often(library, rate),
            words_cell(where),
            source_cell(library, rate),
        )
        out.setdefault((rate.unit, rate.needling), []).append(Row(record.id, cells))
    return out


@snippet
def adverse_event_table(
    library: Library, *, needling: Needling | None = None, unit: Unit | None = None, unrated: bool = False
) -> Table:
    """Adverse events and how often they were seen: one unit and one kind of needling per table, never mixed.

    With ``unrated`` the table lists what was seen without a usable denominator (case reports and words).
    """
    if needling is None or (unit is None) != unrated:
        raise OptionError(
            "figures of different units or kinds of needling never stand in one table; choose 'needling' and either "
            "'unit' or 'unrated'"
        )
    events = list(library.of(AdverseEvent))
    rows = tuple(row for found in library.made(_rows, events) for row in found.get((unit, needling), ()))
    per = f"per {UNIT_SINGULAR[unit]}" if unit else "seen, without a rate"
    title = f"{needling.value.capitalize()}: {per}" if unit is not Unit.CLINICIANS else (
        f"{needling.value.capitalize()}: share of clinicians who reported it (not a risk per treatment)"
    )  # fmt: skip
    return Table(
        title,
        COLUMNS,
        rows,
        f"No figure is recorded for {needling.value}, {per}. This does not mean that it does not happen.",
    )
