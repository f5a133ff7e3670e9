"""The files of exported records, and ``SHA256SUMS``, by which whoever fetched them sees that they are whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from clinic_snippets.export.bundle import RECORDS, SCHEMA, bundle
from clinic_snippets.export.bundle_schema import bundle_schema
from clinic_snippets.library import Library

SUMS = "SHA256SUMS"


def json_files(library: Library, handbook: str, language: str, folder: Path) -> dict[str, Iterable[str]]:
    """Return the lines of the bundle, made when they are asked for, once, and its schema, by file name."""
    return {RECORDS: bundle(library, handbook, language, folder), SCHEMA: [bundle_schema()]}


def sums(digests: Mapping[str, str]) -> str:
    """Return the digests of files by their names, as ``sha256sum --check`` reads them."""
    return "".join(f"{digests[name]}  {name}\n" for name in sorted(digests))


def read_sums(path: Path) -> dict[str, str]:
    """Return the digests that stand in a file, by name; none where it is not there."""
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    found = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    return {name: digest for name, digest in found.items() if name and Path(name).name == name}  # of this folder
