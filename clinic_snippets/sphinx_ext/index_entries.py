"""Entries of the general index for records: their names and other names.

Sphinx takes them from a page when it is read and keeps them in its environment. Those of a table with thousands of rows
would lie in the page's doctree a second time, so there the call stands for them, until the page is written: the search and
the builder for LaTeX read them from the page.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from clinic_snippets.records import Record
from clinic_snippets.sphinx_ext.domain import clinic_domain
from clinic_snippets.sphinx_ext.placement import homes_in

_CALL = "clinic_call"


def index_of(records: Iterable[Record], call: tuple[str, tuple[tuple[str, str], ...]] | None = None) -> addnodes.index:
    """Return the entries of records that have their home here; ``call`` (a snippet and its options) finds them again."""
    index = addnodes.index(entries=_entries(records))
    if call:
        index[_CALL] = call
    return index


def _entries(records: Iterable[Record]) -> list[Any]:
    entries: list[Any] = []
    for record in records:
        entries.append(("single", record.name, record.anchor, "main", None))
        entries += [("single", name, record.anchor, "", None) for name in record.also_known_as]
    return entries


def leave_to_environment(app: Sphinx, doctree: nodes.document) -> None:
    """Take entries that can be found again out of a page that was read; the environment has them by now."""
    for index in doctree.findall(addnodes.index):
        if _CALL in index:
            index["entries"] = []


class RestoreEntries(SphinxPostTransform):
    """Gives pages their entries back."""

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Work on every index entry of the document."""
        domain = clinic_domain(self.env)
        for index in self.document.findall(addnodes.index):
            if _CALL in index:
                found = homes_in(domain.block(*index[_CALL]))
                index["entries"] = _entries(domain.library.records[identifier] for identifier in found)


def setup(app: Sphinx) -> None:
    """Connect to the reading of pages, and register the transform."""
    app.connect("doctree-read", leave_to_environment)
    app.add_post_transform(RestoreEntries)
