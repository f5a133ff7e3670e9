"""The places in the book that links lead to.

Sphinx may give one element several ids, Typst allows one label, and a link to a label that is nowhere is an error. So
every id is an alias of its element's first id, and a label is written only where some link or index entry wants it.
"""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes

INDEX_LABEL = "%genindex"
_WITHOUT_PAGE = (nodes.citation, nodes.footnote, nodes.term)
_LETTERS_OF_PAGE = 2700
_TITLES_OF_PAGE = 45
_LETTERS_OF_NUMBER = 9
CONTENTS_DEPTH = 2
"""Levels of titles in the contents."""


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
        self._letters = 0
        self._letters_before: dict[str, int] = {}
        self.contents: list[tuple[int, str]] = []
        """Level and words of the titles in the contents."""
        self._gather(tree, str(tree["docname"]), 0)
        # Only now: a link may lead to what comes later.
        found = (self.target(reference, docname) for reference, docname in self._references)
        self.wanted.update(label for label in found if label)

    def _gather(self, node: nodes.Element, docname: str, level: int) -> None:
        if isinstance(node, addnodes.start_of_file):
            docname = node["docname"]
        if isinstance(node, nodes.section) and not node.get("is_book"):
            level += 1
            if level == 1:  # a chapter starts a page
                self._letters += -self._letters % _LETTERS_OF_PAGE
            if level <= CONTENTS_DEPTH:
                self.contents.append((level, _title(node)))
        ids: list[str] = node.get("ids", [])
        if isinstance(node, nodes.footnote):
            self.footnotes.update(((docname, name), node) for name in ids)
        elif isinstance(node, nodes.footnote_reference):
            self.footnotes_used.add((docname, node.get("refid", "")))
        elif ids:
            label = f"{docname}:{ids[0]}"
            self._letters_before.setdefault(label, self._letters)
            for name in ids:
                self._label_of.setdefault((docname, name), label)
            if isinstance(node, _WITHOUT_PAGE):
                self._unpaged.add(label)
            if isinstance(node, nodes.section):
                self._start_of.setdefault(docname, label)
                self._titles[label] = _title(node)
        if isinstance(node, (nodes.document, addnodes.start_of_file)) and not any(
            isinstance(child, nodes.section) for child in node.children
        ):
            self._start_of.setdefault(docname, document_label(docname))
        for child in node.children:
            if isinstance(child, nodes.Element):
                self._gather(child, docname, level)
            else:
                self._letters += len(child.astext())
        if isinstance(node, nodes.reference):
            self._letters += _LETTERS_OF_NUMBER
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

    def digits_of_page(self, label: str) -> int:
        """Return how many digits the page number behind a link to ``label`` is likely to have; 0 if it prints none.

        Citations and terms have none: they are found by their own alphabet, and the numbers would crowd the text.
        """
        if label in self._unpaged:
            return 0
        front = 2 + len(self.contents) // _TITLES_OF_PAGE
        return len(str(front + self._letters_before.get(label, 0) // _LETTERS_OF_PAGE))

    def of(self, node: nodes.Element, docname: str) -> str | None:
        """Return the label of ``node`` where something links to it."""
        ids = node.get("ids")
        label = self._label_of.get((docname, ids[0])) if ids else None
        return label if label in self.wanted else None


def _title(section: nodes.section) -> str:
    return next((child.astext() for child in section.children if isinstance(child, nodes.title)), "")


def document_label(docname: str) -> str:
    """Return the label of a document that has no section of its own."""
    return f"%{docname}"
