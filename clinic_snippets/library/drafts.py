"""Adding a record at the end of a record file, which stays as it is up to there."""

from __future__ import annotations

import textwrap
from pathlib import Path

from clinic_snippets.library.release import beside, replace
from clinic_snippets.problems import ClinicError, Place, Problem
from clinic_snippets.reading.yaml_events import read_yaml


def add_record(path: Path, entry: str, header: str) -> None:
    """Add ``entry``, a list item in YAML, to a record file; a new file starts with ``header``.

    Raises ClinicError where the file cannot be added to, and OSError; then it is as it was.
    """
    old = path.read_bytes() if path.exists() else b""
    try:
        text = old.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ClinicError(
            [Problem(Place(str(path), 1, 1), "", "this file is not UTF-8 text", "save it as UTF-8")]
        ) from None
    added = header + entry
    if text.strip():
        records, column = _records(text, path)
        added = ("" if text.endswith("\n") else "\n") + "\n" + textwrap.indent(entry, " " * column)
        new, problems = read_yaml(text + added, str(path))[::2]
        if problems or not isinstance(new, dict) or new.get("records", ())[:-1] != records:
            message, hint = (
                "nothing can be added at the end of this file",
                "let it end with its records, or name another",
            )
            raise ClinicError([Problem(Place(str(path)), "", message, hint)])
    if b"\r\n" in old:
        added = added.replace("\n", "\r\n")
    path.parent.mkdir(parents=True, exist_ok=True)
    made = beside(path)
    try:
        made.write_bytes(old + added.encode())
        replace(path, made)
    finally:
        made.unlink(missing_ok=True)


def _records(text: str, path: Path) -> tuple[list[object], int]:
    """Return the records in a file as they are written, and the column at which their list stands."""
    data, marks, problems = read_yaml(text, str(path))
    if problems:
        raise ClinicError(problems)
    records = data.get("records") if isinstance(data, dict) else None
    if not isinstance(records, list) or not records:
        message, hint = "this is no record file", "name one that has 'records:', or a new one"
        raise ClinicError([Problem(Place(str(path)), "", message, hint)])
    _key_line, _key_column, _line, column, _inset, _children = marks[5]["records"][5][0]
    return records, max(column - len("- "), 0)
