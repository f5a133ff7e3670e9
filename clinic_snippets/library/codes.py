"""Short codes by which a printed copy tells whether it is current: each stands for one text of one record.

A code is made of what the text says, so the same text has the same code in every version, and any clinical change gives
another. It needs no list of numbers given out, and nobody to give them out.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from clinic_snippets.library.governance import fingerprint
from clinic_snippets.library.library import Library
from clinic_snippets.library.release import Fields
from clinic_snippets.records import Record

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and letters without I, L, O and U, which are misread; source: D. Crockford, "Base 32"."""
_BYTES = 5
_SIGNS = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", ALPHABET.encode())
"""From the letters that Python has for five bits."""


def short_code(*parts: str) -> str:
    """Return eight signs in two groups, such as ``7K3M-Q0XZ``, made of ``parts`` and nothing else."""
    digest = hashlib.sha256("\0".join(parts).encode()).digest()
    signs = base64.b32encode(digest[:_BYTES]).translate(_SIGNS).decode()
    return f"{signs[:4]}-{signs[4:]}"


def record_code(fields: Fields) -> str:
    """Return the code of a record as its fields stand; other names and dates do not change it."""
    return short_code("record", fields["id"], fingerprint(fields))


def edition_code(codes: Mapping[str, str]) -> str:
    """Return the code of a whole handbook, made of its records' codes by id: it changes when any of them does."""
    return short_code("edition", *(codes[identifier] for identifier in sorted(codes)))


@dataclass(frozen=True)
class Earlier:
    """A text that was given out and is no longer current: its code, and the first and last release that held it."""

    code: str
    first: str
    last: str


def current_code(library: Library, identifier: str) -> str:
    """Return the code of a record as it stands now."""
    return library.once(_current_code, library.records[identifier])


def _current_code(library: Library, record: Record) -> str:
    return short_code("record", record.id, current_fingerprint(library, record.id))


def current_fingerprint(library: Library, identifier: str) -> str:
    """Return the fingerprint of a record as it stands now."""
    return library.once(_current_fingerprint, library.records[identifier])


def _current_fingerprint(library: Library, record: Record) -> str:
    return library.governance.fingerprint(record)


def current_edition(library: Library) -> str:
    """Return the code of the handbook as it stands now."""
    return edition_code({identifier: current_code(library, identifier) for identifier in library.records})


def earlier_codes(library: Library, identifier: str) -> list[Earlier]:
    """Return the codes of a record's released texts that are not its current one, oldest first."""
    released = [release for release in library.governance.releases if identifier in release.records]
    codes = [(release.version, record_code(release.records[identifier])) for release in released]
    return _earlier(codes, current_code(library, identifier))


def earlier_editions(library: Library) -> list[Earlier]:
    """Return the codes of released handbooks that are not the current one, oldest first."""
    codes = []
    for release in library.governance.releases:
        held = {identifier: record_code(fields) for identifier, fields in release.records.items()}
        codes.append((release.version, edition_code(held)))
    return _earlier(codes, current_edition(library))


def _earlier(codes: Iterable[tuple[str, str]], now: str) -> list[Earlier]:
    """Return each code but the current one, once, with the first and the last version that held it."""
    held: dict[str, Earlier] = {}
    for version, code in codes:
        if code != now:
            held[code] = Earlier(code, held[code].first if code in held else version, version)
    return list(held.values())
