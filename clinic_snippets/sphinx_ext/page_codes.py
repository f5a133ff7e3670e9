"""The code of each page: of its own text, and of the records that it shows."""

from __future__ import annotations

from pathlib import Path

from clinic_snippets.export.copies import page_code
from clinic_snippets.snippets.blocks import parts
from clinic_snippets.sphinx_ext.domain import ClinicDomain


def records_on(domain: ClinicDomain, docname: str) -> list[str]:
    """Return the ids of the records that a page's snippets show, in their order."""
    return [part.record for _call, block in domain.shown_on(docname) for part in parts(block)]


def page_code_of(domain: ClinicDomain, docname: str) -> str:
    """Return the code of a page, worked out once per build."""
    if docname not in domain.page_codes:
        text = Path(domain.env.doc2path(docname)).read_text("utf-8", errors="replace")
        named = sorted({target.partition("@")[0] for target in domain.references.get(docname, ())})
        shown = [*records_on(domain, docname), *(name for name in named if name in domain.library.records)]
        domain.page_codes[docname] = page_code(domain.library, docname, text, shown)
    return domain.page_codes[docname]
