"""The command line, in click's own words."""

from __future__ import annotations

import re
from pathlib import Path

import click

from clinic_snippets.cli import COMMANDS, main
from clinic_snippets.publishing.__main__ import main as versions

PAGE = Path(__file__).parents[1] / "reference" / "command-line.md"
_WIDTH = 90
_ANSWERED_BY = {"versions": versions}
"""Commands that hand everything on, ``--help`` too."""


def command(name: str) -> str:
    """Return what ``clinic-snippets NAME --help`` says, and the same of the commands below it."""
    found = _ANSWERED_BY.get(name) or main.get_command(click.Context(main), name)
    assert found is not None
    return "\n".join(_help(found, f"clinic-snippets {name}"))


def other_commands() -> str:
    """Return a section for each command that the page gives none of its own."""
    described = set(re.findall(r"\{made-from-code\} command (\S+)", PAGE.read_text(encoding="utf-8")))
    return "\n".join(f"## clinic-snippets {name}\n\n{command(name)}" for name in COMMANDS if name not in described)


def _help(found: click.Command, called: str) -> list[str]:
    context = click.Context(found, info_name=called, terminal_width=_WIDTH, max_content_width=_WIDTH)
    out = ["```text", found.get_help(context).rstrip(), "```", ""]
    if isinstance(found, click.Group):
        for inner in found.list_commands(context):
            below = found.get_command(context, inner)
            assert below is not None
            out += _help(below, f"{called} {inner}")
    return out
