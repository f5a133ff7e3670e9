"""``clinic-snippets diff``: what changed between two states of the records."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import click

from clinic_snippets.cli.handbook import CannotRun, find_handbook
from clinic_snippets.cli.options import count, source_option
from clinic_snippets.library.changes import Change, FieldChange, in_words, redline
from clinic_snippets.library.revisions import changes_between, find_revision
from clinic_snippets.problems import ClinicError

MARKS = {"kept": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
UNCLEAR = "not classed"
"""What stands where a clinical change has no note that says what it means."""


def as_text(before: str, after: str, changes: list[Change]) -> str:
    """Return each change with its fields below it: [-what was removed-] and {+what was added+}."""
    out = f"From {before} to {after}: {count(len(changes), 'change')}\n"
    for change in changes:
        out += f"\n{change.kind_of_change or UNCLEAR}: {change.name} ({change.kind} {change.id})\n"
        for field in change.fields:
            pieces = redline(in_words(field.before), in_words(field.after))
            out += _indented(f"{field.name}: ", "".join(MARKS[what].format(words) for what, words in pieces))
        for note in change.notes:
            out += _indented("what: ", note["what"]) + _indented("why: ", note["why"])
    return out


def _indented(lead: str, text: str) -> str:
    return f"  {lead}{text}".replace("\n", "\n    ") + "\n"


def as_json(before: str, after: str, changes: list[Change]) -> str:
    """Return an object with a list of changes; a class that nobody gave is null."""
    found = [
        {
            "id": change.id, "kind": change.kind, "name": change.name, "class": change.kind_of_change,
            "fields": [{"name": f.name, "before": f.before, "after": f.after} for f in change.fields],
            "notes": change.notes,
        }
        for change in changes
    ]  # fmt: skip
    return json.dumps({"from": before, "to": after, "changes": found}, indent=2, ensure_ascii=False) + "\n"


def as_markdown(before: str, after: str, changes: list[Change]) -> str:
    """Return a heading for each class and each record, and below it what each field said before and says now."""
    out = f"# Changes from {_escaped(before)} to {_escaped(after)}\n"
    for kind, group in groupby(changes, key=lambda change: change.kind_of_change or UNCLEAR):
        out += f"\n## {kind.capitalize()}\n"
        for change in group:
            out += f"\n### {_escaped(change.name)}\n\n"
            lines = [f"{change.kind}, `{change.id}`"]
            for note in change.notes:
                lines += [f"What: {_escaped(note['what'])}", f"Why: {_escaped(note['why'])}"]
            lines += [line for field in change.fields for line in _before_and_after(field)]
            out += "".join(f"- {line}\n" for line in lines)
    return out


def _before_and_after(field: FieldChange) -> Iterator[str]:
    for what, value in (("before", field.before), ("after", field.after)):
        yield f"{_escaped(field.name)}, {what}: {_escaped(in_words(value)) or 'not there'}"


def _escaped(text: str) -> str:
    """Return a text on one line, without any meaning for Markdown."""
    return re.sub(r"([\\`*_{}\[\]<>#|~$&])", r"\\\1", " ".join(text.split()))


FORMATS = {"text": as_text, "json": as_json, "markdown": as_markdown}


@click.command("diff")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True)
@source_option
def command(before: str, after: str, form: str, source: Path | None) -> None:
    """Show what changed from A to B, field by field, the looser changes first.

    A and B are each a release (0.1.0), a release file, a handbook's source folder or one of record files, a commit,
    branch or tag that git knows, or '.' for the records as they are.
    """
    handbook = find_handbook(source)
    try:
        changes = changes_between(*(find_revision(name, handbook.folder, handbook.records) for name in (before, after)))
    except ClinicError as error:
        raise CannotRun(str(error)) from None
    click.echo(FORMATS[form](before, after, changes), nl=False)
