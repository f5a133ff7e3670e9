"""Letters above the list of all records, each leading to its first record: who has no search finds by the alphabet."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from clinic_snippets.snippets.record_index import SNIPPET, first_letter, letter_place
from clinic_snippets.sphinx_ext.domain import clinic_domain
from clinic_snippets.sphinx_ext.late import late_body, shown_parts


class PlaceLetters(SphinxPostTransform):
    """Puts the letters before each list of all records; books have an index."""

    formats = ("html",)
    default_priority = 3  # before the rows are filled in: then nothing tells what they are

    def run(self, **kwargs: Any) -> None:
        """Work on every list of all records in the document."""
        domain = clinic_domain(self.env)
        for body in list(self.document.findall(late_body)):
            if body["snippet"] != SNIPPET:
                continue
            found = (first_letter(domain.library.records[part.record]) for part in shown_parts(domain, body))
            links = "".join(
                f'<li><a href="#{letter_place(letter)}">{letter}</a></li>\n' for letter in dict.fromkeys(found)
            )
            table: nodes.Element = body
            while not isinstance(table, nodes.table):
                table = table.parent
            table.parent.insert(table.parent.index(table), nodes.raw("", _NAV.format(links=links), format="html"))


_NAV = '<nav aria-label="Records by letter"><ul class="letters">\n{links}</ul></nav>\n'


def setup(app: Sphinx) -> None:
    """Register the transform."""
    app.add_post_transform(PlaceLetters)
