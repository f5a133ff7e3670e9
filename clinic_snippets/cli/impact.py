"""``clinic-snippets impact``: what rests on a source or a record."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import click

from clinic_snippets.cli.handbook import calls_in_pages, find_handbook
from clinic_snippets.cli.options import sound_library
from clinic_snippets.library import Library
from clinic_snippets.library.impact import Impact, PageUse, impact_of, page_uses
from clinic_snippets.problems import Place, allowed_words, nearest
from clinic_snippets.reading.page_calls import SnippetCall
from clinic_snippets.records import Status
from clinic_snippets.snippets import SNIPPETS, OptionError
from clinic_snippets.snippets.blocks import parts
from clinic_snippets.snippets.own import failed

SHOW_NO_RECORDS = {"copy-mark", "copy-marks", "coverage-matrix", "pdf-link", "search-box"}
"""Directives that are no snippets: Sphinx makes what they show, and no fact stands there."""


def as_text(library: Library, found: Impact, pages: list[PageUse]) -> str:
    """Return records, figures and places in pages, each under a heading."""
    out = f"{found.key}: {found.name}\n\nRecords: {len(found.records)}\n"
    for identifier, uses in found.records.items():
        record = library.records[identifier]
        kind = f"withdrawn {record.kind}" if record.status is Status.WITHDRAWN else record.kind
        fields = ", ".join(dict.fromkeys(use.field for use in uses))
        out += f"  {uses[0].place}: {identifier} ({kind}): {fields}\n"
    out += f"\nFigures: {len(found.figures)}\n" + "".join(f"  {address}\n" for address in found.figures)
    out += f"\nPlaces in pages: {len(pages)}\n" + "".join(f"  {use.place}: {use.what}\n" for use in pages)
    return out


def as_json(library: Library, found: Impact, pages: list[PageUse]) -> str:
    """Return an object with records, figures and pages."""

    def where(place: Place) -> dict[str, object]:
        return {"file": place.file, "line": place.line}

    records = []
    for identifier, uses in found.records.items():
        record = library.records[identifier]
        fields = [{**where(use.place), "field": use.field} for use in uses]
        records.append(
            {"id": record.id, "kind": record.kind, "name": record.name, "status": record.status, "uses": fields}
        )
    content = {
        "key": found.key,
        "name": found.name,
        "records": records,
        "figures": found.figures,
        "pages": [{**where(use.place), "what": use.what} for use in pages],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


FORMATS = {"text": as_text, "json": as_json}


@click.command("impact")
@click.argument("key")
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True)
@click.pass_context
def command(context: click.Context, key: str, folder: Path | None, form: str) -> None:
    """List what rests on KEY, the key of a source or the id of a record.

    That is: the records that name it in a field or in their text; the figures that come from it; and the places in
    pages that show these records or the record itself, cite the key, or name the record or one of the figures.
    """
    handbook = find_handbook(folder)
    library = sound_library(context, handbook, "listed")
    found = impact_of(key, library)
    if found is None:
        hint = nearest(key, [*library.sources, *library.records]) or "check the key"
        raise click.UsageError(f"no source has the key and no record the id '{key}'; {hint}")
    pages = list(page_uses(found, library, calls_in_pages(handbook), partial(_shown, library)))
    click.echo(FORMATS[form](library, found, pages), nl=False)


def _shown(library: Library, file: str, call: SnippetCall) -> list[str]:
    """Return the records that a snippet shows; says so where that cannot be known."""
    if call.snippet in SHOW_NO_RECORDS:
        return []
    snippet = SNIPPETS.get(call.snippet)
    try:
        if snippet is None:
            raise OptionError(f"there is no snippet '{call.snippet}'; {allowed_words(call.snippet, SNIPPETS)}")
        options = {name: value for name, value in call.options if name in snippet.options}
        return [part.record for part in parts(snippet(library, options))]
    except OptionError as error:
        why = str(error)
    except Exception as error:
        assert snippet is not None
        why = str(failed(snippet, error))
    click.echo(f"warning: {file}:{call.line}: what stands here is not listed: {why}", err=True)
    return []
