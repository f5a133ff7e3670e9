"""Rules for sphinx-design: a card, tab or drop-down of the screen is a frame on paper, always open.

Nothing is imported from sphinx-design: its parts are containers with a ``design_component`` name.
"""

from __future__ import annotations

from collections.abc import Iterable

from docutils import nodes

from clinic_snippets.pdf.source_writer import SourceWriter, kept_whole
from clinic_snippets.pdf.typst_text import quoted

_FRAMED = ("card", "dropdown", "tab-item")
_BELOW = "card-footer"
_TITLE = "card-title"


class ComponentRules(SourceWriter):
    """Cards, grids, tabs, drop-downs, buttons and icons."""

    def component(self, node: nodes.container) -> None:
        """Frame a card, tab or drop-down; write the content of any other container."""
        component = node.get("design_component")
        if component in _FRAMED:
            self._frame(node)
        elif component == _TITLE:
            raise nodes.SkipNode  # the frame has written it
        elif "two-columns" in node["classes"]:
            self.add_block(f"#two-columns[{self.render(node)}]")
            raise nodes.SkipNode
        else:
            self.add("\n\n")
            self.anchor(node)

    def _frame(self, node: nodes.container) -> None:
        titles = [part for part in node.findall(nodes.container) if part.get("design_component") == _TITLE]
        # A tab and a drop-down bring their title as a rubric.
        labels = [part for part in node.children[:1] if isinstance(part, nodes.rubric)]
        below = [
            part
            for part in node.children
            if isinstance(part, nodes.container) and part.get("design_component") == _BELOW
        ]
        anchor = self.anchor_of(node)
        title = " ".join(self.render(part) for part in [*titles, *labels])
        apart = {id(part) for part in [*labels, *below]}
        body = self.render(part for part in node.children if id(part) not in apart)
        footer = self._all(below)
        self.add_block(f"#panel([{title}], [{anchor}{body}], footer: [{footer}]{kept_whole(node)})")
        raise nodes.SkipNode

    def _all(self, parts: Iterable[nodes.Element]) -> str:
        return "\n\n".join(self.render(part) for part in parts)

    def visit_PassthroughTextElement(self, node: nodes.TextElement) -> None:
        """Write the content; a link spread over a whole card becomes a line that says where it leads."""
        link = next((child for child in node.children if isinstance(child, nodes.reference)), None)
        if link is None or "sd-stretched-link" not in link.get("classes", []):
            return
        label = self.labels.target(link, self.docname)
        self.add("\n\n")
        if label:
            self.add(f"{self.link_to(label)}#[→ ]")
            self.add_text(self.labels.title_of(label) or link.astext())
            self.add("]\n\n")
        elif link.get("refuri"):
            self.add(f"#web({quoted(link['refuri'])})[")
            self.add_text(link["refuri"])
            self.add("]\n\n")
        raise nodes.SkipNode

    depart_PassthroughTextElement = SourceWriter.leave

    def visit_sd_line_break(self, node: nodes.Element) -> None:
        self.add(" #linebreak();")
        raise nodes.SkipNode

    # An icon only repeats the words beside it.
    visit_sd_icon = visit_fontawesome = SourceWriter.skip
