"""The code of each page: of its own text, and of the records that it shows."""

from __future__ import annotations

import contextlib
from pathlib import Path

from clinic_snippets.export.copies import page_code
from clinic_snippets.snippets import OptionError
from clinic_snippets.snippets.blocks import parts
from clinic_snippets.sphinx_ext.domain import ClinicDomain


def records_on(domain: ClinicDomain, docname: str) -> list[str]:
    """Return the ids of the records that a page's snippets show, in their order."""
    shown: list[str] = []
    for call in domain.calls.get(docname, ()):
        with contextlib.suppress(OptionError, KeyError):  # reported where the page was read
            shown += [part.record for part in parts(domain.block(call.snippet, call.options))]
    return shown


def page_code_of(domain: ClinicDomain, docname: str) -> str:
    """Return the code of a page, worked out once per build."""
    if docname not in domain.page_codes:
        text = Path(domain.env.doc2path(docname)).read_text("utf-8", errors="replace")
        named = sorted({target.partition("@")[0] for target in domain.references.get(docname, ())})
        shown = [*records_on(domain, docname), *(name for name in named if name in domain.library.records)]
        domain.page_codes[docname] = page_code(domain.library, docname, text, shown)
    return domain.page_codes[docname]
