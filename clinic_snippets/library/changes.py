"""What changed between two sets of records: added, withdrawn, moved, and field by field, with what it means."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from clinic_snippets.library.governance import NOT_CLINICAL
from clinic_snippets.library.release import Fields
from clinic_snippets.records import KINDS, Level, Rule
from clinic_snippets.records.governance import ChangeClass

ORDER = list(ChangeClass)


@dataclass(frozen=True)
class FieldChange:
    """One field before and after; None where it was not there."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Change:
    """What happened to one record; ``kind_of_change`` is None where its author must say what it means."""

    id: str
    kind: str
    name: str
    kind_of_change: ChangeClass | None
    fields: tuple[FieldChange, ...] = ()
    note: Mapping[str, Any] | None = None


def diff(
    before: Mapping[str, Fields], after: Mapping[str, Fields], notes: Iterable[Mapping[str, Any]] = ()
) -> list[Change]:
    """Return every change from ``before`` to ``after``, the ones to read first first, each with its note.

    A change of ``level`` or ``rule`` is *stricter* or *looser* by itself (looser when it is both); another clinical change
    is what its note says. The order of fields means nothing.
    """
    notes = list(notes)
    changes = []
    for identifier in sorted({*before, *after}):
        old, new = before.get(identifier), after.get(identifier)
        if old == new:
            continue
        known = new or old or {}
        note = next((n for n in reversed(notes) if _covers(n, identifier, known)), None)
        change = _classify(identifier, old, new, note)
        changes.append(change)
    return sorted(
        changes, key=lambda c: (ORDER.index(c.kind_of_change) if c.kind_of_change else -1, c.name.lower(), c.id)
    )


def _covers(note: Mapping[str, Any], identifier: str, fields: Fields) -> bool:
    return identifier in note.get("records", ()) or fields.get("topic") in note.get("topics", ())


def _classify(identifier: str, old: Fields | None, new: Fields | None, note: Mapping[str, Any] | None) -> Change:
    shown = new or old or {}
    kind, name = shown.get("kind", ""), shown.get("name", identifier)
    if old is None:
        return Change(identifier, kind, name, ChangeClass.NEW, note=note)
    if new is None or (new.get("status") == "withdrawn" and old.get("status") != "withdrawn"):
        return Change(identifier, kind, name, ChangeClass.WITHDRAWN, note=note)
    fields = tuple(
        FieldChange(field, old.get(field), new.get(field))
        for field in _in_order(kind, {*old, *new})
        if old.get(field) != new.get(field)
    )
    return Change(identifier, kind, name, _meaning(fields, note), fields, note)


def _in_order(kind: str, names: set[str]) -> list[str]:
    """Return field names in the order of the kind's own fields; unknown ones, from another version, at the end."""
    order = list(KINDS[kind].model_fields) if kind in KINDS else []
    return sorted(names, key=lambda name: (order.index(name) if name in order else len(order), name))


def _meaning(fields: tuple[FieldChange, ...], note: Mapping[str, Any] | None) -> ChangeClass | None:
    named = {field.name: field for field in fields}
    if not set(named) - NOT_CLINICAL:
        return ChangeClass.MOVED if "topic" in named else ChangeClass.NOT_CLINICAL
    steps = [
        scale.index(named[name].after) - scale.index(named[name].before)
        for name, scale in (("level", [*Level]), ("rule", [*Rule]))
        if name in named and named[name].before in [*scale] and named[name].after in [*scale]
    ]
    if any(step > 0 for step in steps):
        return ChangeClass.LOOSER
    if steps:
        return ChangeClass.STRICTER
    given = (note or {}).get("class")
    return ChangeClass(given) if given else None


def redline(before: str, after: str) -> list[tuple[str, str]]:
    """Return ``(what, words)`` pieces, *kept*, *removed* or *added*, that turn one text into the other, word by word."""
    old, new = _words(before), _words(after)
    out: list[tuple[str, str]] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            out.append(("kept", "".join(old[a:b])))
            continue
        if a < b:
            out.append(("removed", "".join(old[a:b])))
        if c < d:
            out.append(("added", "".join(new[c:d])))
    return out


def _words(text: str) -> list[str]:
    return re.findall(r"\s+|[^\s]+", text)
