"""Late bodies: a page holds the shell of a table or card, and its body is filled in when the page is written.

The doctree keeps a placeholder that names the snippet and its options, so a page whose rows change is written again
without being read again, and no row is ever pickled. HTML bodies come from ``rendering.html``; for every other builder
``FillBodies`` puts ordinary docutils nodes in the placeholder's stead.
"""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator

from clinic_snippets.records.text import PageLink, RecordLink, Term, plain
from clinic_snippets.rendering.doctree import DoctreeRenderer
from clinic_snippets.rendering.html import Fragment, fill
from clinic_snippets.snippets.blocks import Card, Row, parts, pieces
from clinic_snippets.sphinx_ext.domain import ClinicDomain
from clinic_snippets.sphinx_ext.resolvers import HtmlResolver, NodesResolver, label_of

_WORD = re.compile(r"\w+")


class late_body(nodes.General, nodes.Element):
    """Stands for the rows of a table, or for the body of one card (then ``record`` says which)."""


class late_link(nodes.Inline, nodes.TextElement):
    """Holds a link that Sphinx resolves for the body around it: to a labelled place in a page, or to a glossary term."""


def writes_late(builder: Builder) -> bool:
    """Say whether ``builder`` writes HTML, whose bodies are filled in by the writer."""
    return builder.format == "html"


def shown_parts(domain: ClinicDomain, node: late_body) -> tuple[Row | Card, ...]:
    """Return the rows or the one card that a placeholder stands for."""
    found = parts(domain.block(node["snippet"], node["options"]))
    return tuple(part for part in found if not node["record"] or part.record == node["record"])


class FillBodies(SphinxPostTransform):
    """Prepares placeholders for HTML, and replaces them by nodes for everything else."""

    default_priority = 4  # before bibtex (5) and Sphinx's own resolver (10), which resolves the links added here

    def run(self, **kwargs: Any) -> None:
        """Work on every placeholder of the document."""
        domain = self.env.get_domain("clinic")
        assert isinstance(domain, ClinicDomain)
        for node in list(self.document.findall(late_body)):
            if writes_late(domain.builder):
                self.prepare(domain, node)
            else:
                self.replace(domain, node)

    def prepare(self, domain: ClinicDomain, node: late_body) -> None:
        """Add the links that Sphinx must resolve, and the words by which search finds the page."""
        words: set[str] = set()
        links: dict[PageLink | Term, None] = {}
        for part in shown_parts(domain, node):
            words.update(_WORD.findall(words_of(domain, part)))
            links.update((piece, None) for piece in pieces(part) if isinstance(piece, PageLink | Term))
        for link in links:
            node += late_link("", "", pending(link, node["docname"], node), key=label_of(link))
        node += nodes.Text(" ".join(sorted(words)))

    def replace(self, domain: ClinicDomain, node: late_body) -> None:
        """Put nodes in the placeholder's stead."""
        resolver = NodesResolver(domain, self.env, node["docname"], lambda link: pending(link, node["docname"], node))
        renderer = DoctreeRenderer(domain.typography, resolver)
        found: list[nodes.Node] = []
        for part in shown_parts(domain, node):
            found += [renderer.row(part)] if isinstance(part, Row) else renderer.card(part)
        node.replace_self(found)


def pending(link: PageLink | Term, docname: str, near: nodes.Element) -> addnodes.pending_xref:
    """Return the unresolved link that a ``ref`` or ``term`` role would make on the page."""
    kind, target = ("ref", link.target.lower()) if isinstance(link, PageLink) else ("term", link.term)
    words = link.words or target
    node = addnodes.pending_xref(
        "", nodes.inline(words, words, classes=["std", f"std-{kind}"]), refdomain="std", reftype=kind,
        reftarget=target, refexplicit=bool(link.words), refdoc=docname, refwarn=True,
    )  # fmt: skip
    node.source, node.line = near.source, near.line
    return node


def visit_late_body(self: HTML5Translator, node: late_body) -> None:
    """Write the body's HTML."""
    domain = self.builder.env.get_domain("clinic")
    assert isinstance(domain, ClinicDomain)
    links = {}
    for child in node.findall(late_link):
        before, self.body = self.body, []
        for inner in child.children:
            inner.walkabout(self)
        links[child["key"]], self.body = "".join(self.body), before
    resolver = HtmlResolver(domain, self.builder, node["docname"], links)
    for index, part in enumerate(shown_parts(domain, node)):
        self.body.append(fill(fragment(domain, part, index), resolver))
    raise nodes.SkipNode


def fragment(domain: ClinicDomain, part: Row | Card, index: int) -> Fragment:
    """Return the HTML of a row or card before its links are filled in; rows alternate as docutils' own do."""
    return domain.html.row(part, odd=index % 2 == 1) if isinstance(part, Row) else domain.html.card(part)


def words_of(domain: ClinicDomain, part: Row | Card) -> str:
    """Return the words of a row or card, names of linked records included, for the search index."""
    linked = (domain.library.get(p.id) for p in pieces(part) if isinstance(p, RecordLink) and not p.words)
    names = " ".join(record.name for record in linked if record)
    return f"{plain(part.cells if isinstance(part, Row) else part.body)} {names}"


def setup(app: Sphinx) -> None:
    """Register the placeholder and the transform."""
    app.add_node(late_body, html=(visit_late_body, None))  # type: ignore[arg-type]
    app.add_node(late_link)
    app.add_post_transform(FillBodies)
