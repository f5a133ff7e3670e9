"""Short codes: the same text has the same code everywhere, any clinical change gives another."""

from __future__ import annotations

import datetime
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from clinic_snippets.library import Library
from clinic_snippets.library.codes import (
    ALPHABET,
    current_code,
    current_edition,
    earlier_codes,
    earlier_editions,
    record_code,
    short_code,
)
from clinic_snippets.library.governance import Governance
from clinic_snippets.library.release import fields_of, snapshot
from clinic_snippets.records import Precaution

FIELDS: dict[str, Any] = {
    "kind": "precaution", "id": "bleeding", "name": "Bleeding", "level": "precaution", "applies_to": "person",
    "rule": "adapt", "regions": "all", "techniques": "all", "action": "Ask.", "why": "It bleeds.", "sources": ["a"],
    "topic": "t", "owner": "o", "written": "2026-01-01", "review_by": "2027-01-01",
}  # fmt: skip


def precaution(**fields: Any) -> Precaution:
    return Precaution.model_validate({**FIELDS, **fields})


def released(now: Precaution, *before: Precaution) -> Library:
    """A library with one release for each earlier text of a record."""
    library = Library([now])
    releases = [
        snapshot({old.id: old}, f"0.{number}.0", datetime.date(2026, 1, number)) for number, old in enumerate(before, 1)
    ]
    library.governance = Governance(releases=tuple(releases))
    return library


def test_a_code_has_eight_signs_that_are_not_misread() -> None:
    codes = {short_code("record", str(number)) for number in range(2000)}
    assert len(codes) == 2000
    assert all(re.fullmatch(rf"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", code) for code in codes)
    assert not set("ILOU") & set(ALPHABET)


def test_a_code_is_the_same_in_every_process(repository: Path) -> None:
    code = "from clinic_snippets.library.codes import short_code; print(short_code('record', 'a', 'b'))"
    run = subprocess.run([sys.executable, "-c", code], cwd=repository, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == short_code("record", "a", "b")
    assert short_code("ab", "c") != short_code("a", "bc")


@pytest.mark.parametrize(
    ("field", "value", "same"),
    [
        ("rule", "refer", False),
        ("action", "Ask first.", False),
        ("name", "Bleeds", False),
        ("id", "bleeds", False),
        ("sources", ["b"], False),
        ("also_known_as", "blood thinner", True),
        ("review_by", "2026-12-01", True),
        ("topic", "blood", True),
    ],
)
def test_a_code_stands_for_the_clinical_text(field: str, value: Any, same: bool) -> None:
    assert (record_code(fields_of(precaution())) == record_code(fields_of(precaution(**{field: value})))) is same


def test_texts_that_were_given_out_are_superseded() -> None:
    first, second, now = precaution(action="One."), precaution(action="Two."), precaution(action="Three.")
    library = released(now, first, first, second, now)
    found = [(earlier.code, earlier.first, earlier.last) for earlier in earlier_codes(library, "bleeding")]
    assert found == [
        (record_code(fields_of(first)), "0.1.0", "0.2.0"),
        (record_code(fields_of(second)), "0.3.0", "0.3.0"),
    ]
    assert current_code(library, "bleeding") == record_code(fields_of(now))


def test_the_edition_has_a_code_of_its_own() -> None:
    library = released(precaution(), precaution(rule="refer"), precaution(also_known_as="bleeder"))
    assert [earlier.first for earlier in earlier_editions(library)] == ["0.1.0"]
    assert current_edition(library) not in {current_code(library, "bleeding"), earlier_editions(library)[0].code}


def test_a_record_that_was_never_released_has_a_code_and_no_past() -> None:
    library = released(precaution())
    assert current_code(library, "bleeding")
    assert earlier_codes(library, "bleeding") == []
