"""What a misspelt directive or role of ours says: the nearest that there is, and how to see them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.parsers.rst.states import Inliner
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from clinic_snippets.problems import nearest

logger = logging.getLogger(__name__)


class AnyOption(dict[str, Callable[[str], Any]]):
    """Options of a directive that refuses unknown ones itself: markup languages say less, and each in its own way."""

    def __missing__(self, name: str) -> Callable[[str], Any]:
        return directives.unchanged


def unknown_directive(name: str, known: Iterable[str]) -> type[SphinxDirective]:
    """Return a directive that shows nothing and says that there is none of this name."""
    hint = nearest(name, known) or "'clinic-snippets snippets' lists them all"

    class Unknown(SphinxDirective):
        has_content = True
        optional_arguments = 1
        final_argument_whitespace = True
        option_spec = AnyOption({"name": directives.unchanged})

        def run(self) -> list[nodes.Node]:
            text = "there is no directive 'clinic:%s'; %s"
            logger.warning(text, name, hint, location=self.get_location(), type="clinic", subtype="unknown")
            return []

    return Unknown


def unknown_role(name: str, known: Iterable[str]) -> Callable[..., tuple[list[nodes.Node], list[nodes.system_message]]]:
    """Return a role that shows its text as it is written and says that there is none of this name."""
    words = list(known)
    hint = nearest(name, words) or f"allowed: {', '.join(sorted(words))}"

    def role(
        _name: str, rawtext: str, _text: str, lineno: int, inliner: Inliner,
        _options: Mapping[str, Any] | None = None, _content: Sequence[str] = (),
    ) -> tuple[list[nodes.Node], list[nodes.system_message]]:  # fmt: skip
        source, line = inliner.reporter.get_source_and_line(lineno)
        text = "there is no role 'clinic:%s'; %s"
        logger.warning(text, name, hint, location=f"{source}:{line}", type="clinic", subtype="unknown")
        return [nodes.Text(rawtext)], []

    return role
