"""``clinic-snippets release``: give the records out as a version."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import click

from clinic_snippets.cli.handbook import calls_in_pages, clinic_numbers, find_handbook
from clinic_snippets.cli.options import Day, count, refuse, source_option
from clinic_snippets.library.gate import Candidate, Made, make_release, reasons_not_to_release
from clinic_snippets.reading.page_calls import SnippetCall
from clinic_snippets.records.governance import ChangeClass


def told(made: Made) -> str:
    """Say what a release holds and what it changed."""
    lines = [f"{made.file}: {count(len(made.release.records), 'record')}"]
    number = Counter(change.kind_of_change for change in made.changes)
    classes = ", ".join(f"{number[kind]} {kind}" for kind in ChangeClass if number[kind])
    lines.append(f"Changed since the release before: {classes or 'nothing'}")
    lines.append(f"Change notes: {len(made.release.notes)}")
    lines += [f"Removed, since its notes are in the release: {path}" for path in made.collected]
    if made.release.draft:
        lines.append("A draft: below 1.0.0 nobody has to sign off.")
    return "\n".join(lines)


@click.command("release")
@click.argument("version", metavar="X.Y.Z")
@click.option("--date", "day", type=Day(), required=True, help="The day of the release.")
@source_option
@click.pass_context
def command(context: click.Context, version: str, day: date, source: Path | None) -> None:
    """Write releases/X.Y.Z.json: all records as they are, and why they changed.

    Collects the change notes from changes/ and removes their files. Refuses, and says all reasons at once, while a
    record has a problem or has changed without a note that says what the change means, or while pages tell what releases
    changed and none has a section for this one. From 1.0.0 on, every record must be signed off (a looser change and a
    withdrawal by two people) and clinic_numbers in conf.py be filled in.
    """
    handbook = find_handbook(source)
    library, problems = handbook.load()
    placed = [(page, call) for page, call in calls_in_pages(handbook) if isinstance(call, SnippetCall)]
    candidate = Candidate(handbook.folder, library, problems, version, day, clinic_numbers(handbook), placed)
    if reasons := reasons_not_to_release(candidate):
        refuse(context, f"release {version} is not written", reasons)
    try:
        made = make_release(candidate)
    except OSError as error:
        hint = "put the folder back as version control has it, and run this again"
        raise click.ClickException(f"release {version} is not complete: {error}; {hint}") from None
    click.echo(told(made))
