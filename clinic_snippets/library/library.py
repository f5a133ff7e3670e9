"""The library: all records and sources of a handbook, and the questions snippets ask of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar, overload
from weakref import WeakValueDictionary

from clinic_snippets.library.governance import Governance
from clinic_snippets.library.history import History
from clinic_snippets.problems import Place
from clinic_snippets.reading.origin import Origin
from clinic_snippets.reading.prose import Prose, read_prose
from clinic_snippets.records import (
    EVERYWHERE,
    AdverseEvent,
    Effect,
    Finding,
    Grade,
    Hazard,
    Level,
    Precaution,
    Rate,
    Record,
    Region,
    Scope,
    Source,
    Status,
)
from clinic_snippets.records.base import reference_fields, source_fields

R = TypeVar("R", bound=Record)
T = TypeVar("T")

_GRADES = list(Grade)


def _keys(library: Library, record: Record) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for _, key in source_fields(record)))


class Library:
    """All records by id, in the order of their files, with the sources they name."""

    def __init__(
        self,
        records: Iterable[Record] = (),
        sources: Mapping[str, Source] | None = None,
        origins: Mapping[str, Origin] | None = None,
    ) -> None:
        self.records: dict[str, Record] = {record.id: record for record in records}
        self.sources: dict[str, Source] = dict(sources or {})
        self.origins: dict[str, Origin] = dict(origins or {})
        self.faulty: frozenset[str] = frozenset()
        """Ids that stand in a record file but are left out here, because something is wrong with the record."""
        self.governance = Governance()
        self._history: History | None = None
        self._kinds: dict[type[Any] | None, tuple[Record, ...]] = {}
        self._naming: dict[str, dict[str, None]] | None = None
        self._memo: dict[tuple[Callable[..., Any], str], Any] = {}
        self._shown: WeakValueDictionary[tuple[Callable[..., Any], str], Any] = WeakValueDictionary()

    @property
    def history(self) -> History:
        """What changed from release to release."""
        if self._history is None or self._history.governance is not self.governance:
            self._history = History(self.governance, self.records)
        return self._history

    def __len__(self) -> int:
        return len(self.records)

    @overload
    def of(self, kind: type[R]) -> Iterator[R]: ...
    @overload
    def of(self, kind: None = None) -> Iterator[Record]: ...
    def of(self, kind: type[Any] | None = None) -> Iterator[Any]:
        """Yield the records of one kind (or all) that are not withdrawn, in file order."""
        if kind not in self._kinds:
            # A handbook has as many tables as pages, and each asks for all records of its kind.
            self._kinds[kind] = tuple(
                record
                for record in self.records.values()
                if record.status is not Status.WITHDRAWN and (kind is None or isinstance(record, kind))
            )
        yield from self._kinds[kind]

    def withdrawn(self) -> list[Record]:
        """Return the withdrawn records, in file order; ``of`` leaves them out."""
        return [record for record in self.records.values() if record.status is Status.WITHDRAWN]

    def get(self, identifier: str) -> Record | None:
        """Return the record with this id, or None."""
        return self.records.get(identifier)

    def precautions(
        self,
        *,
        level: Level | None = None,
        scope: Scope | None = None,
        region: str | None = None,
        technique: str | None = None,
    ) -> list[Precaution]:
        """Return precautions, strictest first, then by name.

        A filter by region keeps what applies everywhere, in that region, in a larger one that holds it or in a smaller
        one within it; a filter by technique keeps what applies to every technique. Leaving such rows out would read as
        "safe here".
        """
        near = self.regions_near(region) if region else set()
        found = [
            record
            for record in self.of(Precaution)
            if (level is None or record.level is level)
            and (scope is None or scope in record.applies_to)
            and (region is None or EVERYWHERE in record.regions or near.intersection(record.regions))
            and (technique is None or EVERYWHERE in record.techniques or technique in record.techniques)
        ]
        levels, rules = list(Level), list(type(found[0].rule)) if found else []
        return sorted(found, key=lambda r: (levels.index(r.level), rules.index(r.rule), r.name.lower()))

    def hazards(self, *, region: str | None = None) -> list[Hazard]:
        """Return hazards in file order.

        A filter by region keeps what a needle can hit everywhere, in that region, in a larger one that holds it or in
        a smaller one within it, as for precautions.
        """
        near = {EVERYWHERE, *self.regions_near(region)} if region else set()
        return [record for record in self.of(Hazard) if region is None or near.intersection(record.region)]

    def rate(self, address: str) -> Rate | None:
        """Return the rate with an address such as ``bruising@brady2014``, or None."""
        event = self.records.get(address.partition("@")[0])
        if not isinstance(event, AdverseEvent):
            return None
        return next((rate for rate in event.rates if rate.address(event.id) == address), None)

    def effect(self, address: str) -> tuple[Finding, Effect] | None:
        """Return the effect with an address such as ``neck-pain-sham@pain-short``, with its finding, or None."""
        finding = self.records.get(address.partition("@")[0])
        if not isinstance(finding, Finding):
            return None
        return next(((finding, effect) for effect in finding.effects if effect.address(finding.id) == address), None)

    def figure_addresses(self, kind: type[AdverseEvent] | type[Finding]) -> list[str]:
        """Return the address of every rate, or of every effect."""
        if kind is Finding:
            return [effect.address(finding.id) for finding in self.of(Finding) for effect in finding.effects]
        return [rate.address(event.id) for event in self.of(AdverseEvent) for rate in event.rates]

    def figure_sources(self, address: str) -> tuple[str, ...]:
        """Return the sources of the rate or the effect with this address; none where there is no such figure."""
        if rate := self.rate(address):
            return (rate.source,)
        found = self.effect(address)
        return found[0].sources if found else ()

    def regions_within(self, region: str) -> set[str]:
        """Return ``region`` and every region inside it."""
        found = {region}
        while more := {r.id for r in self.of(Region) if r.within in found} - found:
            found |= more
        return found

    def regions_near(self, region: str) -> set[str]:
        """Return ``region``, every region inside it and every region that holds it."""
        found = self.regions_within(region)
        parent = self.records.get(region)
        while isinstance(parent, Region) and parent.within and parent.within not in found:
            found.add(parent.within)
            parent = self.records.get(parent.within)
        return found

    def region_name(self, region: str) -> str:
        """Return the name of a region, or what stands for everywhere."""
        if region == EVERYWHERE:
            return "everywhere"
        record = self.records.get(region)
        return record.name if record else region

    def techniques(self) -> list[str]:
        """Return every technique that a precaution names."""
        return sorted({t for record in self.of(Precaution) for t in record.techniques} - {EVERYWHERE})

    def naming(self, identifier: str) -> list[str]:
        """Return the ids of records with a field that names this one, so that every link can be followed back."""
        if self._naming is None:
            self._naming = {}
            for record in self.of():
                for _, target, _ in reference_fields(record):
                    self._naming.setdefault(target, {})[record.id] = None
        return list(self._naming.get(identifier, ()))

    def keys_of(self, record: Record) -> list[str]:
        """Return every BibTeX key named anywhere in ``record``'s ``sources``, each once, in reading order."""
        return list(self.once(_keys, record))

    def best_grade(self, record: Record) -> Grade | None:
        """Return the best grade among the record's sources, or None where no source is graded."""
        grades = [s.grade for key in self.keys_of(record) if (s := self.sources.get(key)) and s.grade]
        return min(grades, key=_GRADES.index, default=None)

    def clinic_decides(self, record: Record) -> bool:
        """Say whether ``record`` rests on grade D alone: such a row is never a firm rule."""
        return self.best_grade(record) is Grade.D

    def place(self, record: Record) -> Place | None:
        """Return where the record starts in its file."""
        origin = self.origins.get(record.id)
        return origin.place() if origin else None

    def prose(self, text: str) -> Prose:
        """Return the pieces of a record's text."""
        return read_prose(text)[0]

    def made(self, make: Callable[[Library, R], T], records: Iterable[R]) -> tuple[T, ...]:
        """Return what ``make(library, record)`` gives for each record; see ``once``."""
        return tuple([self.once(make, record) for record in records])

    def once(self, make: Callable[[Library, R], T], record: R) -> T:
        """Return what ``make(library, record)`` gives, made once however often it is asked for.

        But a row or card that nothing holds any more is forgotten, and made again.
        """
        key = (make, record.id)
        made: T | None = self._memo[key] if key in self._memo else self._shown.get(key)
        if made is None:
            made = make(self, record)
            (self._shown if hasattr(made, "__weakref__") else self._memo)[key] = made
        return made
