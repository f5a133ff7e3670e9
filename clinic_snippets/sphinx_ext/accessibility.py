"""Repairs of the markup that Sphinx and furo write around a page, so that an accessibility checker finds nothing.

An extension of its own (``clinic_snippets.sphinx_ext.accessibility``), since it touches what is not ours. Each repair
does nothing once upstream writes the right markup.
"""

from __future__ import annotations

import re
from typing import Any

from sphinx.application import Sphinx

REPAIRS = (
    # Sphinx: the caption of a toctree is a heading without a level.
    (re.compile(r'<p class="caption" role="heading">'), '<p class="caption" role="heading" aria-level="2">'),
    # docutils: a bibliography entry's role is not allowed outside a list item, and its list holds other children.
    (re.compile(r' role="doc-biblioentry"'), ""),
    (re.compile(r'<div role="list" class="citation-list">'), '<div class="citation-list">'),
    # furo: three <aside> landmarks that cannot be told apart, and a search page without a first heading.
    (re.compile(r'<aside class="announcement-content">'), '<aside class="announcement-content" aria-label="Notice">'),
    (re.compile(r'<aside class="sidebar-drawer">'), '<aside class="sidebar-drawer" aria-label="Chapters and search">'),
    (re.compile(r'<aside class="toc-drawer( no-toc)?">'), r'<aside class="toc-drawer\1" aria-label="On this page">'),
    # furo: the boxes that open its drawers stand outside every landmark, and before the way to the text.
    (
        re.compile(
            r'((?:<input type="checkbox" class="sidebar-toggle"[^>]*>\s*)+)(.*?<a class="skip-to-content.*?</a>)', re.S
        ),
        r'\2\n<nav class="drawers" aria-label="Menus">\n\1</nav>',
    ),
    # On paper an address stands behind the words of a link, unless it is the words.
    (
        re.compile(r'<a class="reference external" href="([^"]+)">(?=\1</a>)'),
        r'<a class="reference external bare" href="\1">',
    ),
    # Code that scrolls sideways can only be read with a keyboard if it takes the focus.
    (re.compile(r"<pre>"), '<pre tabindex="0">'),
)
_SEARCH_PAGE = "search.html"


def repair(template: str, page: str) -> str:
    """Return a page's HTML with every repair made; ``template`` is the name of the template it came from."""
    for pattern, replacement in REPAIRS:
        page = pattern.sub(replacement, page)
    if template == _SEARCH_PAGE and "<h1" not in page:
        page = page.replace('<div id="search-results"></div>', '<h1>Search</h1>\n<div id="search-results"></div>', 1)
    return page


def repair_pages(app: Sphinx) -> None:
    """Have every page repaired as it is rendered, before it is written."""
    templates: Any = getattr(app.builder, "templates", None)
    if app.builder.format != "html" or templates is None:
        return
    render = templates.render

    def render_repaired(template: str, context: dict[str, Any]) -> str:
        return repair(template, render(template, context))

    templates.render = render_repaired


def setup(app: Sphinx) -> dict[str, bool]:
    """Set up the repairs, and the templates and the stylesheet that are part of them."""
    app.setup_extension("clinic_snippets.sphinx_ext.content_security")
    app.connect("builder-inited", repair_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
