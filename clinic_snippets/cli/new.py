"""``clinic-snippets new``: a handbook to start from, and a draft with the questions to answer.

What is written is kept as files in ``templates``; ``{{word}}`` in them is filled in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import click

from clinic_snippets import __version__
from clinic_snippets.cli.handbook import CannotRun, Handbook, find_handbook
from clinic_snippets.cli.options import Day, count, source_option
from clinic_snippets.cli.schema import schema_text
from clinic_snippets.export.schema import FILES
from clinic_snippets.library.drafts import add_record
from clinic_snippets.library.governance import months_after
from clinic_snippets.problems import ClinicError, shown
from clinic_snippets.reading.records import read_records
from clinic_snippets.records.scalars import is_id

TEMPLATES = Path(__file__).parent / "templates"
FIRST_REVIEW = 12
"""Months after which a new text is to be looked at again."""
_NAME = re.compile(r"\w[\w ,.'()&/-]*")
_KEPT = (".git", ".DS_Store")
"""What may be in a folder that counts as empty."""


def filled_in(template: str, /, **words: str) -> str:
    """Return a template with its words filled in."""
    text = (TEMPLATES / template).read_text("utf-8")
    return re.sub(r"\{\{(\w+)\}\}", lambda found: words[found[1]], text)


def draft(identifier: str, name: str) -> str:
    """Return a precaution that is still to be written, as a list item in YAML."""
    return filled_in("precaution.yaml", id=identifier, name=name)


def requirement(installed_from: str | None) -> str:
    """Return the line that installs this package again, from the same place.

    ``installed_from`` is what an installer keeps about that place (``direct_url.json``); it keeps nothing of an index.
    """
    package = "clinic-snippets[pdf]"
    if not installed_from:
        return f"{package}=={__version__}"
    place = json.loads(installed_from)
    url, vcs = place["url"], place.get("vcs_info")
    part = f"#subdirectory={place['subdirectory']}" if "subdirectory" in place else ""
    return f"{package} @ {vcs['vcs']}+{url}@{vcs['commit_id']}{part}" if vcs else f"{package} @ {url}{part}"


def _installed_from() -> str | None:
    try:
        return distribution("clinic-snippets").read_text("direct_url.json")
    except PackageNotFoundError:
        return None


def handbook_files(name: str, day: date) -> Iterator[tuple[Path, str]]:
    """Yield each file of a new handbook with its text."""
    words = {
        "name": name, "requirement": requirement(_installed_from()), "topic": "contraindications",
        "written": str(day), "review_by": str(months_after(day, FIRST_REVIEW)),
    }  # fmt: skip
    root = TEMPLATES / "handbook"
    for path in sorted(root.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            # The templates' own names start with "dot-", so that nobody's tools take them for settings of theirs.
            parts = (re.sub("^dot-", ".", part) for part in path.relative_to(root).parts)
            yield Path(*parts), filled_in(path.relative_to(TEMPLATES).as_posix(), **words)
    example = draft("example-contraindication", "Example, not advice")
    yield Path("source/records/contraindications.yaml"), filled_in("record-file.yaml", **words) + example
    for kind_of_file in FILES:
        yield Path(f".vscode/{kind_of_file}.schema.json"), schema_text(kind_of_file)


@click.group("new")
def command() -> None:
    """Start a handbook, or a record in one."""


@command.command("handbook")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--name", help="What the handbook is called.  [default: made of DIR]")
@click.option("--date", "day", type=Day(), help="The day of its first text.  [default: today]")
def new_handbook(folder: Path, name: str | None, day: date | None) -> None:
    """Write a small handbook into DIR, a new or empty folder.

    It builds, tests and can be published as it is. Its one record is an example that gives no advice.
    """
    if folder.exists() and not folder.is_dir():
        raise CannotRun(f"'{folder}' is a file. Name a new folder, or an empty one.")
    there = sorted(path.name for path in folder.iterdir() if path.name not in _KEPT) if folder.is_dir() else []
    if there:
        raise CannotRun(f"'{folder}' is not empty ({shown(', '.join(there))}). Name a new folder, or an empty one.")
    name = " ".join((name if name is not None else _name_of(folder)).split())
    if not _NAME.fullmatch(name):
        raise click.UsageError(
            f"'{shown(name)}' cannot be a handbook's name; start with a letter or digit, and write letters, digits, "
            "spaces and , . ' ( ) & / - only"
        )
    files = list(handbook_files(name, day or date.today()))
    try:
        for path, text in files:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, "utf-8", newline="\n")
    except OSError as error:
        raise click.ClickException(f"'{folder}' cannot be written ({error.strerror}).") from None
    click.echo(f"{folder}: {count(len(files), 'file')}. Now: cd {folder} && make handbook")


def _name_of(folder: Path) -> str:
    words = re.sub(r"[^\w]+|_", " ", folder.resolve().name).strip() or "handbook"
    return words[0].upper() + words[1:]


@command.command("precaution")
@click.argument("identifier", metavar="ID")
@click.option(
    "--file", metavar="FILE", type=click.Path(path_type=Path), help="Record file to add it to.  [default: drafts.yaml]"
)
@click.option("--date", "day", type=Day(), help="The day of a new file's texts.  [default: today]")
@source_option
def new_precaution(identifier: str, file: Path | None, day: date | None, source: Path | None) -> None:
    """Add a draft of a precaution, with the questions that a clinician must answer.

    ID is its permanent name: lower-case words joined by hyphens. It is added at the end of FILE, in the folder of record
    files; what stands there already stays as it is. A draft says that it is one wherever it is shown.
    """
    if not is_id(identifier):
        hint = "write lower-case words joined by hyphens, for example 'needle-phobia'"
        raise click.UsageError(f"'{shown(identifier)}' is not an id; {hint}")
    handbook = find_handbook(source)
    path = _file_in(handbook, file)
    if taken := read_records(handbook.records).place_of(identifier):
        raise click.ClickException(
            f"The id '{identifier}' is taken ({taken}). An id stands for one record; choose another."
        )
    day = day or date.today()
    header = filled_in(
        "record-file.yaml", topic="drafts", written=str(day), review_by=str(months_after(day, FIRST_REVIEW))
    )
    try:
        add_record(path, draft(identifier, identifier.replace("-", " ").capitalize()), header)
    except (OSError, ClinicError) as error:
        raise click.ClickException(f"nothing is added: {error}") from None
    click.echo(f"{path}: {identifier} added, as a draft. Answer the questions in it, then: clinic-snippets check")


def _file_in(handbook: Handbook, file: Path | None) -> Path:
    """Return the record file to add to; raises CannotRun where it would not be read as one."""
    folder = handbook.records
    if not folder.is_dir():
        raise CannotRun(f"There is no records folder '{folder}'. Name the handbook's source folder with --source.")
    path = folder / "drafts.yaml" if file is None else folder / file if file.parent == Path(".") else file
    if path.suffix not in (".yaml", ".yml"):
        raise CannotRun(f"'{path}' is not read as a record file. Let its name end in .yaml.")
    if not path.resolve().is_relative_to(folder.resolve()):
        raise CannotRun(f"'{path}' is not read as a record file. Name one in '{folder}'.")
    return path
