"""``clinic-snippets gettext``: the texts of all records, for translators."""

from __future__ import annotations

from pathlib import Path

import click

from clinic_snippets import __version__
from clinic_snippets.cli.handbook import find_handbook
from clinic_snippets.library.translation import DOMAIN, write_template


@click.command("gettext")
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("_build/gettext"),
    show_default=True,
    help="Folder to write the catalogue to; Sphinx's own gettext builder writes those of the pages.",
)
@click.pass_context
def command(context: click.Context, folder: Path | None, output: Path) -> None:
    """Write the texts of all records to records.pot.

    A translation of it, saved as locale/LANGUAGE/LC_MESSAGES/records.po below a folder of Sphinx's 'locale_dirs', is
    used by the next build in that language.
    """
    library, problems = find_handbook(folder).load()
    if problems:
        click.echo(f"{len(problems)} problems; mend them first: clinic-snippets check", err=True)
        context.exit(1)
    target = output / f"{DOMAIN}.pot"
    count = write_template(library, target, "handbook records", __version__)
    click.echo(f"{target}: {count} texts")
