"""Changes in words: what a field said before and says now, marked word by word."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from typing import Any

from clinic_snippets.library import Library
from clinic_snippets.library.changes import Change, FieldChange, redline
from clinic_snippets.library.governance import NOT_CLINICAL
from clinic_snippets.reading.simple_prose import is_plain
from clinic_snippets.records import KINDS
from clinic_snippets.records.base import NamesRegions, RefersTo
from clinic_snippets.records.governance import ChangeClass
from clinic_snippets.records.text import (
    Added,
    Badge,
    Citation,
    Inline,
    ListBlock,
    Paragraph,
    RecordLink,
    Removed,
    Strong,
    TextBlock,
    Words,
)
from clinic_snippets.snippets.blocks import Cell
from clinic_snippets.snippets.phrases import LEVELS, RULES, SCOPES, SPACE

CLASSES = {
    ChangeClass.LOOSER: Badge("Looser", "looser"), ChangeClass.STRICTER: Badge("Stricter", "stricter"),
    ChangeClass.WITHDRAWN: Badge("Withdrawn", "withdrawn"), ChangeClass.NEW: Badge("New", "new"),
    ChangeClass.WORDING: Badge("Wording", "wording"), ChangeClass.MOVED: Badge("Moved", "moved"),
    ChangeClass.NOT_CLINICAL: Badge("Not clinical", "not-clinical"),
}  # fmt: skip
UNCLASSED = Badge("Not yet classed", "unverified")
_HEADINGS = {
    "action": "What to do", "also_known_as": "Other names", "applies_to": "It is about", "at_risk": "What has happened",
    "avoid": "What to do", "because": "Because", "claim": "In short", "comparator": "Compared with",
    "controversy": "What speaks against it", "depth_note": "What depths say", "design": "Studied in",
    "disagreement": "Where sources disagree", "effects": "What was found", "evidence": "What was seen",
    "harm": "What has happened", "house_rule": "What this handbook does", "keeps_safe": "What it guards against",
    "later": "Afterwards", "limits": "Limits of the evidence", "not_graded": "About the certainty",
    "prevented_by": "What lowers the risk", "proposal": "The idea", "rates": "How often", "region": "Where",
    "regions": "Where", "shapes": "Place on the body map", "specialist_only": "For specially trained people only",
    "structure": "Can be hit", "synthesis": "Our synthesis", "within": "Part of",
}  # fmt: skip
_LEFT_OUT = NOT_CLINICAL - {"topic"}
"""Fields whose change no clinician needs to read; a topic says where an entry has moved."""
_SCALES: Mapping[str, Mapping[Any, str]] = {"level": LEVELS, "rule": RULES, "applies_to": SCOPES}
_FIRST = ("when", "question", "text", "view", "do")
"""What a group of fields says first, and without a heading."""
_LAST = ("sources", "synthesis", "note", "unverified")
_FEW_WORDS = 2
_TOO_DIFFERENT = 3
"""Where less than one part in so many was kept, two texts are shown whole: their common words would only confuse."""


def class_badge(change: Change) -> Badge:
    """Return what a change means for a clinician, as a label."""
    return CLASSES[change.kind_of_change] if change.kind_of_change else UNCLASSED


def heading(field: str) -> str:
    """Return the name of a field in plain words."""
    return _HEADINGS.get(field, field.replace("_", " ").capitalize())


def told_in_words(change: Change) -> tuple[FieldChange, ...]:
    """Return the changed fields that a clinician should read."""
    return tuple(field for field in change.fields if field.name not in _LEFT_OUT)


def field_change(library: Library, change: Change, field: FieldChange) -> Cell:
    """Return a field's name and what was removed from it and added to it, statement by statement."""
    before, after = (_lines(library, change.kind, field.name, value) for value in (field.before, field.after))
    out: list[TextBlock] = [Paragraph((Strong((Words(heading(field.name)),)),))]
    unchanged = 0
    for what, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            unchanged += b - a
            continue
        out += [Paragraph(_marked(*pair)) for pair in zip_longest(before[a:b], after[c:d], fillvalue="")]
    if unchanged:
        rest = "One other part is" if unchanged == 1 else f"{unchanged} other parts are"
        out.append(Paragraph((Words(f"{rest} unchanged."),), "clinic-small"))
    return tuple(out)


def _marked(before: str, after: str) -> tuple[Inline, ...]:
    """Return one statement with what was removed and added."""
    steps = _in_phrases(redline(before, after))
    kept = sum(len(words) for what, words in steps if what == "kept")
    if kept * _TOO_DIFFERENT < max(len(before), len(after)):
        steps = [step for step in (("removed", before), ("added", after)) if step[1]]
    out: list[Inline] = []
    blank = True  # what stands before ends with a blank, or nothing does
    for what, text in steps:
        words = Words(text.strip())
        if what == "kept":
            # Behind a mark a word is set off, and a full stop is not.
            out += [SPACE] if not blank and text[0].isalnum() else []
            out.append(Words(text))
            blank = text[-1].isspace()
        elif words.text:
            out += [] if blank else [SPACE]
            out.append(Removed((words,)) if what == "removed" else Added((words,)))
            blank = False
    return tuple(out)


def _in_phrases(steps: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the steps with a word or two that was kept between changes taken into them: whole phrases read better."""
    out: list[tuple[str, str]] = []
    removed = added = ""
    for index, (what, words) in enumerate(steps):
        kept = what == "kept"
        if kept and words.startswith(")") and all(text.count("(") > text.count(")") for text in (removed, added)):
            # A bracket is not torn from its partner.
            removed, added, words = f"{removed})", f"{added})", words[1:]
        if kept and (not (removed or added) or index + 1 == len(steps) or len(words.split()) > _FEW_WORDS):
            out += [step for step in (("removed", removed), ("added", added), (what, words)) if step[1]]
            removed = added = ""
            continue
        removed += words if what != "added" else ""
        added += words if what != "removed" else ""
    return out + [step for step in (("removed", removed), ("added", added)) if step[1]]


def _lines(library: Library, kind: str, name: str, value: Any) -> list[str]:
    """Return what a field of a release says, one statement a line."""
    if value is None:
        return []
    if isinstance(value, Mapping):
        return list(_group(library, value))
    if not isinstance(value, list | tuple):
        return [_said(library, kind, name, value)]
    if any(isinstance(item, Mapping | list) for item in value):
        return [" ".join(_lines(library, kind, name, item)) for item in value]
    words = _labels(library, value) if name == "sources" else [_said(library, kind, name, item) for item in value]
    return [", ".join(words)]


def _group(library: Library, fields: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a group of fields says, in an order that is not that of the file it came from."""
    rest = sorted(name for name in fields if name not in (*_FIRST, *_LAST))
    for name in (*_FIRST, *rest, *_LAST):
        value = fields.get(name)
        if name == "sources" and value:
            yield f"({', '.join(_labels(library, value))})"
        elif name == "synthesis" and value:
            yield "(our synthesis)"
        elif value is not None and value != [] and value != ():
            said = " ".join(_lines(library, "", name, value))
            yield f"If: {said}" if name == "when" else said if name in _FIRST else f"{heading(name)}: {said}"


def _labels(library: Library, keys: Iterable[str]) -> list[str]:
    return [library.sources[key].label if key in library.sources else key for key in keys]


def _names_records(kind: str, name: str) -> bool:
    """Say whether a field names records; within groups of fields, whose kind is not told, any id counts as a name."""
    if kind not in KINDS:
        return True
    field = KINDS[kind].model_fields.get(name)
    marks = field.metadata if field else ()
    return name == "within" or any(isinstance(mark, RefersTo | NamesRegions) for mark in marks)


def _said(library: Library, kind: str, name: str, value: Any) -> str:
    """Return a text without markup, what it names by its name, and a word of a scale as it is shown elsewhere."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name in _SCALES and value in _SCALES[name]:
        return _SCALES[name][value]
    if _names_records(kind, name) and (record := library.get(str(value))):
        return record.name
    return without_markup(library, str(value))


def without_markup(library: Library, text: str) -> str:
    """Return the words of a text, with the names of what it links to."""
    return on_one_line(text if is_plain(text.strip()) else "".join(_bare(library, library.prose(text))))


def on_one_line(text: str) -> str:
    """Return words with one blank between them. Nearly all have so already, but for the ends of lines."""
    line = text.replace("\n", " ")
    # Of all blanks, only the plain one can be printed.
    return line.strip() if "  " not in line and line.isprintable() else " ".join(text.split())


def _bare(library: Library, node: object) -> Iterator[str]:
    """Yield the words of text pieces, with the names of what they link to."""
    if isinstance(node, tuple):
        for part in node:
            yield from _bare(library, part)
    elif isinstance(node, Paragraph):
        yield from (" ", *_bare(library, node.children))
    elif isinstance(node, ListBlock):
        yield from _bare(library, node.items)
    elif isinstance(node, RecordLink):
        record = library.get(node.id)
        yield node.words or (record.name if record else node.id)
    elif isinstance(node, Citation):
        names = ", ".join(_labels(library, node.keys))
        yield names if node.textual else f"[{names}]"
    elif children := getattr(node, "children", ()):
        yield from _bare(library, children)
    else:
        yield next(filter(None, (getattr(node, name, "") for name in ("text", "words", "term", "target"))), "")
