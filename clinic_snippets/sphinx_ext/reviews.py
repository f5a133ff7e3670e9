"""Overdue reviews on pages: a banner in words where the build knows the day, and a script for where only the reader does.

The script ``review.js`` is given its dates by the tables and cards themselves: a table's body says by which day its rows
must be reviewed and when they were last written or reviewed, a row only where it differs, and a card in its foot.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from clinic_snippets.snippets.overdue import OVERDUE, overdue_words
from clinic_snippets.sphinx_ext.copy_marks import CODES
from clinic_snippets.sphinx_ext.domain import clinic_domain
from clinic_snippets.sphinx_ext.late import late_body, shown_parts
from clinic_snippets.sphinx_ext.outputs import SITES
from clinic_snippets.sphinx_ext.page_dates import PAGE_DATES

SCRIPT = "review.js"
CHECK = "check-copy.js"
"""The script that answers for one code."""


class OverdueBanner(SphinxPostTransform):
    """Opens every page that shows overdue records with a banner; in a book, every chapter."""

    default_priority = 3  # right before the placeholders that tell what a page shows are filled in

    def run(self, **kwargs: Any) -> None:
        """Work on every page in the document."""
        domain = clinic_domain(self.env)
        if domain.library.governance.as_of is None:
            return
        as_of = domain.library.governance.as_of
        pages: dict[str, list[nodes.Element]] = {}
        for node in self.document.findall(nodes.Element):
            if isinstance(node, late_body) or _tells_dates(node):
                pages.setdefault(node["docname"], []).append(node)
        for bodies in pages.values():
            shown = {
                part.record for node in bodies if isinstance(node, late_body) for part in shown_parts(domain, node)
            }
            found = [domain.library.records[identifier] for identifier in shown]
            days = [record.review_by for record in found if domain.library.governance.overdue(record)]
            own = [date.fromisoformat(node["review_by"]) for node in bodies if _tells_dates(node)]
            days += [due for due in own if due < as_of]
            if days:
                words = overdue_words(days)
                box = nodes.admonition("", nodes.title("", OVERDUE.text), nodes.paragraph("", words))
                box["classes"] += ["warning", "clinic-overdue"]
                page = _page_of(bodies[0])
                title = page.first_child_matching_class(nodes.title) if isinstance(page, nodes.section) else None
                page.insert(0 if title is None else title + 1, box)


def _tells_dates(node: nodes.Node) -> bool:
    """Say whether this is the foot of a page with its own dates."""
    return isinstance(node, nodes.paragraph) and PAGE_DATES in node["classes"]


def _page_of(node: nodes.Element) -> nodes.Element:
    """Return the section that is a whole page, or what holds the page's text where it has no heading."""
    page = node
    while not isinstance(page.parent, nodes.document | addnodes.start_of_file):
        page = page.parent
    return page if isinstance(page, nodes.section) else page.parent


def load_script(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Load the script on pages that show records."""
    domain = clinic_domain(app.env)
    if app.builder.name in SITES and domain.shows_records(pagename):
        app.add_js_file(SCRIPT, loading_method="defer")
    if app.builder.name in SITES and pagename in domain.pages_with(CODES):
        app.add_js_file(CHECK, loading_method="defer")


def setup(app: Sphinx) -> None:
    """Register the banner and the script."""
    app.add_post_transform(OverdueBanner)
    app.connect("html-page-context", load_script)
