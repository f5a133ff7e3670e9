"""Files beside the site that are made of its records: ``reviews.json``, ``copies.json``, and the feed ``changes.atom``,
and the folder ``data`` with the records for other programs.
"""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from clinic_snippets.export.atom import feed
from clinic_snippets.export.copies import copies
from clinic_snippets.export.data_files import SUMS, json_files, read_sums, sums
from clinic_snippets.export.reviews import reviews
from clinic_snippets.export.spreadsheets import spreadsheets
from clinic_snippets.export.writing import write_changed, write_pieces
from clinic_snippets.sphinx_ext.domain import ClinicDomain, clinic_domain
from clinic_snippets.sphinx_ext.page_codes import page_code_of
from clinic_snippets.sphinx_ext.placement import CHANGES

SITES = ("html", "dirhtml", "singlehtml")
"""Builders of whole web sites; other builders of HTML make books or parts."""
REVIEWS, COPIES, FEED, DATA = "reviews.json", "copies.json", "changes.atom", "data"


def write_outputs(app: Sphinx, exception: Exception | None) -> None:
    """Write each file whose content is not there yet; a handbook without releases has no feed."""
    domain = clinic_domain(app.env)
    if exception is not None or app.builder.name not in SITES or domain.idle:
        return
    library, config = domain.library, app.config
    made = {REVIEWS: "", COPIES: ""}
    if len(library):
        codes = {page: page_code_of(domain, page) for page in sorted(app.env.found_docs)}
        made = {REVIEWS: reviews(library), COPIES: copies(library, config.version, codes)}
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
        else:
            write_changed(path, text)
    write_data(app, domain)


def write_data(app: Sphinx, domain: ClinicDomain) -> None:
    """Write the records as data, unless these are there; a file that an earlier build wrote and this one has not goes.

    The schema has its say too: a field that a kind of the handbook gained may be a column that no record fills yet.
    The checksums are written last: those of other records tell that a build was killed before all was there.
    """
    folder, library = Path(app.outdir, DATA), domain.library
    listed = read_sums(folder / SUMS)
    whole = all((folder / name).is_file() for name in listed)
    digests: dict[str, str] = {}
    if len(library):
        folder.mkdir(exist_ok=True)
        files = json_files(library, app.config.project, app.config.language, Path(app.srcdir))
        for name, pieces in files.items():
            digests[name], changed = write_pieces(folder / name, pieces)
            whole = whole and not changed and listed.get(name) == digests[name]
        if whole:
            return
        for name, pieces in spreadsheets(library).items():
            digests[name], _ = write_pieces(folder / name, pieces)
    for name in listed.keys() - digests.keys():
        (folder / name).unlink(missing_ok=True)
    if digests:
        write_changed(folder / SUMS, sums(digests))
    else:
        (folder / SUMS).unlink(missing_ok=True)


def name_feed(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Tell browsers of the feed, on the pages that show what changed."""
    domain = clinic_domain(app.env)
    if pagename in domain.pages_with(CHANGES) and app.builder.name in SITES and domain.library.governance.releases:
        address = html.escape(context["pathto"](FEED, resource=True))
        title = html.escape(f"{app.config.project}: what changed")
        context["metatags"] += (
            f'\n<link rel="alternate" type="application/atom+xml" title="{title}" href="{address}" />'
        )


def setup(app: Sphinx) -> None:
    """Connect to the end of a build."""
    app.connect("html-page-context", name_feed)
    app.connect("build-finished", write_outputs)
