"""The index of all records, beside Sphinx's own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sphinx.domains import Index, IndexEntry

from clinic_snippets.records import Status

if TYPE_CHECKING:
    from clinic_snippets.sphinx_ext.domain import ClinicDomain


class RecordIndex(Index):
    """All records with a home, by first letter."""

    name = "records"
    localname = "Index of records"
    shortname = "records"
    domain: ClinicDomain

    def generate(self, docnames: Iterable[str] | None = None) -> tuple[list[tuple[str, list[IndexEntry]]], bool]:
        """Return the records that have a home, sorted by name."""
        letters: dict[str, list[IndexEntry]] = {}
        wanted = None if docnames is None else set(docnames)
        named = [(self.domain.library.records[i], home) for i, home in self.domain.placement.homes.items()]
        for record, home in sorted(named, key=lambda pair: (pair[0].name.lower(), pair[0].id)):
            if wanted is None or home.docname in wanted:
                gone = "withdrawn" if record.status is Status.WITHDRAWN else ""
                entry = IndexEntry(record.name, 0, home.docname, home.anchor, record.kind, gone, record.id)
                letters.setdefault(record.name[0].upper(), []).append(entry)
        return sorted(letters.items()), False


INDEX = f"clinic-{RecordIndex.name}"
"""The page of the index, as Sphinx names it."""
