"""The coverage gate as the command line sets it: read off the pages, without Sphinx and without a word on the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from clinic_snippets.cli.handbook import Handbook, calls_in_pages
from clinic_snippets.library import Library
from clinic_snippets.problems import Place, Problem
from clinic_snippets.reading.page_calls import SnippetCall
from clinic_snippets.snippets import SNIPPETS, OptionError
from clinic_snippets.snippets.blocks import parts, pieces
from clinic_snippets.snippets.coverage import MATRIX, Coverage, Gate, coverage, read_outputs
from clinic_snippets.snippets.coverage_rules import OUTPUT_RULES, Placed, records_in

_SHOWING = {name for rule in OUTPUT_RULES.values() for name in rule.shown_by.values()}
"""The snippets that the gate looks at."""


def placed_in(handbook: Handbook, library: Library) -> Iterator[Placed | Gate | Problem]:
    """Yield what pages place of the outputs, and where they place the matrix; or what is wrong with that."""
    for page, call in calls_in_pages(handbook):
        if not isinstance(call, SnippetCall):
            continue
        options = dict(call.options)
        try:
            if call.snippet == MATRIX:
                yield Gate(page, call.line, read_outputs(options.get("outputs")))
            elif call.snippet in _SHOWING:
                snippet = SNIPPETS[call.snippet]
                own = {name: value for name, value in options.items() if name in snippet.options}
                shown = [(part.record, records_in(pieces(part))) for part in parts(snippet(library, own))]
                yield Placed(page, call.line, call.snippet, own, shown)
        except OptionError as error:
            message, _, hint = str(error).partition("; ")
            yield Problem(Place(page, call.line), call.snippet, message, hint, "wrong-option")


def judged(handbook: Handbook, library: Library) -> tuple[Coverage | None, list[Problem]]:
    """Return what the gate finds, or None where no page has the matrix, and all problems."""
    found = list(placed_in(handbook, library))
    problems = [item for item in found if isinstance(item, Problem)]
    gates = [item for item in found if isinstance(item, Gate)]
    if not gates:
        return None, problems
    result = coverage(library, (item for item in found if isinstance(item, Placed)), gates)
    return result, sorted([*problems, *(hole.problem() for hole in result.holes), *result.needless])
