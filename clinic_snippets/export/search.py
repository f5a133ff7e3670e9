"""``records-search.js``: what a search page knows of each record.

It is a script that assigns data, not JSON: a page that is opened from a folder may load scripts and nothing else.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterator, Mapping

from pydantic_core import to_json

from clinic_snippets.library import Library
from clinic_snippets.records import (
    EVERYWHERE,
    AdverseEvent,
    Hazard,
    Incident,
    Level,
    Muscle,
    Precaution,
    Record,
    Urgency,
)
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
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?])\s+")
_GOES_ON = re.compile("[,(:]")
_ENOUGH = 60
"""So many letters tell what to do; a shorter sentence takes the next one along."""


def search_data(
    library: Library, addresses: Mapping[str, str], index: str = "", shown: Callable[[str], str] = str
) -> str:
    """Return the script that holds every record with an address, in the order of its name.

    ``index`` is the address of a page that lists all records; ``shown`` makes a text ready for display.
    """
    found = sorted((r for r in library.of() if r.id in addresses), key=lambda r: (r.name.casefold(), r.id))
    kinds: dict[str, int] = {}
    records = []
    for record in found:
        kind = kinds.setdefault(_kind(record.kind, _degree(record)), len(kinds))
        said = shown(in_short(library, record))
        names = (
            [record.name],
            [*_heads(record), *record.also_known_as],
            [*record.searched_as, *_where(library, record)],
        )
        # Pydantic's way, a third of the time: of numbers, which it writes in another way, it meets none but whole ones.
        records.append(to_json([kind, shown(record.name), addresses[record.id], said, *names]).decode())
    return (
        f'var clinicRecords = {{"index":{_json(index)},"kinds":[{",".join(kinds)}],"records":[\n'
        + ",\n".join(records)
        + "\n]};\n"
    )


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _degree(record: Record) -> Level | Urgency | None:
    return record.level if isinstance(record, Precaution) else record.urgency if isinstance(record, Incident) else None


@functools.cache
def _kind(kind: str, degree: Level | Urgency | None) -> str:
    """Return what a page is told of all records with the same level word: how they are shown, asked for and ranked."""
    badge = level_word(kind, degree)
    word = degree.value if isinstance(degree, Level) else kind
    return _json({
        "word": badge.text, "style": badge.style, "asked": _ASKED_FOR.get(kind, ()),
        "rank": _FIRST.index(word) if word in _FIRST else len(_FIRST), "more": _MORE.get(kind, 0),
    })  # fmt: skip


def level_word(kind: str, degree: Level | Urgency | None) -> Badge:
    """Return the word that says what a record is: its level or urgency, or else its kind."""
    if isinstance(degree, Level):
        return Badge(LEVELS[degree], degree.value)
    if isinstance(degree, Urgency):
        return Badge(URGENCIES[degree], degree.value)
    return Badge(kind.replace("-", " ").capitalize(), "kind")


def _heads(record: Record) -> Iterator[str]:
    """Yield what a name starts with, where it goes on, such as "Pregnancy" in "Pregnancy, any stage"."""
    if end := _GOES_ON.search(record.name):
        yield record.name[: end.start()].strip()


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
    out = ""
    for sentence in _sentences(whole):
        if len(out) >= _ENOUGH:
            return f"{out} …"
        out = f"{out} {sentence}".strip()
    return out


def _sentences(text: str) -> Iterator[str]:
    start = 0
    for blank in _BETWEEN_SENTENCES.finditer(text):
        yield text[start : blank.start()]
        start = blank.end()
    yield text[start:]


@functools.cache
def _say_first(model: type[Record]) -> tuple[str, ...]:
    return tuple(name for name in _SAY_FIRST if hasattr(model, name) or name in model.model_fields)


def _texts(record: Record) -> Iterator[str]:
    """Yield the texts of the field that tells most."""
    said = next(filter(None, (getattr(record, name) for name in _say_first(type(record)))), ())
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
