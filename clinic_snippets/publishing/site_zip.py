"""``python -m clinic_snippets.publishing.site_zip``: built pages and their PDF as one zip, to be unpacked and opened.

For a shared drive, a stick or a mail. The same pages give the same bytes, whenever and wherever they are packed.
"""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import click

from clinic_snippets.problems import ClinicError
from clinic_snippets.publishing.assembly import files_for_readers
from clinic_snippets.publishing.build_version import START
from clinic_snippets.publishing.stopping import stop

_INVENTORY, _VERSION = "objects.inv", b"# Version: "
_TIME = (1980, 1, 1, 0, 0, 0)
"""The first that a zip can hold; a build has no clock."""
_FILE = 0o100644 << 16


def pack(folder: Path, out: Path, pdf: Path | None = None, name: str = "") -> Path:
    """Pack the pages in a folder, and a PDF with its sheets, into a zip in ``out``; return its path.

    The PDF is put beside the start page, and each sheet beside the page that it prints.

    The zip and the one folder in it are named after the PDF, or ``name``, and the version. Raises ClinicError or OSError.
    """
    if not (folder / START).is_file():
        stop(folder, "", f"there is no {START} in it, so nothing to start at", "build the pages first: make html")
    stem = "-".join(filter(None, [name or (pdf.stem if pdf else "handbook"), version_in(folder)]))
    files = {path: folder / path for path in files_for_readers(folder)}
    if pdf:
        files[pdf.name] = pdf
        files |= {sheet.relative_to(pdf.parent).as_posix(): sheet for sheet in pdf.parent.glob("sheets/*.pdf")}
    target = out / f"{stem}.zip"
    unfinished = target.with_suffix(".unfinished")
    out.mkdir(parents=True, exist_ok=True)
    try:
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, file in sorted(files.items()):
                entry = zipfile.ZipInfo(f"{stem}/{path}", _TIME)
                entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, _FILE, 3
                archive.writestr(entry, file.read_bytes())
        os.replace(unfinished, target)
    finally:
        unfinished.unlink(missing_ok=True)
    return target


def version_in(folder: Path) -> str:
    """Return the version that built pages are of, as their inventory says; empty where it says none."""
    path = folder / _INVENTORY
    lines = path.read_bytes().splitlines()[:4] if path.is_file() else []
    found = next((line.removeprefix(_VERSION) for line in lines if line.startswith(_VERSION)), b"")
    return found.decode("utf-8", "replace").strip().replace("/", "-")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--pdf", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="A PDF to put beside the start page."
)
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("_build"), show_default=True, help="Where the zip is put."
)
@click.option("--name", help="The zip's name before the version.  [default: the PDF's]")
def main(folder: Path, pdf: Path | None, out: Path, name: str | None) -> None:
    """Pack the built pages in FOLDER as a zip that opens from a folder, without a server or a network."""
    try:
        click.echo(str(pack(folder, out, pdf, name or "")))
    except (ClinicError, OSError) as error:
        raise click.ClickException(str(error)) from None


if __name__ == "__main__":
    main(prog_name="python -m clinic_snippets.publishing.site_zip")
