"""The version menu on Read the Docs: the same place and look, filled by a script, since only the host knows its versions.

``python -m clinic_snippets.publishing.read_the_docs FOLDER`` prepares the pages in a folder; .readthedocs.yaml runs it
after the build. Pages that are built anywhere else hold no trace of it.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from urllib.parse import quote

import click

from clinic_snippets.export.offline import WORKER, refresh_worker, without_script
from clinic_snippets.library.release import is_version
from clinic_snippets.publishing.assembly import STATIC
from clinic_snippets.publishing.menu import STYLESHEET, menu_shell, put_menu, split_head
from clinic_snippets.publishing.site import pages_in

SCRIPT = "read-the-docs.js"
# Read the Docs gives its data only to pages that say which form of it they understand.
_FORM = '<meta name="readthedocs-addons-api-version" content="1">'


def prepare(folder: Path, version: str = "") -> int:
    """Give every page in a folder an empty menu and the script that fills it; return the number of pages.

    Browsers save nothing of a ``version`` that is a number, as in a site from `make versions`.
    """
    pages, numbered = pages_in(folder), is_version(version.removeprefix("v"))
    for page in pages:
        path = folder / page
        text = path.read_bytes().decode("utf-8", "surrogateescape")
        if numbered:
            text = without_script(text)
        path.write_bytes(prepare_page(page, text).encode("utf-8", "surrogateescape"))
    (folder / "_static").mkdir(exist_ok=True)
    for name in (STYLESHEET, SCRIPT):
        shutil.copyfile(STATIC / name, folder / "_static" / name)
    if numbered:
        (folder / WORKER).unlink(missing_ok=True)
    refresh_worker(folder)  # the build, which said what is too much, knew the pages without the menu
    return len(pages)


def prepare_page(page: str, html: str) -> str:
    """Return a page with an empty menu, hidden until it is filled, and the script."""
    up = "../" * page.count("/")
    head, body = split_head(html)
    # Not deferred: it must be listening before the host's own script has its data.
    head += f'{_FORM}\n<link rel="stylesheet" href="{up}_static/{STYLESHEET}">\n<script src="{up}_static/{SCRIPT}"></script>\n'
    shell = menu_shell("").replace("<nav ", f'<nav hidden data-page="{quote(page)}" ', 1)
    return head + put_menu(body, shell)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--version", envvar="READTHEDOCS_VERSION_NAME", default="", help="The version's name on Read the Docs.")
def main(folder: Path, version: str) -> None:
    """Give the pages in FOLDER the version menu that Read the Docs fills."""
    click.echo(f"{folder}: {prepare(folder, version)} pages")


if __name__ == "__main__":
    main(prog_name="python -m clinic_snippets.publishing.read_the_docs")
