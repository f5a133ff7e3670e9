"""Records on Sphinx's search page, and a search field for any page.

The script that finds records and the data it looks through are loaded on the search page alone. The data changes with
the records even where no page does, so it is written in every build, right before the search page, which names it with
its checksum.
"""

from __future__ import annotations

import html
import zlib
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from clinic_snippets.export.search import search_data
from clinic_snippets.export.writing import write_changed
from clinic_snippets.snippets.record_index import SNIPPET
from clinic_snippets.sphinx_ext.domain import ClinicDomain, clinic_domain

SCRIPT, DATA = "record-search.js", "_static/records-search.js"
_PAGE = "search.html"
"""The template of the search page, in every theme; a handbook may have a page of its own called "search"."""
_SEARCHED = ("html", "dirhtml")
"""Builders whose sites have a search page."""


def add_search(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Write the data and load the scripts, on the search page of a handbook with records."""
    domain = clinic_domain(app.env)
    if template != _PAGE or app.builder.name not in _SEARCHED:
        return
    path = Path(app.outdir, DATA)
    if not domain.placement.homes:
        path.unlink(missing_ok=True)
        return
    text = records_data(app, domain)
    write_changed(path, text)
    app.add_css_file("clinic.css")
    # Not by its name: Sphinx works out a file's checksum once in a process, even one that builds twice.
    address = f"{context['pathto'](DATA, resource=True)}?v={zlib.crc32(text.encode()):08x}"
    app.add_js_file(None, src=address, defer="defer")
    app.add_js_file(SCRIPT, loading_method="defer")


def records_data(app: Sphinx, domain: ClinicDomain) -> str:
    """Return the data of every record that has a home, with addresses as seen from the top of the site."""
    uri = app.builder.get_target_uri
    addresses = {record: f"{uri(home.docname)}#{home.anchor}" for record, home in domain.placement.homes.items()}
    lists = domain.pages_with(SNIPPET)
    index = uri(lists[0]) if lists else ""
    return search_data(domain.library, addresses, index, domain.typography.text)


class search_box(nodes.General, nodes.Element):
    """The place of a search field; the argument is its label."""


class SearchBoxDirective(SphinxDirective):
    """Puts a search field in a page: some themes hide theirs on a phone. The argument says what it searches."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return the place of the field."""
        return [search_box(label=self.arguments[0])]


class PlaceSearchBoxes(SphinxPostTransform):
    """Writes the field where there is a search page to lead to, and takes its place away everywhere else."""

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Work on every search field of the page."""
        domain = clinic_domain(self.env)
        builder = domain.builder
        for place in list(self.document.findall(search_box)):
            if builder.name not in _SEARCHED:
                place.parent.remove(place)
                continue
            action = html.escape(builder.get_relative_uri(self.env.docname, "search"))
            label = html.escape(place["label"])
            place.replace_self(nodes.raw("", FIELD.format(action=action, label=label), format="html"))


FIELD = (
    '<form class="clinic-search" role="search" aria-label="{label}" action="{action}" method="get">'
    '<input type="search" name="q" aria-label="{label}" placeholder="{label}" autocomplete="off" autocapitalize="off">'
    "<button>Search</button></form>\n"
)


def setup(app: Sphinx) -> None:
    """Connect to the writing of the search page, and register the search field."""
    app.add_node(search_box)
    app.add_directive_to_domain("clinic", "search-box", SearchBoxDirective)
    app.add_post_transform(PlaceSearchBoxes)
    app.connect("html-page-context", add_search)
