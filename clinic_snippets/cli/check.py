"""``clinic-snippets check``: every problem in every record and bibliography file, and results typed by hand in pages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from clinic_snippets.cli.gate import judged
from clinic_snippets.cli.handbook import find_handbook
from clinic_snippets.cli.options import count
from clinic_snippets.problems import Problem
from clinic_snippets.reading.typed_numbers import pages_with_typed_numbers


def as_text(records: int, problems: Sequence[Problem]) -> str:
    """Return one line for each problem."""
    return "".join(f"{problem}\n" for problem in problems)


def as_json(records: int, problems: Sequence[Problem]) -> str:
    """Return an object with the number of records and a list of problems."""
    found = []
    for problem in problems:
        fields = asdict(problem)
        found.append({**fields.pop("place"), **fields})
    return json.dumps({"records": records, "problems": found}, indent=2) + "\n"


def as_github(records: int, problems: Sequence[Problem]) -> str:
    """Return workflow commands, which GitHub shows at the lines that they name."""
    out = []
    for problem in problems:
        place = problem.place
        values = {"file": place.file, "line": place.line, "col": place.column, "title": problem.subject}
        properties = ",".join(f"{name}={_escaped(str(value), ':,')}" for name, value in values.items() if value)
        words = "; ".join(part for part in (problem.message, problem.hint) if part)
        out.append(f"::error {properties}::{_escaped(words)}\n")
    return "".join(out)


def _escaped(text: str, also: str = "") -> str:
    """Return ``text`` as a workflow command wants it; the percent sign comes first, or it would be escaped twice."""
    for character in "%\r\n" + also:
        text = text.replace(character, f"%{ord(character):02X}")
    return text


FORMATS = {"text": as_text, "json": as_json, "github": as_github}


@click.command("check")
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True)
@click.pass_context
def command(context: click.Context, folder: Path | None, form: str) -> None:
    """Check all records in the handbook's source folder DIR, and its pages for results typed by hand.

    Without DIR it is the folder 'source' or, where that holds no handbook, this one. The records are in DIR/records
    and the bibliography where DIR/conf.py says, or in the *.bib files of DIR. A percentage, "1 in N", effect size or
    interval in a page must come from its record; clinic_allowed_numbers in conf.py lists exceptions with reasons.
    Where a page has {clinic:coverage-matrix}, no contraindication and no incident may be missing from an output.

    Each problem is one line: file:line:column, what it is about, what is wrong, what is allowed. The exit code is 0
    without problems, 1 with problems and 2 if the check could not run.
    """
    handbook = find_handbook(folder)
    library, problems = handbook.load()
    if not problems:  # a record that has a problem would be missed everywhere
        problems += judged(handbook, library)[1]
    problems += pages_with_typed_numbers(handbook.folder, list(handbook.pages), handbook.allowed_numbers)
    problems.sort()
    click.echo(FORMATS[form](len(library), problems), nl=False)
    if problems:
        files = len({problem.place.file for problem in problems})
        click.echo(f"{count(len(problems), 'problem')} in {count(files, 'file')}", err=True)
        context.exit(1)
    click.echo(f"{count(len(library), 'record')}, no problems", err=True)
