"""``copies.json``: the code of everything that can be printed, for programs that ask whether a copy is current."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from clinic_snippets.library import Library
from clinic_snippets.library.codes import current_code, current_edition, short_code


def page_code(library: Library, name: str, text: str, records: Iterable[str]) -> str:
    """Return the code of a page: of its own text, and of the records that it shows, in their order."""
    return short_code("page", name, text, *(current_code(library, identifier) for identifier in records))


def copies(library: Library, version: str, pages: Mapping[str, str]) -> str:
    """Return the codes of the edition, of each record that is not withdrawn, and of each page (given by name)."""
    content = {
        "version": version,
        "edition": current_edition(library),
        "records": {record.id: current_code(library, record.id) for record in library.of()},
        "pages": dict(pages),
    }
    return json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
