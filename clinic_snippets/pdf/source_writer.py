"""What every rule of the translator writes with; also the interface for nodes of other extensions.

An extension teaches this builder a node of its own the way it does for any other builder::

    def visit_dose(translator, node):
        translator.add("#strong[")

    def depart_dose(translator, node):
        translator.add("]")

    app.add_node(dose, typst=(visit_dose, depart_dose))

Inside such functions these are for use: `add` writes Typst markup, `add_text` writes words, `add_drawing` a picture (its
node has the alternative text as ``alt``), `render` and `push`/`pop` give the markup of a part as text, `anchor` makes the node a place to link to, and `warn` reports a problem with the page
and line. Words must always go through `add_text` (or `typst_text.quoted`): then nothing in them is markup by accident.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxTranslator

from clinic_snippets.pdf.labels import Labels
from clinic_snippets.pdf.typst_text import Fit, by_fit, pieces, quoted

if TYPE_CHECKING:
    from clinic_snippets.pdf.builder import TypstPdfBuilder

logger = logging.getLogger(__name__)
FULL_LINE = 40
"""Letters that surely fit on a line of the page."""
_PIECE = 24
_SMALL_BOX = 800
_LINE_BREAK = re.compile(r"[ \t]*\n\s*")


class SourceWriter(SphinxTranslator):
    """Gathers Typst markup and knows which document it is in."""

    builder: TypstPdfBuilder

    def __init__(self, document: nodes.document, builder: TypstPdfBuilder) -> None:
        super().__init__(document, builder)
        self.labels: Labels = builder.labels
        self.docnames: list[str] = [document["docname"]]
        self.in_table = 0
        self.room = FULL_LINE
        self.in_title = False
        self.header_notes: list[str] | None = None
        """The footnotes of the header row that is being written; None outside of header rows."""
        self.preformatted = False
        self.aside_title: list[str] = []
        self._body: list[str] = []
        self._outer: list[list[str]] = []
        self._unknown: set[tuple[str, str]] = set()

    @property
    def docname(self) -> str:
        """The document that is being written."""
        return self.docnames[-1]

    @property
    def source(self) -> str:
        """Everything written so far."""
        return "".join(self._body)

    def add(self, markup: str) -> None:
        """Write Typst markup."""
        self._body.append(markup)

    def add_text(self, text: str) -> None:
        """Write words. Long names and addresses get places to break."""
        for run, how in by_fit(text, self.room):
            if how is Fit.BREAKS:
                self.add(f"#pieces({pieces(run, min(self.room, _PIECE))});")
            elif how is Fit.HYPHENATES:
                self.add(f"#hyphenated[#{quoted(run)};]")
            else:
                self.add(f"#{quoted(run)};")

    def add_block(self, markup: str) -> None:
        """Write markup that stands on its own, between two paragraphs."""
        self.add(f"\n\n{markup}\n\n")

    def breakable(self, markup: str) -> str:
        """Let the long words of code that ``markup`` shows run over several lines."""
        return f"#breakable({min(self.room, _PIECE)}, [{markup}]);"

    def push(self) -> None:
        """Start to write apart; `pop` gives what was written."""
        self._outer.append(self._body)
        self._body = []

    def pop(self) -> str:
        """Return what was written since the last `push`, and go on where that was."""
        written = "".join(self._body).strip()
        self._body = self._outer.pop()
        return written

    def render(self, part: nodes.Node | Iterable[nodes.Node]) -> str:
        """Return the markup of an element's content, with its anchor, or of several nodes."""
        self.push()
        if isinstance(part, nodes.Element):
            self.anchor(part)
        inside = part.children if isinstance(part, nodes.Node) else part
        for node in list(inside):
            node.walkabout(self)
        return self.pop()

    def label_of(self, node: nodes.Element) -> str | None:
        """Return the label that ``node`` must carry, or None; the caller writes it."""
        label = self.labels.of(node, self.docname)
        if label:
            if label in self.labels.written:
                return None
            self.labels.written.add(label)
        return label

    def anchor(self, node: nodes.Element) -> None:
        """Make this point the place that links to ``node`` lead to."""
        if label := self.label_of(node):
            # A title is printed again in the contents, and a label may be there only once.
            (self.aside_title if self.in_title else self._body).append(f"#anchor({quoted(label)});")

    def anchor_of(self, node: nodes.Element) -> str:
        """Return the anchor of ``node`` as markup, or nothing."""
        self.push()
        self.anchor(node)
        return self.pop()

    def named(self, node: nodes.Element) -> str:
        """Return the argument that names ``node`` in calls of the template, or nothing."""
        label = self.label_of(node)
        return f", name: {quoted(label)}" if label else ""

    def link_to(self, label: str) -> str:
        """Return the start of a link within the book; ``]`` ends it."""
        self.labels.wanted.add(label)
        return f'#ref-to({quoted(label)}, {self.labels.digits_of_page(label)}, "p.")['

    def figure_number(self, kind: str, node: nodes.Element) -> str:
        """Return the words Sphinx numbers ``node`` with, such as "Fig. 3", or nothing."""
        numbers = self.builder.env.toc_fignumbers.get(self.docname, {}).get(kind, {})
        ids: list[str] = node.get("ids", [])
        number = next((numbers[name] for name in ids if name in numbers), None)
        if not number:
            return ""
        return str(self.config.numfig_format.get(kind, "%s") % ".".join(str(part) for part in number))

    def warn(self, node: nodes.Node, message: str, *args: object, kind: str = "content") -> None:
        """Report a problem with the page and, where it is known, the line."""
        line = next((up.line for up in _upwards(node) if up.line is not None), None)
        logger.warning(message, *args, location=(self.docname, line), type="typstpdf", subtype=kind)

    def unknown_visit(self, node: nodes.Node) -> None:
        """Keep the text of a node that nobody wrote a rule for; say so once a page."""
        name = node.__class__.__name__
        if (self.docname, name) not in self._unknown:
            self._unknown.add((self.docname, name))
            self.warn(
                node,
                "the PDF has no rule for %r: its text is kept without its form "
                "(an extension adds one with app.add_node(%s, typst=(visit, depart)))",
                name, name, kind="unknown_node",
            )  # fmt: skip
        if isinstance(node, nodes.Element):
            self.anchor(node)

    def unknown_departure(self, node: nodes.Node) -> None:
        """Nothing was opened for an unknown node."""

    def visit_Text(self, node: nodes.Text) -> None:
        text = node.astext()
        if not self.preformatted:
            self.add_text(_LINE_BREAK.sub(" ", text))
            return
        for number, line in enumerate(text.split("\n")):
            if number:
                self.add("#linebreak();")
            # Blanks count here, and Typst would fold them into one.
            kept = line.expandtabs().replace(" ", "\u00a0")
            self.add(f"#{quoted(kept)};" if kept else "")

    def depart_Text(self, node: nodes.Text) -> None:
        """Text has no end of its own."""

    def pass_through(self, node: nodes.Element) -> None:
        """Write only the content of a node."""
        self.anchor(node)

    def leave(self, node: nodes.Element) -> None:
        """End a node that has nothing to close."""

    def skip(self, node: nodes.Element) -> None:
        """Write nothing of a node."""
        raise nodes.SkipNode


def is_flow(node: nodes.Node | None) -> bool:
    """Tell whether blocks in ``node`` stand directly on the page, so that they may change it."""
    if isinstance(node, (nodes.document, nodes.section, addnodes.start_of_file, nodes.compound, addnodes.only)):
        return True
    return isinstance(node, nodes.container) and not (node.get("design_component") or node.get("literal_block"))


def kept_whole(node: nodes.Element) -> str:
    """Return the argument that keeps a short box on one page: a warning read in two halves is read wrong."""
    small = len(node.astext()) < _SMALL_BOX and not any(
        isinstance(part, (nodes.image, nodes.table)) for part in node.findall()
    )
    return ", whole: true" if small else ""


def _upwards(node: nodes.Node) -> Iterable[nodes.Node]:
    up: nodes.Node | None = node
    while up is not None and not isinstance(up, (nodes.document, addnodes.start_of_file)):
        yield up
        up = up.parent
