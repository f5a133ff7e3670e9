"""Signing records off: who may, and how an entry is added to ``sign-offs.yaml`` without touching what is there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from clinic_snippets.library.governance import Governance, same, seal
from clinic_snippets.library.library import Library
from clinic_snippets.library.release import beside, replace
from clinic_snippets.problems import ClinicError, Place, Problem, nearest, shown
from clinic_snippets.reading.entries import read_entries
from clinic_snippets.reading.unseen import unseen_sign
from clinic_snippets.records import Record
from clinic_snippets.records.governance import SignOff

TOP = "sign-offs"


def reasons_not_to_sign(
    library: Library, ids: Iterable[str], name: str, role: str, day: date, today: date
) -> Iterator[Problem]:
    """Yield why these records cannot be signed off by this person in this role on this day."""
    if day > today:
        yield Problem(Place("--date"), "", f"{day} is after today, {today}", "write the day on which it is signed")
    options = {"name": "--by", "role": "--role"}
    for what, given in (("name", name), ("role", role)):
        if not given.strip():
            yield Problem(Place(options[what]), "", f"the {what} is empty", f"write the {what}")
        if sign := unseen_sign(given):
            message = f"the {what} has a character that cannot be seen ({sign})"
            yield Problem(Place(options[what]), "", message, "write it without")
    for identifier in ids:
        record = library.get(identifier)
        if record is None:
            hint = nearest(identifier, library.records) or "check the id"
            yield Problem(Place(shown(identifier)), "", "no record has this id", hint)
            continue
        place = library.place(record) or Place(record.topic)
        if same(role) == same(record.owner):
            message = f"'{role}' owns this record, and who wrote it cannot sign it off"
            yield Problem(place, record.id, message, "let another role sign")
        if same(name) in map(same, library.governance.authors_of(record)):
            message = f"{name} is the author of a change note about this record"
            yield Problem(place, record.id, message, "let somebody else sign; author and approver differ")


def signed_by(governance: Governance, record: Record, name: str) -> SignOff | None:
    """Return the sign-off of a record as it stands by this person, or None."""
    return next((signed for signed in governance.valid_sign_offs(record) if same(signed.name) == same(name)), None)


def sign_off(governance: Governance, record: Record, name: str, role: str, day: date) -> SignOff:
    """Return the sign-off of a record as it stands now."""
    now = governance.fingerprint(record)
    entry = SignOff(record=record.id, name=name, role=role, date=day, fingerprint=now, seal="-")
    return entry.model_copy(update={"seal": seal(entry)})


def append_sign_offs(path: Path, entries: Iterable[SignOff]) -> None:
    """Add entries at the end of a file, which stays as it is up to there; raises ClinicError where they do not fit.

    What was written is read again before it counts, so the file is never left in a form that cannot be read.
    """
    entries = list(entries)
    old = path.read_bytes() if path.exists() else b""
    before, problems = read_entries(path, TOP, SignOff)
    if problems:
        raise ClinicError(problems)
    text = old.decode("utf-8-sig")
    indent = match[1] if (match := re.search(r"(?m)^( *)-\s", text)) else ""
    start = "" if text.endswith("\n") or not text else "\n"
    start += "" if text.strip() else f"{TOP}:\n"
    new = beside(path)
    try:
        new.write_bytes(old + (start + "".join(_as_yaml(entry, indent) for entry in entries)).encode())
        after, problems = read_entries(new, TOP, SignOff)
        if problems or [e.value for e in after] != [*(e.value for e in before), *entries]:
            hint = f"let it end with its entries, or with '{TOP}:' alone on a line while it has none"
            raise ClinicError([Problem(Place(str(path)), "", "nothing can be added at the end of this file", hint)])
        replace(path, new)
    finally:
        new.unlink(missing_ok=True)


def _as_yaml(entry: SignOff, indent: str) -> str:
    fields = entry.model_dump(mode="json").items()
    lines = [f"{name}: {_scalar(value)}" for name, value in fields]
    return f"{indent}- " + f"\n{indent}  ".join(lines) + "\n"


def _scalar(text: str) -> str:
    """Return a text as YAML: as it is where that is plain, else in quotation marks."""
    return text if re.fullmatch(r"\w[\w .,'()/-]*", text) else json.dumps(text, ensure_ascii=False)
