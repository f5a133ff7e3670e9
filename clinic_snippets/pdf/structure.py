"""Rules for documents, sections, paragraphs and boxes."""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes
from sphinx.locale import admonitionlabels

from clinic_snippets.pdf.compile import DOCUMENT_MARK
from clinic_snippets.pdf.labels import document_label
from clinic_snippets.pdf.landscape import page_turn
from clinic_snippets.pdf.source_writer import SourceWriter, is_flow, kept_whole
from clinic_snippets.pdf.typst_text import flag, quoted

_SHORT_LINE = 80
_DEEPEST = 6
"""PDF has headings of six levels."""


class StructureRules(SourceWriter):
    """Documents become chapters; everything a document is built of keeps its order."""

    _review: str | None = None
    """The review date of a document whose first page is still to come."""

    def visit_document(self, node: nodes.document) -> None:
        self._start_document(node)

    depart_document = SourceWriter.leave

    def visit_start_of_file(self, node: addnodes.start_of_file) -> None:
        self.docnames.append(node["docname"])
        self._start_document(node)

    def depart_start_of_file(self, node: addnodes.start_of_file) -> None:
        self.docnames.pop()
        self._mark_document()
        self._review = self._review_by()  # for what the page has behind the documents of its toctree

    def _start_document(self, node: nodes.Element) -> None:
        self._mark_document()
        self._review = self._review_by()
        if not any(isinstance(child, nodes.section) for child in node.children):
            self.add_block(self._page_starts())
            label = document_label(self.docname)
            if label in self.labels.wanted:
                self.labels.written.add(label)
                self.add(f"#anchor({quoted(label)});")

    def _review_by(self) -> str:
        metadata = self.builder.env.metadata.get(self.docname, {})
        return str(metadata.get("review_by") or self.config.typstpdf_review_by)

    def _mark_document(self) -> None:
        # The error report finds the document of a place in the source by these lines.
        self.add(f"\n\n{DOCUMENT_MARK}{self.docname}\n\n")

    def _page_starts(self) -> str:
        review, self._review = self._review, None
        return f"#page-starts({quoted(review)})" if review is not None else ""

    visit_section = SourceWriter.leave  # its title carries its label
    depart_section = SourceWriter.leave

    def visit_page_turn(self, node: page_turn) -> None:
        self.add_block(f"#set page(flipped: {flag(node['landscape'])})")
        raise nodes.SkipNode

    def visit_title(self, node: nodes.title) -> None:
        section = node.parent
        if not isinstance(section, nodes.section) or section.get("on_cover"):
            raise nodes.SkipNode  # the box, table or topic it belongs to has written it, or the cover has
        level = self._level(section)
        number = self._section_number(section)
        self.in_title = True
        words = self.render(node)
        self.in_title = False
        aside = f", aside: [{''.join(self.aside_title)}]" if self.aside_title else ""
        self.aside_title = []
        if level == 1:
            plain = " ".join(filter(None, [number, self._plain(node)]))
            self.add_block(f"#chapter({quoted(plain)})")
        self.add(self._page_starts())
        label = self.labels.find(self.docname, section["ids"][0]) if section["ids"] else None
        if label:
            self.labels.written.add(label)
        name = f", name: {quoted(label)}" if label else ""
        self.add_block(f"#head({min(level, _DEEPEST)}, {quoted(number)}, [{words}]{name}{aside})")
        raise nodes.SkipNode

    @staticmethod
    def _plain(title: nodes.title) -> str:
        return "".join(
            text.astext()
            for text in title.findall(nodes.Text)
            if not isinstance(text.parent, (nodes.footnote_reference, nodes.raw))
        )

    @staticmethod
    def _level(section: nodes.section) -> int:
        """Count the sections around this one; the one around the whole book does not count."""
        level = 0
        node: nodes.Node | None = section
        while node is not None:
            if isinstance(node, nodes.section) and not node.get("is_book"):
                level += 1
            node = node.parent
        return max(level, 1)

    def _section_number(self, section: nodes.section) -> str:
        numbers = self.builder.env.toc_secnumbers.get(self.docname, {})
        keys = [f"#{name}" for name in section["ids"]]
        siblings = [node for node in section.parent.children if isinstance(node, nodes.section)]
        if not isinstance(section.parent, nodes.section) and siblings[0] is section:
            keys.append("")
        number = next((numbers[key] for key in keys if key in numbers), ())
        return ".".join(str(part) for part in number)

    def visit_subtitle(self, node: nodes.Element) -> None:
        self.add_block(f"#title-line[{self.render(node)}]")
        raise nodes.SkipNode

    visit_rubric = visit_subtitle

    def visit_paragraph(self, node: nodes.paragraph) -> None:
        self.add("\n\n#together[" if _is_heading(node) else "\n\n")
        self.anchor(node)

    def depart_paragraph(self, node: nodes.paragraph) -> None:
        self.add("]\n\n" if _is_heading(node) else "\n\n")

    def visit_centered(self, node: addnodes.centered) -> None:
        self.add_block(f"#centred[{self.render(node)}]")
        raise nodes.SkipNode

    def visit_transition(self, node: nodes.transition) -> None:
        # MyST puts one above footnotes, which stand at the foot of the page here.
        if "footnotes" not in node.get("classes", []):
            self.add_block("#rule-line")
        raise nodes.SkipNode

    def _box(self, node: nodes.Element, kind: str, title: str, body: str) -> None:
        self.add_block(f"#admonition({quoted(kind)}, [{title}], [{body}]{kept_whole(node)})")
        raise nodes.SkipNode

    def visit_admonition(self, node: nodes.Element) -> None:
        """Write any admonition, with the title it brings or the word Sphinx has for its kind."""
        kind = node.__class__.__name__
        if kind not in admonitionlabels:
            classes: list[str] = node.get("classes", [])
            kind = next((name for name in classes if name in admonitionlabels), "note")
        title = next((child for child in node.children if isinstance(child, nodes.title)), None)
        words = self.render(title) if title is not None else f"#{quoted(str(admonitionlabels[kind]))};"
        self._box(node, kind, words, self._without(node, title))

    visit_attention = visit_caution = visit_danger = visit_error = visit_hint = visit_important = visit_admonition
    visit_note = visit_seealso = visit_tip = visit_warning = visit_todo_node = visit_admonition

    def visit_topic(self, node: nodes.Element) -> None:
        title = next((child for child in node.children if isinstance(child, nodes.title)), None)
        self._box(node, "plain", self.render(title) if title is not None else "", self._without(node, title))

    visit_sidebar = visit_topic

    def _without(self, node: nodes.Element, title: nodes.Element | None) -> str:
        self.push()
        self.anchor(node)
        for child in node.children:
            if child is not title:
                child.walkabout(self)
        return self.pop()

    def visit_versionmodified(self, node: addnodes.versionmodified) -> None:
        self.add_block(f"#change[{self.render(node)}]")
        raise nodes.SkipNode

    def visit_block_quote(self, node: nodes.block_quote) -> None:
        by = next((child for child in node.children if isinstance(child, nodes.attribution)), None)
        source = f", attribution: [{self.render(by)}]" if by is not None else ""
        self.add_block(f"#quote(block: true{source})[{self._without(node, by)}]")
        raise nodes.SkipNode

    def visit_compound(self, node: nodes.Element) -> None:
        """Write a group without a form of its own."""
        if is_flow(node.parent):
            self.add("\n\n")
        self.anchor(node)

    depart_compound = SourceWriter.leave
    visit_compact_paragraph, depart_compact_paragraph = visit_compound, SourceWriter.leave
    visit_glossary, depart_glossary = visit_compound, SourceWriter.leave
    visit_only, depart_only = visit_compound, SourceWriter.leave
    visit_generated, depart_generated = SourceWriter.pass_through, SourceWriter.leave
    visit_autosummary_table, depart_autosummary_table = visit_compound, SourceWriter.leave

    visit_comment = visit_decoration = visit_docinfo = visit_highlightlang = visit_meta = SourceWriter.skip
    visit_pending = visit_substitution_definition = visit_system_message = visit_tabular_col_spec = SourceWriter.skip
    visit_toctree = visit_autosummary_toc = SourceWriter.skip


def _is_heading(paragraph: nodes.paragraph) -> bool:
    """Tell whether a paragraph only introduces what follows, so that it must not stay behind at the foot of a page.

    That is a line in bold, or a short line directly below a title.
    """
    siblings = paragraph.parent.children
    if not is_flow(paragraph.parent) or siblings[-1] is paragraph:
        return False
    if len(paragraph.children) == 1 and isinstance(paragraph.children[0], nodes.strong):
        return True
    seen = [sibling for sibling in siblings[: siblings.index(paragraph)] if not isinstance(sibling, nodes.Invisible)]
    above = seen[-1] if seen else None
    return isinstance(above, nodes.title) and len(paragraph.astext()) < _SHORT_LINE
