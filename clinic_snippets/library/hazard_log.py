"""The hazard log's rule: every test that is named as the proof of a control is there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from clinic_snippets.library.library import Library
from clinic_snippets.problems import Problem, nearest
from clinic_snippets.reading.python_tests import tests_in
from clinic_snippets.records import HandbookHazard


def missing_tests(library: Library, repository: Path) -> list[Problem]:
    """Return a problem for each named test that does not exist.

    ``repository`` is the folder above the handbook's source, from which the paths of tests are written. A copy of the
    source that has come without the folder of tests at all has nothing to compare with, and is not judged.
    """
    problems: list[Problem] = []
    known: dict[str, frozenset[str] | str] = {}
    for hazard in library.of(HandbookHazard):
        origin = library.origins.get(hazard.id)
        for path, test in named_tests(hazard):
            file, _, name = test.partition("::")
            if origin is None or not (repository / PurePosixPath(file).parts[0]).exists():
                continue
            if file not in known:
                known[file] = _read(repository / file)
            found = known[file]
            place, subject = origin.place(*path), origin.subject(hazard.id, path)
            if isinstance(found, str):
                hint = "name the file as seen from the folder above the handbook's source"
                problems.append(Problem(place, subject, f"{file} {found}", hint, "unknown-test"))
            elif name not in found:
                hint = nearest(name, found) or "name a test of this file, or another proof"
                problems.append(Problem(place, subject, f"{file} has no test '{name}'", hint, "unknown-test"))
    return problems


def named_tests(hazard: HandbookHazard) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield the path and the words of each test that proves a control."""
    for number, control in enumerate(hazard.controls):
        for index, test in enumerate(control.proved_by.test):
            yield ("controls", number, "proved_by", "test", index), test


def _read(path: Path) -> frozenset[str] | str:
    """Return the tests of a file, or what is wrong with it."""
    if not path.is_file():
        return "is not there"
    try:
        return tests_in(path)
    except (OSError, SyntaxError, ValueError) as error:
        return f"cannot be read ({error})"
