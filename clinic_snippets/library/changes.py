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
Note = Mapping[str, Any]
"""A change note as a release keeps it."""
BY_AUTHOR = (ChangeClass.LOOSER, ChangeClass.STRICTER, ChangeClass.WORDING)
"""What an author may say of a change of clinical fields; the other classes are seen by themselves."""


@dataclass(frozen=True)
class FieldChange:
    """One field before and after; None where it was not there."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Change:
    """What happened to one record; ``kind_of_change`` is None where its author must say what it means.

    ``notes`` say why: those that name the record before those about its whole topic.
    """

    id: str
    kind: str
    name: str
    kind_of_change: ChangeClass | None
    fields: tuple[FieldChange, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def note(self) -> Note | None:
        """The note that says most about this change, or None."""
        return next(iter(self.notes), None)

    @property
    def clinical(self) -> bool:
        """Say whether a clinician must know: all but a record's new place and fields that no sign-off covers."""
        return self.kind_of_change not in (ChangeClass.MOVED, ChangeClass.NOT_CLINICAL)


_WORDS = re.compile(r"\s+|[,.;:!?)]+(?=\s|$)|\S+?(?=[,.;:!?)]*(?:\s|$))")
"""Blanks, the marks that close a word, and words: a comma behind a word makes no other word of it."""
_LONG = 4000
"""So many of them, some ten pages, are compared within a second, every one with every other."""


def diff(before: Mapping[str, Fields], after: Mapping[str, Fields], notes: Iterable[Note] = ()) -> list[Change]:
    """Return every change from ``before`` to ``after``, the ones to read first first, each with its notes.

    A change of ``level`` or ``rule`` is *stricter* or *looser* by itself; another clinical change is what its note says.
    Where both speak, or the two fields differ, *looser* stands. The order of fields means nothing.
    """
    notes = list(notes)
    changes = [
        _classify(identifier, old, new, _notes_about(identifier, {_topic(old), _topic(new)}, notes))
        for identifier in sorted({*before, *after})
        if (old := before.get(identifier)) != (new := after.get(identifier))
    ]
    return sorted(
        changes, key=lambda c: (ORDER.index(c.kind_of_change) if c.kind_of_change else -1, c.name.lower(), c.id)
    )


def _topic(fields: Fields | None) -> str:
    return fields.get("topic", "") if fields else ""


def _notes_about(identifier: str, topics: set[str], notes: list[Note]) -> tuple[Note, ...]:
    """Return the notes about a record: first those that name it, and in each group the gravest class first."""

    def rank(note: Note) -> tuple[bool, int]:
        given = note.get("class")
        return identifier not in note.get("records", ()), ORDER.index(given) if given in ORDER else len(ORDER)

    found = [n for n in notes if identifier in n.get("records", ()) or topics.intersection(n.get("topics", ()))]
    return tuple(sorted(found, key=rank))


def _classify(identifier: str, old: Fields | None, new: Fields | None, notes: tuple[Note, ...]) -> Change:
    shown = new or old or {}
    kind, name = shown.get("kind", ""), shown.get("name", identifier)
    if old is None:
        return Change(identifier, kind, name, ChangeClass.NEW, notes=notes)
    if new is None:
        return Change(identifier, kind, name, ChangeClass.WITHDRAWN, notes=notes)
    fields = tuple(
        FieldChange(field, old.get(field), new.get(field))
        for field in _in_order(kind, {*old, *new})
        if old.get(field) != new.get(field)
    )
    if new.get("status") == "withdrawn" and old.get("status") != "withdrawn":
        return Change(identifier, kind, name, ChangeClass.WITHDRAWN, fields, notes)
    return Change(identifier, kind, name, _meaning(fields, notes), fields, notes)


def _in_order(kind: str, names: set[str]) -> list[str]:
    """Return field names in the order of the kind's own fields; unknown ones, from another version, at the end."""
    order = list(KINDS[kind].model_fields) if kind in KINDS else []
    return sorted(names, key=lambda name: (order.index(name) if name in order else len(order), name))


def _meaning(fields: tuple[FieldChange, ...], notes: tuple[Note, ...]) -> ChangeClass | None:
    named = {field.name: field for field in fields}
    if not set(named) - NOT_CLINICAL:
        return ChangeClass.MOVED if "topic" in named else ChangeClass.NOT_CLINICAL
    steps = [
        scale.index(named[name].after) - scale.index(named[name].before)
        for name, scale in (("level", [*Level]), ("rule", [*Rule]))
        if name in named and named[name].before in [*scale] and named[name].after in [*scale]
    ]
    given = next((ChangeClass(note["class"]) for note in notes if note.get("class") in BY_AUTHOR), None)
    if any(step > 0 for step in steps) or given is ChangeClass.LOOSER:
        return ChangeClass.LOOSER
    return ChangeClass.STRICTER if steps else given


def redline(before: str, after: str) -> list[tuple[str, str]]:
    """Return ``(what, words)`` pieces, *kept*, *removed* or *added*, that turn one text into the other, word by word.

    Where lines break means nothing, as in the text itself.
    """
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    # Of a text as long as a book, words that come again and again are no landmarks: looking at each would take minutes.
    long = max(len(old), len(new)) > _LONG
    steps = difflib.SequenceMatcher(None, [*map(_bare, old)], [*map(_bare, new)], autojunk=long).get_opcodes()
    out: list[tuple[str, str]] = []
    removed = added = ""

    def tell() -> None:
        out.extend(piece for piece in (("removed", removed), ("added", added)) if piece[1])

    for (what, a, b, c, d), following in zip(steps, [*(step[0] for step in steps[1:]), ""], strict=False):
        was, now = "".join(old[a:b]), "".join(new[c:d])
        # Words replaced one behind the other read as one phrase, not as a word, a blank and a word.
        between = what == "equal" and was.isspace() and removed and added and following == "replace"
        if what == "equal" and not between:
            tell()
            removed = added = ""
            out.append(("kept", now))
        else:
            removed += was
            added += now
    tell()
    return out


def _bare(word: str) -> str:
    """Return what counts of a word or a blank: only an empty line is more than a blank."""
    return " " if word.isspace() and word.count("\n") < 2 else word


def in_words(value: Any) -> str:
    """Return what a field of a release holds as text: each statement on a line, what it stands on in brackets."""
    if isinstance(value, Mapping):
        lead = next((value[name] for name in ("text", "view") if name in value), "")
        # Sorted: fields from a release file and from a record come in different orders.
        rest = [f"{name}: {in_words(part)}" for name, part in sorted(value.items()) if name not in ("text", "view")]
        return f"{lead} ({'; '.join(rest)})" if lead and rest else lead or "; ".join(rest)
    if isinstance(value, list | tuple):
        return ("\n" if any(isinstance(item, Mapping | list) for item in value) else ", ").join(map(in_words, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
