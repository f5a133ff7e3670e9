"""The consent sheet: what a patient is told, and the risks with the figures of the adverse event tables."""

from __future__ import annotations

import enum
from collections.abc import Iterable

from clinic_snippets.library import Library
from clinic_snippets.records import AdverseEvent, ConsentItem, Incident, Needling, Rate, Record, ReportedBy, Unit
from clinic_snippets.records.base import Statement
from clinic_snippets.records.text import Inline, Paragraph, RecordLink, Words
from clinic_snippets.snippets.adverse_event_table import figure_lines
from clinic_snippets.snippets.blocks import Cell, Column, Row, Table
from clinic_snippets.snippets.phrases import append, in_line, listed, name_line
from clinic_snippets.snippets.registry import snippet

QUOTE = '"'


def spoken(statements: Iterable[Statement]) -> list[str]:
    """Return what is said to the patient, word for word: the statements in quotation marks, without the marks."""
    texts = [statement.text.strip() for statement in statements]
    return [text[1:-1] for text in texts if text.startswith(QUOTE) and text.endswith(QUOTE)]


def _item(library: Library, record: ConsentItem) -> Row:
    # Without words for the patient it is something that the clinician does.
    said = spoken(record.say)
    texts = said or ["Clinician:", *(statement.text for statement in record.say)]
    return Row(record.id, ((name_line(record, box=True),), in_line(library, texts)))


@snippet
def consent_words(library: Library) -> Table:
    """What a patient is told before needling, word for word, with a box for each item."""
    rows = library.made(_item, library.of(ConsentItem))
    return Table("", (Column("Talked about", 27), Column("What we tell you", 73)), rows, "No consent item is recorded.")


class Counted(enum.StrEnum):
    """What the figures of a risk count."""

    TREATMENTS = "treatments"
    PATIENTS = "patients"
    NEITHER = "neither"


HEADINGS = {
    Counted.TREATMENTS: "How often, counted in treatments",
    Counted.PATIENTS: "How often, counted in patients",
    Counted.NEITHER: "How often in dry needling: not known",
}
SEEN = {Needling.DRY_NEEDLING: "Seen after dry needling.", Needling.ACUPUNCTURE: "Acupuncture: seen."}


def _incidents(library: Library, record: Record) -> list[str]:
    """Return the incidents of an adverse event that a consent item names together with it.

    Pain while the needle is in may be the first sign of a punctured lung. A patient must not read that it is one.
    """
    theirs = record.what_to_do if isinstance(record, AdverseEvent) else ()
    items = [item for item in library.of(ConsentItem) if record.id in item.discloses]
    return [incident for incident in theirs if any(incident in item.discloses for item in items)]


def disclosed(library: Library) -> list[AdverseEvent | Incident]:
    """Return the adverse events that consent tells of, in its order, and the incidents that belong to none of them."""
    named = {i: library.get(i) for item in library.of(ConsentItem) for i in item.discloses}
    events = [record for record in named.values() if isinstance(record, AdverseEvent)]
    theirs = {incident for event in events for incident in _incidents(library, event)}
    return [*events, *(r for i, r in named.items() if isinstance(r, Incident) and i not in theirs)]


def told_rates(record: Record) -> list[Rate]:
    """Return the figures of dry needling that a patient is told; none where nobody counted treatments or patients.

    What patients report themselves, all of it, as clinicians report less; else the figure from the largest count.
    A share of clinicians is not a risk, and a figure from acupuncture is none of dry needling.
    """
    rates = record.rates if isinstance(record, AdverseEvent) else ()
    found = [r for r in rates if r.needling is Needling.DRY_NEEDLING and r.unit in (Unit.TREATMENTS, Unit.PATIENTS)]
    told = [rate for rate in found if rate.reported_by is ReportedBy.PATIENTS]
    return told or sorted(found, key=lambda rate: rate.total or 0)[-1:]


def _counted(record: Record) -> Counted:
    units = [rate.unit.value for rate in told_rates(record) if rate.unit]
    return Counted(units[0]) if units else Counted.NEITHER


def _how_often(library: Library, record: Record) -> Cell:
    rates = told_rates(record)
    # Several figures of one risk differ in what was looked at, so each says that.
    told = [figure_lines(library, r, *([Words(f" ({r.setting})")] if len(rates) > 1 else [])) for r in rates]
    if told and all(isinstance(block, Paragraph) for lines in told for block in lines):
        pieces: list[Inline] = []
        for lines in told:
            for block in lines:
                pieces += [Words("; "), *block.children] if pieces else block.children  # type: ignore[union-attr]
        return (Paragraph(tuple(pieces)),)
    if told:
        return tuple(block for lines in told for block in lines)
    every = record.rates if isinstance(record, AdverseEvent) else ()
    acupuncture = every and all(rate.needling is Needling.ACUPUNCTURE for rate in every)
    return listed([SEEN[Needling.ACUPUNCTURE if acupuncture else Needling.DRY_NEEDLING]])


def _risk(library: Library, record: AdverseEvent | Incident) -> Row:
    plain = record.plain_name if isinstance(record, AdverseEvent) else None
    name = name_line(record, f", {plain}" if plain else "")
    shown = _how_often(library, record)
    if incidents := _incidents(library, record):
        links: list[Inline] = [Words(" (for staff: ")]
        for index, incident in enumerate(incidents):
            links += [Words("; "), RecordLink(incident)] if index else [RecordLink(incident)]
        shown = append(shown, (*links, Words(")")))
    return Row(record.id, ((name,), shown))


@snippet
def consent_risks(library: Library, *, counted: Counted = Counted.TREATMENTS) -> Table:
    """The risks that consent tells of, in the words of the adverse event tables; one unit per table, never mixed."""
    rows = library.made(_risk, [record for record in disclosed(library) if _counted(record) is counted])
    columns = (Column("What may happen", 40), Column(HEADINGS[counted], 60))
    return Table("", columns, rows, "No such risk is recorded. This does not mean that there is none.", calm=True)
