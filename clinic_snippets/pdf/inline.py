"""Rules for words: emphasis, code, links, footnotes, citations."""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes

from clinic_snippets.pdf.source_writer import SourceWriter
from clinic_snippets.pdf.typst_text import quoted

_SIGNS = "*†‡§"
_WEB = ("http:", "https:", "mailto:", "ftp:", "tel:")
_INLINE_CLASSES = {
    "kbd": "key", "guilabel": "strong", "menuselection": "strong", "strike": "struck", "sd-badge": "badge",
}  # fmt: skip


class InlineRules(SourceWriter):
    """What happens inside a paragraph."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self._footnotes_written: set[tuple[str, str]] = set()
        self._explained: set[tuple[str, str]] = set()

    def _open_emph(self, node: nodes.Element) -> None:
        self.add("#emph[")
        self.anchor(node)

    def _open_strong(self, node: nodes.Element) -> None:
        self.add("#strong[")
        self.anchor(node)

    def _open_fixed(self, node: nodes.Element) -> None:
        self.add("#fixed[")
        self.anchor(node)

    def _close(self, node: nodes.Element) -> None:
        self.add("]")

    visit_emphasis, depart_emphasis = _open_emph, _close
    visit_title_reference, depart_title_reference = _open_emph, _close
    visit_manpage, depart_manpage = _open_emph, _close
    visit_strong, depart_strong = _open_strong, _close
    visit_literal_emphasis, depart_literal_emphasis = _open_fixed, _close
    visit_literal_strong, depart_literal_strong = _open_fixed, _close

    def visit_subscript(self, node: nodes.subscript) -> None:
        self.add("#sub[")

    def visit_superscript(self, node: nodes.superscript) -> None:
        self.add("#super[")

    depart_subscript = depart_superscript = _close

    def visit_literal(self, node: nodes.literal) -> None:
        self.anchor(node)
        text = node.astext().replace("\n", " ")
        code = f"#code({quoted(text)});"
        self.add(self.breakable(code) if any(len(word) > self.room for word in text.split()) else code)
        raise nodes.SkipNode

    def visit_inline(self, node: nodes.Element) -> None:
        classes: list[str] = node.get("classes", [])
        function = next((_INLINE_CLASSES[name] for name in classes if name in _INLINE_CLASSES), "")
        self.add(f"#{function}[")
        self.anchor(node)

    depart_inline = _close

    def visit_abbreviation(self, node: nodes.TextElement) -> None:
        """Write a short form; its first use in a document says what it stands for."""

    def depart_abbreviation(self, node: nodes.TextElement) -> None:
        first_use = (self.docname, node.astext())
        if node.get("explanation") and first_use not in self._explained and not self.in_title:
            self._explained.add(first_use)
            self.add_text(f" ({node['explanation']})")

    visit_acronym, depart_acronym = visit_abbreviation, depart_abbreviation

    def visit_problematic(self, node: nodes.problematic) -> None:
        """Write what docutils could not read as it stands; docutils has reported it."""

    depart_problematic = SourceWriter.leave
    visit_download_reference, depart_download_reference = SourceWriter.pass_through, SourceWriter.leave

    def visit_target(self, node: nodes.target) -> None:
        # With a refid its ids have moved on to the element behind it.
        if "refid" not in node:
            self.anchor(node)

    depart_target = SourceWriter.leave

    def visit_index(self, node: addnodes.index) -> None:
        raise nodes.SkipNode  # its target stands beside it; the index itself is made from the environment

    def visit_reference(self, node: nodes.reference) -> None:
        self.add(self._link(node))
        self.anchor(node)

    def _link(self, node: nodes.reference) -> str:
        uri = node.get("refuri", "")
        label = self.labels.target(node, self.docname)
        if self.in_title or self.header_notes is not None:
            # A title is a link in the contents already, and the repeated rows of a table may hold none.
            return "#["
        if label:
            return self.link_to(label)
        if uri.startswith(_WEB):
            return f"#web({quoted(uri)})["
        if not self.builder.leads_elsewhere(uri, self.docname):
            self.warn(
                node, "the link to %r leads out of the book: its text is kept, the link is not", uri.lstrip("%") or node.get("refid"),
                kind="link",
            )  # fmt: skip
        return "#["

    depart_reference = _close
    visit_number_reference, depart_number_reference = visit_reference, _close

    def visit_footnote_reference(self, node: nodes.footnote_reference) -> None:
        key = (self.docname, node.get("refid", ""))
        footnote = self.labels.footnotes.get(key)
        label = quoted("footnote:" + ":".join(key))
        if footnote is None:
            raise nodes.SkipNode
        if self.header_notes is not None:
            self._header_footnote(footnote)
        if key in self._footnotes_written:
            mark = f"#footnote(label({label}));"
        else:
            self._footnotes_written.add(key)
            in_title, self.in_title = self.in_title, False
            mark = f"#footnote[{self._without_label(footnote)}]#label({label});"
            self.in_title = in_title
        if self.in_title:
            self.aside_title.append(mark)
        else:
            self.add(mark)
        raise nodes.SkipNode

    def _header_footnote(self, footnote: nodes.footnote) -> None:
        """Set a footnote of a header row below its table: what is repeated on every page may hold no footnote."""
        assert self.header_notes is not None
        sign = _SIGNS[len(self.header_notes) % len(_SIGNS)] * (len(self.header_notes) // len(_SIGNS) + 1)
        self.add(f"#super({quoted(sign)});")
        notes, self.header_notes = self.header_notes, None
        notes.append(f"#super({quoted(sign)}); {self._without_label(footnote)}")
        self.header_notes = notes
        raise nodes.SkipNode

    def _without_label(self, note: nodes.Element) -> str:
        return self.render(child for child in note.children if not isinstance(child, nodes.label))

    def visit_footnote(self, node: nodes.footnote) -> None:
        # Typst sets a footnote on the page of its first reference. One without any stays where it stands.
        if any((self.docname, name) in self.labels.footnotes_used for name in node["ids"]):
            raise nodes.SkipNode
        self.add_block(f"#lines(1, [{self._without_label(node)}])")
        raise nodes.SkipNode

    def visit_citation(self, node: nodes.citation) -> None:
        run = self._citations_from(node)
        if run:
            entries = ", ".join(f"([{self._citation_label(entry)}], [{self._without_label(entry)}])" for entry in run)
            self.add_block(f"#definitions(whole: true, {entries})")
        raise nodes.SkipNode

    @staticmethod
    def _citations_from(first: nodes.citation) -> list[nodes.citation]:
        """Return the citations of one list, for the first of them; the others are written with it."""
        siblings = first.parent.children
        place = siblings.index(first)
        if place and isinstance(siblings[place - 1], nodes.citation):
            return []
        run = []
        for entry in siblings[place:]:
            if not isinstance(entry, nodes.citation):
                break
            run.append(entry)
        return run

    def _citation_label(self, entry: nodes.citation) -> str:
        label = next((child.astext() for child in entry.children if isinstance(child, nodes.label)), "")
        self.push()
        self.anchor(entry)
        self.add_text(f"[{label}]")
        return self.pop()

    def visit_raw(self, node: nodes.raw) -> None:
        if "typst" in node.get("format", "").split():
            self.add(node.astext())
        elif "task-list-item-checkbox" in node.astext():
            # MyST writes the box of a task as HTML only.
            self.add_text("☑ " if "checked=" in node.astext() else "☐ ")
        raise nodes.SkipNode
