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
from clinic_snippets.export.bundle import RECORDS, SCHEMA, bundle, bundle_schema
from clinic_snippets.export.copies import copies
from clinic_snippets.export.data_files import SUMS, csv_files, names_in, sums
from clinic_snippets.export.reviews import reviews
from clinic_snippets.export.writing import write_changed
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

    The checksums are written last: those of other records tell that a build was killed before all was there.
    """
    folder, library = Path(app.outdir, DATA), domain.library
    known = (folder / SUMS).read_text("utf-8") if (folder / SUMS).is_file() else ""
    listed = names_in(known)
    files: dict[str, bytes] = {}
    if len(library):
        records = bundle(library, app.config.project, app.config.language, Path(app.srcdir)).encode()
        whole = sums({RECORDS: records}).decode() in known and all((folder / name).is_file() for name in listed)
        if whole and (folder / RECORDS).read_bytes() == records:
            return
        files = {RECORDS: records, SCHEMA: bundle_schema().encode(), **csv_files(library)}
        folder.mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    for name in set(listed) - files.keys():
        (folder / name).unlink(missing_ok=True)
    if files:
        (folder / SUMS).write_bytes(sums(files))
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
