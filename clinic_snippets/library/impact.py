"""What rests on a source or a record, for instance when a paper is retracted: records, figures and places in pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from clinic_snippets.library.library import Library
from clinic_snippets.problems import Place
from clinic_snippets.reading.page_calls import Mention, PageCall, SnippetCall
from clinic_snippets.records import AdverseEvent, Finding, Record, Region
from clinic_snippets.records.base import prose_fields, reference_fields, region_fields, source_fields
from clinic_snippets.records.text import Citation, RecordLink, walk

FieldPath = tuple[str | int, ...]


@dataclass(frozen=True)
class Use:
    """A field of a record that names the key."""

    place: Place
    field: str


@dataclass(frozen=True)
class PageUse:
    """A place in a page that depends on the key, and how."""

    place: Place
    what: str


@dataclass(frozen=True)
class Impact:
    """What rests on a key: records by id with their uses of it, addresses of figures, and places in pages."""

    key: str
    name: str
    records: dict[str, tuple[Use, ...]]
    figures: tuple[str, ...]


def impact_of(key: str, library: Library) -> Impact | None:
    """Return what rests on a source key or on a record, or None where there is neither."""
    record, source = library.get(key), library.sources.get(key)
    if record is None and source is None:
        return None
    records = {r.id: uses for r in library.records.values() if (uses := tuple(_uses(library, r, key)))}
    addresses = [*library.figure_addresses(AdverseEvent), *library.figure_addresses(Finding)]
    figures = [a for a in addresses if a.partition("@")[0] == key or key in library.figure_sources(a)]
    name = record.name if record else f"{source.label}, {source.title}" if source else key
    return Impact(key, name, records, tuple(figures))


def _uses(library: Library, record: Record, key: str) -> Iterator[Use]:
    origin = library.origins.get(record.id)
    for path in dict.fromkeys(_naming(library, record, key)):
        place = origin.place(*path) if origin else Place("")
        field = origin.subject("", path) if origin else ".".join(map(str, path))
        yield Use(place, field.lstrip("."))


def _naming(library: Library, record: Record, key: str) -> Iterator[FieldPath]:
    """Yield the path of each field of ``record`` that names a source or a record with this key."""
    yield from (path for path, named in source_fields(record) if named == key)
    yield from (path for path, named, _ in reference_fields(record) if named == key)
    yield from (path for path, named in region_fields(record) if named == key)
    if isinstance(record, Region) and record.within == key:
        yield ("within",)
    for path, text in prose_fields(record):
        for piece in walk(library.prose(text)):
            if (isinstance(piece, Citation) and key in piece.keys) or (
                isinstance(piece, RecordLink) and piece.id == key
            ):
                yield path


def page_uses(
    found: Impact,
    library: Library,
    calls: Iterable[tuple[str, PageCall]],
    shown: Callable[[str, SnippetCall], list[str]],
) -> Iterator[PageUse]:
    """Yield the places in pages that show or name what was found.

    ``calls`` are the contents of pages with their files; ``shown`` gives the records that a snippet in a file shows.
    """
    record = library.get(found.key)
    # A link may also name the place of the record's home.
    names = {found.key, *found.figures, *([record.anchor] if record else [])}
    for file, call in calls:
        place = Place(file, call.line)
        if isinstance(call, Mention):
            if named := [target for target in call.targets if target in names]:
                yield PageUse(place, f"{'cites' if call.role.startswith('cite:') else 'names'} {', '.join(named)}")
        elif resting := [i for i in dict.fromkeys(shown(file, call)) if i in found.records or i == found.key]:
            yield PageUse(place, f"shows {', '.join(resting)}")
