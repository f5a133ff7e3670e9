"""Releases: what the records said when a version was given out, as a file that never changes again.

A release file is JSON: ``version``, ``date``, ``schema``, ``notes`` (why each record changed) and ``records`` by id, each
with the fields that were given. It is sorted and holds no clock, so the same records give the same bytes. ``releases``
holds the SHA-256 of every earlier release file, so that an edit of one of these is noticed; the first release has none,
nor has one from before this was kept.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from clinic_snippets.problems import ClinicError, Place, Problem
from clinic_snippets.reading.files import text_of
from clinic_snippets.records import Record
from clinic_snippets.records.governance import ChangeNote

SCHEMA = 1
"""The form of release files; a file of another form is refused, not guessed at."""
Fields = dict[str, Any]
"""One record as a release keeps it: its fields by name, those left at their defaults left out."""
FIRST_FOR_USE = (1, 0, 0)
"""The first version that is no draft."""
_HINT = "take the file from version control again; a release file is never edited"
_VERSION = re.compile(r"(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})")
_PLAIN = {"id": None, "kind": None, "name": None, "topic": ""}
"""Fields that hold a text in every record, and what stands for one that is not there."""


@dataclass(frozen=True)
class Release:
    """A release: ``records`` by id, the change notes that were collected for it, and the digests of earlier files."""

    version: str
    date: date
    records: Mapping[str, Fields]
    notes: tuple[Mapping[str, Any], ...] = field(default=())
    earlier: Mapping[str, str] = field(default_factory=dict)

    @property
    def draft(self) -> bool:
        """Say whether this is a draft: releases below 1.0.0 need no sign-off, and say so."""
        return number(self.version) < FIRST_FOR_USE


def number(version: str) -> tuple[int, int, int]:
    """Return a version as numbers, to sort by; raises ValueError unless it reads ``X.Y.Z``."""
    match = _VERSION.fullmatch(version)
    if match is None:
        raise ValueError(f"'{version}' is not a version; write three numbers, for example 0.2.0")
    major, minor, patch = map(int, match.groups())
    return major, minor, patch


def is_version(text: str) -> bool:
    """Say whether a text reads ``X.Y.Z``."""
    return _VERSION.fullmatch(text) is not None


def fields_of(record: Record) -> Fields:
    """Return a record as a release keeps it."""
    return record.model_dump(mode="json", exclude_defaults=True)


def snapshot(
    records: Mapping[str, Record], version: str, day: date, notes: Iterable[Mapping[str, Any]] = ()
) -> Release:
    """Return what a release of these records would hold."""
    return Release(version, day, {i: fields_of(record) for i, record in sorted(records.items())}, tuple(notes))


def write_release(release: Release, folder: Path) -> Path:
    """Write a release into ``folder`` and return its file; the file is there as a whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{release.version}.json"
    content = {
        "schema": SCHEMA, "version": release.version, "date": str(release.date),
        "notes": list(release.notes), "records": release.records,
    }  # fmt: skip
    older = (path for path in release_files(folder) if _is_before(path.stem, release.version))
    if earlier := {path.stem: _digest(path) for path in older}:
        content["releases"] = earlier
    text = json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    new = beside(path)
    try:
        new.write_bytes(text.encode())
        replace(path, new)
    finally:
        new.unlink(missing_ok=True)
    return path


def release_files(folder: Path) -> list[Path]:
    """Return the files of the releases in a folder."""
    return sorted(folder.glob("*.json"))


def _is_before(name: str, version: str) -> bool:
    return is_version(name) and number(name) < number(version)


def _digest(path: Path) -> str:
    # As text: a checkout that writes other line ends has not edited the file.
    return hashlib.sha256(path.read_text("utf-8").encode()).hexdigest()


def beside(path: Path) -> Path:
    """Return the name of a file to write before it takes the place of ``path``; nothing reads a file of that name."""
    return path.with_name(f".{path.name}.new")


def replace(path: Path, new: Path) -> None:
    """Let the file ``new`` take the place of ``path`` at once, with the permissions that ``path`` had."""
    if path.exists():
        shutil.copymode(path, new)
    os.replace(new, path)


def read_release(path: Path) -> Release:
    """Read a release file; raises ClinicError that says what is wrong with it."""
    try:
        text = text_of(path, path.parent)
        content = json.loads(text)
        if "\\u" in text:
            json.dumps(content, ensure_ascii=False).encode()  # half of a sign cannot be written into a page
        if content["schema"] != SCHEMA:
            raise ValueError(f"its form is {content['schema']}, and this version reads form {SCHEMA}")
        number(content["version"])
        if path.stem != content["version"]:
            raise ValueError(f"it is named {path.stem} and holds {content['version']}")
        day = date.fromisoformat(content["date"])
        records, notes = _records_in(content["records"]), _notes_in(content["notes"])
        return Release(content["version"], day, records, notes, _digests_in(content.get("releases", {})))
    except OSError as error:
        raise ClinicError([_problem(path, f"not a release: it cannot be read ({error.strerror})")]) from None
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        damaged = isinstance(error, json.JSONDecodeError | UnicodeEncodeError | TypeError | RecursionError)
        what = f"it has no {error}" if isinstance(error, KeyError) else "it is damaged here" if damaged else str(error)
        raise ClinicError([_problem(path, f"not a release: {what}", line)]) from None


def _problem(path: Path, message: str, line: int = 1) -> Problem:
    return Problem(Place(str(path), line, 1), "", message, _HINT, "release")


def _records_in(content: Any) -> dict[str, Fields]:
    for identifier, fields in dict(content).items():
        known = [fields.get(name, default) for name, default in _PLAIN.items()] if isinstance(fields, dict) else [None]
        if not all(isinstance(value, str) for value in known) or fields["id"] != identifier:
            raise ValueError(f"'{identifier}' is not a record")
    return dict(content)


def _notes_in(content: Any) -> tuple[Mapping[str, Any], ...]:
    for position, note in enumerate(content, 1):
        try:
            ChangeNote.model_validate(note)
        except ValidationError:
            raise ValueError(f"note {position} is not a change note") from None
    return tuple(content)


def _digests_in(content: Any) -> dict[str, str]:
    for version, digest in content.items() if isinstance(content, dict) else [("", content)]:
        if not is_version(version) or not re.fullmatch("[0-9a-f]{64}", str(digest)):
            raise ValueError("its 'releases' are not versions with digests")
    return dict(content)


def read_releases(folder: Path) -> list[Release]:
    """Return every release in ``folder``, oldest first; raises ClinicError, also where one is not as it was."""
    releases = sorted(map(read_release, release_files(folder)), key=lambda release: number(release.version))
    if edited := dict(_edited(releases, folder)):
        raise ClinicError(_problem(path, message) for path, message in edited.items())
    return releases


def _edited(releases: list[Release], folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield each file that is not what a later release says it was. Of the latest release nobody can say that."""
    there = {release.version for release in releases}
    # The earliest that says so comes last, and is the one to be named.
    for release in reversed(releases):
        before = {version for version in there if _is_before(version, release.version)} if release.earlier else set()
        for version in before | release.earlier.keys():
            path = folder / f"{version}.json"
            if version not in there:
                yield path, f"this release is gone, and release {release.version} came after it"
            elif version not in release.earlier:
                yield path, f"this release was not there when release {release.version} was made"
            elif _digest(path) != release.earlier[version]:
                yield path, f"this file is not as it was when release {release.version} was made"
