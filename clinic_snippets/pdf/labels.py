"""The places in the book that links lead to.

Sphinx may give one element several ids, Typst allows one label, and a link to a label that is nowhere is an error. So
every id is an alias of its element's first id, and a label is written only where some link or index entry wants it.
"""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes

INDEX_LABEL = "%genindex"
_WITHOUT_PAGE = (nodes.citation, nodes.footnote, nodes.term)


class Labels:
    """Every id of an assembled book, and which of them are linked to."""

    def __init__(self, tree: nodes.document) -> None:
        self.wanted: set[str] = set()
        self.written: set[str] = set()
        self._label_of: dict[tuple[str, str], str] = {}
        self._start_of: dict[str, str] = {}
        self._unpaged: set[str] = set()
        self._titles: dict[str, str] = {}
        self.footnotes: dict[tuple[str, str], nodes.footnote] = {}
        """The footnotes by document and id."""
        self.footnotes_used: set[tuple[str, str]] = set()
        self._references: list[tuple[nodes.reference, str]] = []
        self._gather(tree, str(tree["docname"]))
        # Only now: a link may lead to what comes later.
        found = (self.target(reference, docname) for reference, docname in self._references)
        self.wanted.update(label for label in found if label)

    def _gather(self, node: nodes.Element, docname: str) -> None:
        if isinstance(node, addnodes.start_of_file):
            docname = node["docname"]
        ids: list[str] = node.get("ids", [])
        if isinstance(node, nodes.footnote):
            self.footnotes.update(((docname, name), node) for name in ids)
        elif isinstance(node, nodes.footnote_reference):
            self.footnotes_used.add((docname, node.get("refid", "")))
        elif ids:
            label = f"{docname}:{ids[0]}"
            for name in ids:
                self._label_of.setdefault((docname, name), label)
            if isinstance(node, _WITHOUT_PAGE):
                self._unpaged.add(label)
            if isinstance(node, nodes.section):
                self._start_of.setdefault(docname, label)
                title = next((child for child in node.children if isinstance(child, nodes.title)), None)
                self._titles[label] = title.astext() if title is not None else ""
        if isinstance(node, (nodes.document, addnodes.start_of_file)) and not any(
            isinstance(child, nodes.section) for child in node.children
        ):
            self._start_of.setdefault(docname, document_label(docname))
        for child in node.children:
            if isinstance(child, nodes.Element):
                self._gather(child, docname)
        if isinstance(node, nodes.reference):
            self._references.append((node, docname))

    def find(self, docname: str, name: str) -> str | None:
        """Return the label of the id ``name`` in a document, or of the document itself for an empty name."""
        return self._label_of.get((docname, name)) if name else self._start_of.get(docname)

    def target(self, reference: nodes.Element, docname: str) -> str | None:
        """Return the label a reference in ``docname`` leads to, or None where that is not in the book."""
        if "refid" in reference:
            return self.find(docname, reference["refid"])
        uri = reference.get("refuri", "")
        if not uri.startswith("%"):
            return None
        if uri == INDEX_LABEL:
            return INDEX_LABEL
        target, _, name = uri[1:].partition("#")
        return self.find(target, name.rpartition("#")[2])

    def title_of(self, label: str) -> str:
        """Return the title of the section at ``label``, or nothing."""
        return self._titles.get(label, "")

    def shows_page(self, label: str) -> bool:
        """Tell whether a link to ``label`` prints a page number.

        Citations and terms do not: they are found by their own alphabet, and the numbers would crowd the text.
        """
        return label not in self._unpaged

    def of(self, node: nodes.Element, docname: str) -> str | None:
        """Return the label of ``node`` where something links to it."""
        ids = node.get("ids")
        label = self._label_of.get((docname, ids[0])) if ids else None
        return label if label in self.wanted else None


def document_label(docname: str) -> str:
    """Return the label of a document that has no section of its own."""
    return f"%{docname}"
