"""``clinic-snippets release`` and ``make release``: what is refused, all of it at once, and what is written."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from clinic_snippets import __version__

BLEEDING, RELEASES, CHANGES = "source/records/bleeding.yaml", Path("source/releases"), Path("source/changes")
FIRST = ("release", "0.1.0", "--date", "2026-02-01")
SECOND = ("release", "0.2.0", "--date", "2026-03-01")
FOR_USE = ("release", "1.0.0", "--date", "2026-03-01")
NUMBERS = '"emergency": "999", "emergency-department": "1", "occupational-health": "2", "doctor": "3"'
NOTE = """- {about}
  what: Words.
  why: Reasons.
  effective_from: 2026-06-01
  author: Ann
"""
ALL = ("warfarin", "bruises", "pleura", "neck")


def note(about: str, kind: str = "", name: str = "a.yaml") -> None:
    """Write a change note of the author Ann into a file of its own."""
    CHANGES.mkdir(exist_ok=True)
    (CHANGES / name).write_text("changes:\n" + NOTE.format(about=about) + (f"  class: {kind}\n" if kind else ""))


@pytest.fixture
def released(
    handbook: Callable[..., Path], clinic: Callable[..., Result], edit: Callable[..., None]
) -> Callable[..., None]:
    """Write the handbook, release it as 0.1.0, and change words in its file about bleeding."""

    def make(old: str = "", new: str = "") -> None:
        handbook()
        assert clinic(*FIRST).exit_code == 0
        if old:
            edit(BLEEDING, old, new)

    return make


# --- what is written ---------------------------------------------------------------------------------------------


def test_the_first_release_needs_no_notes(handbook: Callable[..., Path], clinic: Callable[..., Result]) -> None:
    handbook()
    run = clinic(*FIRST)
    assert run.stdout == (
        "source/releases/0.1.0.json: 4 records\n"
        "Changed since the release before: nothing\n"
        "Change notes: 0\n"
        "A draft: below 1.0.0 nobody has to sign off.\n"
    )
    content = json.loads((RELEASES / "0.1.0.json").read_text())
    assert (content["version"], content["date"], content["notes"]) == ("0.1.0", "2026-02-01", [])
    assert sorted(content["records"]) == sorted(ALL)
    assert clinic("check").exit_code == 0


def test_the_notes_go_into_the_release_and_their_files_go(
    released: Callable[..., None], clinic: Callable[..., Result]
) -> None:
    released("rule: refer", "rule: adapt")
    note("records: [warfarin]", "looser", "z.yaml")
    note("topics: bleeding", name="a.yml")
    (CHANGES / "README.md").write_text("How to write a note.\n")
    run = clinic(*SECOND)
    assert "Changed since the release before: 1 looser\nChange notes: 2\n" in run.stdout
    assert f"Removed, since its notes are in the release: {CHANGES / 'a.yml'}\n" in run.stdout
    assert [path.name for path in CHANGES.iterdir()] == ["README.md"]
    first, second = json.loads((RELEASES / "0.2.0.json").read_text())["notes"]
    assert first == {
        "records": ["warfarin"], "what": "Words.", "why": "Reasons.", "class": "looser",
        "effective_from": "2026-06-01", "author": "Ann",
    }  # fmt: skip
    assert second["topics"] == ["bleeding"]
    assert clinic("check").exit_code == 0


def test_the_same_records_give_the_same_bytes_whatever_the_files_are_called(
    released: Callable[..., None], clinic: Callable[..., Result]
) -> None:
    bytes_of = []
    for names in (("a.yaml", "b.yaml"), ("d.yaml", "c.yaml")):
        released("rule: refer", "rule: adapt")
        for about, name in zip(("records: [warfarin]", "topics: bleeding"), names, strict=True):
            note(about, name=name)
        assert clinic(*SECOND).exit_code == 0
        bytes_of.append((RELEASES / "0.2.0.json").read_bytes())
    assert bytes_of[0] == bytes_of[1]


def test_a_run_that_fails_leaves_no_release_and_loses_no_note(
    released: Callable[..., None], clinic: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    released("rule: refer", "rule: adapt")
    note("records: [warfarin]")

    def full(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(os, "replace", full)
    run = clinic(*SECOND)
    assert run.exit_code == 1
    assert (
        "release 0.2.0 is not complete: the disk is full; put the folder back as version control has it" in run.stderr
    )
    assert [path.name for path in RELEASES.iterdir()] == ["0.1.0.json"]
    assert [path.name for path in CHANGES.iterdir()] == ["a.yaml"]


# --- what is refused ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "day", "words"),
    [
        ("0.2", "2026-03-01", "'0.2' is not a version; write three numbers, for example 0.2.0"),
        ("v0.2.0", "2026-03-01", "'v0.2.0' is not a version"),
        ("0.02.0", "2026-03-01", "'0.02.0' is not a version"),
        ("0.2" + "0" * 30 + ".0", "2026-03-01", "'0.2000000000000000000000000000000.0' is not a version"),
        ("0.1.0", "2026-03-01", "release 0.1.0 is there already, and a release never changes; take the next version"),
        ("0.0.9", "2026-03-01", "0.0.9 is not above the latest release, 0.1.0; take a higher version"),
        ("0.2.0", "2026-01-31", "2026-01-31 is before the latest release, which is of 2026-02-01; "),
    ],
)
def test_a_version_or_a_day_that_does_not_follow(
    released: Callable[..., None], clinic: Callable[..., Result], version: str, day: str, words: str
) -> None:
    released()
    run = clinic("release", version, "--date", day)
    assert run.stdout.startswith(f"source/releases: {words}")
    assert (run.exit_code, run.stderr) == (1, f"release {version} is not written: 1 reason\n")
    assert [path.name for path in RELEASES.iterdir()] == ["0.1.0.json"]


TOMBSTONE = "id: bruises\n  status: withdrawn\n  withdrawn:\n    date: 2026-06-01\n    reason: Another.\n"
NEW = "records:\n\n- kind: region\n  id: arm\n  name: Arm\n"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "rule: refer",
            "rule: adapt",
            "7:3: warfarin: this precaution changed since release 0.1.0, and no change note",
        ),
        ("Ask which drug.", "Ask.", "7:3: warfarin: this precaution changed since release 0.1.0, and no change note"),
        (
            "id: bruises\n",
            TOMBSTONE,
            "19:3: bruises: this precaution was withdrawn since release 0.1.0, and no change",
        ),
        (
            "records:\n",
            NEW,
            "7:3: arm: this region is new since release 0.1.0, and no change note says why; add an entry",
        ),
    ],
)
def test_a_clinical_change_needs_a_note(
    released: Callable[..., None], clinic: Callable[..., Result], old: str, new: str, words: str
) -> None:
    released(old, new)
    run = clinic(*SECOND)
    assert run.stdout.startswith(f"{BLEEDING}:{words}")
    assert (run.exit_code, run.stdout.count("\n")) == (1, 1)
    note(f"records: [{words.split(': ')[1]}]", "wording")
    assert clinic(*SECOND).exit_code == 0


@pytest.mark.parametrize(
    "new", ["id: warfarin\n  topic: drugs\n", "id: warfarin\n  also_known_as: [aspirin]\n", "id: warfarin\n"]
)
def test_a_change_that_is_not_clinical_needs_none(
    released: Callable[..., None], clinic: Callable[..., Result], new: str
) -> None:
    released("id: warfarin\n", new)
    assert clinic(*SECOND).exit_code == 0


def test_a_note_must_say_what_other_words_mean(released: Callable[..., None], clinic: Callable[..., Result]) -> None:
    released("Ask which drug.", "Ask.")
    note("topics: bleeding")
    run = clinic(*SECOND)
    assert run.stdout == (
        f"{BLEEDING}:7:3: warfarin: its change note does not say what the change means for a clinician (action); "
        "give the note 'class:' with one of: looser, stricter, wording\n"
    )


@pytest.mark.parametrize(
    ("about", "words"),
    [
        (
            "records: [warfarin, pleura]",
            "2:23: changes[1]: 'pleura' has not changed since release 0.1.0; take it out of",
        ),
        (
            "topics: [bleeding, lung]",
            "2:22: changes[1]: 'lung' holds no record that changed since release 0.1.0; take it",
        ),
    ],
)
def test_a_note_about_what_did_not_change(
    released: Callable[..., None], clinic: Callable[..., Result], about: str, words: str
) -> None:
    released("rule: refer", "rule: adapt")
    note(about)
    run = clinic(*SECOND)
    assert run.stdout.startswith(f"{CHANGES}/a.yaml:{words}")
    assert run.stdout.count("\n") == 1


def test_a_vanished_record_and_the_number_of_other_problems_are_told_without_false_reasons(
    released: Callable[..., None], clinic: Callable[..., Result], edit: Callable[..., None]
) -> None:
    released("rule: refer", "rule: refre")
    lung = Path("source/records/lung.yaml")
    lung.write_text(lung.read_text().replace("pleura\n", "apex\n", 1))
    note("records: [apex, warfarin]")
    run = clinic(*SECOND)
    assert run.stdout.splitlines() == [
        "source/releases/0.1.0.json: pleura: this hazard was in release 0.1.0 and is gone; put it back with "
        "'status: withdrawn' and 'withdrawn:' (date, reason, replaced_by)",
        "source: the records have 1 problem; see: clinic-snippets check source",
    ]


def test_a_note_about_a_new_record_with_a_slip_is_not_idle(
    released: Callable[..., None], clinic: Callable[..., Result]
) -> None:
    released("records:\n", NEW.replace("name: Arm", "name: Arm\n  nmae: Arm"))
    note("records: [arm]")
    assert clinic(*SECOND).stdout == "source: the records have 1 problem; see: clinic-snippets check source\n"


SECTION = "# What changed\n\n```{{clinic:release-changes}}\n{option}```\n"


@pytest.mark.parametrize("told", [[""], ["", ":release: 0.1.0\n"], [":release: 0.2.00\n"]])
def test_a_release_that_no_page_tells_of(
    released: Callable[..., None], clinic: Callable[..., Result], told: list[str]
) -> None:
    released()
    for number, option in enumerate(told):
        Path(f"source/page{number}.md").write_text(SECTION.format(option=option))
    run = clinic(*SECOND)
    reason = "no page tells what release 0.2.0 changed; add a section with :release: 0.2.0"
    assert run.stdout == f"source/page0.md:3: {reason}\n"
    assert run.exit_code == 1
    Path("source/last.rst").write_text("Last\n====\n\n.. clinic:release-changes::\n   :release: 0.2.0\n")
    assert clinic(*SECOND).exit_code == 0


def test_a_past_release_that_was_edited_is_noticed(
    released: Callable[..., None], clinic: Callable[..., Result]
) -> None:
    released()
    first = (RELEASES / "0.1.0.json").read_bytes()
    assert clinic(*SECOND).exit_code == 0
    (RELEASES / "0.1.0.json").write_bytes(first.replace(b"Ask which drug.", b"Ask."))
    run = clinic("check")
    assert run.stdout == (
        "source/releases/0.1.0.json:1:1: this file is not as it was when release 0.2.0 was made; "
        "take the file from version control again; a release file is never edited\n"
    )
    (RELEASES / "0.1.0.json").write_bytes(first)
    assert clinic("check").exit_code == 0


def test_every_reason_is_told_at_once(released: Callable[..., None], clinic: Callable[..., Result]) -> None:
    released("rule: refer", "rule: adapt")
    note("records: [pleura]")
    run = clinic("release", "0.1.0", "--date", "2026-01-01")
    assert run.stderr == "release 0.1.0 is not written: 4 reasons\n"


# --- a release for use -------------------------------------------------------------------------------------------


def sign(clinic: Callable[..., Result], name: str, *ids: str) -> None:
    run = clinic("sign", *ids, "--by", name, "--role", "medical director", "--date", "2026-02-15")
    assert run.exit_code == 0, run.output


def test_from_1_0_0_on_everything_is_signed_off_and_the_clinics_numbers_are_there(
    released: Callable[..., None], clinic: Callable[..., Result], edit: Callable[..., None]
) -> None:
    released()
    run = clinic(*FOR_USE)
    sign_it = "let somebody in another role than the owner's run"
    assert run.stdout.splitlines() == [
        f"{BLEEDING}: bleeding: 2 records: not signed off; {sign_it}: "
        "clinic-snippets sign warfarin bruises --by NAME --role ROLE",
        f"source/records/lung.yaml: lung: 1 record: not signed off; {sign_it}: "
        "clinic-snippets sign pleura --by NAME --role ROLE",
        f"source/records/regions.yaml: body regions: 1 record: not signed off; {sign_it}: "
        "clinic-snippets sign neck --by NAME --role ROLE",
        "source/conf.py: clinic_numbers has no number for: emergency, emergency-department, occupational-health, doctor; "
        "write the clinic's own numbers there, in one plain assignment",
    ]
    sign(clinic, "Bob", *ALL)
    edit("source/conf.py", '"emergency": "", "doctor": ""', NUMBERS)
    run = clinic(*FOR_USE)
    assert run.exit_code == 0, run.output
    assert "draft" not in run.stdout


def test_a_sign_off_that_lapsed_does_not_count(
    released: Callable[..., None], clinic: Callable[..., Result], edit: Callable[..., None]
) -> None:
    released()
    sign(clinic, "Bob", *ALL)
    edit(BLEEDING, "Ask which drug.", "Ask.")
    edit("source/conf.py", '"emergency": "", "doctor": ""', NUMBERS)
    note("records: [warfarin]", "wording")
    run = clinic(*FOR_USE)
    assert run.stdout.startswith(f"{BLEEDING}: bleeding: 1 record: changed since the sign-off; let somebody")
    assert run.stdout.count("\n") == 1
    sign(clinic, "Bob", "warfarin")
    assert clinic(*FOR_USE).exit_code == 0


def test_what_became_looser_takes_two_people_and_its_author_is_none_of_them(
    released: Callable[..., None], clinic: Callable[..., Result], edit: Callable[..., None]
) -> None:
    released("rule: refer", "rule: adapt")
    edit("source/conf.py", '"emergency": "", "doctor": ""', NUMBERS)
    sign(clinic, "Bob", *ALL)
    sign(clinic, "Ann", "warfarin")
    note("records: [warfarin]")
    run = clinic(*FOR_USE)
    assert run.stdout.startswith(
        f"{BLEEDING}: bleeding: 1 record: looser than before or withdrawn, which takes two people; let"
    )
    assert run.stdout.count("\n") == 1
    sign(clinic, "Cyd", "warfarin")
    assert clinic(*FOR_USE).exit_code == 0


def test_withdrawing_takes_two_people(
    released: Callable[..., None], clinic: Callable[..., Result], edit: Callable[..., None]
) -> None:
    released("id: bruises\n", TOMBSTONE)
    edit("source/conf.py", '"emergency": "", "doctor": ""', NUMBERS)
    sign(clinic, "Bob", *ALL)
    note("records: [bruises]")
    run = clinic(*FOR_USE)
    assert run.stdout.startswith(
        f"{BLEEDING}: bleeding: 1 record: looser than before or withdrawn, which takes two people"
    )
    sign(clinic, "Cyd", "bruises")
    assert clinic(*FOR_USE).exit_code == 0


def test_a_sign_off_by_the_author_of_an_earlier_release_does_not_count(
    released: Callable[..., None], clinic: Callable[..., Result]
) -> None:
    released("Ask which drug.", "Ask.")
    sign(clinic, "Ann", "warfarin")
    note("records: [warfarin]", "wording")
    for version in ("0.2.0", "0.3.0"):
        assert clinic("release", version, "--date", "2026-03-01").exit_code == 0
    assert "bleeding: 1 record: signed off only by the author of a change note; " in clinic(*FOR_USE).stdout


def test_a_sign_off_by_the_author_alone_does_not_count(
    released: Callable[..., None], clinic: Callable[..., Result]
) -> None:
    released("Ask which drug.", "Ask.")
    sign(clinic, "Ann", "warfarin")
    note("records: [warfarin]", "wording")
    assert "bleeding: 1 record: signed off only by the author of a change note; " in clinic(*FOR_USE).stdout


def test_numbers_worked_out_by_code_are_not_seen_and_that_is_said(
    released: Callable[..., None], clinic: Callable[..., Result], edit: Callable[..., None]
) -> None:
    released()
    edit("source/conf.py", 'clinic_numbers = {"emergency": "", "doctor": ""}', "clinic_numbers = dict(emergency='1')")
    run = clinic(*FOR_USE)
    assert "note: 'clinic_numbers' in source/conf.py is not written out in one plain assignment" in run.stderr
    assert "clinic_numbers has no number for: emergency," in run.stdout
    assert clinic("check").stderr == "4 records, no problems\n", "only who asks for the numbers is told"


# --- make release ------------------------------------------------------------------------------------------------


@pytest.fixture
def repository_of_a_handbook(
    handbook: Callable[..., Path], repository: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Put the handbook under git with our Makefile; return a way to run git and make there."""
    folder = handbook({
        "changelog.d/+a.added.md": "A thing.\n", "CHANGELOG.md": "# Changes\n\n<!-- releases -->\n",
        "requirements.txt": "", ".gitignore": ".venv\n",
    })  # fmt: skip
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(repository / name, folder)
    python = folder / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    for name in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES"):
        monkeypatch.delenv(name, raising=False)
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Ann")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "ann@example.org")

    def run(*command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )

    stamp = run("make", "--dry-run", "setup").stdout.rpartition("touch ")[2].strip()
    assert stamp.startswith(".venv/.made-")
    (folder / stamp).touch()
    for command in ("init --quiet", "add --all", "commit --quiet --message First"):
        assert run("git", *command.split()).returncode == 0
    return run


@pytest.mark.slow
def test_make_release_writes_commits_and_tags(
    repository_of_a_handbook: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    run = repository_of_a_handbook
    made = run("make", "release", f"VERSION={__version__}", "DATE=2026-03-01")
    assert made.returncode == 0, made.stdout
    assert run("git", "status", "--porcelain").stdout == ""
    assert run("git", "log", "--format=%s", "-1", f"v{__version__}").stdout == f"Release {__version__}\n"
    assert f"## {__version__} (2026-03-01)\n\n### Added\n\n- A thing." in Path("CHANGELOG.md").read_text()
    assert (RELEASES / f"{__version__}.json").is_file()
    assert not Path("changelog.d/+a.added.md").exists()
    again = run("make", "release", f"VERSION={__version__}", "DATE=2026-03-01")
    assert again.returncode != 0
    assert f"The tag v{__version__} is there already; take the next version." in again.stdout


@pytest.mark.slow
def test_make_release_refuses_before_it_writes(
    repository_of_a_handbook: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    run = repository_of_a_handbook
    for arguments, words in (
        ([f"VERSION={__version__}"], "Name both: make release VERSION="),
        (["VERSION=99.0.0", "DATE=2026-03-01"], "clinic_snippets/__init__.py gives another __version__; write 99.0.0"),
        ([f"VERSION={__version__}", "DATE=soon"], "'soon' is not a date"),
    ):
        refused = run("make", "release", *arguments)
        assert refused.returncode != 0
        assert words in refused.stdout
        assert run("git", "status", "--porcelain").stdout == ""
    Path("new.txt").write_text("")
    refused = run("make", "release", f"VERSION={__version__}", "DATE=2026-03-01")
    assert refused.returncode != 0
    assert "Some files are changed or new (git status)" in refused.stdout
    assert not RELEASES.exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ("who", "git does not know who you are; tell it: git config user.name"),
        ("towncrier", "towncrier cannot write"),
    ],
)
def test_make_release_writes_nothing_when_a_later_step_could_not_end(
    repository_of_a_handbook: Callable[..., subprocess.CompletedProcess[str]],
    monkeypatch: pytest.MonkeyPatch,
    missing: str,
    words: str,
) -> None:
    run = repository_of_a_handbook
    if missing == "who":
        monkeypatch.setenv("GIT_COMMITTER_NAME", "")
    else:
        python = Path(".venv/bin/python")
        python.write_text(python.read_text().replace("exec", 'case "$*" in *towncrier*) exit 1;; esac\nexec'))
    refused = run("make", "release", f"VERSION={__version__}", "DATE=2026-03-01")
    assert refused.returncode != 0
    assert words in refused.stdout
    assert run("git", "status", "--porcelain").stdout == ""
    assert not RELEASES.exists()
