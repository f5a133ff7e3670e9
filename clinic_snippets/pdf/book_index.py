"""The index at the end of the book, from Sphinx's own entries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sphinx.builders import Builder
from sphinx.environment.adapters.indexentries import IndexEntries
from sphinx.locale import _

from clinic_snippets.pdf.labels import Labels
from clinic_snippets.pdf.typst_text import array, flag, quoted


def index_markup(builder: Builder, labels: Labels) -> str:
    """Return the index as markup, or nothing without entries. Its places become wanted labels: call it first."""
    groups = []
    for letter, entries in IndexEntries(builder.env).create_index(builder):
        lines = []
        for name, (places, below, _key) in entries:
            own = _places(places, labels)
            subs = [(sub, _places(sub_places, labels)) for sub, sub_places in below]
            # An entry of a page that is not in the book leads nowhere; one that says "see ..." never had a place.
            subs = [(sub, found) for (sub, found), (_sub, given) in zip(subs, below, strict=True) if found or not given]
            if own or subs or not places and not below:
                lines.append(
                    array([quoted(name), array(own), array(array([quoted(sub), array(found)]) for sub, found in subs)])
                )
        if lines:
            groups.append(f"#index-group({quoted(letter)}, {array(lines)})")
    return f"#index-part({quoted(_('Index'))}, [\n" + "\n".join(groups) + "\n])" if groups else ""


def _places(links: Iterable[tuple[Any, Any]], labels: Labels) -> list[str]:
    found = []
    for main, uri in links:
        docname, _sep, name = uri.removeprefix("%").partition("#")
        label = labels.find(docname, name)
        if label:
            labels.wanted.add(label)
            found.append(array([quoted(label), flag(main)]))
    return found
