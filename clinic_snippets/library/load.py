"""Files to a library: reading, then every check that needs more than one record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from clinic_snippets.library.library import Library
from clinic_snippets.problems import Place, Problem, allowed_words, nearest
from clinic_snippets.reading.bibliography import read_bibliography
from clinic_snippets.reading.prose import read_prose
from clinic_snippets.reading.records import Origin, read_records
from clinic_snippets.records import EVERYWHERE, Hazard, Precaution, Record, Region
from clinic_snippets.records.base import prose_fields, reference_fields, source_fields, unsupported
from clinic_snippets.records.text import Citation, RecordLink, walk


def load_library(folder: Path, bibliographies: list[Path], cache: Path | None = None) -> tuple[Library, list[Problem]]:
    """Read the records below ``folder`` and the BibTeX files; return the library and every problem, sorted by place.

    A record with a problem is left out of the library, so whoever publishes must refuse to while there are problems.
    """
    files = read_records(folder, cache)
    sources, problems = read_bibliography(bibliographies)
    problems += files.problems
    records: dict[str, Record] = {}
    origins: dict[str, Origin] = {}
    for record, origin in zip(files.records, files.origins, strict=True):
        if record.id in records:
            first = origins[record.id].place("id")
            message = f"the id '{record.id}' is taken (first: {first})"
            problems.append(
                Problem(
                    origin.place("id"),
                    f"{record.id}.id",
                    message,
                    "an id is permanent and stands for one record; choose another",
                    "duplicate-id",
                )
            )
        else:
            records[record.id], origins[record.id] = record, origin
    # Ids of records left out for other reasons still count as known, or one slip would report many.
    known = set(records) | {p.subject.split(".")[0] for p in files.problems}
    regions = {record.id for record in records.values() if isinstance(record, Region)}
    for record in records.values():
        problems += _references(record, origins[record.id], records, known, regions, sources)
    return Library(records.values(), sources, origins), sorted(set(problems))


def _references(
    record: Record,
    origin: Origin,
    records: dict[str, Record],
    known: set[str],
    regions: set[str],
    sources: Mapping[str, object],
) -> Iterator[Problem]:
    def problem(place: Place, field: str, message: str, hint: str, code: str) -> Problem:
        return Problem(place, f"{record.id}.{field}", message, hint, code)

    def unknown_key(place: Place, field: str, key: str) -> Problem:
        hint = nearest(key, sources) or "add the entry to the .bib file"
        return problem(place, field, f"'{key}' is not in the bibliography", hint, "unknown-source")

    for path, key in source_fields(record):
        if key not in sources:
            yield unknown_key(origin.place(*path), ".".join(s for s in path if isinstance(s, str)), key)
    for path, target, kinds in reference_fields(record):
        place, field, found = origin.place(*path), str(path[0]), records.get(target)
        if target not in known:
            message, hint = f"no record has the id '{target}'", nearest(target, known) or "check the id"
            yield problem(place, field, message, hint, "dangling-reference")
        elif found and kinds and found.kind not in kinds:
            message, hint = f"'{target}' is a {found.kind}", f"this field takes: {', '.join(kinds)}"
            yield problem(place, field, message, hint, "wrong-kind")
    if not record.needs_source and not record.sources and not record.synthesis:
        for path in unsupported(record):
            message, hint = "names no source", "add 'sources: [key]' or, if it is our own reasoning, 'synthesis: yes'"
            yield problem(origin.place(*path), _subject(path), message, hint, "no-source")
    for path, text in prose_fields(record):
        field = ".".join(s for s in path if isinstance(s, str))
        for piece in walk(read_prose(text)[0]):
            if isinstance(piece, Citation):
                for key in piece.keys:
                    if key not in sources:
                        yield unknown_key(_find(origin, path, text, key), field, key)
            elif isinstance(piece, RecordLink):
                linked = records.get(piece.id)
                place = _find(origin, path, text, piece.id)
                if piece.id not in known:
                    yield problem(
                        place,
                        field,
                        f"no record has the id '{piece.id}'",
                        nearest(piece.id, known) or "check the id",
                        "dangling-reference",
                    )
                elif linked and piece.kind and linked.kind != piece.kind:
                    yield problem(
                        place,
                        field,
                        f"'{piece.id}' is a {linked.kind}, not a {piece.kind}",
                        f"write {{clinic:{linked.kind}}} or {{clinic:ref}}",
                        "wrong-kind",
                    )
    named: list[tuple[tuple[str | int, ...], str]] = []
    if isinstance(record, Precaution):
        named = [(("regions", i), r) for i, r in enumerate(record.regions)]
    elif isinstance(record, Hazard):
        named = [(("region",), record.region)]
    elif isinstance(record, Region) and record.within:
        named = [(("within",), record.within)]
    for path, region in named:
        if (
            region not in regions
            and (region != EVERYWHERE or isinstance(record, Region))
            and region not in known - set(records)
        ):
            yield problem(
                origin.place(*path),
                str(path[0]),
                f"'{region}' is not a region",
                allowed_words(region, [EVERYWHERE, *sorted(regions)]),
                "unknown-region",
            )


def _find(origin: Origin, path: tuple[str | int, ...], text: str, word: str) -> Place:
    """Return the place of ``word`` within the text at ``path``."""
    before = text[: max(text.find(word), 0)]
    place = origin.place(*path, line_in_text=before.count("\n"))
    return Place(place.file, place.line, place.column + len(before) - (before.rfind("\n") + 1))


def _subject(path: tuple[str | int, ...]) -> str:
    return "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
