"""The list of codes: what holds, what is superseded and why, whichever release a copy came from."""

from __future__ import annotations

import datetime
from typing import Any

from clinic_snippets.library import Library
from clinic_snippets.library.codes import record_code
from clinic_snippets.library.governance import Governance
from clinic_snippets.library.release import fields_of, snapshot
from clinic_snippets.records import Precaution
from clinic_snippets.records.text import Badge, Code, Words, walk
from clinic_snippets.snippets import SNIPPETS

FIELDS: dict[str, Any] = {
    "kind": "precaution", "id": "alpha", "name": "Alpha", "level": "precaution", "applies_to": "person",
    "rule": "adapt", "regions": "all", "techniques": "all", "action": "Ask.", "why": "It bleeds.", "sources": ["a"],
    "topic": "t", "owner": "o", "written": "2026-01-01", "review_by": "2027-01-01",
}  # fmt: skip
GONE = {"status": "withdrawn", "withdrawn": {"date": "2026-03-01", "reason": "Wrong."}}


def alpha(**fields: Any) -> Precaution:
    return Precaution.model_validate({**FIELDS, **fields})


def code(record: Precaution) -> str:
    return record_code(fields_of(record))


def cells(now: Precaution, *released: Precaution) -> tuple[str, str]:
    """The words of the cells of codes that hold and of codes that are superseded."""
    library = Library([now])
    library.governance = Governance(
        releases=tuple(
            snapshot({old.id: old}, f"0.{n}.0", datetime.date(2026, 1, n)) for n, old in enumerate(released, 1)
        )
    )
    row = SNIPPETS["code-list"](library, {}).rows[-1]  # type: ignore[union-attr]
    said = [
        "".join(piece.text for piece in walk(cell) if isinstance(piece, Words | Code | Badge)) for cell in row.cells[1:]
    ]
    return said[0], said[1]


def test_each_superseded_text_says_what_changed_after_it_and_nothing_else() -> None:
    one, two, three = alpha(rule="inform"), alpha(rule="refer"), alpha(rule="adapt")
    holds, superseded = cells(three, one, two, three)
    assert holds == code(three)
    assert superseded == (
        f"{code(one)}, release 0.1.0.Since 0.2.0: Stricter.Since 0.3.0: Looser."
        f"{code(two)}, release 0.2.0.Since 0.3.0: Looser."
    )


def test_a_text_that_is_not_yet_released_supersedes_nothing() -> None:
    before, now = alpha(), alpha(rule="refer")
    holds, superseded = cells(now, before)
    assert holds == f"{code(before)}, release 0.1.0.{code(now)}, not yet released."
    assert superseded == ""


def test_no_copy_of_what_was_withdrawn_holds() -> None:
    before = alpha()
    holds, superseded = cells(alpha(**GONE), before, alpha(**GONE))
    assert holds == "Withdrawn: no copy holds."
    assert superseded.startswith(f"{code(before)}, 0.1.0 to 0.1.0.Since 0.2.0: Withdrawn.")


def test_a_text_that_came_back_stands_once() -> None:
    a, b, c = alpha(action="A."), alpha(action="B."), alpha(action="C.")
    _, superseded = cells(c, a, b, a, c)
    assert superseded.count(code(a)) == 1
    assert f"{code(a)}, 0.1.0 to 0.3.0." in superseded
