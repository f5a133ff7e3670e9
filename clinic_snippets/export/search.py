"""``records-search.js``: what a search page knows of each record.

It is a script that assigns data, not JSON: a page that is opened from a folder may load scripts and nothing else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from clinic_snippets.library import Library
from clinic_snippets.records import EVERYWHERE, AdverseEvent, Hazard, Incident, Level, Muscle, Precaution, Record
from clinic_snippets.records.base import prose_fields
from clinic_snippets.records.text import Badge
from clinic_snippets.snippets.incident_cards import URGENCIES
from clinic_snippets.snippets.phrases import LEVELS
from clinic_snippets.snippets.redline import heading, without_markup

_SAY_FIRST = (
    "action", "avoid", "do", "say", "meaning", "claim", "stem", "asks", "because", "says", "can", "idea", "proposal",
    "known", "requires", "where", "structure", "about",
)  # fmt: skip
"""The fields that say what a record comes down to; of several in one record the first counts, else its first text."""
_ASKED_FOR = {
    "adverse-event": ("how often", "how common", "risk", "chance", "rate", "side effect"),
    "definition": ("what is", "meaning"),
    "hazard": ("danger", "hazard", "what can be hit"),
    "finding": ("does it help", "does it work", "evidence"),
    "incident": ("what to do",),
    "regulation": ("law", "rules", "allowed"),
    "term": ("what is", "meaning"),
}
"""How readers ask for a record of a kind, beside its own names."""
_FIRST = ("incident", Level.CONTRAINDICATION.value, Level.PRECAUTION.value, "adverse-event", "hazard")
"""Of records that answer equally well, these come before the others."""
_BACKGROUND = ("claim", "competency", "handbook-hazard", "learning-outcome", "quiz-question", "reporting-item")
_MORE = {"incident": 0.1, **dict.fromkeys(_BACKGROUND, -0.12)}
"""What is added for a record that answers a question in full, which alone is 1: an emergency comes before what fits a
little better; what is about needling at large, or about the handbook, comes after what fits a little less."""
_ENOUGH = 60
"""So many letters tell what to do; a shorter sentence takes the next one along."""


def search_data(
    library: Library, addresses: Mapping[str, str], index: str = "", shown: Callable[[str], str] = str
) -> str:
    """Return the script that holds every record with an address, in the order of its name.

    ``index`` is the address of a page that lists all records; ``shown`` makes a text ready for display.
    """
    found = sorted((r for r in library.of() if r.id in addresses), key=lambda r: (r.name.casefold(), r.id))
    kinds: list[dict[str, Any]] = []
    records = []
    for record in found:
        kind = _kind(record)
        if kind not in kinds:
            kinds.append(kind)
        said = shown(in_short(library, record))
        names = (
            [record.name],
            [*_heads(record), *record.also_known_as],
            [*record.searched_as, *_where(library, record)],
        )
        records.append([kinds.index(kind), shown(record.name), addresses[record.id], said, *names])
    lines = ",\n".join(map(_json, records))
    return f'var clinicRecords = {{"index":{_json(index)},"kinds":{_json(kinds)},"records":[\n{lines}\n]}};\n'


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _kind(record: Record) -> dict[str, Any]:
    """Return what a page is told of all records with the same level word: how they are shown, asked for and ranked."""
    badge = level_word(record)
    word = record.level.value if isinstance(record, Precaution) else record.kind
    return {
        "word": badge.text, "style": badge.style, "asked": _ASKED_FOR.get(record.kind, ()),
        "rank": _FIRST.index(word) if word in _FIRST else len(_FIRST), "more": _MORE.get(record.kind, 0),
    }  # fmt: skip


def level_word(record: Record) -> Badge:
    """Return the word that says what a record is: its level or urgency, or else its kind."""
    if isinstance(record, Precaution):
        return Badge(LEVELS[record.level], record.level.value)
    if isinstance(record, Incident):
        return Badge(URGENCIES[record.urgency], record.urgency.value)
    return Badge(record.kind.replace("-", " ").capitalize(), "kind")


def _heads(record: Record) -> Iterator[str]:
    """Yield what a name starts with, where it goes on, such as "Pregnancy" in "Pregnancy, any stage"."""
    head, *more = re.split(r"[,(:]", record.name, maxsplit=1)
    if more:
        yield head.strip()


def _where(library: Library, record: Record) -> Iterator[str]:
    """Yield where a hazard lies: readers know the place before they know what can be hit there."""
    if isinstance(record, Hazard):
        yield from (library.records[region].name for region in record.region if region != EVERYWHERE)


def in_short(library: Library, record: Record) -> str:
    """Return the first sentence or two of what a record says; dots tell that it says more."""
    if isinstance(record, Incident):  # half a step is worse than none
        first, *more = record.steps
        condition = f"If: {without_markup(library, first.when)}. " if first.when else ""
        return f"{condition}{without_markup(library, first.do)}{' …' if more else ''}"
    whole = " ".join(without_markup(library, text) for text in _texts(record))
    sentences = re.split(r"(?<=[.!?])\s+", whole)
    out = ""
    while sentences and len(out) < _ENOUGH:
        out = f"{out} {sentences.pop(0)}".strip()
    return f"{out} …" if sentences else out


def _texts(record: Record) -> Iterator[str]:
    """Yield the texts of the field that tells most."""
    said = next(filter(None, (getattr(record, name, None) for name in _SAY_FIRST)), ())
    if isinstance(said, str):
        yield said
    elif isinstance(record, Muscle):
        yield f"{heading('structure')}: {', '.join(record.structure)}."
    elif isinstance(record, AdverseEvent) and not said:
        yield f"How often it was seen: {len(record.rates)} {'figure' if len(record.rates) == 1 else 'figures'}."
    elif said:
        yield from (part.text for part in said)
    else:
        yield from (text for path, text in prose_fields(record) if path[0] not in ("note", "unverified", "withdrawn"))
