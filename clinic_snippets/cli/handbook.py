"""Where a handbook keeps its records, as its ``conf.py`` says: found without Sphinx, so that commands start at once.

``conf.py`` is read, not run. A value counts when it is written out in one plain assignment, such as
``bibtex_bibfiles = ["references.bib"]``. A value that is worked out by code cannot be seen this way; then the default
stands (for the bibliography: every ``*.bib`` file in the folder) and a note says so.
"""

from __future__ import annotations

import ast
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import click

from clinic_snippets.library import Library, load_library
from clinic_snippets.library.governance import REVIEW_MONTHS
from clinic_snippets.library.hazard_log import missing_tests
from clinic_snippets.library.load_governance import load_governance
from clinic_snippets.library.wording import overstated_claims
from clinic_snippets.problems import ClinicError, Problem, shown
from clinic_snippets.reading.page_calls import PageCall, page_calls
from clinic_snippets.snippets.own import load_snippet_files

_HINT = "Name the folder that holds conf.py and the records folder, for example: clinic-snippets check source"


_FORMS: dict[Any, str] = {
    list | tuple: "a list of texts", str: "a text in quotation marks", int: "a number", dict: "a dict in braces",
}  # fmt: skip


class CannotRun(click.ClickException):
    """The command cannot even begin; ends with exit code 2."""

    exit_code = 2


@dataclass(frozen=True)
class Handbook:
    """The files of a handbook that the command line reads; paths are relative to the current folder."""

    folder: Path
    records: Path
    bibliographies: tuple[Path, ...]
    pages: tuple[Path, ...] = ()
    allowed_numbers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    review_months: int = REVIEW_MONTHS
    language: str = "en"

    def load(self, as_of: date | None = None) -> tuple[Library, list[Problem]]:
        """Read everything, reviews and releases too; raises CannotRun where there is nothing to read, for that must not pass as "no problems"."""
        if not self.records.is_dir():
            around = next((f for f in self.folder.resolve().parents if (f / "conf.py").is_file()), None)
            hint = f"Did you mean '{os.path.relpath(around)}'?" if around else _HINT
            raise CannotRun(f"There is no records folder '{self.records}'. {hint}")
        library, problems = load_library(self.records, list(self.bibliographies))
        if not library and not problems:
            raise CannotRun(f"'{self.records}' holds no record file. Record files end in .yaml.")
        library.governance, found = load_governance(self.folder, library, as_of=as_of, months=self.review_months)
        found += [*overstated_claims(library, self.language), *missing_tests(library, self.folder.resolve().parent)]
        return library, sorted([*problems, *found])


def default_folder() -> Path:
    """Return ``source`` if a handbook is there, else the current folder."""
    source = Path("source")
    return source if (source / "conf.py").is_file() or (source / "records").is_dir() else Path(".")


def find_handbook(given: Path | None) -> Handbook:
    """Return the handbook in ``given`` (or where it usually is), its own snippets and kinds of record loaded.

    Raises CannotRun where there is no such folder, and with the line of each of its Python files that fails.
    """
    folder = given or default_folder()
    if not folder.exists():
        raise CannotRun(f"There is no folder '{folder}'. {_HINT}")
    if not folder.is_dir():
        raise CannotRun(f"'{folder}' is a file, not a folder. {_HINT}")
    conf = folder / "conf.py"
    values = _assignments(conf) if conf.is_file() else {}

    def value(name: str, default: Any) -> Any:
        return _written_out(values, name, default, conf)

    def here(name: str) -> Path:
        return Path(os.path.relpath(folder / name))

    bibliographies = value("bibtex_bibfiles", ()) or sorted(path.name for path in folder.glob("*.bib"))
    own = tuple(here(name) for name in value("clinic_snippet_files", ()))
    try:
        load_snippet_files(own)
    except ClinicError as error:
        raise CannotRun(str(error)) from None
    return Handbook(
        folder=here("."),
        records=here(value("clinic_records", "records")),
        bibliographies=tuple(here(name) for name in bibliographies),
        pages=tuple(_pages(here("."), value("exclude_patterns", ()))) if values else (),
        allowed_numbers=_allowed_numbers(value("clinic_allowed_numbers", {}), conf),
        review_months=value("clinic_review_months", REVIEW_MONTHS),
        language=value("language", "en"),
    )


def _allowed_numbers(given: dict[str, Any], conf: Path) -> Mapping[str, Mapping[str, str]]:
    """Return the words that pages may hold; raises CannotRun where they are not given by page, each with its reason."""
    for page, words in given.items():
        if not isinstance(words, dict) or not all(isinstance(part, str) for pair in words.items() for part in pair):
            form = '{"page": {"the words": "why they may stand there"}}'
            raise CannotRun(f"{conf}: clinic_allowed_numbers: '{shown(page)}' has no words with reasons; write {form}")
    return given


def clinic_numbers(handbook: Handbook) -> dict[str, str]:
    """Return the clinic's own numbers, by whom to call, as conf.py says."""
    found = conf_value(handbook, "clinic_numbers", {})
    return {whom: str(number) for whom, number in found.items() if number}


def conf_value(handbook: Handbook, name: str, default: Any) -> Any:
    """Return one more value of conf.py that only some command needs."""
    conf = handbook.folder / "conf.py"
    return _written_out(_assignments(conf) if conf.is_file() else {}, name, default, conf)


def _written_out(values: Mapping[str, ast.expr | None], name: str, default: Any, conf: Path) -> Any:
    """Return what conf.py says, if it can be seen and is of the default's type."""
    if name not in values:
        return default
    node = values[name]
    try:
        found = ast.literal_eval(node) if node else None
    except (ValueError, TypeError, RecursionError, MemoryError):  # such as a dict whose key is a list
        found = None
    fits: Any = list | tuple if isinstance(default, tuple) else type(default)
    if isinstance(found, fits) and (isinstance(found, int) or all(isinstance(item, str) for item in found)):
        return found
    why = "is not written out in one plain assignment" if found is None else f"is not what it must be ({_FORMS[fits]})"
    click.echo(f"note: '{name}' in {conf} {why}, so it was not read", err=True)
    return default


def _pages(folder: Path, excluded: Sequence[str]) -> Iterator[Path]:
    """Yield the pages below ``folder`` that Sphinx would read, sorted."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        hidden = any(part.startswith((".", "_")) for part in Path(name).parts)
        left_out = any(fnmatch(name, pattern) or name.startswith(f"{pattern}/") for pattern in excluded)
        if path.suffix in (".md", ".rst") and path.is_file() and not hidden and not left_out:
            yield path


def _assignments(conf: Path) -> dict[str, ast.expr | None]:
    """Return what each name in ``conf`` is set to: None where that takes more than one plain assignment."""
    try:
        tree = ast.parse(conf.read_bytes())
    except SyntaxError as error:
        raise CannotRun(
            f"{conf}:{error.lineno or 1}: this is not Python ({error.msg}). Sphinx cannot read it either."
        ) from None
    except (OSError, ValueError) as error:
        raise CannotRun(f"{conf} cannot be read ({error}).") from None
    plain: dict[str, ast.expr | None] = {}
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target = statement.targets[0]
        elif isinstance(statement, ast.AnnAssign):
            target = statement.target
        else:
            continue
        if isinstance(target, ast.Name):
            plain[target.id] = statement.value
    # Any other mention of the name, such as `+=` or `.append`, may change what it holds; of a text only `+=` and the like.
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    mentions, set_at = (
        Counter(node.id for node in names),
        Counter(node.id for node in names if not isinstance(node.ctx, ast.Load)),
    )
    return {
        name: plain.get(name)
        if times == 1 or (set_at[name] == 1 and isinstance(plain.get(name), ast.Constant))
        else None
        for name, times in mentions.items()
    }


def calls_in_pages(handbook: Handbook) -> Iterator[tuple[str, PageCall]]:
    """Yield what the pages place and name, each with its page; raises CannotRun where one cannot be read."""
    for path in handbook.pages:
        try:
            text = path.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise CannotRun(f"{path}: the page cannot be read ({error}); save it as UTF-8") from None
        for call in page_calls(text, rst=path.suffix == ".rst"):
            yield str(path), call
