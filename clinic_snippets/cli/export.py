"""``clinic-snippets export``: the records as files for other programs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import click

from clinic_snippets.cli.handbook import Handbook, conf_value, find_handbook
from clinic_snippets.cli.options import count, sound_library, source_option
from clinic_snippets.export.atom import feed
from clinic_snippets.export.data_files import SUMS, json_files, read_sums, sums
from clinic_snippets.export.spreadsheets import spreadsheets
from clinic_snippets.export.writing import write_pieces
from clinic_snippets.library import Library

FEED = "changes.atom"


def files_of(form: str, library: Library, handbook: Handbook, site: str) -> dict[str, Iterable[str]]:
    """Return the files of a form, in pieces, by their names; raises ClickException where there is nothing to tell."""
    project = conf_value(handbook, "project", "Handbook")
    if form == "json":
        return json_files(library, project, handbook.language, handbook.folder)
    if form == "csv":
        return spreadsheets(library)
    if not library.governance.releases:
        raise click.ClickException(
            f"There is no release yet, so no changes to tell of. Make one: clinic-snippets release 0.1.0 --date "
            f"YYYY-MM-DD --source {handbook.folder}"
        )
    return {FEED: [feed(library, project, site, {})]}


@click.command("export")
@click.argument(
    "forms", metavar="json|csv|atom...", nargs=-1, required=True, type=click.Choice(["json", "csv", "atom"])
)
@click.option(
    "--out", metavar="DIR", type=click.Path(path_type=Path, file_okay=False), default=Path("_build/data"),
    show_default=True, help="Folder to write to.",
)  # fmt: skip
@click.option(
    "--site-url", "site", metavar="URL", default="", help="Where the site is published, for links in the feed."
)
@source_option
@click.pass_context
def command(context: click.Context, forms: tuple[str, ...], out: Path, site: str, source: Path | None) -> None:
    """Write all records to DIR, with SHA256SUMS.

    json is records.json, every record typed, with its sources and where it comes from, and its schema,
    bundle.schema.json. csv is a spreadsheet for each kind of record, to read and count in; nothing is read back from it.
    atom is changes.atom, a feed of what each release changed.
    """
    handbook = find_handbook(source)
    library = sound_library(context, handbook, "exported")
    files = {name: pieces for form in forms for name, pieces in files_of(form, library, handbook, site).items()}
    try:
        out.mkdir(parents=True, exist_ok=True)
        digests = {name: write_pieces(out / name, pieces)[0] for name, pieces in files.items()}
        # What an earlier run wrote here and is still here stays on the list.
        for name in read_sums(out / SUMS).keys() - files.keys():
            if (out / name).is_file():
                digests[name] = hashlib.sha256((out / name).read_bytes()).hexdigest()
        (out / SUMS).write_text(sums(digests), "utf-8", newline="\n")
    except (OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{out} cannot be written ({error}).") from None
    for name in files:
        click.echo(out / name)
    click.echo(f"{count(len(library), 'record')}, {count(len(files), 'file')}, {out / SUMS}", err=True)
