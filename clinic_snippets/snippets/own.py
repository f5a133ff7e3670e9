"""A handbook's own Python files: their ``@snippet`` functions and ``@record_kind`` classes join those of this package."""

from __future__ import annotations

import importlib.util
import inspect
import os
import sys
import traceback
from collections.abc import Iterable
from pathlib import Path

from clinic_snippets.problems import ClinicError, DeclarationError, Place, Problem
from clinic_snippets.reading.prose import read_prose
from clinic_snippets.records import KINDS
from clinic_snippets.snippets.registry import Snippet


def load_snippet_files(paths: Iterable[Path]) -> None:
    """Import each file, which registers its snippets and kinds of record; must be done before records are read.

    Raises ClinicError with the line of every file that fails.
    """
    before = set(KINDS)
    problems = [problem for path in paths if (problem := _load(path))]
    if set(KINDS) != before:
        read_prose.cache_clear()  # a new kind is a new role
    if problems:
        raise ClinicError(problems)


def _load(path: Path) -> Problem | None:
    name = f"clinic_own_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None or not path.is_file():
        return Problem(
            Place(str(path)),
            "",
            "there is no such Python file",
            "check clinic_snippet_files in conf.py",
            "snippet-file",
        )
    # Dataclasses look their module up by its name.
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except SyntaxError as error:
        return Problem(Place(str(path), error.lineno or 1), "", f"this is not Python ({error.msg})", "", "snippet-file")
    except DeclarationError as error:
        return Problem(Place(str(path), line_of(error, path)), "", str(error), "", "snippet-file")
    except (Exception, SystemExit) as error:  # sys.exit() would end a check as if all were well
        return Problem(Place(str(path), line_of(error, path)), "", failure(error), "", "snippet-file")
    return None


def line_of(error: BaseException, path: Path) -> int:
    """Return the line of ``path`` that the error came through last, or 1."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if Path(frame.filename).resolve() == path.resolve()]
    return (lines[-1] if lines else 1) or 1


def failed(snippet: Snippet, error: BaseException) -> Problem:
    """Return what a snippet raised as a problem at the snippet's own line."""
    file = Path(os.path.relpath(inspect.getsourcefile(snippet.function) or ""))
    return Problem(Place(str(file), line_of(error, file)), snippet.name, failure(error), "", "snippet")


def failure(error: BaseException) -> str:
    """Return an error of someone else's code in one line."""
    what = " ".join(str(error).split())
    return f"this code fails with {type(error).__name__}: {what}; mend it there, or ask whoever wrote it"
