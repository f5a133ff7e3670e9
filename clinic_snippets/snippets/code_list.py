"""Short codes of every entry: is a printed copy current, superseded, or not ours?"""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.library.codes import Earlier, current_code, current_edition, earlier_codes, earlier_editions
from clinic_snippets.records import Record, Region
from clinic_snippets.records.text import Anchor, Code, Inline, ListBlock, Paragraph, RecordLink, Strong, Words
from clinic_snippets.snippets.blocks import Cell, Column, Row, Table
from clinic_snippets.snippets.phrases import SPACE
from clinic_snippets.snippets.redline import class_badge
from clinic_snippets.snippets.registry import snippet

COLUMNS = (Column("Printed on", 40), Column("Current code", 22), Column("Superseded codes", 38))


def _code(code: str) -> tuple[Inline, ...]:
    """Return a code that an address can lead to: ``page#7K3M-Q0XZ``."""
    return Anchor(code), Code(code)


def _superseded(found: list[Earlier], since: dict[str, Cell]) -> Cell:
    items: list[Cell] = []
    for earlier in found:
        held = f"release {earlier.first}" if earlier.first == earlier.last else f"{earlier.first} to {earlier.last}"
        items.append(
            (
                Paragraph(
                    (*_code(earlier.code), Words(f", {held}")),
                ),
                *since.get(earlier.code, ()),
            )
        )
    return (ListBlock(tuple(items)),) if items else ()


def _row(library: Library, record: Record) -> Row:
    found = earlier_codes(library, record.id)
    changed: Cell = ()
    if found:
        steps = library.history.of(record.id)
        badges: list[Inline] = [Words("Changed since:")]
        for step in steps[1:]:
            when = step.release.version if step.release else "not yet released"
            badges += [SPACE, class_badge(step.change), Words(f" ({when})")]
        changed = (Paragraph(tuple(badges), "clinic-small"),)
    since = {found[-1].code: changed} if found else {}
    cells = (
        (Paragraph((RecordLink(record.id),)),),
        (Paragraph(_code(current_code(library, record.id))),),
        _superseded(found, since),
    )
    return Row(record.id, cells)


def _edition(library: Library, record: Record) -> Row:
    """Return the row of the whole handbook, as its PDF shows it on the cover."""
    whole: Cell = (Paragraph((Strong((Words("The whole handbook"),)), Words(" (cover of the PDF)"))),)
    current: Cell = (Paragraph(_code(current_edition(library))),)
    return Row(record.id, (whole, current, _superseded(earlier_editions(library), {})))


@snippet
def code_list(library: Library) -> Table:
    """Codes that stand on printed copies: the current one of each entry, and those that are superseded."""
    records = sorted((r for r in library.of() if not isinstance(r, Region)), key=lambda r: (r.name.lower(), r.id))
    rows = library.made(_row, records)
    if records:
        rows = (_edition(library, records[0]), *rows)
    return Table("Codes on printed copies", COLUMNS, rows, "No entry has a code, because none is recorded.")
