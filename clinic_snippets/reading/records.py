"""Record files to records: header inheritance, typing, and a message for everything that does not fit."""

from __future__ import annotations

import marshal
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from clinic_snippets.problems import Place, Problem, allowed_words, nearest
from clinic_snippets.reading.prose import read_prose
from clinic_snippets.reading.yaml_events import Mark, mark_of, read_yaml
from clinic_snippets.records import KINDS, Record
from clinic_snippets.records.base import Date, Line, Part, prose_fields

HEADER = ("topic", "owner", "written", "review_by")
"""Fields that stand once at the top of a file and that its records inherit."""
_HEADER_TYPES: dict[str, TypeAdapter[Any]] = {
    "topic": TypeAdapter(Line), "owner": TypeAdapter(Line),
    "written": TypeAdapter(Date), "review_by": TypeAdapter(Date),
}  # fmt: skip
_CACHE_VERSION = 1


@dataclass(frozen=True)
class Origin:
    """Where a record came from; finds the place of any of its fields."""

    file: str
    marks: Mark

    def place(self, *path: str | int, of_key: bool = False, line_in_text: int = 0) -> Place:
        """Return the place of the value at ``path``, of its key, or of a line within its text."""
        mark, _ = mark_of(self.marks, path)
        key_line, key_column, line, column, block, _children = mark
        if of_key:
            return Place(self.file, key_line + 1, key_column + 1)
        if block:
            return Place(self.file, line + 2 + line_in_text, key_column + 3)
        return Place(self.file, line + 1 + line_in_text, column + 1)


@dataclass
class RecordFiles:
    """What a folder of record files holds: valid records in file order, their origins, and every problem."""

    records: list[Record] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_records(folder: Path, cache: Path | None = None, kinds: Mapping[str, type[Record]] = KINDS) -> RecordFiles:
    """Read every ``*.yaml`` file below ``folder``.

    ``cache`` is a file that keeps what was parsed; a record file whose size and time have not changed is not parsed
    again. The cache can be removed at any time.
    """
    out = RecordFiles()
    old = _load_cache(cache)
    new: dict[str, Any] = {}
    for path in sorted([*folder.rglob("*.yaml"), *folder.rglob("*.yml")]):
        stat = path.stat()
        stamp: tuple[int, int] | None = (stat.st_mtime_ns, stat.st_size)
        known = old.get(str(path))
        if known and known[0] == stamp:
            data, marks = known[1], known[2]
        else:
            try:
                text = path.read_text("utf-8-sig")
            except UnicodeDecodeError as error:
                out.problems.append(
                    Problem(
                        Place(str(path), 1, 1),
                        "",
                        f"the file is not UTF-8 text ({error.reason})",
                        "save it as UTF-8",
                        "encoding",
                    )
                )
                continue
            data, marks, problems = read_yaml(text, str(path))
            if problems:
                out.problems += _with_subjects(problems, data, marks)
                stamp = None  # read again next time: problems are not cached
        if stamp:
            new[str(path)] = (stamp, data, marks)
        if data is not None:
            _read_file(str(path), data, marks, kinds, out)
    if cache and new != old:
        cache.parent.mkdir(parents=True, exist_ok=True)
        cache.write_bytes(marshal.dumps((_CACHE_VERSION, new)))
    return out


def _load_cache(cache: Path | None) -> dict[str, Any]:
    try:
        version, files = marshal.loads(cache.read_bytes()) if cache else (0, {})
    except (OSError, ValueError, EOFError, TypeError):
        return {}
    return files if version == _CACHE_VERSION else {}


def _with_subjects(problems: list[Problem], data: Any, marks: Any) -> list[Problem]:
    """Name the record that each problem of the YAML reader lies in."""
    items = data.get("records") if isinstance(data, dict) else None
    starts: list[tuple[int, str]] = []
    if isinstance(items, list):
        for item, mark in zip(items, marks[5]["records"][5], strict=False):
            if isinstance(item, dict) and isinstance(item.get("id"), str):
                starts.append((mark[0] + 1, item["id"]))
    out = []
    for problem in problems:
        subject = next((name for line, name in reversed(starts) if line <= problem.place.line), "")
        out.append(Problem(problem.place, subject, problem.message, problem.hint, problem.code))
    return out


def _read_file(file: str, data: Any, marks: Any, kinds: Mapping[str, type[Record]], out: RecordFiles) -> None:
    top = Origin(file, marks)

    def problem(place: Place, subject: str, message: str, hint: str, code: str) -> None:
        out.problems.append(Problem(place, subject, message, hint, code))

    if not isinstance(data, dict):
        problem(
            top.place(),
            "",
            "the file does not start with a header",
            f"start with {', '.join(HEADER)} and 'records:'",
            "no-header",
        )
        return
    for name in data:
        if name not in (*HEADER, "records"):
            problem(
                top.place(name, of_key=True),
                name,
                "unknown field in the header",
                allowed_words(name, [*HEADER, "records"]),
                "unknown-field",
            )
    header: dict[str, Any] = {}
    for name in HEADER:
        if name not in data:
            problem(
                Place(file, 1, 1),
                name,
                "missing from the header",
                f"add '{name}:' at the top of the file; its records inherit it",
                "missing-field",
            )
            continue
        try:
            header[name] = _HEADER_TYPES[name].validate_python(data[name])
        except ValidationError as error:
            details = error.errors(include_url=False)[0]
            message, hint, code = _explain(details, None)
            problem(top.place(name), name, message, hint, code)
    items = data.get("records")
    if not isinstance(items, list) or not items:
        problem(
            top.place("records"),
            "records",
            "the file holds no records",
            "add '- kind: …' below 'records:', or remove the file",
            "no-records",
        )
        return
    complete = len(header) == len(HEADER)
    stand_in = {"topic": "-", "owner": "-", "written": "2000-01-01", "review_by": "2000-01-02"}
    for item, mark in zip(items, marks[5]["records"][5], strict=True):
        record = _read_record(Origin(file, mark), item, {**stand_in, **header}, kinds, out.problems)
        if record is not None and complete:
            out.records.append(record)
            out.origins.append(Origin(file, mark))


def _read_record(
    origin: Origin, item: Any, header: dict[str, Any], kinds: Mapping[str, type[Record]], problems: list[Problem]
) -> Record | None:
    if not isinstance(item, dict):
        problems.append(
            Problem(origin.place(), "", "this is not a record", "a record starts with '- kind: …'", "not-a-record")
        )
        return None
    name = item["id"] if isinstance(item.get("id"), str) and item.get("id") else "(no id)"
    kind = item.get("kind")
    if not isinstance(kind, str) or kind not in kinds:
        what = "has no kind" if kind is None else f"'{kind}' is not a kind of record"
        hint = allowed_words(str(kind or ""), kinds)
        problems.append(Problem(origin.place("kind"), f"{name}.kind", what, hint, "unknown-kind"))
        return None
    model = kinds[kind]
    try:
        record = model.model_validate({**header, **item})
    except ValidationError as error:
        for details in error.errors(include_url=False):
            problems.append(_problem(origin, name, details, model))
        return None
    sound = True
    for path, text in prose_fields(record):
        for line, message, hint, code in read_prose(text)[1]:
            sound = False
            problems.append(Problem(origin.place(*path, line_in_text=line), _subject(name, path), message, hint, code))
    return record if sound else None


def _subject(name: str, path: tuple[str | int, ...]) -> str:
    shown = [name]
    for step in path:
        if isinstance(step, int):
            shown[-1] += f"[{step + 1}]"
        else:
            shown.append(step)
    return ".".join(shown)


def _field_model(model: type[Part], path: tuple[str | int, ...]) -> list[str]:
    """Return the field names allowed at ``path`` below ``model``."""
    for step in path:
        if isinstance(step, str) and step in model.model_fields:
            inner = _part_in(model.model_fields[step].annotation)
            if inner is None:
                return []
            model = inner
    return list(model.model_fields)


def _part_in(annotation: Any) -> type[Part] | None:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        if found := _part_in(argument):
            return found
    return None


def _problem(origin: Origin, name: str, details: ErrorDetails, model: type[Record]) -> Problem:
    path = tuple(details["loc"])
    message, hint, code = _explain(details, model)
    if details["type"] == "missing":
        return Problem(origin.place(*path[:-1]), _subject(name, path), message, hint, code)
    of_key = details["type"] == "extra_forbidden"
    return Problem(origin.place(*path, of_key=of_key), _subject(name, path), message, hint, code)


_SHAPES = {
    "string_type": "a text", "tuple_type": "a list", "list_type": "a list", "dict_type": "fields",
    "model_type": "fields", "model_attributes_type": "fields",
}  # fmt: skip


def _explain(details: ErrorDetails, model: type[Record] | None) -> tuple[str, str, str]:
    """Turn one of pydantic's errors into ``(message, hint, code)`` in the words of a clinical lead."""
    kind, given = details["type"], details["input"]
    context = details.get("ctx") or {}
    last = str(next((step for step in reversed(details["loc"]) if isinstance(step, str)), ""))
    if kind == "missing":
        return "missing", f"add '{last}:'", "missing-field"
    if kind == "extra_forbidden":
        fields = _field_model(model, tuple(details["loc"][:-1])) if model else []
        close = nearest(last, fields)
        return (
            "unknown field",
            f"{close or 'allowed: ' + ', '.join(f for f in fields if f not in HEADER)}",
            "unknown-field",
        )
    if kind in ("enum", "literal_error"):
        words = [word.strip("'") for word in str(context.get("expected", "")).replace(" or ", ", ").split(", ")]
        return f"'{given}' is not a word for '{last}'", allowed_words(str(given), words), "wrong-word"
    if kind == "string_pattern_mismatch":
        return (
            f"'{given}' is not an id",
            "write lower-case words joined by hyphens, for example 'needle-phobia'",
            "wrong-id",
        )
    if kind in _SHAPES:
        shape = {"dict": "fields", "list": "a list", "str": "a text"}.get(type(given).__name__, "something else")
        return f"expected {_SHAPES[kind]} here, found {shape}", "compare with a neighbouring record", "wrong-shape"
    message, _, hint = details["msg"].partition("; ")
    return message, hint, {"empty_text": "empty-text", "no_source": "no-source"}.get(kind, kind.replace("_", "-"))
