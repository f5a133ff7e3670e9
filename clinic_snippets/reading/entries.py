"""Files that hold one list of entries, such as ``reviews.yaml``: read with places, typed, every problem told."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import ValidationError

from clinic_snippets.problems import Place, Problem
from clinic_snippets.reading.explain import explain
from clinic_snippets.reading.files import text_of
from clinic_snippets.reading.origin import Origin
from clinic_snippets.reading.prose import read_prose
from clinic_snippets.reading.yaml_events import read_yaml
from clinic_snippets.records.base import Part, prose_fields

P = TypeVar("P", bound=Part)


@dataclass(frozen=True)
class Entry(Generic[P]):
    """One entry with where it came from, and what it is called in a problem, such as ``changes[2]``."""

    value: P
    origin: Origin
    name: str


def read_entries(path: Path, top: str, model: type[P]) -> tuple[list[Entry[P]], list[Problem]]:
    """Read the entries below the field ``top`` of a file; a file that is not there has none."""
    if not os.path.lexists(path):  # a link to nowhere is no absence: what it led to is missed
        return [], []
    try:
        data, marks, problems = read_yaml(text_of(path, path.parent), str(path))
    except (OSError, UnicodeDecodeError) as error:
        place, why = Place(str(path), 1, 1), getattr(error, "strerror", error)
        hint = "check the file" if isinstance(error, OSError) else "save it as UTF-8 text"
        return [], [Problem(place, "", f"the file cannot be read ({why})", hint, "file")]
    way_out = f"write '{top}:' at its top and entries that start with '- '"
    if data is None:
        empty = any(problem.code == "empty-file" for problem in problems)
        return [], [replace(problem, hint=way_out) for problem in problems] if empty else problems
    whole = Origin(str(path), marks)
    items = data.get(top) if isinstance(data, dict) else None
    if items == "":
        items = []  # nothing behind the field yet: no entries so far
    if not isinstance(items, list) or set(data) != {top}:
        return [], [*problems, Problem(whole.place(), "", f"the file is not a list of {top}", way_out, "no-entries")]
    entries: list[Entry[P]] = []
    for number, (item, mark) in enumerate(zip(items, marks[5][top][5] or [], strict=True), 1):
        origin, name = Origin(str(path), mark), f"{top}[{number}]"
        if not isinstance(item, dict):
            hint = "an entry has fields; compare with a neighbour"
            problems.append(Problem(origin.place(), name, "this is not an entry", hint, "not-an-entry"))
            continue
        try:
            value = model.model_validate(item)
        except ValidationError as error:
            for details in error.errors(include_url=False):
                message, hint, code = explain(details, model)
                at = tuple(details["loc"])
                at = at[:-1] if code == "missing-field" else at
                shown = origin.subject(name, at) + (f".{details['loc'][-1]}" if code == "missing-field" else "")
                problems.append(Problem(origin.place(*at, of_key=code == "unknown-field"), shown, message, hint, code))
            continue
        for at, text in prose_fields(value):
            for offset, message, hint, code in read_prose(text)[1]:
                problems.append(
                    Problem(origin.place_in(at, text, offset), origin.subject(name, at), message, hint, code)
                )
        entries.append(Entry(value, origin, name))
    return entries, problems
