"""The files of exported records, and ``SHA256SUMS``, by which whoever fetched them sees that they are whole."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from clinic_snippets.export.bundle import RECORDS, SCHEMA, bundle, bundle_schema
from clinic_snippets.export.spreadsheets import spreadsheets
from clinic_snippets.library import Library

SUMS = "SHA256SUMS"


def json_files(library: Library, handbook: str, language: str, folder: Path) -> dict[str, bytes]:
    """Return the bundle and its schema, by file name."""
    return {RECORDS: bundle(library, handbook, language, folder).encode(), SCHEMA: bundle_schema().encode()}


def csv_files(library: Library) -> dict[str, bytes]:
    """Return the spreadsheets, by file name."""
    return {name: text.encode() for name, text in spreadsheets(library).items()}


def sums(files: Mapping[str, bytes]) -> bytes:
    """Return the digest of each file, as ``sha256sum --check`` reads them."""
    return "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)).encode()


def names_in(text: str) -> list[str]:
    """Return the names of the files whose digests stand in ``text``."""
    names = (line.partition("  ")[2] for line in text.splitlines())
    return [name for name in names if name and Path(name).name == name]  # never a file of another folder
