"""``clinic-snippets show``: a snippet in the terminal, with the options it has in a page."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from clinic_snippets.cli.handbook import find_handbook
from clinic_snippets.cli.options import sound_library
from clinic_snippets.problems import allowed_words
from clinic_snippets.rendering.terminal import TerminalRenderer
from clinic_snippets.snippets import SNIPPETS, OptionError, Snippet
from clinic_snippets.snippets.blocks import parts
from clinic_snippets.snippets.own import failed


@click.command(
    "show",
    # What follows the snippet's name is for the snippet, --help among it.
    add_help_option=False,
    context_settings={"ignore_unknown_options": True},
)
@click.argument("name", metavar="SNIPPET", required=False)
@click.argument("given", metavar="[--OPTION VALUE] ...", nargs=-1, type=click.UNPROCESSED)
@click.option("--source", metavar="DIR", type=click.Path(path_type=Path), help="The handbook's source folder.")
@click.option("--help", "wants_help", is_flag=True, help="Show this message, or a snippet's own options, and exit.")
@click.pass_context
def command(
    context: click.Context, name: str | None, given: tuple[str, ...], source: Path | None, wants_help: bool
) -> None:
    """Show what SNIPPET makes of the records.

    'clinic-snippets snippets' lists all snippets with their options.

    An empty result is a sentence that says so, and a warning; the exit code is then 0 too.
    """
    if wants_help and name is None:
        click.echo(context.get_help())
        return
    handbook = find_handbook(source)
    if name not in SNIPPETS:
        what = f"there is no snippet '{name}'" if name else "name a snippet"
        raise click.UsageError(f"{what}; {allowed_words(name or '', SNIPPETS)}")
    snippet = SNIPPETS[name]
    inner = _command_for(snippet)
    path = f"clinic-snippets show {name}"
    if wants_help:
        click.echo(inner.get_help(click.Context(inner, info_name=path)))
        return
    inner_context = inner.make_context(path, list(given))
    options = {option: value for option, value in inner_context.params.items() if value is not None}
    library = sound_library(context, handbook, "shown")
    try:
        block = snippet(library, options)
    except OptionError as error:
        raise click.UsageError(str(error), inner_context) from None
    except Exception as error:
        raise click.ClickException(str(failed(snippet, error))) from None
    Console().print(TerminalRenderer(library).block(block))
    if not parts(block):
        click.echo(f"warning: {name} is empty with these options", err=True)


def _command_for(snippet: Snippet) -> click.Command:
    """Return a command that reads a snippet's options; what their values mean is the snippet's own business."""
    options: list[click.Parameter] = []
    for option in snippet.options.values():
        names = [f"--{option.name}", option.name]
        if option.type is bool:
            options.append(click.Option(names, is_flag=True, flag_value="", default=None, help=option.description))
        else:
            options.append(click.Option(names, help=option.description))
    return click.Command(snippet.name, params=options, help=snippet.summary, add_help_option=False)
