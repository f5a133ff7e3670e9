"""Record files to records: header inheritance, typing, and a message for everything that does not fit."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import marshal
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from clinic_snippets.problems import Place, Problem, allowed_words, shown
from clinic_snippets.reading.explain import HEADER, explain, part_in
from clinic_snippets.reading.files import text_of
from clinic_snippets.reading.prose import troubles_in
from clinic_snippets.reading.yaml_events import Mark, mark_of, read_yaml
from clinic_snippets.records import KINDS, Record
from clinic_snippets.records.base import NO_SOURCE, REVIEW_BEFORE_WRITTEN, Date, Line, Part, prose_fields

_HEADER_TYPES: dict[str, TypeAdapter[Any]] = {
    "topic": TypeAdapter(Line), "owner": TypeAdapter(Line),
    "written": TypeAdapter(Date), "review_by": TypeAdapter(Date),
}  # fmt: skip
P = TypeVar("P", bound=Part)
_SUFFIXES = (".yaml", ".yml")
_CACHE_VERSION = b"2"


@dataclass(frozen=True)
class Origin:
    """Where a record came from; finds the place of any of its fields."""

    file: str
    marks: Mark

    def place(self, *path: str | int, of_key: bool = False) -> Place:
        """Return the place of the value at ``path``, or of its key."""
        key_line, key_column, line, column, _inset, _children = mark_of(self.marks, path)[0]
        return Place(self.file, key_line + 1, key_column + 1) if of_key else Place(self.file, line + 1, column + 1)

    def place_in(self, path: tuple[str | int, ...], text: str, offset: int) -> Place:
        """Return the place of the character ``offset`` of the text at ``path``."""
        _key_line, _key_column, line, column, inset, _children = mark_of(self.marks, path)[0]
        if inset < 0:
            return Place(self.file, line + 1, column + 1)
        before = text[:offset]
        in_line = offset - (before.rfind("\n") + 1)
        blank = len(text) - len(text.lstrip("\n"))  # lines above the first with words belong to the text
        return Place(self.file, line + 1 + max(0, before.count("\n") - blank), column + 1 + inset + in_line)

    def subject(self, name: str, path: tuple[str | int, ...]) -> str:
        """Return what a problem at ``path`` is about, such as ``anticoagulants.views[2].sources[1]``."""
        steps = mark_of(self.marks, path)[1]
        return shown(name) + "".join(f"[{step + 1}]" if isinstance(step, int) else f".{shown(step)}" for step in steps)


@dataclass
class RecordFiles:
    """What a folder of record files holds: valid records in file order, their origins, and every problem."""

    records: list[Record] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    faulty: list[tuple[Record, Origin]] = field(default_factory=list)
    """Records with a problem, made of the fields that are right, so that the rest of them is checked in the same run."""
    ids: dict[str, Place] = field(default_factory=dict)
    """Every id in any file, faulty records included, with its first place."""


def read_records(folder: Path, cache: Path | None = None, kinds: Mapping[str, type[Record]] = KINDS) -> RecordFiles:
    """Read every ``*.yaml`` file below ``folder``.

    ``cache`` is a file that keeps what was parsed; a record file whose size and time have not changed is not parsed
    again. The cache can be removed at any time.
    """
    out = RecordFiles()
    old = _load_cache(cache)
    new: dict[str, Any] = {}
    problems: list[Problem]
    for path in sorted(folder.rglob("*")):
        name = path.name.lower()
        if name.endswith(tuple(f"{suffix}.txt" for suffix in _SUFFIXES)):
            message, hint = "this file is not read, because its name ends in '.txt'", "take '.txt' off its name"
            out.problems.append(Problem(Place(str(path), 1, 1), "", message, hint, "file-name"))
        if path.is_dir():
            if path.is_symlink():
                message, hint = "a link to a folder is not followed", "put the folder itself here, or remove the link"
                out.problems.append(Problem(Place(str(path), 1, 1), "", message, hint, "file"))
            continue
        if name.startswith(".") or not name.endswith(_SUFFIXES):
            continue
        try:
            stat = path.stat()
            stamp = (stat.st_mtime_ns, stat.st_size)
            known = old.get(str(path))
            if known and known[0] == stamp:
                data, marks, problems = known[1], known[2], []
            else:
                text = text_of(path, folder)
                data, marks, problems = read_yaml(text, str(path))
        except UnicodeDecodeError as error:
            message, hint = f"the file is not UTF-8 text ({error.reason})", "save it as UTF-8"
            out.problems.append(Problem(Place(str(path), 1, 1), "", message, hint, "encoding"))
            continue
        except OSError as error:
            message = f"the file cannot be read ({error.strerror})"
            out.problems.append(Problem(Place(str(path), 1, 1), "", message, "check the file", "file"))
            continue
        if not problems:
            new[str(path)] = (stamp, data, marks)
        before = len(out.problems)
        if data is not None:
            _read_file(str(path), data, marks, kinds, out)
            # A value that YAML cannot give is not also a wrong value.
            places = {problem.place for problem in problems}
            out.problems[before:] = [problem for problem in out.problems[before:] if problem.place not in places]
        else:
            # So that references to its records are not reported as well.
            for found in re.findall(r"(?m)^[ -]*id:[ \t]*([a-z0-9-]+)", text):
                out.ids.setdefault(found, Place(str(path), 1, 1))
        out.problems += problems
    if cache and new != old:
        _save_cache(cache, new)
    return out


def _load_cache(cache: Path | None) -> dict[str, Any]:
    try:
        stamp, content = (data := cache.read_bytes() if cache else b"")[:32], data[32:]
        files: dict[str, Any] = marshal.loads(content) if stamp == _stamp(content) else {}
    except (OSError, ValueError, EOFError, TypeError):
        return {}
    return files


def _save_cache(cache: Path, files: dict[str, Any]) -> None:
    # Format 4 is the same for every Python that runs this package.
    content = marshal.dumps(files, 4)
    with contextlib.suppress(OSError):
        cache.parent.mkdir(parents=True, exist_ok=True)
        cache.write_bytes(_stamp(content) + content)


def _stamp(content: bytes) -> bytes:
    """Return what a whole cache of this version starts with: ``marshal`` must never see a damaged one."""
    return hashlib.sha256(_CACHE_VERSION + content).digest()


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
            message, hint, code = explain(details, None)
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
    if "written" in header and "review_by" in header and header["review_by"] <= header["written"]:
        place, (message, hint) = top.place("review_by"), REVIEW_BEFORE_WRITTEN
        problem(place, "review_by", message, hint, "review-before-written")
        del header["review_by"]
    complete = len(header) == len(HEADER)
    stand_in = {"topic": "-", "owner": "-", "written": date.min, "review_by": date.max}
    for item, mark in zip(items, marks[5]["records"][5], strict=True):
        _read_record(Origin(file, mark), item, {**stand_in, **header}, complete, kinds, out)


def _read_record(
    origin: Origin,
    item: Any,
    header: dict[str, Any],
    complete: bool,
    kinds: Mapping[str, type[Record]],
    out: RecordFiles,
) -> None:
    problems = out.problems
    if not isinstance(item, dict):
        problems.append(
            Problem(origin.place(), "", "this is not a record", "a record starts with '- kind: …'", "not-a-record")
        )
        return
    name = item["id"] if isinstance(item.get("id"), str) and item["id"] else "(no id)"
    sound = complete
    if name in out.ids:
        message, hint = f"this id is taken (first: {out.ids[name]})", "an id stands for one record; choose another"
        problems.append(Problem(origin.place("id"), origin.subject(name, ("id",)), message, hint, "duplicate-id"))
        sound = False
    elif name != "(no id)":
        out.ids[name] = origin.place("id")
    kind = item.get("kind")
    if not isinstance(kind, str) or kind not in kinds:
        what = f"'{shown(kind)}' is not a kind of record" if kind else "the record has no kind"
        hint = allowed_words(str(kind or ""), kinds)
        problems.append(Problem(origin.place("kind"), origin.subject(name, ("kind",)), what, hint, "unknown-kind"))
        return
    fields = {**header, **item}
    try:
        record = kinds[kind].model_validate(fields)
    except ValidationError as error:
        sound = False
        problems += [_problem(origin, name, details, kinds[kind]) for details in error.errors(include_url=False)]
        record = _right_fields(kinds[kind], fields).model_copy(update={"id": name})
        if record.needs_source and not item.get("sources") and item.get("synthesis", "no") == "no":
            # The model has not come to this: it asks for a source once every field is right by itself.
            problems.append(Problem(origin.place(), origin.subject(name, ("sources",)), *NO_SOURCE, "no-source"))
    for path, text in prose_fields(record):
        for offset, message, hint, code in troubles_in(text):
            sound = False
            place = origin.place_in(path, text, offset)
            problems.append(Problem(place, origin.subject(name, path), message, hint, code))
    if sound:
        out.records.append(record)
        out.origins.append(origin)
    else:
        out.faulty.append((record, origin))


@functools.cache
def _field_types(model: type[Part]) -> dict[str, TypeAdapter[Any]]:
    return {name: TypeAdapter(info.rebuild_annotation()) for name, info in model.model_fields.items()}


def _right_fields(model: type[P], given: dict[str, Any]) -> P:
    """Return what can be made of ``given`` when fields, or parts within them, that are wrong are left out."""
    right: dict[str, Any] = {}
    for name, type_of in _field_types(model).items():
        if name not in given:
            continue
        value, part = given[name], part_in(model.model_fields[name].annotation)
        try:
            right[name] = type_of.validate_python(value)
        except ValidationError:
            if part:
                items = [
                    {"text": v} if isinstance(v, str) else v for v in (value if isinstance(value, list) else [value])
                ]
                # None keeps the places of the others in the list.
                right[name] = tuple(_right_fields(part, v) if isinstance(v, dict) else None for v in items)
    return model.model_construct(**right)


def _problem(origin: Origin, name: str, details: ErrorDetails, model: type[Record]) -> Problem:
    path = tuple(details["loc"])
    message, hint, code = explain(details, model)
    if code == "no-source":
        return Problem(origin.place(*path), origin.subject(name, (*path, "sources")), message, hint, code)
    at = path[:-1] if code == "missing-field" else path
    place = origin.place(*at, of_key=code == "unknown-field")
    return Problem(place, origin.subject(name, at) + (f".{shown(path[-1])}" if at != path else ""), message, hint, code)
