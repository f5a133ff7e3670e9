"""``clinic-snippets sign``: who may sign what, what is written, and when it no longer holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from clinic_snippets.reading.entries import read_entries
from clinic_snippets.records.governance import SignOff

BOB = ("--by", "Bob Roe", "--role", "medical director", "--date", "2026-03-01")
FILE = Path("source/sign-offs.yaml")
BLEEDING = "source/records/bleeding.yaml"
NOTES = """
    changes:
    - {about}
      what: Words.
      why: Reasons.
      effective_from: 2026-06-01
      author: bob  ROE
"""


def test_it_says_who_signed_what_and_check_has_nothing_to_say(
    handbook: Callable[..., Path], clinic: Callable[..., Result]
) -> None:
    handbook()
    run = clinic("sign", "warfarin", "pleura", *BOB)
    assert run.stdout == (
        "warfarin: signed by Bob Roe, medical director, on 2026-03-01\n"
        "pleura: signed by Bob Roe, medical director, on 2026-03-01\n"
    )
    assert (run.exit_code, run.stderr) == (0, "source/sign-offs.yaml: 2 sign-offs added\n")
    assert FILE.read_text().startswith(
        "sign-offs:\n- record: warfarin\n  name: Bob Roe\n  role: medical director\n  date: 2026-03-01\n  fingerprint: "
    )
    assert clinic("check").exit_code == 0


def test_what_is_signed_is_not_signed_again_by_the_same_person(
    handbook: Callable[..., Path], clinic: Callable[..., Result], edit: Callable[..., None]
) -> None:
    handbook()
    clinic("sign", "warfarin", *BOB)
    before = FILE.read_bytes()
    run = clinic("sign", "warfarin", "warfarin", "--by", " bob roe", "--role", "physician")
    assert run.stdout == "warfarin: Bob Roe has signed it on 2026-03-01, and it has not changed since\n"
    assert (run.exit_code, FILE.read_bytes()) == (0, before)
    edit(BLEEDING, "id: warfarin\n", "id: warfarin\n  also_known_as: [blood thinner]\n")
    assert "has not changed since" in clinic("sign", "warfarin", *BOB).stdout
    edit(BLEEDING, "rule: refer", "rule: adapt")
    assert "signed by Bob Roe" in clinic("sign", "warfarin", *BOB).stdout
    assert FILE.read_bytes().startswith(before)
    assert "signed by Cyd" in clinic("sign", "warfarin", "--by", "Cyd", "--role", "physician").stdout
    assert FILE.read_text().count("- record: warfarin") == 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["warfarine", *BOB], "warfarine: no record has this id; did you mean 'warfarin'?"),
        (
            ["warfarin", "--by", "Bob", "--role", "Safety  lead"],
            "warfarin: 'Safety lead' owns this record, and who wrote ",
        ),
        (["warfarin", "--by", " ", "--role", "physician"], "--by: the name is empty; write the name"),
        (["warfarin", "--by", "Bob", "--role", ""], "--role: the role is empty; write the role"),
        (
            ["warfarin", *BOB[:4], "--date", "2026-12-02"],
            "--date: 2026-12-02 is after today, 2026-12-01; write the day on which it is signed",
        ),
    ],
)
def test_who_may_not_sign_is_told_why_and_nobody_signs(
    handbook: Callable[..., Path], clinic: Callable[..., Result], arguments: list[str], words: str
) -> None:
    handbook()
    run = clinic("sign", "pleura", *arguments)
    assert words in run.stdout
    assert (run.exit_code, run.stderr) == (1, "nothing is signed: 1 reason\n")
    assert not FILE.exists(), "not even the record that could have been signed"


@pytest.mark.parametrize("about", ["records: [warfarin]", "topics: bleeding"])
@pytest.mark.parametrize("released", [False, True])
def test_the_author_of_a_change_note_does_not_approve_the_change(
    handbook: Callable[..., Path], clinic: Callable[..., Result], edit: Callable[..., None], about: str, released: bool
) -> None:
    handbook()
    assert clinic("release", "0.1.0", "--date", "2026-02-01").exit_code == 0
    edit(BLEEDING, "rule: refer", "rule: adapt")
    Path("source/changes").mkdir()
    Path("source/changes/a.yaml").write_text(NOTES.format(about=about))
    if released:
        assert clinic("release", "0.2.0", "--date", "2026-03-01").exit_code == 0
    run = clinic("sign", "warfarin", *BOB)
    assert "warfarin: Bob Roe is the author of a change note about this record; let somebody else sign" in run.stdout
    assert run.exit_code == 1
    assert clinic("sign", "pleura", *BOB).exit_code == 0


def test_who_wrote_an_earlier_change_does_not_approve_it_after_the_next_release(
    handbook: Callable[..., Path], clinic: Callable[..., Result], edit: Callable[..., None]
) -> None:
    handbook()
    assert clinic("release", "0.1.0", "--date", "2026-02-01").exit_code == 0
    edit(BLEEDING, "rule: refer", "rule: adapt")
    Path("source/changes").mkdir()
    Path("source/changes/a.yaml").write_text(NOTES.format(about="records: [warfarin]"))
    for version in ("0.2.0", "0.3.0"):
        assert clinic("release", version, "--date", "2026-03-01").exit_code == 0
    run = clinic("sign", "warfarin", *BOB)
    assert "warfarin: Bob Roe is the author of a change note about this record; let somebody else sign" in run.stdout
    assert run.exit_code == 1


def test_today_is_not_the_future(handbook: Callable[..., Path], clinic: Callable[..., Result]) -> None:
    handbook()
    assert clinic("sign", "warfarin", *BOB[:4], "--date", "2026-12-01").exit_code == 0


def test_every_reason_is_told_at_once(handbook: Callable[..., Path], clinic: Callable[..., Result]) -> None:
    handbook()
    run = clinic("sign", "warfarine", "warfarin", "pleura", "--by", "", "--role", "safety lead")
    assert run.stderr == "nothing is signed: 3 reasons\n"
    assert "source/records/bleeding.yaml:7:3: warfarin: " in run.stdout


@pytest.mark.parametrize(
    ("name", "sign"), [("Bob\x1b[31m", "U+001B"), ("Bob\u202e", "U+202E"), ("Bob\udcff", "U+DCFF")]
)
def test_a_name_with_signs_that_nobody_sees_signs_nothing(
    handbook: Callable[..., Path], clinic: Callable[..., Result], name: str, sign: str
) -> None:
    handbook()
    run = clinic("sign", "warfarin", "--by", name, *BOB[2:])
    assert run.stdout == f"--by: the name has a character that cannot be seen ({sign}); write it without\n"
    assert not FILE.exists()


def test_records_with_problems_are_not_signed(
    handbook: Callable[..., Path], clinic: Callable[..., Result], edit: Callable[..., None]
) -> None:
    handbook()
    edit(BLEEDING, "rule: refer", "rule: refre")
    run = clinic("sign", "pleura", *BOB)
    assert (run.exit_code, run.stdout) == (1, "")
    assert run.stderr == "Nothing is signed, because the records have problems. See: clinic-snippets check source\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([*BOB], "Missing argument 'ID...'"),
        (["warfarin", "--role", "physician"], "Missing option '--by'"),
        (["warfarin", "--by", "Bob"], "Missing option '--role'"),
        (["warfarin", *BOB[:4], "--date", "1.3.2026"], "'1.3.2026' is not a date"),
    ],
)
def test_a_call_that_does_not_fit(
    handbook: Callable[..., Path], clinic: Callable[..., Result], arguments: list[str], words: str
) -> None:
    handbook()
    run = clinic("sign", *arguments)
    assert run.exit_code == 2
    assert words in run.stderr


def test_a_file_that_cannot_be_added_to_is_named(handbook: Callable[..., Path], clinic: Callable[..., Result]) -> None:
    handbook({"source/sign-offs.yaml": "sign-offs: []\n"})
    run = clinic("sign", "warfarin", *BOB)
    assert (run.exit_code, run.stdout) == (1, "")
    assert "nothing is signed: source/sign-offs.yaml: nothing can be added at the end of this file; " in run.stderr
    assert FILE.read_text() == "sign-offs: []\n"


def test_nothing_ships_signed(repository: Path) -> None:
    assert read_entries(repository / FILE, "sign-offs", SignOff) == ([], [])
