"""Where every contraindication and incident stands, and where one is missing.

It looks at what the pages really place, so a page that was taken out is missed as well as a row. What stands where is
read off the rows themselves: a snippet that forgot a record is found out here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from clinic_snippets.library import Library
from clinic_snippets.problems import Place, Problem, allowed_words
from clinic_snippets.records import (
    AdverseEvent,
    Incident,
    Output,
    Precaution,
    QuizQuestion,
    Record,
    ScreeningQuestion,
)
from clinic_snippets.snippets.coverage_rules import OUTPUT_RULES, OutputRule, Placed, Sheet, is_covered
from clinic_snippets.snippets.registry import OptionError

MATRIX = "coverage-matrix"
"""The directive that places the matrix, and by that asks for the gate."""
COVERED: Mapping[str, type[Record]] = {"Contraindication": Precaution, "Incident": Incident}
"""What the matrix has a table for, by the heading of its first column."""


class Gate(NamedTuple):
    """Where the matrix stands, and the outputs that must be there."""

    page: str
    line: int
    outputs: tuple[Output, ...]


class Hole(NamedTuple):
    """Records that are missing from an output, and the place where they should be."""

    page: str
    line: int
    subject: str
    message: str
    hint: str

    def problem(self) -> Problem:
        """Return it as a problem of the page's file."""
        return Problem(Place(self.page, self.line), self.subject, self.message, self.hint, "coverage-hole")


@dataclass
class Stands:
    """Where a record stands in an output: the sheets, by name and page, and whether it is missing from any.

    ``of`` is how many sheets the output has.
    """

    of: int
    because: str
    sheets: list[tuple[str, str]] = field(default_factory=list)
    missing: bool = False

    def words(self) -> list[tuple[str, str]]:
        """Return what a cell of the matrix says: words, each with the page it links to or an empty text."""
        if self.missing:
            return [("left out" if self.because else "MISSING", "")]
        named = [sheet for sheet in self.sheets if sheet[0]]
        if not named:
            return [("yes", self.sheets[0][1])]
        if 1 < len(named) == self.of:
            return [("both" if self.of == 2 else f"all {self.of}", "")]
        return named


@dataclass
class Coverage:
    """What the gate found."""

    outputs: tuple[Output, ...]
    cells: dict[tuple[str, Output], Stands] = field(default_factory=dict)
    pages: dict[Output, list[str]] = field(default_factory=dict)
    holes: list[Hole] = field(default_factory=list)
    needless: list[Problem] = field(default_factory=list)

    def left_out(self, library: Library) -> list[tuple[Record, Output, str]]:
        """Return every exception with its reason."""
        return [
            (library.records[identifier], output, stands.because)
            for (identifier, output), stands in self.cells.items()
            if stands.missing and stands.because
        ]


def columns_of(heading: str, outputs: Sequence[Output]) -> list[OutputRule]:
    """Return the outputs that hold what a table of the matrix is about."""
    return [rule for output, rule in OUTPUT_RULES.items() if output in outputs and COVERED[heading] in rule.shown_by]


def covered(library: Library, heading: str) -> list[Record]:
    """Return the records that a table of the matrix is about."""
    return [record for record in library.of(COVERED[heading]) if is_covered(record)]


def read_outputs(given: str | None) -> tuple[Output, ...]:
    """Return the outputs that the option ``outputs`` names, or all; raises OptionError."""
    if given is None:
        return tuple(Output)
    words = [word.strip() for word in given.split(",")]
    for word in words:
        if word not in list(Output):
            raise OptionError(f"'{word}' is not a value of 'outputs'; {allowed_words(word, list(Output))}")
    return tuple(output for output in Output if output in words)


def coverage(library: Library, placed: Iterable[Placed], gates: Sequence[Gate]) -> Coverage:
    """Judge what pages place against what the gates ask for; ``gates`` holds at least one."""
    found = Coverage(tuple(output for output in Output if any(output in gate.outputs for gate in gates)))
    everything = list(placed)
    for output in found.outputs:
        rule = OUTPUT_RULES[output]
        calls = [call for call in everything if call.snippet in rule.shown_by.values()]
        found.pages[output] = list(dict.fromkeys(call.page for call in calls))
        gate = next(gate for gate in gates if output in gate.outputs)
        _judge(library, rule, rule.sheets(library, calls), gate, found)
    found.needless = list(_needless(library, found))
    return found


def _judge(library: Library, rule: OutputRule, sheets: list[Sheet], gate: Gate, found: Coverage) -> None:
    """Note what stands on each sheet and what does not."""
    wanted = rule.wanted(library)
    reasons = {record.id: _reason(record, rule.output) for record in wanted}
    for record in wanted:
        found.cells[record.id, rule.output] = Stands(len(sheets), reasons[record.id])
    for sheet in sheets:
        rows, pages = _rows(library, sheet)
        missing = []
        for record in filter(sheet.wants, wanted):
            stands = found.cells[record.id, rule.output]
            if rows[record.id] >= rule.rows_of(record):
                stands.sheets.append((sheet.name, pages[record.id]))
            else:
                stands.missing = True
                missing += [] if reasons[record.id] else [record]
        found.holes += _holes(rule, sheet, missing, gate)


def _reason(record: Record, output: Output) -> str:
    given = record.left_out_of if isinstance(record, Precaution | Incident) else ()
    return next((item.because for item in given if item.output is output), "")


def _named(record: Record) -> tuple[str, ...]:
    """Return the ids of the records that a row about this one stands for, where it also shows links to them."""
    if isinstance(record, ScreeningQuestion):
        return record.if_yes
    if isinstance(record, QuizQuestion):
        return record.tests
    return record.what_to_do if isinstance(record, AdverseEvent) else ()


def _rows(library: Library, sheet: Sheet) -> tuple[Counter[str], dict[str, str]]:
    """Return how many rows stand for each record on a sheet, and the page of the first."""
    rows: Counter[str] = Counter()
    pages: dict[str, str] = {}
    # The same table twice is no second row.
    calls = {(call.snippet, tuple(sorted(call.options.items()))): call for call in reversed(sheet.calls)}
    for call in reversed(calls.values()):
        for record, linked in call.shown:
            stood_for = [i for i in _named(library.records[record]) if i in linked]
            for identifier in (record, *stood_for):
                rows[identifier] += 1
                pages.setdefault(identifier, call.page)
    return rows, pages


def _holes(rule: OutputRule, sheet: Sheet, missing: list[Record], gate: Gate) -> list[Hole]:
    """Return a hole for each place where some of ``missing`` should be."""
    what = f"the {rule.heading.lower()}{f' ({sheet.name})' if sheet.name else ''}"
    if not sheet.calls:
        snippets = " and ".join(f"{{clinic:{name}}}" for name in dict.fromkeys(rule.shown_by.values()))
        names = ", ".join(record.id for record in missing)
        message = f"no page holds {what}, so these are missing: {names}"
        hint = f"place {snippets} on a page"
        return [Hole(gate.page, gate.line, rule.output.value, message, hint)] if missing else []
    places: dict[tuple[str, int, str], list[Record]] = {}
    for record in missing:
        snippet = rule.shown_by[type(record)]
        places.setdefault((*_place(sheet, snippet, record, gate), snippet), []).append(record)
    holes = []
    for (page, line, snippet), records in places.items():
        placed = any(call.snippet == snippet for call in sheet.calls)
        mend = rule.mend if placed else f"place {{clinic:{snippet}}}"
        excuse = any(isinstance(record, Precaution | Incident) for record in records)
        reason = f", or give the reason in 'left_out_of:' with 'output: {rule.output}'" if excuse else ""
        names = ", ".join(record.id for record in records)
        holes.append(Hole(page, line, names, f"missing from {what}", f"{mend}{reason}"))
    return holes


def _place(sheet: Sheet, snippet: str, record: Record, gate: Gate) -> tuple[str, int]:
    """Return the call that should show a record, else the page that lacks it, else the gate that asks for one."""
    calls = [call for call in sheet.calls if call.snippet == snippet]
    if not calls and len({call.page for call in sheet.calls}) > 1:
        return gate.page, gate.line
    # The call that asks for such a record by its level or topic, else the first.
    best = max(
        calls or sheet.calls,
        key=lambda call: sum(getattr(record, name, None) == value for name, value in call.options.items()),
    )
    return best.page, best.line


def _needless(library: Library, found: Coverage) -> Iterable[Problem]:
    """Yield a problem for each exception that excepts nothing."""
    for record in library.of():
        for number, item in enumerate(record.left_out_of if isinstance(record, Precaution | Incident) else ()):
            stands, origin = found.cells.get((record.id, item.output)), library.origins.get(record.id)
            if item.output not in found.outputs or origin is None or (stands and stands.missing):
                continue
            path = ("left_out_of", number, "output")
            heading = OUTPUT_RULES[item.output].heading.lower()
            message = f"it stands in the {heading}" if stands else f"the {heading} is not for it"
            yield Problem(
                origin.place(*path), origin.subject(record.id, path), message, "take this exception out",
                "needless-exception",
            )  # fmt: skip
