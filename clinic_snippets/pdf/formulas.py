"""TeX formulas to Typst, where the package ``tex2typst`` is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typst
from docutils import nodes

if TYPE_CHECKING:
    from clinic_snippets.pdf.source_writer import SourceWriter


class Formulas:
    """Translates formulas and tries each one, so that one bad formula does not cost the book."""

    def __init__(self) -> None:
        self._known: dict[str, str | None] = {}
        self._told = False

    def typst(self, tex: str, writer: SourceWriter, node: nodes.Element) -> str | None:
        """Return a formula in Typst's notation, or None (with a warning) to keep the TeX text."""
        try:
            import tex2typst  # type: ignore[import-untyped]
        except ImportError:
            if not self._told:
                self._told = True
                writer.warn(
                    node,
                    "formulas stay TeX in the PDF: install the package tex2typst to have them typeset",
                    kind="formula",
                )
            return None
        if tex not in self._known:
            try:
                formula = tex2typst.tex2typst(tex)
                typst.compile(f"$ {formula} $".encode(), format="svg", ignore_system_fonts=True)
            except Exception as error:  # the converter raises errors of many kinds, some its own
                reason = str(error).strip().partition("\n")[0]
                writer.warn(node, "the formula %s stays TeX in the PDF: %s", tex, reason, kind="formula")
                formula = None
            self._known[tex] = formula
        return self._known[tex]
