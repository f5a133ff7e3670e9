"""Blocks to docutils nodes, for every output that is not HTML.

``rendering.html`` writes the same blocks as HTML; a test holds the two equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from docutils import nodes

from clinic_snippets.records.text import (
    Abbreviation,
    Added,
    Anchor,
    Badge,
    Code,
    Day,
    Emphasis,
    Inline,
    ListBlock,
    Paragraph,
    Removed,
    Strong,
    Subscript,
    Superscript,
    WebLink,
    Words,
)
from clinic_snippets.rendering.html import REVIEW_DAY, Slot
from clinic_snippets.rendering.typography import Typography
from clinic_snippets.snippets.blocks import Card, CardBlock, Facts, Fold, Row, RowCell


class badge(nodes.inline):
    """A short label; outputs that cannot draw a box around it put it in brackets."""


class day(nodes.inline):
    """A date that machines can read too."""


class removed(nodes.inline):
    """Words that a change took out; outputs that can strike them through."""


class added(nodes.inline):
    """Words that a change put in; outputs that can underline them."""


class steps(nodes.enumerated_list):
    """Steps to take in a hurry; outputs that can make their letters larger."""


class NodeResolver(Protocol):
    """What a page can say about a slot, as nodes."""

    def slot(self, slot: Slot) -> Sequence[nodes.Node]:
        """Return the nodes that stand for the slot on this page."""


class DoctreeRenderer:
    """Renders rows and cards to docutils nodes for one page."""

    def __init__(self, typography: Typography, resolver: NodeResolver) -> None:
        self.typography = typography
        self.resolver = resolver

    def row(self, row: Row) -> nodes.row:
        """Return a table row."""
        return nodes.row("", *(nodes.entry("", *self._cell(cell)) for cell in row.cells))

    def card(self, card: Card) -> list[nodes.Node]:
        """Return a card's body."""
        return [node for block in card.body for node in self._block(block)]

    def _cell(self, cell: RowCell) -> list[nodes.Node]:
        return [node for block in cell for node in self._block(block)]

    def _block(self, block: CardBlock) -> list[nodes.Node]:
        if isinstance(block, Paragraph):
            node = nodes.paragraph("", "", *self._inline(self.typography.inline(block.children)))
            if block.style:
                node["classes"].append(block.style)
            return [node]
        if isinstance(block, ListBlock):
            items = [nodes.list_item("", *self._cell(item)) for item in block.items]
            classes = [block.style] if block.style else []
            if block.ordered:
                kind = steps if block.style == "clinic-steps" else nodes.enumerated_list
                numerals = "upperalpha" if block.letters else "arabic"
                return [kind("", *items, enumtype=numerals, prefix="", suffix=".", classes=classes)]
            return [nodes.bullet_list("", *items, bullet="-", classes=classes)]
        if isinstance(block, Facts):
            pairs = [
                nodes.definition_list_item("", nodes.term("", heading), nodes.definition("", *self._cell(cell)))
                for heading, cell in block.items
            ]
            return [nodes.definition_list("", *pairs, classes=["clinic-facts"])]
        if isinstance(block, Fold):
            if block.screen_only:
                return []
            heading = nodes.paragraph("", "", nodes.strong("", block.summary))
            return [heading, *(node for part in block.body for node in self._block(part))]
        return list(self.resolver.slot(block))

    def _inline(self, children: tuple[Inline, ...]) -> list[nodes.Node]:
        out: list[nodes.Node] = []
        for piece in children:
            if isinstance(piece, Words):
                out.append(nodes.Text(piece.text))
            elif isinstance(piece, Strong):
                out.append(nodes.strong("", "", *self._inline(piece.children)))
            elif isinstance(piece, Emphasis):
                out.append(nodes.emphasis("", "", *self._inline(piece.children)))
            elif isinstance(piece, Removed | Added):
                kind = removed if isinstance(piece, Removed) else added
                mark = nodes.Text(f"[{piece.mark}: ")
                out.append(kind("", "", mark, *self._inline(piece.children), nodes.Text("]")))
            elif isinstance(piece, Day):
                out.append(day("", piece.text, classes=[REVIEW_DAY] if piece.review else []))
            elif isinstance(piece, Code):
                out.append(nodes.literal(piece.text, piece.text))
            elif isinstance(piece, Badge):
                out.append(badge("", piece.text, classes=["clinic-badge", f"clinic-badge-{piece.style}"]))
            elif isinstance(piece, Subscript):
                out.append(nodes.subscript("", piece.text))
            elif isinstance(piece, Superscript):
                out.append(nodes.superscript("", piece.text))
            elif isinstance(piece, Abbreviation):
                out.append(nodes.abbreviation("", piece.text, explanation=piece.long))
            elif isinstance(piece, Anchor):
                # Empty, and before the text: the text builder loses a text that stands within a target.
                out.append(nodes.target("", "", ids=[piece.id]))
            elif isinstance(piece, WebLink):
                out.append(nodes.reference("", "", *self._inline(piece.children), refuri=piece.url, internal=False))
            else:
                out += self.resolver.slot(piece)
        return out
