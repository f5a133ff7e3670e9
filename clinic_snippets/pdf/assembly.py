"""One tree from all documents of the table of contents, in reading order."""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

logger = logging.getLogger(__name__)

_SILENT = (nodes.comment, nodes.Invisible, nodes.raw, nodes.target, addnodes.index)


ANY_NUMBER = "any"
"""What a sheet says in place of a number of pages when it may take as many as it needs."""


_SMALLEST = 9.0
"""The smallest letters of a sheet, in points."""


def letters_of_sheet(env: BuildEnvironment, docname: str) -> float | None:
    """Return the size in points that a sheet's front matter asks for with ``letters: 11``, or None."""
    given = env.metadata.get(docname, {}).get("letters")
    if given is None:
        return None
    try:
        size = float(given)
    except ValueError:
        size = 0.0
    if size >= _SMALLEST:
        return size
    logger.warning(
        "'letters: %s' in the front matter is no size in points of %g or more", given, _SMALLEST,
        location=docname, type="typstpdf", subtype="sheet",
    )  # fmt: skip
    return None


def pages_of_sheet(env: BuildEnvironment, docname: str) -> str | None:
    """Return how many pages a document asks for as a sheet of its own, or None where it belongs to the book.

    It asks with ``sheet: 1`` in its front matter, or with ``sheet: any`` where the number does not matter.
    """
    given = env.metadata.get(docname, {}).get("sheet")
    return None if given is None else str(given).strip()


def assemble(builder: Builder) -> nodes.document:
    """Return the root document with every document of its toctrees in place, references resolved."""
    root = builder.config.root_doc
    tree = _with_children(builder, root, {root})
    tree["docname"] = root
    builder.env.resolve_references(tree, root, builder)
    builder.post_process_images(tree)
    _mark_cover(tree)
    return tree


def sheet(builder: Builder, docname: str) -> nodes.document:
    """Return one document by itself, references resolved."""
    tree = builder.env.get_doctree(docname)
    tree["docname"] = docname
    for section in tree.findall(nodes.section):
        section["docname"] = docname
    builder.env.resolve_references(tree, docname, builder)
    builder.post_process_images(tree)
    return tree


def _with_children(builder: Builder, docname: str, seen: set[str]) -> nodes.document:
    tree = builder.env.get_doctree(docname)
    for section in tree.findall(nodes.section):
        section["docname"] = docname
    for toctree in list(tree.findall(addnodes.toctree)):
        children = []
        for name in toctree["includefiles"]:
            # Sphinx lists genindex and its like here too; the index is the book's own.
            if name in seen or name not in builder.env.found_docs or pages_of_sheet(builder.env, name) is not None:
                continue
            seen.add(name)
            children.append(addnodes.start_of_file("", *_with_children(builder, name, seen).children, docname=name))
        _place(toctree, children)
    return tree


def _place(toctree: addnodes.toctree, documents: list[addnodes.start_of_file]) -> None:
    """Put documents where their toctree is: behind the text of its section, before the next section.

    A toctree may stand before the last paragraph of a page, in a card, even in a table. Its documents become chapters
    all the same, and the page's own text stays together.
    """
    block: nodes.Element = toctree
    while not isinstance(block.parent, (nodes.document, nodes.section)):
        block = block.parent
    home = block.parent
    after = home.index(block) + 1
    place = next((number for number in range(after, len(home)) if isinstance(home[number], nodes.section)), len(home))
    home[place:place] = documents
    holder = toctree.parent
    holder.remove(toctree)
    if "toctree-wrapper" in holder.get("classes", []) and not holder.children:
        holder.parent.remove(holder)


def _mark_cover(tree: nodes.document) -> None:
    """Mark the section that holds the book: its title is on the cover, and a chapter only if it has text of its own."""
    sections = [child for child in tree.children if isinstance(child, nodes.section)]
    if len(sections) == 1:
        own = [
            child
            for child in sections[0].children
            if not isinstance(child, (nodes.title, nodes.section, addnodes.start_of_file))
        ]
        sections[0]["is_book"] = True
        sections[0]["on_cover"] = not any(_shows(child) for child in own)


def _shows(block: nodes.Node) -> bool:
    if isinstance(block, _SILENT):
        return False
    if isinstance(block, (nodes.Text, nodes.image)):
        return not isinstance(block, nodes.Text) or bool(block.strip())
    return any(_shows(child) for child in block.children)
