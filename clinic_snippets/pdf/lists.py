"""Rules for lists of every kind, and for the descriptions of programming interfaces."""

from __future__ import annotations

from collections.abc import Iterable

from docutils import nodes
from sphinx import addnodes

from clinic_snippets.pdf.source_writer import SourceWriter
from clinic_snippets.pdf.typst_text import quoted

_NUMERALS = {"arabic": "1", "loweralpha": "a", "upperalpha": "A", "lowerroman": "i", "upperroman": "I"}
_TASKS = "contains-task-list"


class ListRules(SourceWriter):
    """Typst's own lists, so that a screen reader hears lists."""

    def visit_bullet_list(self, node: nodes.bullet_list) -> None:
        # A task has its box for a marker.
        marker = "marker: none, " if _TASKS in node.get("classes", []) else ""
        self.add_block(f"#list({marker}{self._items(node)})")
        raise nodes.SkipNode

    def visit_enumerated_list(self, node: nodes.enumerated_list) -> None:
        pattern = node.get("prefix", "") + _NUMERALS.get(node.get("enumtype", ""), "1") + node.get("suffix", ".")
        start = node.get("start", 1)
        self.add_block(f"#enum(numbering: {quoted(pattern)}, start: {start}, {self._items(node)})")
        raise nodes.SkipNode

    def _items(self, node: nodes.Element) -> str:
        before = self.anchor_of(node)
        items = [self.render(item) for item in node.children if isinstance(item, nodes.Element)]
        if items:
            items[0] = before + items[0]
        return ", ".join(f"[{item}]" for item in items)

    def visit_definition_list(self, node: nodes.definition_list) -> None:
        items = [child for child in node.children if isinstance(child, nodes.definition_list_item)]
        self._pairs(node, (self._definition(item) for item in items))

    def _definition(self, item: nodes.definition_list_item) -> tuple[str, str]:
        terms: list[str] = []
        meanings: list[str] = []
        for part in item.children:
            if isinstance(part, nodes.term):
                terms.append(self.render(part))
            elif isinstance(part, nodes.classifier):
                terms[-1] += f" #emph[({self.render(part)})]"
            elif isinstance(part, nodes.definition):
                meanings.append(self.render(part))
        return self.anchor_of(item) + ", ".join(terms), "\n\n".join(meanings)

    def visit_field_list(self, node: nodes.field_list) -> None:
        fields = [child for child in node.children if isinstance(child, nodes.field)]
        pairs = [(self.render(field[0]), self.render(field[1]) if len(field) > 1 else "") for field in fields]
        self._pairs(node, pairs, "fields")

    def visit_option_list(self, node: nodes.option_list) -> None:
        items = [child for child in node.children if isinstance(child, nodes.option_list_item)]
        self._pairs(node, ((", ".join(map(self._code, item[0].children)), self.render(item[1])) for item in items))

    def _pairs(self, node: nodes.Element, pairs: Iterable[tuple[str, str]], function: str = "definitions") -> None:
        anchor = self.anchor_of(node)
        items = ", ".join(f"([{name}], [{meaning}])" for name, meaning in pairs)
        # In the first term, so that it cannot stay behind on the page before.
        self.add_block(f"#{function}({items})".replace("([", f"([{anchor}", 1))
        raise nodes.SkipNode

    def _code(self, node: nodes.Node) -> str:
        return f"#code({quoted(node.astext())});"

    def visit_hlist(self, node: addnodes.hlist) -> None:
        self.add("\n\n")
        self.anchor(node)
        outer_room, self.room = self.room, self.room // len(node.children)
        self.add_block(f"#columns-of({', '.join(f'[{self.render(column)}]' for column in node.children)})")
        self.room = outer_room
        raise nodes.SkipNode

    def visit_acks(self, node: addnodes.acks) -> None:
        """Write the names as the list that they are."""

    depart_acks = SourceWriter.leave

    def visit_line_block(self, node: nodes.line_block) -> None:
        self.add_block(f"#lines({int(isinstance(node.parent, nodes.line_block))}, [{self.render(node)}])")
        raise nodes.SkipNode

    visit_line = SourceWriter.pass_through

    def depart_line(self, node: nodes.line) -> None:
        self.add(" #linebreak();")

    def visit_desc(self, node: addnodes.desc) -> None:
        anchor = self.anchor_of(node)
        heads, bodies = [], []
        for child in node.children:
            if isinstance(child, addnodes.desc_signature):
                heads.append(anchor + self.anchor_of(child) + self.breakable(self._code(child)))
                anchor = ""
            elif isinstance(child, addnodes.desc_content):
                bodies.append(self.render(child))
        self.add_block(f"#described([{' #linebreak(); '.join(heads)}], [{''.join(bodies)}])")
        raise nodes.SkipNode

    def visit_desc_inline(self, node: addnodes.desc_inline) -> None:
        self.add(self._code(node))
        raise nodes.SkipNode

    def visit_productionlist(self, node: addnodes.productionlist) -> None:
        grammar = "\n".join(production.astext() for production in node.children)
        self.add_block(f"#listing({quoted(grammar)})")
        raise nodes.SkipNode
