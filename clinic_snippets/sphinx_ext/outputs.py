"""Files beside the site that are made of its records: ``reviews.json``, ``copies.json``, and the feed ``changes.atom``."""

from __future__ import annotations

import contextlib
import html
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from clinic_snippets.export.atom import feed
from clinic_snippets.export.copies import copies, page_code
from clinic_snippets.export.reviews import reviews
from clinic_snippets.snippets import OptionError
from clinic_snippets.snippets.blocks import parts
from clinic_snippets.sphinx_ext.domain import ClinicDomain
from clinic_snippets.sphinx_ext.placement import CHANGES

SITES = ("html", "dirhtml", "singlehtml")
"""Builders of whole web sites; other builders of HTML make books or parts."""
REVIEWS, COPIES, FEED = "reviews.json", "copies.json", "changes.atom"


def write_outputs(app: Sphinx, exception: Exception | None) -> None:
    """Write each file whose content is not there yet; a handbook without releases has no feed."""
    if exception is not None or app.builder.name not in SITES:
        return
    domain = app.env.get_domain("clinic")
    assert isinstance(domain, ClinicDomain)
    library, config = domain.library, app.config
    made = {REVIEWS: "", COPIES: ""}
    if len(library):
        made = {REVIEWS: reviews(library), COPIES: copies(library, config.version, page_codes(domain))}
    pages = {
        dict(call.options).get("release", ""): app.builder.get_target_uri(docname)
        for docname, calls in sorted(domain.calls.items())
        for call in calls
        if call.snippet == CHANGES
    }
    made[FEED] = feed(library, config.project, config.html_baseurl, pages) if library.governance.releases else ""
    for name, text in made.items():
        path = Path(app.outdir, name)
        if not text:
            path.unlink(missing_ok=True)
        elif not path.is_file() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8", newline="\n")


def page_codes(domain: ClinicDomain) -> dict[str, str]:
    """Return the code of every page."""
    env, out = domain.env, {}
    for docname in sorted(env.found_docs):
        shown: list[str] = []
        for call in domain.calls.get(docname, ()):
            with contextlib.suppress(OptionError, KeyError):  # reported where the page was read
                shown += [part.record for part in parts(domain.block(call.snippet, call.options))]
        text = Path(env.doc2path(docname)).read_text("utf-8", errors="replace")
        out[docname] = page_code(domain.library, docname, text, shown)
    return out


def name_feed(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Tell browsers of the feed, on the pages that show what changed."""
    domain = app.env.get_domain("clinic")
    assert isinstance(domain, ClinicDomain)
    shown = any(call.snippet == CHANGES for call in domain.calls.get(pagename, ()))
    if shown and app.builder.name in SITES and domain.library.governance.releases:
        address = html.escape(context["pathto"](FEED, resource=True))
        title = html.escape(f"{app.config.project}: what changed")
        context["metatags"] += (
            f'\n<link rel="alternate" type="application/atom+xml" title="{title}" href="{address}" />'
        )


def setup(app: Sphinx) -> None:
    """Connect to the end of a build."""
    app.connect("html-page-context", name_feed)
    app.connect("build-finished", write_outputs)
