"""What several commands take and say in the same way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from clinic_snippets.cli.handbook import Handbook
from clinic_snippets.library import Library
from clinic_snippets.problems import Problem
from clinic_snippets.records.base import read_day

F = TypeVar("F", bound=Callable[..., Any])


class Day(click.ParamType):  # type: ignore[type-arg]  # generic in newer versions of click only
    """A day, written as year-month-day."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> date:
        """Return the day; ends the command where it is none."""
        if isinstance(value, date):
            return value
        try:
            return read_day(value)
        except ValueError:
            self.fail(f"'{value}' is not a date; write year-month-day, for example 2026-11-22", param, context)


def source_option(function: F) -> F:
    """Give a command the option ``--source``."""
    kind = click.Path(path_type=Path)
    return click.option("--source", metavar="DIR", type=kind, help="The handbook's source folder.")(function)


def sound_library(context: click.Context, handbook: Handbook, what: str, as_of: date | None = None) -> Library:
    """Return the handbook's library; ends the command with exit code 1 where its records have problems."""
    library, problems = handbook.load(as_of)
    if problems:
        # A record that is missing because of a slip would read as "nothing to know here".
        hint = f"See: clinic-snippets check {handbook.folder}"
        click.echo(f"Nothing is {what}, because the records have problems. {hint}", err=True)
        context.exit(1)
    return library


def refuse(context: click.Context, what: str, reasons: Sequence[Problem]) -> None:
    """Give every reason, one a line, and end the command with exit code 1."""
    for reason in reasons:
        click.echo(str(reason))
    click.echo(f"{what}: {count(len(reasons), 'reason')}", err=True)
    context.exit(1)


def count(number: int, word: str) -> str:
    """Return a number with its word, such as "1 record" or "2 records"."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
