"""``python -m clinic_snippets.publishing``: what ``clinic-snippets versions`` runs."""

from __future__ import annotations

import os
from pathlib import Path

import click

from clinic_snippets.problems import ClinicError
from clinic_snippets.publishing.assembly import VERSIONS
from clinic_snippets.publishing.publish import publish


def _address(context: click.Context, parameter: click.Parameter, value: str) -> str:
    if value and not value.startswith(("https://", "http://")):
        raise click.BadParameter(f"'{value}' is not an address; write it in full, such as https://handbook.example/")
    return value


@click.command()
@click.argument("source", metavar="[DIR]", default="source", type=click.Path(exists=True, file_okay=False))
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("_build/site"), show_default=True, help="The site."
)
@click.option(
    "--cache",
    type=click.Path(path_type=Path),
    default=Path("_build/versions"),
    show_default=True,
    help="Where what was built is kept for the next run.",
)
@click.option(
    "--site-url",
    metavar="URL",
    default="",
    callback=_address,
    help="Where the site will stand, for canonical links.  [default: html_baseurl of the current tree]",
)
def main(source: str, out: Path, cache: Path, site_url: str) -> None:
    """Build every release and the current tree, and put them together as one site.

    A release is its tag vX.Y.Z or the commit that added DIR/releases/X.Y.Z.json. Each is built from its own worktree, in
    an environment made from its own requirements.txt, and kept. If anything fails, the site that is there stays as it is.
    """
    try:
        done = publish(Path.cwd(), os.path.normpath(source), out, cache, site_url, report=click.echo)
    except (ClinicError, OSError) as error:
        untouched = f"\n{out} is as it was." if (out / VERSIONS).exists() else ""
        raise click.ClickException(f"{error}{untouched}") from None
    before = len(done.releases) - len(done.built)
    click.echo(f"Releases: {', '.join(done.releases) or 'none yet'} ({len(done.built)} built now, {before} before)")
    click.echo(f"{out / 'index.html'}: {done.pages} pages")


if __name__ == "__main__":
    main(prog_name="clinic-snippets versions")
