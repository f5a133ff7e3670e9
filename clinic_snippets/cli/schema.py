"""``clinic-snippets schema``: what editors complete and check record files with."""

from __future__ import annotations

import json
from pathlib import Path

import click

from clinic_snippets.cli.handbook import default_folder, find_handbook
from clinic_snippets.cli.options import source_option
from clinic_snippets.export.schema import FILES


def schema_text(kind_of_file: str) -> str:
    """Return the schema of a kind of file as it is written."""
    return json.dumps(FILES[kind_of_file](), indent=1, ensure_ascii=False) + "\n"


@click.command("schema")
@click.argument("name", metavar="[NAME]", type=click.Choice(list(FILES)), default="records")
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), help="Write it to FILE.")
@source_option
def command(name: str, out: Path | None, source: Path | None) -> None:
    """Print the JSON Schema of record files, or of the files that NAME names.

    NAME is records (the default), reviews, sign-offs or changes. An editor that knows the schema completes fields and
    words, explains them, and marks what does not fit while you write. 'clinic-snippets check' remains the judge: it also
    sees markup, sources, and links from file to file.
    """
    if source or (default_folder() / "conf.py").is_file():
        find_handbook(source)  # its own kinds belong to the schema
    if out is None:
        click.echo(schema_text(name), nl=False)
        return
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(schema_text(name), "utf-8", newline="\n")
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written ({error.strerror}).") from None
    click.echo(out)
