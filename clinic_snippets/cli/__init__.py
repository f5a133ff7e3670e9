"""The command line: ``clinic-snippets check``, ``show`` and what else ``COMMANDS`` names.

A command is a module here, named after it, with a click command called ``command``. It is imported when it is asked
for, so that ``check`` never waits for what another command needs.
"""

from __future__ import annotations

import errno
import importlib
import sys
from typing import Any

import click

from clinic_snippets import __version__
from clinic_snippets.problems import allowed_words, printable

COMMANDS = (
    "check",
    "show",
    "snippets",
    "review",
    "sign",
    "release",
    "diff",
    "impact",
    "coverage",
    "gettext",
    "versions",
    "schema",
    "export",
    "new",
)
"""Every command, in the order in which ``--help`` lists them."""


class _Refused(click.ClickException):
    exit_code = 2


class _Commands(click.Group):
    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command:
        if name not in COMMANDS:
            context.fail(f"There is no command '{name}'; {allowed_words(name, COMMANDS)}")
        module = importlib.import_module(f"{__name__}.{name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def invoke(self, context: click.Context) -> Any:
        """Run a command; what the system refuses, such as a name that is too long or a full disk, is said in a line."""
        try:
            return super().invoke(context)
        except OSError as error:
            if error.errno == errno.EPIPE:  # nobody reads on; click ends quietly
                raise
            where = f"{printable(str(error.filename))}: " if error.filename else ""
            raise _Refused(f"{where}{error.strerror or error}. The command ended there.") from None


@click.group(cls=_Commands)
@click.version_option(__version__, prog_name="clinic-snippets")
def main() -> None:
    """Check and show the records of a clinical handbook."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that lacks a character gets a stand-in for it; without this Python would stop with a traceback.
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="replace")
