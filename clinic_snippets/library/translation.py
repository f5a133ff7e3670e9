"""Record text in other languages: one catalogue for all records, apart from Sphinx's catalogues of pages.

The catalogue is an ordinary ``records.pot``; its context (``msgctxt``) is ``id.field``, so that equal texts of two
records can be translated apart and a translator knows what a text is for.
"""

from __future__ import annotations

import datetime
import io
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po, write_po

from clinic_snippets.library.library import Library
from clinic_snippets.problems import Place, Problem, shown
from clinic_snippets.reading.files import bytes_of
from clinic_snippets.reading.prose import read_prose, troubles_in
from clinic_snippets.reading.simple_prose import may_name
from clinic_snippets.reading.unseen import unseen_sign
from clinic_snippets.records import Record
from clinic_snippets.records.base import prose_fields
from clinic_snippets.records.text import Citation, RecordLink, walk

DOMAIN = "records"
_MANY_PLURALS = re.compile(rb"nplurals\s*=\s*\d{2}")
"""No language has ten; Babel makes room for as many as the head of a catalogue says."""


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
    return [path for path in found if os.path.lexists(path)]


def read_translation(path: Path) -> tuple[Catalog | None, list[Problem]]:
    """Read a translated catalogue; what is wrong with the file comes back as problems."""
    try:
        content = bytes_of(path)
        if _MANY_PLURALS.search(content):
            raise ValueError("no language has so many plurals")
        return read_po(io.BytesIO(content), abort_invalid=True), []
    except OSError as error:
        message = f"the file cannot be read ({error.strerror})"
        return None, [Problem(Place(str(path), 1, 1), "", message, "check the file", "file")]
    except Exception as error:  # Babel has many: a wrong date or language in the head raises what its reader does
        # Babel counts lines from 0, and says the number in its words too.
        line = error.lineno + 1 if isinstance(error, PoFileError) else 1
        why = str(error).removesuffix(f" on {line - 1}")
        message = f"this is not a translation catalogue ({why})"
        hint = "write msgctxt, msgid and msgstr, each with its text in quotation marks, in a file saved as UTF-8"
        return None, [Problem(Place(str(path), line, 1), "", message, hint, "po-syntax")]


def translated(library: Library, catalog: Catalog, file: Path) -> tuple[Library, list[Problem]]:
    """Return a library with every text that ``catalog``, read from ``file``, translates, and what is wrong with those.

    Other texts, and every field that is no text, stay as they are.
    """
    problems: list[Problem] = []

    def translate(record: Record) -> Record:
        out = record
        for path, text in texts(record):
            message = catalog.get(text, context(record, path))
            if message is None or message.fuzzy or not isinstance(message.string, str) or not message.string:
                continue
            wrong = list(_misfits(text, message.string, one_line=path == ("name",)))
            place = Place(str(file), message.lineno or 0)
            problems.extend(Problem(place, context(record, path), *trouble) for trouble in wrong)
            out = out if wrong else _put(out, path, message.string.strip())
        return out

    out = Library(map(translate, library.records.values()), library.sources, library.origins)
    out.governance = library.governance
    return out, problems


def _misfits(original: str, text: str, *, one_line: bool) -> Iterator[tuple[str, str, str]]:
    """Yield message, hint and code for whatever keeps ``text`` from taking the place of ``original``."""
    if not text.strip():
        yield "the translation is blank", 'write it, or leave msgstr as ""', "translation-text"
    elif sign := unseen_sign(text):
        message = f"the translation has a character that cannot be seen ({sign})"
        yield message, "delete it; use plain spaces and line ends", "unseen-character"
    elif one_line:
        if "\n" in text.strip():
            yield "the translation of a name has several lines", "write it on one", "translation-text"
    else:
        troubles = troubles_in(text)
        yield from ((message, hint, code) for _, message, hint, code in troubles)
        # What is not read as it was meant says nothing about the links in it.
        there, wanted = (_named(text), _named(original)) if not troubles else (set(), set())
        for name in sorted(there ^ wanted):
            message = "names" if name in there else "does not name"
            hint = "leave what stands in braces and backticks as it is in the original"
            yield f"the translation {message} '{shown(name)}', other than the original", hint, "translation-link"


def _named(text: str) -> set[str]:
    """Return the records and sources that a text names."""
    found: set[str] = set()
    for piece in walk(read_prose(text)[0]) if may_name(text) else ():
        if isinstance(piece, Citation):
            found.update(piece.keys)
        elif isinstance(piece, RecordLink):
            found.add(piece.id)
    return found


def _put(value: Any, path: tuple[str | int, ...], text: str) -> Any:
    """Return a copy of ``value`` with ``text`` at ``path``; nothing else in it is made anew, so no field is lost."""
    if not path:
        return text
    step, rest = path[0], path[1:]
    if isinstance(value, tuple):
        assert isinstance(step, int)
        return (*value[:step], _put(value[step], rest, text), *value[step + 1 :])
    return value.model_copy(update={str(step): _put(getattr(value, str(step)), rest, text)})
