"""Record files to records: header inheritance, typing, and a message for everything that does not fit."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from clinic_snippets.problems import Place, Problem, allowed_words, is_text, shown
from clinic_snippets.reading.cache import FileCache
from clinic_snippets.reading.explain import HEADER, explain, part_in
from clinic_snippets.reading.files import files_below, is_yaml, text_of
from clinic_snippets.reading.named import Named
from clinic_snippets.reading.origin import NOWHERE, FileMarks, Origin, Stamp, stamp_of
from clinic_snippets.reading.plain_yaml import lines_of_entries, read_plain_yaml
from clinic_snippets.reading.prose import troubles_in
from clinic_snippets.reading.unseen import unseen_in_yaml
from clinic_snippets.reading.yaml_events import read_yaml
from clinic_snippets.records import KINDS, Record
from clinic_snippets.records.base import NO_SOURCE, REVIEW_BEFORE_WRITTEN, Date, Line, Part, prose_fields

_HEADER_TYPES: dict[str, TypeAdapter[Any]] = {
    "topic": TypeAdapter(Line), "owner": TypeAdapter(Line),
    "written": TypeAdapter(Date), "review_by": TypeAdapter(Date),
}  # fmt: skip
P = TypeVar("P", bound=Part)


@dataclass
class RecordFiles:
    """What a folder of record files holds: valid records in file order, their origins, and every problem."""

    records: list[Record] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    faulty: list[tuple[Record, Origin]] = field(default_factory=list)
    """Records with a problem, made of the fields that are right, so that the rest of them is checked in the same run."""
    ids: dict[str, Origin] = field(default_factory=dict)
    """Every id in any file, faulty records included, with where it stands first."""
    named: list[tuple[slice, Named]] = field(default_factory=list)
    """For each file, which of the records are its own, and what they name."""

    def place_of(self, identifier: str) -> Place | None:
        """Return where an id stands first, or None."""
        origin = self.ids.get(identifier)
        return origin.place("id") if origin else None


def read_records(folder: Path, cache: Path | None = None, kinds: Mapping[str, type[Record]] = KINDS) -> RecordFiles:
    """Read every ``*.yaml`` file below ``folder``.

    ``cache`` is a file that keeps the records that were found right; a record file whose size and time have not changed
    is not read again. The cache can be removed at any time.
    """
    out = RecordFiles()
    kept = FileCache(cache)
    paths, closed = files_below(folder)
    out.problems += closed
    for path in paths:
        name = path.name.lower()
        if name.endswith(".txt") and is_yaml(name.removesuffix(".txt")):
            message, hint = "this file is not read, because its name ends in '.txt'", "take '.txt' off its name"
            out.problems.append(Problem(Place(str(path), 1, 1), "", message, hint, "file-name"))
        if os.path.isdir(path):
            message, hint = "a link to a folder is not followed", "put the folder itself here, or remove the link"
            out.problems.append(Problem(Place(str(path), 1, 1), "", message, hint, "file"))
            continue
        if not is_yaml(name):
            continue
        if not is_text(str(path)):
            message, hint = "the name of this file is not UTF-8 text, so no page can tell of it", "rename it"
            out.problems.append(Problem(Place(str(path), 1, 1), "", message, hint, "file-name"))
            continue
        try:
            stamp = stamp_of(path.stat())
            if _known(str(path), stamp, kept, out):
                continue
            text = text_of(path, folder)
        except UnicodeDecodeError as error:
            message, hint = f"the file is not UTF-8 text ({error.reason})", "save it as UTF-8"
            out.problems.append(Problem(Place(str(path), 1, 1), "", message, hint, "encoding"))
        except OSError as error:
            message = f"the file cannot be read ({error.strerror})"
            out.problems.append(Problem(Place(str(path), 1, 1), "", message, "check the file", "file"))
        else:
            _read_text(text, FileMarks(str(path), stamp), kinds, kept, out)
    kept.save()
    return out


def _known(file: str, stamp: Stamp, kept: FileCache, out: RecordFiles) -> bool:
    """Add the records of a file as they were kept; say whether they were."""
    records, starts, named = kept.get(file, stamp) or ((), (), None)
    ids = [record.id for record in records]
    # An id that stands in an earlier file now must be reported.
    if not named or not out.ids.keys().isdisjoint(ids):
        return False
    marks = FileMarks(file, stamp)
    origins = [Origin.of_record(marks, number, line, column) for number, (line, column) in enumerate(starts)]
    out.named.append((slice(len(out.records), len(out.records) + len(records)), named))
    out.records += records
    out.origins += origins
    out.ids.update(zip(ids, origins, strict=True))
    return True


def _read_text(
    text: str, late: FileMarks, kinds: Mapping[str, type[Record]], kept: FileCache, out: RecordFiles
) -> None:
    before, first, faulty, named = len(out.problems), len(out.records), len(out.faulty), Named()
    file = late.file
    problems: list[Problem] = []
    if found := _plainly(text, late):
        data, top, origins = found
    else:
        data, marks, problems = read_yaml(text, file)
        top, origins = Origin(file, marks or NOWHERE), None
    if data is not None:
        _read_file(data, top, origins, kinds, out, named)
        # A value that YAML cannot give is not also a wrong value.
        places = {problem.place for problem in problems}
        out.problems[before:] = [problem for problem in out.problems[before:] if problem.place not in places]
    else:
        # So that references to its records are not reported as well.
        for identifier in re.findall(r"(?m)^[ -]*id:[ \t]*([a-z0-9-]+)", text):
            out.ids.setdefault(identifier, top)
    out.problems += problems
    own = slice(first, len(out.records))
    out.named.append((own, named))
    # What other code than this package's finds right cannot be known to be so the next time.
    if len(out.problems) == before and len(out.faulty) == faulty and all(map(_is_ours, out.records[own])):
        starts = [origin.start for origin in out.origins[own]]
        kept.keep(file, late.stamp, (out.records[own], starts, named))


def _plainly(text: str, late: FileMarks) -> tuple[Any, Origin, list[Origin]] | None:
    """Return data, origin and origins of the records of a file in plain YAML; None for any other."""
    data = None if unseen_in_yaml(text, late.file) else read_plain_yaml(text)
    last, records = [*data.items()][-1] if data else ("", None)
    found = lines_of_entries(text, last, len(records)) if last == "records" and isinstance(records, list) else None
    if found is None:
        return None
    column, lines = found
    origins = [Origin.of_record(late, number, line, column) for number, line in enumerate(lines)]
    return data, Origin.of_file(late), origins


def _is_ours(record: Record) -> bool:
    return type(record).__module__.startswith("clinic_snippets.")


def _read_file(
    data: Any,
    top: Origin,
    origins: list[Origin] | None,
    kinds: Mapping[str, type[Record]],
    out: RecordFiles,
    named: Named,
) -> None:
    file = top.file

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
    inherited = {**stand_in, **header}
    if origins is None:
        origins = [Origin(file, mark) for mark in top.marks[5]["records"][5]]
    for item, origin in zip(items, origins, strict=True):
        _read_record(origin, item, inherited, complete, kinds, out, named)


def _read_record(
    origin: Origin,
    item: Any,
    header: dict[str, Any],
    complete: bool,
    kinds: Mapping[str, type[Record]],
    out: RecordFiles,
    named: Named,
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
        message, hint = f"this id is taken (first: {out.place_of(name)})", "an id stands for one record; choose another"
        problems.append(Problem(origin.place("id"), origin.subject(name, ("id",)), message, hint, "duplicate-id"))
        sound = False
    elif name != "(no id)":
        out.ids[name] = origin
    kind = item.get("kind")
    if not isinstance(kind, str) or kind not in kinds:
        what = f"'{shown(kind)}' is not a kind of record" if kind else "the record has no kind"
        hint = allowed_words(str(kind or ""), kinds)
        problems.append(Problem(origin.place("kind"), origin.subject(name, ("kind",)), what, hint, "unknown-kind"))
        return
    for inherited, value in header.items():
        item.setdefault(inherited, value)
    try:
        # What ``model_validate`` comes to, without its options.
        record = kinds[kind].__pydantic_validator__.validate_python(item)
    except ValidationError as error:
        sound = False
        problems += [_problem(origin, name, details, kinds[kind]) for details in error.errors(include_url=False)]
        record = _right_fields(kinds[kind], item).model_copy(update={"id": name})
        if record.needs_source and not item.get("sources") and item.get("synthesis", "no") == "no":
            # The model has not come to this: it asks for a source once every field is right by itself.
            problems.append(Problem(origin.place(), origin.subject(name, ("sources",)), *NO_SOURCE, "no-source"))
    if sound and named.add(record):
        out.records.append(record)
        out.origins.append(origin)
        return
    for path, text in prose_fields(record):
        for offset, message, hint, code in troubles_in(text):
            place = origin.place_in(path, text, offset)
            problems.append(Problem(place, origin.subject(name, path), message, hint, code))
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
