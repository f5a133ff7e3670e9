"""Owner and dates of a page: written in its front matter, shown at its foot, and overdue like those of a record.

::

    ---
    owner: evidence lead
    written: 2026-11-22
    review_by: 2027-11-22
    ---
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

from clinic_snippets.library.governance import months_after
from clinic_snippets.records.base import read_day
from clinic_snippets.rendering.doctree import day
from clinic_snippets.sphinx_ext.copy_marks import copy_mark

logger = logging.getLogger(__name__)
FIELDS = ("owner", "written", "review_by")
PAGE_DATES = "clinic-page-dates"


def add_dates(app: Sphinx, doctree: nodes.document) -> None:
    """Put the owner and the dates of a page at its foot; warn where one is missing or cannot be."""
    docname = app.env.docname
    given = {name: str(app.env.metadata[docname].get(name, "")).strip() for name in FIELDS}
    if not any(given.values()):
        return
    problem = _problem(given, app.config.clinic_review_months)
    if problem:
        logger.warning("%s", problem, location=docname, type="clinic", subtype="page-dates")
        return
    foot = nodes.paragraph("", f"Page owner: {given['owner']}. Written ", classes=["clinic-small", PAGE_DATES])
    foot["docname"], foot["review_by"] = docname, given["review_by"]
    foot += day("", given["written"])
    foot += nodes.Text(". Review by ")
    foot += day("", given["review_by"], classes=["clinic-review"])
    foot += nodes.Text(".")
    page = doctree.next_node(nodes.section)
    mark = doctree.next_node(copy_mark)
    if mark is not None:
        mark += foot  # the dates of a printed copy stand together
    elif page is not None:
        # Behind the page's own words, and before its sections: behind the last one it would belong to that.
        first = page.first_child_matching_class(nodes.section)
        page.insert(len(page) if first is None else first, foot)


def _problem(given: dict[str, str], months: int) -> str:
    """Return what is wrong with the dates of a page, and the way out."""
    if missing := [name for name in FIELDS if not given[name]]:
        return f"the page's front matter lacks: {', '.join(missing)}; add it beside the others"
    dates = {}
    for name in FIELDS[1:]:
        try:
            dates[name] = read_day(given[name])
        except ValueError:
            return f"'{given[name]}' is not a date; write {name} as year-month-day, for example 2026-11-22"
    if dates["review_by"] <= dates["written"]:
        return "the review is not after 'written'; write the later date by which the page is to be reviewed"
    if dates["review_by"] > (limit := months_after(dates["written"], months)):
        return f"{dates['review_by']} is more than {months} months after it was written; write {limit} or earlier"
    return ""


def setup(app: Sphinx) -> None:
    """Connect to the reading of pages."""
    app.connect("doctree-read", add_dates)
