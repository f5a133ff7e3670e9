"""Record text in other languages: one catalogue for all records, apart from Sphinx's catalogues of pages.

The catalogue is an ordinary ``records.pot``; its context (``msgctxt``) is ``id.field``, so that equal texts of two
records can be translated apart and a translator knows what a text is for.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po, write_po

from clinic_snippets.library.library import Library
from clinic_snippets.problems import Place, Problem
from clinic_snippets.records import Record
from clinic_snippets.records.base import prose_fields

DOMAIN = "records"


def context(record: Record, path: tuple[str | int, ...]) -> str:
    """Return the context of a text: the record's id and the path of the field, list items counted from 1."""
    return ".".join([record.id, *(str(step + 1) if isinstance(step, int) else step for step in path)])


def texts(record: Record) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield the path and the text of everything in ``record`` that a reader sees as a sentence or a name."""
    yield ("name",), record.name
    yield from prose_fields(record)


def write_template(library: Library, target: Path, project: str, version: str) -> int:
    """Write ``records.pot`` and return how many texts it holds; the same records give the same bytes."""
    no_clock = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    catalog = Catalog(project=project, version=version, creation_date=no_clock, fuzzy=False)
    for record in sorted(library.records.values(), key=lambda r: r.id):
        origin = library.origins.get(record.id)
        for path, text in texts(record):
            where = [(Path(origin.file).name, origin.place(*path).line)] if origin else []
            catalog.add(text, locations=where, context=context(record, path))
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        write_po(file, catalog, sort_output=True, width=0)
    return len(catalog)


def catalogues(source: Path, folders: Iterable[str], language: str) -> list[Path]:
    """Return the translated catalogues of a language that are there; ``folders`` are Sphinx's ``locale_dirs``."""
    found = (source / folder / language / "LC_MESSAGES" / f"{DOMAIN}.po" for folder in folders)
    return [path for path in found if path.is_file()]


def read_translation(path: Path) -> tuple[Catalog | None, list[Problem]]:
    """Read a translated catalogue; what is wrong with the file comes back as problems."""
    try:
        with path.open("rb") as file:
            return read_po(file, abort_invalid=True), []
    except (PoFileError, UnicodeDecodeError) as error:
        place = Place(str(path), getattr(error, "lineno", 0) + 1, 1)
        return None, [
            Problem(place, "", f"this is not a translation catalogue ({error})", "mend this line", "po-syntax")
        ]


def translated(library: Library, catalog: Catalog) -> Library:
    """Return a library with every text that ``catalog`` translates; other texts stay as they are."""

    def translate(record: Record) -> Record:
        data = record.model_dump()
        for path, text in texts(record):
            message = catalog.get(text, context(record, path))
            if message is not None and message.string and not message.fuzzy:
                _put(data, path, str(message.string))
        return type(record).model_validate(data)

    out = Library(map(translate, library.records.values()), library.sources, library.origins)
    out.governance = library.governance
    return out


def _put(data: Any, path: tuple[str | int, ...], text: str) -> None:
    for step in path[:-1]:
        data = data[step]
    data[path[-1]] = text
