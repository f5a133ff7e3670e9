"""Late bodies: a page holds the shell of a table or card, and its body is filled in when the page is written.

The doctree keeps a placeholder that names the snippet and its options, so a page whose rows change is written again
without being read again, and no row is ever pickled. HTML bodies come from ``rendering.html``; for every other builder
``FillBodies`` puts ordinary docutils nodes in the placeholder's stead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxTranslator
from sphinx.writers.html5 import HTML5Translator

from clinic_snippets.records.text import PageLink, RecordLink, Term
from clinic_snippets.rendering.doctree import DoctreeRenderer, added, badge, day, removed, steps
from clinic_snippets.rendering.html import fill, words_in
from clinic_snippets.rendering.svg import for_print
from clinic_snippets.snippets.blocks import Card, Picture, Row, parts
from clinic_snippets.snippets.drawing import Drawing
from clinic_snippets.sphinx_ext.domain import ClinicDomain, clinic_domain
from clinic_snippets.sphinx_ext.resolvers import HtmlResolver, NodesResolver, label_of

DRAWS = ("html", "typst")
"""Formats of builders that show drawings."""
_WORD = re.compile(r"\w+")


class late_body(nodes.General, nodes.Element):
    """Stands for the rows of a table, or for the body of one card (then ``record`` says which)."""


class late_drawing(nodes.General, nodes.Element):
    """Stands for the drawings of a picture, or for one of them (then ``index`` says which)."""


class late_fold(nodes.General, nodes.Element):
    """Holds what a reader can open on screen; print shows it in full below its ``summary``."""


class labelled_tbody(nodes.tbody):
    """A table body whose columns' headings a stylesheet knows, for screens too narrow for columns; see ``columns``."""


class late_link(nodes.Inline, nodes.TextElement):
    """Holds a link that Sphinx resolves for the body around it: to a labelled place in a page, or to a glossary term."""


def shown_parts(domain: ClinicDomain, node: late_body) -> tuple[Row | Card, ...]:
    """Return the rows or the one card that a placeholder stands for."""
    if node["record"]:
        return (domain.card(node["snippet"], node["options"], node["record"]),)
    return parts(domain.block(node["snippet"], node["options"]))


def shown_drawings(domain: ClinicDomain, node: late_drawing) -> tuple[Drawing, ...]:
    """Return the drawings that a placeholder stands for."""
    block = domain.block(node["snippet"], node["options"])
    assert isinstance(block, Picture)
    return (block.drawings[node["index"]],) if "index" in node else block.drawings


class FillBodies(SphinxPostTransform):
    """Prepares placeholders for HTML, and replaces them by nodes for everything else."""

    default_priority = 4  # before bibtex (5) and Sphinx's own resolver (10), which resolves the links added here

    def run(self, **kwargs: Any) -> None:
        """Work on every placeholder of the document."""
        domain = clinic_domain(self.env)
        for node in list(self.document.findall(late_body)):
            if domain.writes_late:
                self.prepare(domain, node)
            else:
                self.replace(domain, node)
        if not domain.writes_late:
            for drawing in list(self.document.findall(late_drawing)):
                self.draw(domain, drawing)
            for fold in list(self.document.findall(late_fold)):
                fold.replace_self([nodes.paragraph("", "", nodes.strong("", fold["summary"])), *fold.children])

    def prepare(self, domain: ClinicDomain, node: late_body) -> None:
        """Add the links that Sphinx must resolve, and the words by which search finds the page."""
        words: set[str] = set()
        links: dict[PageLink | Term, str] = {}
        for part in shown_parts(domain, node):
            words.update(_WORD.findall(words_of(domain, part)))
            for slot in domain.slots_in(part):
                if isinstance(slot, PageLink | Term):
                    links.setdefault(slot, part.record)
        for link, record in links.items():
            node += late_link("", "", pending(domain, node, record, link), key=label_of(link))
        node += nodes.Text(" ".join(sorted(words)))

    def replace(self, domain: ClinicDomain, node: late_body) -> None:
        """Put nodes in the placeholder's stead."""
        found: list[nodes.Node] = []
        for part in shown_parts(domain, node):
            resolver = NodesResolver(domain, self.env, node["docname"], partial(pending, domain, node, part.record))
            renderer = DoctreeRenderer(domain.typography, resolver)
            found += [renderer.row(part)] if isinstance(part, Row) else renderer.card(part)
        node.replace_self(found)

    def draw(self, domain: ClinicDomain, node: late_drawing) -> None:
        """Have a node for each drawing, or for its words in outputs without pictures."""
        found: list[nodes.Node] = []
        for index, drawing in enumerate(shown_drawings(domain, node)):
            alt = domain.typography.text(drawing.alt)
            own = late_drawing(**node.non_default_attributes(), index=index, alt=alt)
            found.append(own if domain.builder.format in DRAWS else nodes.paragraph("", alt))
        node.replace_self(found)


def pending(domain: ClinicDomain, body: late_body, record: str, link: PageLink | Term) -> addnodes.pending_xref:
    """Return the unresolved link that a ``ref`` or ``term`` role would make on the page, for a link in a record."""
    kind, target = ("ref", link.target) if isinstance(link, PageLink) else ("term", link.term)
    words = domain.typography.text(link.words or target)
    return addnodes.pending_xref(
        "", nodes.inline(words, words, classes=["std", f"std-{kind}"]), refdomain="std", reftype=kind,
        reftarget=target.lower() if kind == "ref" else target, refexplicit=bool(link.words), refdoc=body["docname"],
        refwarn=True, clinic_record=(record, target),
    )  # fmt: skip


def visit_late_body(self: HTML5Translator, node: late_body) -> None:
    """Write the body's HTML."""
    domain = clinic_domain(self.builder.env)
    links = {}
    for child in node.findall(late_link):
        before, self.body = self.body, []
        for inner in child.children:
            inner.walkabout(self)
        links[child["key"]], self.body = "".join(self.body), before
    resolver = HtmlResolver(domain, self.builder, node["docname"], links)
    shown = shown_parts(domain, node)
    earliest = review_days(domain, shown)[0]  # the body of the table names it
    for index, part in enumerate(shown):
        if isinstance(part, Card):
            self.body.append(fill(domain.html.fragment(part), resolver))
        else:
            due, _ = domain.days(part.record)
            # They alternate as docutils' own do.
            row = domain.html.row(part, odd=index % 2 == 1, review=None if due == earliest else due)
            self.body.append(fill(row, resolver))
    raise nodes.SkipNode


def visit_late_drawing(self: HTML5Translator, node: late_drawing) -> None:
    """Write the drawings into the page."""
    domain = clinic_domain(self.builder.env)
    resolver = HtmlResolver(domain, self.builder, node["docname"], {})
    for drawing in shown_drawings(domain, node):
        self.body.append(fill(domain.html.fragment(drawing), resolver))
    raise nodes.SkipNode


def write_drawing(self: Any, node: late_drawing) -> None:
    """Write a drawing into the PDF."""
    domain = clinic_domain(self.builder.env)
    (drawing,) = shown_drawings(domain, node)
    self.add_drawing(for_print(drawing, domain.typography.text), node["alt"])
    raise nodes.SkipNode


def visit_late_fold(self: HTML5Translator, node: late_fold) -> None:
    """Open the fold."""
    opened = ' open="open"' if node["open"] else ""
    self.body.append(f'<details class="clinic-fold"{opened}><summary>{self.encode(node["summary"])}</summary>\n')


def depart_late_fold(self: HTML5Translator, node: late_fold) -> None:
    """Close the fold."""
    self.body.append("</details>\n")


def visit_labelled_tbody(self: HTML5Translator, node: labelled_tbody) -> None:
    """Open the body; here and not on every row stand the dates by which a script tells what is overdue."""
    days: dict[str, Any] = {}
    if isinstance(body := node[0], late_body):
        domain = clinic_domain(self.builder.env)
        due, last = review_days(domain, shown_parts(domain, body))
        days = {"data-review": due, "data-written": last} if due else {}
    self.body.append(self.starttag(node, "tbody", **days))


def depart_labelled_tbody(self: HTML5Translator, node: labelled_tbody) -> None:
    """Close the body."""
    self.body.append("</tbody>\n")


def open_bracket(self: SphinxTranslator, node: badge) -> None:
    """Open a label in an output that draws no boxes."""
    self.visit_Text(nodes.Text("["))


def close_bracket(self: SphinxTranslator, node: badge) -> None:
    """Close a label."""
    self.visit_Text(nodes.Text("]"))


def tagged(name: str) -> tuple[Any, Any]:
    """Return what opens and closes an element of HTML."""

    def visit(self: HTML5Translator, node: nodes.Element) -> None:
        self.body.append(self.starttag(node, name, ""))

    def depart(self: HTML5Translator, node: nodes.Element) -> None:
        self.body.append(f"</{name}>")

    return visit, depart


def called(name: str) -> tuple[Any, Any]:
    """Return what opens and closes a function of the PDF's template."""

    def visit(self: Any, node: nodes.Element) -> None:
        self.add(f"#{name}[")

    def depart(self: Any, node: nodes.Element) -> None:
        self.add("]")

    return visit, depart


def write_steps(self: Any, node: steps) -> None:
    """Write steps in the PDF in letters that can be read at arm's length."""
    plain_list = nodes.enumerated_list("", *node.children, **node.attributes)
    self.add_block(f"#[#set text(size: 1.25em)\n{self.render([plain_list])}]")
    raise nodes.SkipNode


def review_days(domain: ClinicDomain, shown: Iterable[Row | Card]) -> tuple[str, str]:
    """Return the first day by which one of these must be reviewed, and that of the last word in any of them."""
    days = [domain.days(part.record) for part in shown]
    return min((due for due, _ in days if due), default=""), max((last for _, last in days), default="")


def words_of(domain: ClinicDomain, part: Row | Card) -> str:
    """Return the words of a row or card, names of linked records included, for the search index."""
    fragment = domain.html.fragment(part)
    linked = (domain.library.get(slot.id) for slot in fragment if isinstance(slot, RecordLink) and not slot.words)
    return " ".join([words_in(fragment), *(record.name for record in linked if record)])


def setup(app: Sphinx) -> None:
    """Register the placeholder and the transform."""
    app.add_node(late_body, html=(visit_late_body, None))
    app.add_node(late_drawing, html=(visit_late_drawing, None), typst=(write_drawing, None))
    app.add_node(late_fold, html=(visit_late_fold, depart_late_fold))
    app.add_node(labelled_tbody, html=(visit_labelled_tbody, depart_labelled_tbody))
    brackets = (open_bracket, close_bracket)
    app.add_node(badge, typst=called("badge"), text=brackets, man=brackets, latex=brackets, texinfo=brackets)
    app.add_node(day, html=tagged("time"))
    app.add_node(removed, html=tagged("del"), typst=called("struck"))
    app.add_node(added, html=tagged("ins"), typst=called("inserted"))
    app.add_node(steps, typst=(write_steps, None))
    app.add_node(late_link)
    app.add_post_transform(FillBodies)
