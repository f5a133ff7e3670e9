"""Mends of Sphinx itself, each with the behaviour it mends; all are harmless once Sphinx has mended it.

1. The search index loses the index entries of pages that are not written again (``IndexBuilder.load`` does not read
   them back), so searching an incrementally built site finds less.
2. The search index keeps words whose pages are gone, as entries without pages, and numbers its object types in the
   order in which builds met them.
3. The output and the source copy of a removed page stay in the output folder, where search engines and readers with
   an old link still find them.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.search import IndexBuilder
from sphinx.util.index_entries import split_index_msg


def complete_search_index(app: Sphinx) -> None:
    """Have the search index completed right before it is written."""
    builder: Any = app.builder
    if not hasattr(builder, "dump_search_index"):
        return
    dump = builder.dump_search_index

    def complete_and_dump() -> None:
        if builder.indexer is not None:
            _complete(app, builder.indexer)
        dump()

    builder.dump_search_index = complete_and_dump


def _complete(app: Sphinx, index: IndexBuilder) -> None:
    entries: dict[str, Any] = index._index_entries
    for docname in sorted(app.env.found_docs):
        if docname not in entries:
            entries[docname] = _entries(app.env.get_domain("index").entries.get(docname, []))  # type: ignore[attr-defined]
    kept = {docname: entries[docname] for docname in sorted(entries) if docname in app.env.found_docs}
    entries.clear()
    entries.update(kept)
    for mapping in (index._mapping, index._title_mapping):
        for word in [word for word, pages in mapping.items() if not pages & app.env.found_docs]:
            del mapping[word]
    index._objtypes.clear()
    index._objnames.clear()


def _entries(raw: Iterable[Any]) -> list[tuple[str, str, str]]:
    """Return index entries as ``IndexBuilder.feed`` would."""
    found: set[tuple[str, str, str]] = set()
    for kind, value, target, main, _key in raw:
        try:
            words = split_index_msg(kind, value)
        except ValueError:
            continue
        shown = words[:1] if kind in ("see", "seealso") else []
        found.update((word, target or "", main) for word in [*shown, *words])
    return sorted(found)


def remove_pages(app: Sphinx, docnames: Iterable[str]) -> None:
    """Delete what was written for pages that are gone."""
    builder: Any = app.builder
    if builder.format != "html" or not hasattr(builder, "get_outfilename"):
        return
    for docname in docnames:
        target = Path(builder.get_outfilename(docname))
        target.unlink(missing_ok=True)
        sources = Path(app.outdir, "_sources")
        for copy in sources.glob(f"{docname}.*"):
            copy.unlink()
        for folder in (target.parent, (sources / docname).parent):
            if folder.is_dir() and folder != Path(app.outdir) and not any(folder.iterdir()):
                folder.rmdir()


def setup(app: Sphinx) -> None:
    """Connect to the builder."""
    app.connect("builder-inited", complete_search_index)
