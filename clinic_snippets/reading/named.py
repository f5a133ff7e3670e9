"""What records name, in sets: to see that nothing is missing, nobody need walk through the fields of each."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import Literal

from clinic_snippets.reading.prose import read_prose
from clinic_snippets.reading.simple_prose import is_plain, may_name
from clinic_snippets.records import Record, Region
from clinic_snippets.records.base import JUST_TEXT, Part, Statement, Supported, held_by, unsupported
from clinic_snippets.records.light import share_names
from clinic_snippets.records.text import Citation, RecordLink, walk

_What = Literal["prose", "parts", "references", "sources", "source"]


@dataclass
class Named:
    """What the records of a file name in their fields and texts."""

    sources: set[str] = field(default_factory=set)
    references: dict[tuple[str, ...], set[str]] = field(default_factory=dict)
    """Ids by the kinds of record that they may be of; no kind stands for any."""
    regions: set[str] = field(default_factory=set)
    around: set[str] = field(default_factory=set)
    """Regions that a region lies within."""
    unsupported: bool = False
    """Whether something may stand on nothing."""

    def add(self, record: Record) -> bool:
        """Add what ``record`` names; say whether all its prose is in order. Makes its parts lighter on the way."""
        texts: list[str] = []
        self._add(record, texts)
        if isinstance(record, Region):
            if record.within:
                self.around.add(record.within)
        else:
            for name in _regions_of(type(record)):
                self.regions.update(record.__dict__[name])
        if not record.needs_source and not record.sources and not record.synthesis:
            self.unsupported = self.unsupported or any(True for _ in unsupported(record))
        return all([is_plain(text.strip()) or self._add_prose(text) for text in texts])

    def _add(self, part: Part, texts: list[str]) -> None:
        share_names(part)
        values = part.__dict__
        for name, what, kinds in _plan(type(part)):
            if not (value := values[name]):
                continue
            if what == "prose":
                if isinstance(value, str):
                    texts.append(value)
            elif what == "parts":
                for inner in value if isinstance(value, tuple) else (value,):
                    # Most parts are statements that are no more than a text.
                    if isinstance(inner, Statement) and inner.__pydantic_fields_set__ is JUST_TEXT:
                        texts.append(inner.text)
                    elif isinstance(inner, Part):
                        self._add(inner, texts)
            elif what == "sources":
                self.sources.update(value)
            elif what == "source":
                self.sources.add(value)
            else:
                self.references.setdefault(kinds, set()).update(value)

    def _add_prose(self, text: str) -> bool:
        prose, troubles = read_prose(text)
        for piece in walk(prose) if may_name(text) else ():
            if isinstance(piece, Citation):
                self.sources.update(piece.keys)
            elif isinstance(piece, RecordLink):
                self.references.setdefault((piece.kind,) if piece.kind else (), set()).add(piece.id)
        return not troubles


@functools.cache
def _plan(model: type[Part]) -> tuple[tuple[str, _What, tuple[str, ...]], ...]:
    """Return what each field of a model can hold of all this."""
    plan: list[tuple[str, _What, tuple[str, ...]]] = []
    for held in held_by(model):
        if held.prose:
            plan.append((held.name, "prose", ()))
        if held.kinds is not None:
            plan.append((held.name, "references", held.kinds))
        if held.parts:
            plan.append((held.name, "parts", ()))
        if held.source:
            plan.append((held.name, "source", ()))
    if issubclass(model, Supported):
        plan.append(("sources", "sources", ()))
    return tuple(plan)


@functools.cache
def _regions_of(model: type[Record]) -> tuple[str, ...]:
    return tuple(held.name for held in held_by(model) if held.regions)
