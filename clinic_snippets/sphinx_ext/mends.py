"""Mends of Sphinx and of furo, each with the behaviour it mends; all are harmless once that is mended at its source.

1. The search index loses the index entries of pages that are not written again (``IndexBuilder.load`` does not read
   them back), so searching an incrementally built site finds less.
2. The search index keeps words whose pages are gone, as entries without pages.
3. The output and the source copy of a removed page stay in the output folder, where search engines and readers with
   an old link still find them, and epub even packs them.
4. A page that leaves a numbered table of contents keeps its section numbers in its title and in every sidebar.
5. In ``singlehtml`` a link from one page's part to a place in another's reads ``#document-page#place``, and a link to
   the first page ``#document-index``; both lead nowhere.
6. Furo gives the box that it draws around a table the table's own id, which then stands on the page twice.
7. The search index shortens an object's anchor that is made of its type and its name, and the search page lengthens it
   with the name that is *shown*: a hit on an object whose shown name is another leads to no place.
8. The search index works out the stem of a word anew on every page that has it, which takes longer than writing the
   tables of the page.
9. A build killed while it writes ``.buildinfo`` leaves a part of it, on which every later build ends with a traceback.
"""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Iterable, Set
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.search import IndexBuilder
from sphinx.transforms.post_transforms import SphinxPostTransform


class _Remembering:
    """The format of a search index; it keeps what it loaded last."""

    def __init__(self, form: Any) -> None:
        self.form = form
        self.loaded: dict[str, Any] = {}

    def load(self, stream: Any) -> Any:
        self.loaded = self.form.load(stream)
        return self.loaded

    def dump(self, data: Any, stream: Any) -> None:
        self.form.dump(data, stream)


def complete_search_index(app: Sphinx) -> None:
    """Have the search index completed right before it is written."""
    builder: Any = app.builder
    if not hasattr(builder, "dump_search_index"):
        return
    prepare, dump, form = builder.prepare_writing, builder.dump_search_index, _Remembering(builder.indexer_format)

    def prepare_and_remember_stems(docnames: Set[str]) -> None:
        prepare(docnames)
        if builder.indexer is not None:
            builder.indexer.lang.stem = functools.cache(builder.indexer.lang.stem)

    def complete_and_dump() -> None:
        if builder.indexer is not None:
            restore_index_entries(builder.indexer, form.loaded)
            drop_words_without_pages(builder.indexer, app.env.found_docs)
            keep_whole_anchors(builder.indexer)
        dump()

    builder.prepare_writing = prepare_and_remember_stems
    builder.indexer_format = form
    builder.dump_search_index = complete_and_dump


def remove_torn_build_info(app: Sphinx) -> None:
    """Delete a ``.buildinfo`` without all its four lines; without one Sphinx goes by what it finds."""
    path = Path(app.outdir, ".buildinfo")
    if path.is_file() and len(path.read_bytes().splitlines()) < 4:
        path.unlink()


def restore_index_entries(index: IndexBuilder, loaded: dict[str, Any]) -> None:
    """Take the index entries of pages that are not written again from the index as it was; order all by page."""
    entries: dict[str, Any] = index._index_entries
    forgotten: dict[str, list[tuple[str, str, str]]] = {page: [] for page in index._titles if page not in entries}
    for words, places in loaded.get("indexentries", {}).items():
        for number, anchor, main in places:
            if (page := loaded["docnames"][number]) in forgotten:
                forgotten[page].append((words, anchor, "main" if main else ""))
    complete = sorted((entries | forgotten).items())
    entries.clear()
    entries.update(complete)


def drop_words_without_pages(index: IndexBuilder, pages: set[str]) -> None:
    """Drop the words of pages that are gone, or that have lost them."""
    for mapping in (index._mapping, index._title_mapping):
        for word in [word for word, found in mapping.items() if not found & pages]:
            del mapping[word]


def keep_whole_anchors(index: Any) -> None:
    """Have the index name the whole anchor of each object whose shown name is not its own."""
    get_objects = index.get_objects

    def with_whole_anchors(pages: dict[str, int]) -> dict[str, list[tuple[int, int, int, str, str]]]:
        found: dict[str, list[tuple[int, int, int, str, str]]] = get_objects(pages)
        anchors = {
            (pages[page], index._objtypes[domain.name, kind], html.escape(shown)): anchor
            for domain in index._domains.sorted()
            for own, shown, kind, page, anchor, _ in domain.get_objects()
            if page in pages and shown != own and (domain.name, kind) in index._objtypes
        }
        for prefix, entries in found.items():
            for number, (page, kind, priority, anchor, name) in enumerate(entries):
                whole = anchors.get((page, kind, f"{prefix}.{name}" if prefix else name))
                if whole and anchor in ("", "-"):
                    entries[number] = (page, kind, priority, whole, name)
        return found

    index.get_objects = with_whole_anchors


def remove_pages(app: Sphinx, docnames: Iterable[str]) -> None:
    """Delete what was written for pages that are gone."""
    builder: Any = app.builder
    for docname in docnames:
        for path in _outputs(builder, docname):
            path.unlink(missing_ok=True)
            for folder in path.parents:
                if folder == Path(app.outdir) or not folder.is_dir() or any(folder.iterdir()):
                    break
                folder.rmdir()


def _outputs(builder: Any, docname: str) -> list[Path]:
    """Return the files that a builder writes for one page, and for no other."""
    if hasattr(builder, "get_output_path"):
        endings = [f"{suffix}{builder.config.html_sourcelink_suffix}" for suffix in builder.config.source_suffix]
        endings += builder.config.source_suffix  # a source with the suffix of source links keeps its name
        return [builder.get_output_path(docname), *(Path(builder.outdir, "_sources", docname + e) for e in endings)]
    if hasattr(builder, "out_suffix"):
        return [Path(builder.outdir, docname + builder.out_suffix)]
    return []


def mend_single_page(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Have every link on the one page of ``singlehtml`` name its place alone."""
    if app.builder.name != "singlehtml":
        return
    start = re.escape(f'#document-{app.config.root_doc}"')

    def mended(page: str) -> str:
        return re.sub(
            rf'(?<= href=")(?:#document-[^"#]*(?=#)|{start})', lambda m: '#"' if m[0][-1] == '"' else "", page
        )

    toctree = context["toctree"]
    context["toctree"] = lambda **options: mended(toctree(**options))
    for part in ("body", "toc"):
        context[part] = mended(context[part])


def forget_section_numbers(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Take away all section numbers, before Sphinx works them out."""
    for node in (*env.titles.values(), *env.tocs.values()):
        for numbered in node.findall(nodes.Element):
            numbered.attributes.pop("secnumber", None)
    return []


class OneIdPerTable(SphinxPostTransform):
    """Takes a table's id from the box around it."""

    formats = ("html",)
    default_priority = 501  # right after furo's own

    def run(self, **kwargs: Any) -> None:
        """Work on every table in a box."""
        for table in self.document.findall(nodes.table):
            box = table.parent
            if isinstance(box, nodes.container):
                box["ids"] = [place for place in box["ids"] if place not in table["ids"]]


def setup(app: Sphinx) -> None:
    """Connect to the build."""
    app.add_post_transform(OneIdPerTable)
    app.connect("builder-inited", complete_search_index)
    app.connect("builder-inited", remove_torn_build_info)
    app.connect("env-get-updated", forget_section_numbers, priority=400)  # Sphinx numbers at the usual 500
    app.connect("html-page-context", mend_single_page)
