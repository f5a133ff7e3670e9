"""``clinic-snippets sign``: sign records off."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from clinic_snippets.cli.handbook import find_handbook
from clinic_snippets.cli.options import Day, count, refuse, sound_library, source_option
from clinic_snippets.library.signing import append_sign_offs, reasons_not_to_sign, sign_off, signed_by
from clinic_snippets.problems import ClinicError


@click.command("sign")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("--by", "name", metavar="NAME", required=True, help="Who signs.")
@click.option("--role", required=True, help="In which role; another than the records' owner.")
@click.option("--date", "day", type=Day(), help="The day of the sign-off.  [default: today]")
@source_option
@click.pass_context
def command(
    context: click.Context, ids: tuple[str, ...], name: str, role: str, day: date | None, source: Path | None
) -> None:
    """Sign off records as they stand now.

    Adds an entry for each record to sign-offs.yaml in the handbook's source folder. It holds until a clinical field of
    the record changes. Who owns a record or ever wrote a change note about it cannot sign it, and nobody signs ahead
    of the day. When one record is refused, none is signed.
    """
    handbook = find_handbook(source)
    library = sound_library(context, handbook, "signed")
    ids = tuple(dict.fromkeys(ids))
    name, role = (" ".join(given.split()) for given in (name, role))
    today = date.today()
    day = day or today
    if reasons := list(reasons_not_to_sign(library, ids, name, role, day, today)):
        refuse(context, "nothing is signed", reasons)
    governance = library.governance
    entries = []
    for record in (library.records[identifier] for identifier in ids):
        if known := signed_by(governance, record, name):
            click.echo(f"{record.id}: {known.name} has signed it on {known.date}, and it has not changed since")
        else:
            entries.append(sign_off(governance, record, name, role, day))
    file = handbook.folder / "sign-offs.yaml"
    try:
        if entries:
            append_sign_offs(file, entries)
    except (OSError, ClinicError) as error:
        raise click.ClickException(f"nothing is signed: {error}") from None
    for entry in entries:
        click.echo(f"{entry.record}: signed by {entry.name}, {entry.role}, on {entry.date}")
    click.echo(f"{file}: {count(len(entries), 'sign-off')} added", err=True)
