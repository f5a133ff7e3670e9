"""Roles of the domain beyond plain links."""

from __future__ import annotations

from docutils import nodes
from docutils.nodes import Element
from sphinx.environment import BuildEnvironment
from sphinx.roles import XRefRole

from clinic_snippets.sphinx_ext.citations import register_citations


class RateRole(XRefRole):
    """A figure in running text, with its denominator and its source: ``{clinic:rate}`bruising@brady2014```.

    Words before the address name what was counted: ``{clinic:rate}`bruises <bruising@brady2014>```.
    """

    def result_nodes(
        self, document: nodes.document, env: BuildEnvironment, node: Element, is_ref: bool
    ) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Tell bibtex that the page cites the figure's source."""
        if is_ref and (rate := env.get_domain("clinic").library.rate(node["reftarget"])):  # type: ignore[attr-defined]
            register_citations(env, self.inliner, [rate.source], self.lineno)
        return [node], []
