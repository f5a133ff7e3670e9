"""Files to a library: reading, then every check that needs more than one record."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from clinic_snippets.library.collector import collector_paused
from clinic_snippets.library.library import Library
from clinic_snippets.problems import NO_SUCH_ID, Place, Problem, allowed_words, nearest, shown
from clinic_snippets.reading.bibliography import read_bibliography
from clinic_snippets.reading.named import Named
from clinic_snippets.reading.origin import Origin
from clinic_snippets.reading.prose import read_prose
from clinic_snippets.reading.records import read_records
from clinic_snippets.reading.simple_prose import may_name
from clinic_snippets.records import EVERYWHERE, Record, Region, Status
from clinic_snippets.records.base import (
    NO_SOURCE,
    prose_fields,
    reference_fields,
    region_fields,
    source_fields,
    unsupported,
)
from clinic_snippets.records.text import Citation, RecordLink, walk

_MOST_COMPARED = 200_000
"""So many names take a second or two to compare; a whole bibliography that is missing would take minutes."""
FieldPath = tuple[str | int, ...]


def load_library(folder: Path, bibliographies: list[Path], cache: Path | None = None) -> tuple[Library, list[Problem]]:
    """Read the records below ``folder`` and the BibTeX files; return the library and every problem, sorted by place.

    A record with a problem is left out of the library, so whoever publishes must refuse to while there are problems.
    """
    with collector_paused():
        return _load(folder, bibliographies, cache)


def _load(folder: Path, bibliographies: list[Path], cache: Path | None) -> tuple[Library, list[Problem]]:
    files = read_records(folder, cache)
    sources, problems = read_bibliography(bibliographies, cache and cache.with_name("clinic-sources.cache"))
    problems += files.problems
    records = {record.id: record for record in files.records}
    faulty = [record for record, _ in files.faulty]
    names = _Names(
        records=records,
        regions={record.id for record in [*files.records, *faulty] if isinstance(record, Region)},
        ids=files.ids.keys(),
        unclear=files.ids.keys() - records.keys() - {record.id for record in faulty},
        # Without one of its files nothing can be said about the keys of a bibliography.
        sources=None if any(problem.code == "bib-file" for problem in problems) else sources,
    )
    unclear = [*files.faulty]
    for own, named in files.named:
        if not _all_there(named, names):
            unclear += zip(files.records[own], files.origins[own], strict=True)
    for record, origin in unclear:
        problems += _references(record, origin, names)
    library = Library(files.records, sources, dict(zip(records, files.origins, strict=True)))
    library.faulty = frozenset(names.ids - records.keys())
    return library, sorted(set(problems))


@dataclass
class _Names:
    """What a record may refer to."""

    records: Mapping[str, Record]
    regions: Set[str]
    ids: Set[str]
    """Every id, also of records with a problem: one slip must not be reported by all who refer to the record."""
    unclear: Set[str]
    """Ids of records of which nothing else could be read; they may be of any kind."""
    sources: Mapping[str, object] | None
    compared: int = 0
    """How many names were compared so far."""

    def like(self, word: str, names: Collection[str]) -> str:
        """Return the hint at the name most like a word, until that has taken long: then something else is wrong."""
        if self.compared > _MOST_COMPARED:
            return ""
        self.compared += len(names)
        return nearest(word, names)


def _all_there(named: Named, names: _Names) -> bool:
    """Say whether everything that the records of a file name is certainly there and may be named."""
    if named.unsupported or (names.sources is not None and not named.sources <= names.sources.keys()):
        return False
    for kinds, ids in named.references.items():
        for target in ids:
            found = names.records.get(target)
            if found is None and target not in names.ids:
                return False
            if found is not None and (found.withdrawn or (kinds and found.kind not in kinds)):
                return False
    regions = names.regions | names.unclear
    return named.around <= regions and named.regions <= regions | {EVERYWHERE}


def _references(record: Record, origin: Origin, names: _Names) -> Iterator[Problem]:
    """Check every source, record and region that ``record`` names."""

    def problem(place: Place, path: FieldPath, message: str, hint: str, code: str) -> Problem:
        return Problem(place, origin.subject(record.id, path), message, hint, code)

    # A place is worked out only for a problem: there are many fields, and few of them are wrong.
    def check_key(path: FieldPath, key: str, place: Callable[[], Place]) -> Iterator[Problem]:
        if names.sources is not None and key not in names.sources:
            hint = names.like(key, names.sources) or "add the entry to the .bib file"
            yield problem(place(), path, f"'{shown(key)}' is not in the bibliography", hint, "unknown-source")

    def check_id(path: FieldPath, target: str, place: Callable[[], Place]) -> Iterator[Problem]:
        if target not in names.ids:
            message, hint = f"no record has the id '{shown(target)}'", names.like(target, names.ids) or NO_SUCH_ID
            yield problem(place(), path, message, hint, "dangling-reference")
        found = names.records.get(target)
        if found and found.withdrawn and record.status is not Status.WITHDRAWN:
            instead = ", ".join(found.withdrawn.replaced_by)
            hint = f"name what took its place: {instead}" if instead else "take it out"
            yield problem(place(), path, f"'{target}' is withdrawn", hint, "withdrawn-reference")

    for path, key in source_fields(record):
        if names.sources is None or key not in names.sources:
            yield from check_key(path, key, partial(origin.place, *path))
    for path, target, kinds in reference_fields(record):
        place, found = partial(origin.place, *path), names.records.get(target)
        yield from check_id(path, target, place)
        if found and kinds and found.kind not in kinds:
            message, hint = f"'{target}' is a {found.kind}", f"this field takes: {', '.join(kinds)}"
            yield problem(place(), path, message, hint, "wrong-kind")
    if not record.needs_source and not record.sources and not record.synthesis:
        for path in unsupported(record):
            yield problem(origin.place(*path), (*path, "sources"), *NO_SOURCE, "no-source")
    for path, text in prose_fields(record):
        for piece in walk(read_prose(text)[0]) if may_name(text) else ():
            if isinstance(piece, Citation):
                for key in piece.keys:
                    yield from check_key(path, key, partial(_find, origin, path, text, key))
            elif isinstance(piece, RecordLink):
                linked = names.records.get(piece.id)
                place = partial(_find, origin, path, text, piece.id)
                yield from check_id(path, piece.id, place)
                if linked and piece.kind and linked.kind != piece.kind:
                    message = f"'{piece.id}' is a {linked.kind}, not a {piece.kind}"
                    hint = f"write {{clinic:{linked.kind}}} or {{clinic:ref}}"
                    yield problem(place(), path, message, hint, "wrong-kind")
    named = [(("within",), record.within)] if isinstance(record, Region) else list(region_fields(record))
    allowed = names.regions if isinstance(record, Region) else names.regions | {EVERYWHERE}
    for path, region in named:
        if region and region not in allowed and region not in names.unclear:
            hint = allowed_words(region, sorted(allowed))
            yield problem(origin.place(*path), path, f"'{shown(region)}' is not a region", hint, "unknown-region")


def _find(origin: Origin, path: FieldPath, text: str, word: str) -> Place:
    """Return the place of an id or key within the role that names it in the text at ``path``."""
    found = re.search(rf"(?<=[`<,\s]){re.escape(word)}(?=[`>,\s])", text)
    return origin.place_in(path, text, found.start() if found else 0)
