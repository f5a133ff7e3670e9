"""The role ``{clinic:call}``: whom to call, with the clinic's own number, in a page's running text."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole

from clinic_snippets.problems import allowed_words
from clinic_snippets.records import Whom
from clinic_snippets.records.text import Call
from clinic_snippets.sphinx_ext.domain import clinic_domain
from clinic_snippets.sphinx_ext.resolvers import call_words


class CallRole(SphinxRole):
    """Writes whom to call and the number, or that it must still be filled in.

    A change of ``clinic_numbers`` has every page read again, so the words may stand in the doctree.
    """

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the words; a message where nobody of that name can be called."""
        if self.text not in list(Whom):
            hint = allowed_words(self.text, list(Whom))
            message = self.inliner.reporter.error(f"'{self.text}' is nobody to call; {hint}", line=self.lineno)
            return [self.inliner.problematic(self.rawtext, self.rawtext, message)], [message]
        domain = clinic_domain(self.env)
        whom, number = call_words(domain, Call(self.text))
        return [nodes.Text(f"{whom}: "), nodes.strong("", number)], []


def setup(app: Sphinx) -> None:
    """Register the role."""
    app.add_role_to_domain("clinic", "call", CallRole())
