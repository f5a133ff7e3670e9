"""``clinic-snippets snippets``: what there is to show and to place in pages."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from clinic_snippets.cli.handbook import find_handbook
from clinic_snippets.snippets import SNIPPETS


@click.command("snippets")
@click.option("--source", metavar="DIR", type=click.Path(path_type=Path), help="The handbook's source folder.")
def command(source: Path | None) -> None:
    """List all snippets with their options.

    The handbook's own snippets (clinic_snippet_files in its conf.py) are among them.
    """
    find_handbook(source)
    console = Console()
    for name, snippet in sorted(SNIPPETS.items()):
        console.print(Text.assemble((name, "bold"), f"  {snippet.summary}"))
        options = Table.grid(padding=(0, 2))
        for option in snippet.options.values():
            options.add_row(Text(f"--{option.name}", style="cyan", no_wrap=True), Text(option.description))
        if snippet.options:
            console.print(Padding(options, (0, 0, 0, 2)))
        console.print()
