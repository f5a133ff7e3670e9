"""Which parts of the book lie on their side, so that wide tables fit.

A page can only be turned between blocks. So a wide table takes its heading and the short text around it along; neighbours
that are turned share their pages.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from docutils import nodes

from clinic_snippets.pdf.source_writer import is_flow
from clinic_snippets.pdf.tables import WIDE

_SHORT_TEXT = 1000
"""Letters of text that go with a wide table rather than on a page of their own."""


class page_turn(nodes.Invisible, nodes.Element):
    """From here on pages are upright or, with ``landscape``, on their side."""


@dataclass
class _Group:
    """A heading and the blocks up to the next heading."""

    section: nodes.Node
    blocks: list[nodes.Element] = field(default_factory=list)
    turned: list[bool] = field(default_factory=list)

    @property
    def is_front(self) -> bool:
        """The text in front of all chapters has a page to itself."""
        return isinstance(self.section, nodes.section) and bool(self.section.get("is_book"))

    @property
    def text(self) -> int:
        return sum(len(block.astext()) for block in self.blocks)

    def turn_tables(self) -> None:
        wide = [number for number, block in enumerate(self.blocks) if _is_wide(block)]
        self.turned = [bool(wide)] * len(self.blocks)
        if wide:
            before, after = self.blocks[: wide[0]], self.blocks[wide[-1] + 1 :]
            if sum(len(block.astext()) for block in before) > _SHORT_TEXT:
                self.turned[: wide[0]] = [False] * len(before)
            if sum(len(block.astext()) for block in after) > _SHORT_TEXT:
                self.turned[wide[-1] + 1 :] = [False] * len(after)


def turn_pages(tree: nodes.document) -> None:
    """Put a `page_turn` wherever the pages of ``tree`` change between upright and lying."""
    groups: list[_Group] = [_Group(tree)]
    _gather(tree, groups)
    for group in groups:
        group.turn_tables()
    for group, below in reversed(list(zip(groups, groups[1:], strict=False))):
        # A heading with little else above a turned section would stand alone on an upright page.
        if (
            not any(group.turned)
            and not group.is_front
            and any(below.turned[:1])
            and group.text <= _SHORT_TEXT
            and _is_around(group.section, below.section)
        ):
            group.turned = [True] * len(group.blocks)
    lying = False
    for group in groups:
        for block, turned in zip(group.blocks, group.turned, strict=True):
            if turned != lying:
                block.parent.insert(block.parent.index(block), page_turn(landscape=turned))
                lying = turned
    if lying:
        tree.append(page_turn(landscape=False))


def _gather(node: nodes.Element, groups: list[_Group]) -> None:
    for child in node.children:
        if isinstance(child, nodes.section) and not child.get("on_cover"):
            groups.append(_Group(child))
        if is_flow(child) and isinstance(child, nodes.Element):
            _gather(child, groups)
        elif isinstance(child, nodes.Element) and not isinstance(child, nodes.Invisible):
            if not (isinstance(child, nodes.title) and child.parent.get("on_cover")):
                groups[-1].blocks.append(child)


def _is_wide(block: nodes.Element) -> bool:
    return isinstance(block, nodes.table) and bool(set(WIDE) & set(block.get("classes", [])))


def _is_around(section: nodes.Node, inner: nodes.Node) -> bool:
    up = inner.parent
    while up is not None and up is not section:
        up = up.parent
    return up is section
