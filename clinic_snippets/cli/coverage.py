"""``clinic-snippets coverage``: where every contraindication and incident stands, and where one is missing."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from clinic_snippets.cli.gate import judged
from clinic_snippets.cli.handbook import find_handbook
from clinic_snippets.cli.options import refuse, sound_library
from clinic_snippets.library import Library
from clinic_snippets.problems import Place, Problem
from clinic_snippets.snippets.coverage import COVERED, MATRIX, Coverage, columns_of, covered


def _matrix(library: Library, found: Coverage, heading: str) -> Table:
    """Return one table of the matrix for the terminal."""
    rules = columns_of(heading, found.outputs)
    table = Table(title=Text(f"{heading}s: where each stands"), title_justify="left")
    for column in (heading, *(rule.output.value for rule in rules)):
        table.add_column(Text(column), overflow="fold")
    for record in covered(library, heading):
        cells = [found.cells[record.id, rule.output].words() for rule in rules]
        table.add_row(Text(record.id), *(Text("; ".join(words for words, _ in cell)) for cell in cells))
    return table


@click.command("coverage")
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.pass_context
def command(context: click.Context, folder: Path | None) -> None:
    """Show in which outputs every contraindication and incident stands: tables, forms, sheets, cards, questions.

    It looks at what the pages of the handbook in DIR place. The page with {clinic:coverage-matrix} says which outputs
    there must be.

    Each hole is one line with its place. The exit code is 1 where there are holes, exceptions that except nothing or
    no page with the matrix.
    """
    handbook = find_handbook(folder)
    library = sound_library(context, handbook, "judged")
    found, problems = judged(handbook, library)
    if found is None:
        hint = f"place {{clinic:{MATRIX}}} on one"
        missing = Problem(Place(str(handbook.folder)), "coverage", "no page asks for the gate", hint, "no-gate")
        refuse(context, "nothing is judged", [missing, *problems])
        return
    console = Console()
    for heading in COVERED:
        if columns_of(heading, found.outputs):
            console.print(_matrix(library, found, heading))
    for record, output, because in found.left_out(library):
        click.echo(f"left out: {record.id}, {output}: {because}")
    if problems:
        refuse(context, "not covered", problems)
    click.echo("everything stands where it must", err=True)
