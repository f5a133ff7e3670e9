"""``clinic-snippets versions``: every release and the current tree as one site."""

from __future__ import annotations

import subprocess
import sys

import click


@click.command("versions", add_help_option=False, context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def command(context: click.Context, arguments: tuple[str, ...]) -> None:
    """Build every release and the current tree as one site."""
    # In a process of its own: the rooms of the top floor do not know each other.
    context.exit(
        subprocess.run([sys.executable, "-m", "clinic_snippets.publishing", *arguments], check=False).returncode
    )
