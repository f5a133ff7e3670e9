"""Short codes of every entry: is a printed copy current, superseded, or not ours?"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from clinic_snippets.library import Library
from clinic_snippets.library.codes import (
    Earlier,
    current_code,
    current_edition,
    earlier_codes,
    earlier_editions,
)
from clinic_snippets.library.release import number
from clinic_snippets.records import Record, Region, Status
from clinic_snippets.records.text import (
    Anchor,
    Code,
    Inline,
    ListBlock,
    Paragraph,
    RecordLink,
    Strong,
    TextBlock,
    Words,
)
from clinic_snippets.snippets.blocks import Cell, Column, Row, Table
from clinic_snippets.snippets.phrases import listed
from clinic_snippets.snippets.redline import class_badge
from clinic_snippets.snippets.registry import snippet

COLUMNS = (Column("Printed on", 34), Column("Current code", 24), Column("Superseded codes", 42))


def _code(code: str, words: str = "") -> Paragraph:
    """Return a code that an address can lead to, ``page#7K3M-Q0XZ``, and what is said of it."""
    said: tuple[Inline, ...] = (Words(words),) if words else ()
    return Paragraph((Anchor(code), Code(code), *said))


def _codes(library: Library, now: str, found: list[Earlier], since: Callable[[Earlier], Cell]) -> tuple[Cell, Cell]:
    """Return the cells of the codes that hold and of those that do not.

    A text that is written but not yet released does not supersede the one that the latest release gave out.
    """
    releases = library.governance.releases
    given_out = [e for e in found if releases and e.last == releases[-1].version]
    current: list[TextBlock] = [_code(e.code, f", release {e.last}.") for e in given_out]
    current.append(_code(now, ", not yet released." if given_out else ""))
    items: list[Cell] = []
    for earlier in found:
        if earlier not in given_out:
            held = f"release {earlier.first}" if earlier.first == earlier.last else f"{earlier.first} to {earlier.last}"
            items.append((_code(earlier.code, f", {held}."), *since(earlier)))
    return tuple(current), (ListBlock(tuple(items)),) if items else ()


def _changed_since(library: Library, record: Record, earlier: Earlier) -> Cell:
    """Return what has changed in a record since the last release that held a text, step by step."""
    out: list[TextBlock] = []
    for release, change in library.history.of(record.id):
        if change.clinical and (release is None or number(release.version) > number(earlier.last)):
            when = f"Since {release.version}: " if release else "Not yet released: "
            out.append(Paragraph((Words(when), class_badge(change), Words(".")), "clinic-small"))
            out += [block for note in change.notes for block in library.prose(note["what"])]
    return tuple(out)


def _row(library: Library, record: Record) -> Row:
    name: Cell = (Paragraph((RecordLink(record.id), Words("."))),)
    found, since = earlier_codes(library, record.id), partial(_changed_since, library, record)
    if record.status is Status.WITHDRAWN:
        items = tuple((_code(e.code, f", {e.first} to {e.last}."), *since(e)) for e in found)
        superseded: Cell = (ListBlock(items),) if items else ()
        return Row(record.id, (name, listed(["Withdrawn: no copy holds."]), superseded))
    return Row(record.id, (name, *_codes(library, current_code(library, record.id), found, since)))


def _edition(library: Library, record: Record) -> Row:
    """Return the row of the whole handbook, as its PDF shows it on the cover."""
    whole: Cell = (Paragraph((Strong((Words("The whole handbook"),)), Words(" (cover of the PDF)."))),)
    told = listed(["What has changed since stands under each entry."])
    return Row(
        record.id, (whole, *_codes(library, current_edition(library), earlier_editions(library), lambda _: told))
    )


@snippet
def code_list(library: Library) -> Table:
    """Codes that stand on printed copies: the current one of each entry, and those that are superseded."""
    shown = [*(r for r in library.of() if not isinstance(r, Region)), *library.withdrawn()]
    records = sorted(shown, key=lambda r: (r.name.lower(), r.id))
    rows = library.made(_row, records)
    if records:
        rows = (_edition(library, records[0]), *rows)
    return Table("Codes on printed copies", COLUMNS, rows, "No entry has a code, because none is recorded.")
