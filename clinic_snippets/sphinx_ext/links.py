"""Links to pages that an output may leave out."""

from __future__ import annotations

from docutils import nodes
from sphinx.builders import Builder
from sphinx.errors import NoUri
from sphinx.util.nodes import make_refnode


def linked(
    builder: Builder, fromdocname: str, page: str, anchor: str, inner: nodes.Element, hover: str | None = None
) -> nodes.Element:
    """Return ``inner`` within a link, or as it is where the output leaves that page out, as some do with orphans."""
    try:
        return make_refnode(builder, fromdocname, page, anchor, inner, hover)
    except NoUri:
        return inner
