"""Roles of the domain beyond plain links."""

from __future__ import annotations

from docutils import nodes
from docutils.nodes import Element
from sphinx.environment import BuildEnvironment
from sphinx.roles import XRefRole

from clinic_snippets.sphinx_ext.citations import register_citations


class FigureRole(XRefRole):
    """A figure in running text, with all that it needs to be understood, and its source.

    ``{clinic:rate}`bruising@brady2014``` is a rate with its denominator; words before the address name what was
    counted: ``{clinic:rate}`bruises <bruising@brady2014>```. ``{clinic:finding}`neck-pain-sham@pain-short``` is an effect
    with its interval and certainty; without ``@`` it is a link to the finding.
    """

    def result_nodes(
        self, document: nodes.document, env: BuildEnvironment, node: Element, is_ref: bool
    ) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Tell bibtex that the page cites the figure's sources."""
        if is_ref and (keys := env.get_domain("clinic").library.figure_sources(node["reftarget"])):  # type: ignore[attr-defined]
            register_citations(env, self.inliner, list(keys), self.lineno)
        return [node], []
