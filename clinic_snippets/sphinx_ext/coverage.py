"""The coverage matrix, and the gate that it sets: a contraindication or incident that is missing somewhere fails the build.

``{clinic:coverage-matrix}`` places the matrix. A handbook without it has no gate.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from clinic_snippets.records import Output
from clinic_snippets.records.text import RecordLink
from clinic_snippets.snippets import Block, OptionError
from clinic_snippets.snippets.blocks import parts
from clinic_snippets.snippets.coverage import (
    COVERED,
    MATRIX,
    Coverage,
    Gate,
    columns_of,
    coverage,
    covered,
    read_outputs,
)
from clinic_snippets.snippets.coverage_rules import OUTPUT_RULES, Placed, records_in
from clinic_snippets.sphinx_ext.domain import ClinicDomain, clinic_domain
from clinic_snippets.sphinx_ext.late import labelled_tbody
from clinic_snippets.sphinx_ext.resolvers import identity, page_link

logger = logging.getLogger(__name__)
_FIRST_COLUMN = 28


class coverage_rows(nodes.General, nodes.Element):
    """Stands for the rows of one table of the matrix."""


class coverage_notes(nodes.General, nodes.Element):
    """Stands for what each output must hold, and for the exceptions."""


class CoverageMatrixDirective(SphinxDirective):
    """Places the matrix of what stands where; from then on the build fails where something is missing."""

    option_spec = {"outputs": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """Return a table for contraindications and one for incidents, each with a placeholder for its rows."""
        try:
            outputs = read_outputs(self.options.get("outputs"))
        except OptionError as error:
            logger.warning("%s: %s", self.name, error, location=self.get_location(), type="clinic", subtype="option")
            return []
        clinic_domain(self.env).matrices[self.env.docname] = self.lineno, tuple(output.value for output in outputs)
        notes = coverage_notes(docname=self.env.docname)
        self.set_source_info(notes)
        return [*(self.table(heading, outputs) for heading in COVERED if columns_of(heading, outputs)), notes]

    def table(self, heading: str, outputs: tuple[Output, ...]) -> nodes.table:
        """Return a table without rows."""
        columns = [rule.heading for rule in columns_of(heading, outputs)]
        table = nodes.table("", classes=["clinic-table", f"clinic-{MATRIX}", "colwidths-given"])
        table += nodes.title("", f"{heading}s: where each stands", translatable=False)
        group = nodes.tgroup("", nodes.colspec("", colwidth=_FIRST_COLUMN, stub=1), cols=1 + len(columns))
        group += [nodes.colspec("", colwidth=(100 - _FIRST_COLUMN) // len(columns)) for _ in columns]
        heads = [nodes.entry("", nodes.paragraph("", head)) for head in (heading, *columns)]
        group += nodes.thead("", nodes.row("", *heads))
        rows = coverage_rows(docname=self.env.docname, heading=heading, outputs=outputs)
        group += labelled_tbody("", rows, labels=columns)
        table += group
        for node in (table, table[0], rows):
            self.set_source_info(node)
        return table


class FillMatrix(SphinxPostTransform):
    """Fills in the matrix when its page is written."""

    default_priority = 4  # before Sphinx resolves links

    def run(self, **kwargs: Any) -> None:
        """Work on every placeholder of the document."""
        domain = clinic_domain(self.env)
        for body in list(self.document.findall(coverage_rows)):
            body.replace_self(rows_of(domain, body["docname"], body["heading"], body["outputs"]))
        for notes in list(self.document.findall(coverage_notes)):
            notes.replace_self(notes_of(domain, notes["docname"]))


def find_coverage(domain: ClinicDomain) -> Coverage | None:
    """Return what the gate finds on the pages of this build, or None where no page has the matrix."""
    gates = [Gate(page, line, tuple(map(Output, outputs))) for page, (line, outputs) in sorted(domain.matrices.items())]
    if not gates:
        return None
    placed = [
        Placed(page, call.line, call.snippet, dict(call.options), _shown(domain, block))
        for page in sorted(domain.calls)
        for call, block in domain.shown_on(page)
    ]
    return coverage(domain.library, placed, gates)


def _shown(domain: ClinicDomain, block: Block) -> list[tuple[str, frozenset[str]]]:
    return [(part.record, records_in(domain.slots_in(part))) for part in parts(block)]


def warn_of_holes(domain: ClinicDomain) -> None:
    """Warn of each record that is missing from an output, and of exceptions that except nothing."""
    found = domain.coverage
    for hole in found.holes if found else ():
        logger.warning(
            "%s: %s; %s", hole.subject, hole.message, hole.hint,
            location=(hole.page, hole.line), type="clinic", subtype="coverage",
        )  # fmt: skip
    for problem in found.needless if found else ():
        logger.warning(
            "%s: %s; %s", problem.subject, problem.message, problem.hint,
            location=str(problem.place), type="clinic", subtype="coverage",
        )  # fmt: skip


def rows_of(domain: ClinicDomain, docname: str, heading: str, outputs: tuple[Output, ...]) -> list[nodes.Node]:
    """Return the rows of a table of the matrix, or one that says that there is nothing to cover."""
    found, rules = domain.coverage, columns_of(heading, outputs)
    assert found is not None
    rows: list[nodes.Node] = []
    for record in covered(domain.library, heading):
        name = domain.record_link(docname, domain.builder, record, "")
        row = nodes.row("", nodes.entry("", nodes.paragraph("", "", name)))
        for rule in rules:
            row += nodes.entry("", cell_of(domain, docname, found.cells[record.id, rule.output].words()))
        rows.append(row)
    if not rows:
        nothing = nodes.entry("", nodes.paragraph("", f"No {heading.lower()} is recorded."), morecols=len(rules))
        rows.append(nodes.row("", nothing))
    return rows


def cell_of(domain: ClinicDomain, docname: str, words: list[tuple[str, str]]) -> nodes.paragraph:
    """Return words, each with a link to its page."""
    cell = nodes.paragraph()
    for text, page in words:
        cell += nodes.Text("; ") if len(cell) else []
        cell += page_link(domain.builder, docname, page, text) if page else nodes.Text(text)
    return cell


def notes_of(domain: ClinicDomain, docname: str) -> list[nodes.Node]:
    """Return a list of what each output must hold and where it stands, and one of the exceptions."""
    found = domain.coverage
    assert found is not None
    rules = nodes.bullet_list(bullet="-")
    for output in found.outputs:
        rule = OUTPUT_RULES[output]
        says = nodes.paragraph("", "", nodes.strong("", rule.heading), nodes.Text(f": {rule.says}. "))
        for index, page in enumerate(found.pages[output]):
            says += [nodes.Text(", " if index else "See "), page_link(domain.builder, docname, page)]
        says += nodes.Text("." if found.pages[output] else "It stands on no page.")
        rules += nodes.list_item("", says)
    out: list[nodes.Node] = [nodes.paragraph("", "Each of them:"), rules]
    left_out = nodes.bullet_list(bullet="-")
    for record, output, because in found.left_out(domain.library):
        link = domain.record_link(docname, domain.builder, record, "")
        where = f", {OUTPUT_RULES[output].heading.lower()}: {domain.typography.text(because)}"
        left_out += nodes.list_item("", nodes.paragraph("", "", link, nodes.Text(where)))
    if len(left_out):
        out += [nodes.paragraph("", "Left out, and why:"), left_out]
    return out


def identity_of_matrix(domain: ClinicDomain, docname: str) -> object:
    """Return what the matrix on a page shows, to tell whether it must be written again."""
    if docname not in domain.matrices:
        return None
    found = domain.coverage
    assert found is not None
    return (
        [(record, output, stands.words()) for (record, output), stands in found.cells.items()],
        [(record.id, output, because) for record, output, because in found.left_out(domain.library)],
        [identity(domain, domain.env, RecordLink(record)) for record in dict.fromkeys(i for i, _ in found.cells)],
        found.pages,
    )


def setup(app: Sphinx) -> None:
    """Register the directive and what it places."""
    app.add_directive_to_domain("clinic", "coverage-matrix", CoverageMatrixDirective)
    app.add_node(coverage_rows)
    app.add_node(coverage_notes)
    app.add_post_transform(FillMatrix)
