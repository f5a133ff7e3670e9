"""Rules for pictures, code and formulas."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from docutils import nodes

from clinic_snippets.pdf.source_writer import SourceWriter
from clinic_snippets.pdf.typst_text import array, flag, length, quoted


class MediaRules(SourceWriter):
    """Everything that may be a numbered figure."""

    def visit_figure(self, node: nodes.figure) -> None:
        caption = next((child for child in node.children if isinstance(child, nodes.caption)), None)
        legends = [child for child in node.children if isinstance(child, nodes.legend)]
        rest = [child for child in node.children if child is not caption and child not in legends]
        name = self.named(node)
        words = self.render(caption) if caption is not None else ""
        legend = "\n\n".join(self.render(legend) for legend in legends)
        # A figure must have a text: its picture's, or its own words where it holds no picture or only a decoration.
        if not any(_is_described(part) for part in node.findall(nodes.Element)):
            name += f", alt: {quoted(node.astext())}"
        # Of several pictures some may stand on the next page; then the caption is above the first.
        whole = sum(map(_is_described, node.findall(nodes.Element))) < 2
        self.add_block(
            f"#numbered(image, {quoted(self.figure_number('figure', node))}, [{words}], legend: [{legend}]{name}, "
            f"whole: {flag(whole)}, [{self.render(rest)}])"
        )
        raise nodes.SkipNode

    def visit_image(self, node: nodes.image) -> None:
        block = not isinstance(_holder(node), nodes.TextElement)
        markup = self._picture(node, block)
        if block:
            self.add("\n\n")
            self.anchor(node)
            self.add(markup + "\n\n")
        else:
            self.add(markup)
            self.anchor(node)
        raise nodes.SkipNode

    def _picture(self, node: nodes.image, block: bool) -> str:
        alt = self._alternative(node)
        file = self.builder.picture_file(node)
        if file is None:
            self.warn(node, "the picture %s is not in the PDF: its text stands instead", node["uri"], kind="picture")
            return f"#{quoted(alt)};"
        size = "".join(f", {side}: {length(node[side])}" for side in ("width", "height") if length(node.get(side)))
        part = f", part: {node['scale']}%" if node.get("scale") else ""
        return f"#picture({quoted(file)}, {quoted(alt)}, block: {flag(block)}{part}{size});"

    def add_drawing(self, svg: str, alt: str) -> None:
        """Write a picture that is given as the text of an SVG file, at its own size."""
        self.add_block(f'#picture(bytes({quoted(svg)}), {quoted(alt)}, format: "svg");')

    def add_beside(self, svg: str, alt: str, words: Sequence[nodes.Node]) -> None:
        """Write ``words`` beside a picture that is given as the text of an SVG file."""
        picture = f'picture(bytes({quoted(svg)}), {quoted(alt)}, block: false, format: "svg")'
        self.add_block(f"#beside({picture}, [{self.render(words)}])")

    def _alternative(self, node: nodes.image) -> str:
        """Return the text for those who do not see the picture; an empty ``alt`` marks a decoration."""
        if "alt" in node:
            return str(node["alt"])
        caption = next((child for child in _holder(node).children if isinstance(child, nodes.caption)), None)
        if caption is not None:
            return caption.astext()
        self.warn(
            node, "the picture %s has no alternative text: give it one with :alt:, an empty one if it is a decoration",
            node["uri"], kind="alternative_text",
        )  # fmt: skip
        return PurePosixPath(node["uri"]).stem

    def captioned_listing(self, node: nodes.container) -> None:
        """Write a listing with its caption."""
        caption = next((child for child in node.children if isinstance(child, nodes.caption)), None)
        name = self.named(node)
        words = self.render(caption) if caption is not None else ""
        code = self.render(child for child in node.children if child is not caption)
        self.add_block(f"#numbered(raw, {quoted(self.figure_number('code-block', node))}, [{words}]{name}, [{code}])")
        raise nodes.SkipNode

    visit_caption = visit_legend = SourceWriter.pass_through
    depart_caption = depart_legend = SourceWriter.leave

    def visit_literal_block(self, node: nodes.Element) -> None:
        self.add("\n\n")
        self.anchor(node)
        if node.rawsource != node.astext():  # parsed-literal: it holds links and emphasis
            self.preformatted = True
            words = self.render(node)
            self.preformatted = False
            self.add_block(f"#fixed-block[{words}]")
            raise nodes.SkipNode
        highlighting: dict[str, list[int]] = node.get("highlight_args", {})
        marked = array(str(number) for number in highlighting.get("hl_lines", []))
        self.add_block(f"#listing({quoted(node.astext())}, numbers: {flag(node.get('linenos'))}, marked: {marked})")
        raise nodes.SkipNode

    visit_doctest_block = visit_literal_block

    def visit_math(self, node: nodes.math) -> None:
        self.add(self._formula(node, False, "") + ";")
        raise nodes.SkipNode

    def visit_math_block(self, node: nodes.math_block) -> None:
        self.add("\n\n")
        self.anchor(node)
        number = ""
        if node.get("number"):
            number = self.figure_number("displaymath", node) if self.config.math_numfig and self.config.numfig else ""
            number = number or str(node["number"])
        self.add_block(self._formula(node, True, number))
        raise nodes.SkipNode

    def _formula(self, node: nodes.Element, block: bool, number: str) -> str:
        tex = node.astext().strip()
        formula = self.builder.formulas.typst(tex, self, node)
        if formula is None:
            return f"#listing({quoted(tex)})" if block else f"#code({quoted(tex)})"
        dollars = f"$ {formula} $" if block else f"${formula}$"
        return f"#formula({flag(block)}, {quoted(tex)}, {quoted(number)}, {dollars})"


def _is_described(node: nodes.Element) -> bool:
    """Tell whether a node is a picture with an alternative text; one of another extension has it as ``alt``."""
    if isinstance(node, nodes.image):
        return "typst_file" in node and bool(node.get("alt", True))
    return bool(node.get("alt"))


def _holder(image: nodes.image) -> nodes.Element:
    """Return what a picture stands in; a link around it is part of the picture."""
    return image.parent.parent if isinstance(image.parent, nodes.reference) else image.parent
