"""``clinic-snippets review``: the records whose review is overdue or due soon."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click

from clinic_snippets.cli.handbook import find_handbook
from clinic_snippets.cli.options import Day, count, sound_library
from clinic_snippets.library import Library
from clinic_snippets.library.reviews import Due, due, owners
from clinic_snippets.problems import allowed_words
from clinic_snippets.records import Record


class Days(click.ParamType):  # type: ignore[type-arg]  # generic in newer versions of click only
    """A number of days, such as ``60d``."""

    name = "days"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> timedelta:
        """Return the time; ends the command where it is none."""
        if isinstance(value, timedelta):
            return value
        if not re.fullmatch(r"[0-9]{1,5}d", value):
            self.fail(f"'{value}' is not a number of days; write a number and d, for example 60d", param, context)
        return timedelta(days=int(value[:-1]))


def until(as_of: date, within: timedelta) -> date:
    """Return the last day of the time looked ahead; the calendar ends some day."""
    return as_of + min(within, date.max - as_of)


def as_text(library: Library, found: Due, as_of: date, within: timedelta) -> str:
    """Return the records under what they are, one line each."""
    out = ""
    for heading, records in (
        (f"Overdue on {as_of}", found.overdue),
        (f"Due from {as_of} to {until(as_of, within)}", found.soon),
    ):
        out += f"{heading}: {count(len(records), 'record')}\n"
        for record in records:
            reviewed = library.governance.last_reviewed(record)
            out += (
                f"  {record.review_by}  {record.id}: {record.name} ({record.owner}; {record.topic}; "
                f"written {record.written}, {f'last reviewed {reviewed}' if reviewed else 'never reviewed'})\n"
            )
    return out


def as_json(library: Library, found: Due, as_of: date, within: timedelta) -> str:
    """Return an object with the day and the records that are overdue and due soon."""

    def fields(record: Record) -> dict[str, Any]:
        reviewed = library.governance.last_reviewed(record)
        return {
            "id": record.id, "kind": record.kind, "name": record.name, "owner": record.owner, "topic": record.topic,
            "written": str(record.written), "last_reviewed": str(reviewed) if reviewed else None,
            "review_by": str(record.review_by),
        }  # fmt: skip

    content = {
        "as_of": str(as_of),
        "within_days": within.days,
        "overdue": [fields(record) for record in found.overdue],
        "due": [fields(record) for record in found.soon],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


FORMATS = {"text": as_text, "json": as_json}


@click.command("review")
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--as-of", type=Day(), help="The day to judge by.  [default: today]")
@click.option("--within", type=Days(), default="60d", show_default=True, help="How far to look ahead.")
@click.option("--owner", metavar="ROLE", help="Only the records of this owner.")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True)
@click.option("--fail-overdue", is_flag=True, help="End with exit code 1 when a review is overdue.")
@click.pass_context
def command(
    context: click.Context, folder: Path | None, as_of: date | None, within: timedelta, owner: str | None,
    form: str, fail_overdue: bool,
) -> None:  # fmt: skip
    """List the records whose review is overdue, then those due soon, the earliest first.

    A review is overdue from the day after 'review_by'. Reviews are entries in DIR/reviews.yaml; a record without one
    was never reviewed. A review of a day that is still to come is warned of.
    """
    as_of = as_of or date.today()
    library = sound_library(context, find_handbook(folder), "listed", as_of)
    if owner is not None and owner not in owners(library):
        raise click.UsageError(f"'{owner}' owns no record; {allowed_words(owner, owners(library))}")
    for number, made in enumerate(library.governance.reviews, 1):
        if made.date > as_of:
            click.echo(
                f"warning: reviews[{number}] in reviews.yaml is of {made.date}, after {as_of}: on that day nobody had made "
                "it, and a date that it puts off counts here as put off",
                err=True,
            )
    found = due(library, as_of, within, owner)
    click.echo(FORMATS[form](library, found, as_of, within), nl=False)
    if fail_overdue and found.overdue:
        click.echo(f"{count(len(found.overdue), 'record')} overdue", err=True)
        context.exit(1)
