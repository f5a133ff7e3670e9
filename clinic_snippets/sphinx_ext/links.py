"""Links within the handbook, to pages that an output may leave out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from docutils import nodes
from sphinx.builders import Builder
from sphinx.errors import NoUri
from sphinx.util.nodes import make_refnode

from clinic_snippets.sphinx_ext.citations import Cited


def linked(
    builder: Builder, fromdocname: str, page: str, anchor: str, inner: nodes.Element, hover: str | None = None
) -> nodes.Element:
    """Return ``inner`` within a link, or as it is where the output leaves that page out, as some do with orphans."""
    try:
        return make_refnode(builder, fromdocname, page, anchor, inner, hover)
    except NoUri:
        return inner


def citation_links(
    builder: Builder, fromdocname: str, keys: Iterable[str], cited: Mapping[str, Cited]
) -> list[nodes.Node]:
    """Return links to sources, in brackets; the bare key of one that the bibliography has not."""
    out: list[nodes.Node] = []
    for key in keys:
        found = cited.get(key)
        label = nodes.inline(key, found.label if found else key, classes=["clinic-citation"])
        out += [nodes.Text(", " if out else "[")]
        out.append(linked(builder, fromdocname, found.docname, found.anchor, label) if found else label)
    return [*out, nodes.Text("]")]
