"""The translator: all rules together."""

from __future__ import annotations

from docutils import nodes

from clinic_snippets.pdf.components import ComponentRules
from clinic_snippets.pdf.inline import InlineRules
from clinic_snippets.pdf.lists import ListRules
from clinic_snippets.pdf.media import MediaRules
from clinic_snippets.pdf.source_writer import SourceWriter
from clinic_snippets.pdf.structure import StructureRules
from clinic_snippets.pdf.tables import TableRules


class TypstTranslator(StructureRules, ListRules, InlineRules, TableRules, ComponentRules, MediaRules):
    """Writes a whole book as Typst markup that calls the functions of ``book.typ``."""

    def visit_container(self, node: nodes.container) -> None:
        """Write a captioned listing, a part of sphinx-design, or just the content of a group."""
        if node.get("literal_block"):
            self.captioned_listing(node)
        else:
            self.component(node)

    depart_container = SourceWriter.leave
