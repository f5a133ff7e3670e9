"""``clinic-snippets check`` as it is called: where it looks, what it prints in each format, how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clinic_snippets import __version__
from clinic_snippets.cli import main

HEADER = "topic: bleeding\nowner: safety lead\nwritten: 2026-01-01\nreview_by: 2027-01-01\nrecords:\n"
REGION = HEADER + "- kind: region\n  id: neck\n  name: Neck\n"
LONG = "long" * 100
WRONG = HEADER + "- kind: region\n  id: Neck, upper\n  name: 50% <b>\n"


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch, project: Callable[..., Path]) -> Callable[..., Result]:
    """Write files, go there and run ``clinic-snippets check`` with arguments."""

    def run(files: dict[str, str], *arguments: str) -> Result:
        monkeypatch.chdir(project(files))
        return CliRunner().invoke(main, ["check", *arguments])

    return run


def test_without_a_folder_it_looks_into_source(check: Callable[..., Result]) -> None:
    run = check({"source/records/a.yaml": REGION, "records/b.yaml": WRONG})
    assert (run.exit_code, run.stderr) == (0, "1 record, no problems\n")


def test_without_source_it_looks_here(check: Callable[..., Result]) -> None:
    run = check({"records/a.yaml": WRONG, "source/index.md": "not a handbook"})
    assert run.stdout.startswith("records/a.yaml:7:7: Neck, upper.id: 'Neck, upper' is not an id; ")
    assert (run.exit_code, run.stderr) == (1, "1 problem in 1 file\n")


def test_places_are_relative_to_where_it_is_called(check: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "a.yaml").write_text(WRONG)
    run = check({"x": ""}, str(tmp_path))
    place = run.stdout.split(":")[0]
    assert not os.path.isabs(place)
    assert Path(place).resolve() == tmp_path / "records" / "a.yaml"


@pytest.mark.parametrize(
    ("files", "arguments", "words"),
    [
        ({"x": ""}, ["nowhere"], "There is no folder 'nowhere'"),
        ({"notes.txt": ""}, ["notes.txt"], "'notes.txt' is a file, not a folder"),
        ({"x": ""}, [], "There is no records folder 'records'"),
        ({"source/conf.py": "", "source/records/a.yaml": REGION}, ["source/records"], "Did you mean 'source'?"),
        ({"records/notes.txt": ""}, [], "'records' holds no record file. Record files end in .yaml."),
        ({"conf.py": "a = (", "records/a.yaml": REGION}, [], "conf.py:1: this is not Python"),
        ({"conf.py": "\0", "records/a.yaml": REGION}, [], "conf.py"),
        ({"conf.py": f"clinic_records = '{LONG}'"}, [], "name too long"),
        ({"x": ""}, [LONG], "name too long"),
        (
            {"conf.py": "clinic_allowed_numbers = {'a': 5}", "records/a.yaml": REGION},
            [],
            "'a' has no words with reasons",
        ),
        (
            {"conf.py": "clinic_allowed_numbers = {'a': {'b': 5}}", "records/a.yaml": REGION},
            [],
            "has no words with reasons",
        ),
        (
            {"conf.py": "clinic_snippet_files = ['o.py']", "o.py": "import sys\nsys.exit()", "records/a.yaml": REGION},
            [],
            "o.py:2: this code fails with SystemExit",
        ),
        ({"records/a.yaml": REGION}, ["--format", "xml"], "'xml' is not one of 'text', 'json', 'github'"),
    ],
)
def test_what_it_cannot_check_ends_with_exit_code_2(
    check: Callable[..., Result], files: dict[str, str], arguments: list[str], words: str
) -> None:
    run = check(files, *arguments)
    assert (run.exit_code, run.stdout) == (2, "")
    assert words in run.stderr


def test_json_holds_every_part_of_a_problem(check: Callable[..., Result]) -> None:
    run = check({"records/a.yaml": WRONG}, "--format", "json")
    found = json.loads(run.stdout)
    assert found["records"] == 0
    assert found["problems"] == [
        {
            "file": "records/a.yaml",
            "line": 7,
            "column": 7,
            "subject": "Neck, upper.id",
            "message": "'Neck, upper' is not an id",
            "hint": "write lower-case words joined by hyphens, for example 'needle-phobia'",
            "code": "wrong-id",
        }
    ]
    assert json.loads(check({"records/a.yaml": REGION}, "--format", "json").stdout) == {"records": 1, "problems": []}


def test_github_gets_workflow_commands_with_everything_escaped(check: Callable[..., Result]) -> None:
    files = {"records/a,b: 50%.yaml": WRONG.replace("Neck, upper", "'5%: a, b'")}
    run = check(files, "--format", "github")
    assert run.stdout == (
        "::error file=records/a%2Cb%3A 50%25.yaml,line=7,col=7,title=5%25%3A a%2C b.id::'5%25: a, b' is not an id; "
        "write lower-case words joined by hyphens, for example 'needle-phobia'\n"
    )
    assert run.exit_code == 1


def test_a_text_that_was_given_never_breaks_a_line(check: Callable[..., Result]) -> None:
    run = check({"records/a.yaml": HEADER + "- kind: region\n  name: Neck\n  id: |\n    Neck\n    upper\n"})
    assert run.stdout.count("\n") == 1
    assert "'Neck upper' is not an id" in run.stdout


# --- conf.py, read without running it ----------------------------------------------------------------------------

CITING = HEADER + (
    "- kind: hazard\n  id: artery\n  name: Artery\n  region: all\n  muscles: any\n  structure: artery\n"
    "  specialist_only: no\n  avoid: Feel.\n  harm: Bleeding.\n  sources: [brady2014]\n"
)
BIB = "@misc{brady2014, title = {Events}}\n"


@pytest.mark.parametrize(
    "conf",
    [
        "import nothing_like_this\nbibtex_bibfiles = ['refs/a.bib']\nclinic_records = 'data'\n",
        "bibtex_bibfiles: list[str] = ['refs/a.bib']\nclinic_records: str = 'data'\nraise SystemExit('never run')\n",
    ],
)
def test_conf_py_says_where_records_and_references_are(check: Callable[..., Result], conf: str) -> None:
    run = check({"conf.py": conf, "data/a.yaml": CITING, "refs/a.bib": BIB})
    assert (run.exit_code, run.stdout, run.stderr) == (0, "", "1 record, no problems\n")


@pytest.mark.parametrize(
    "conf",
    [
        "names = ['other.bib']\nbibtex_bibfiles = names\n",
        "bibtex_bibfiles = ['other.bib']\nbibtex_bibfiles += ['a.bib']\n",
        "if True:\n    bibtex_bibfiles = ['other.bib']\n",
        "bibtex_bibfiles = 'other.bib'\n",
    ],
)
def test_a_value_worked_out_by_code_is_named_and_the_default_stands(check: Callable[..., Result], conf: str) -> None:
    run = check({"conf.py": conf, "records/a.yaml": CITING, "a.bib": BIB})
    assert (run.exit_code, run.stdout) == (0, "")
    why = (
        "is not what it must be (a list of texts)"
        if "= 'other" in conf
        else "is not written out in one plain assignment"
    )
    assert f"note: 'bibtex_bibfiles' in conf.py {why}, so it was not read" in run.stderr


def test_without_conf_py_every_bibliography_in_the_folder_counts(check: Callable[..., Result]) -> None:
    assert check({"records/a.yaml": CITING, "a.bib": "", "b.bib": BIB}).exit_code == 0


def test_a_bibliography_that_is_missing_is_one_problem(check: Callable[..., Result]) -> None:
    run = check({"conf.py": "bibtex_bibfiles = ['gone.bib']", "records/a.yaml": CITING})
    assert run.stdout == (
        "gone.bib: cannot read the bibliography (No such file or directory); check bibtex_bibfiles in conf.py\n"
    )


# --- the program as a whole --------------------------------------------------------------------------------------


def program(repository: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the program in a process of its own."""
    command = [sys.executable, "-m", "clinic_snippets.cli", *arguments]
    return subprocess.run(command, cwd=repository, env=os.environ | environment, capture_output=True, check=False)


def test_check_starts_without_sphinx_docutils_or_rich(repository: Path) -> None:
    code = (
        "import sys; from clinic_snippets.cli import main; main(['check'], standalone_mode=False); print(*sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=repository, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    loaded = {name.split(".")[0] for name in run.stdout.split()}
    assert "clinic_snippets" in loaded
    assert not loaded & {"sphinx", "docutils", "rich", "myst_parser"}


def test_a_terminal_that_lacks_a_character_gets_a_stand_in(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "a.yaml").write_text(WRONG.replace("Neck", "Nackenschläge ≥ 2"), encoding="utf-8")
    run = program(repository, "check", str(tmp_path), PYTHONIOENCODING="latin-1")
    assert run.returncode == 1
    assert "Nackenschläge ? 2".encode("latin-1") in run.stdout
    assert run.stderr == b"1 problem in 1 file\n"


def test_version_and_unknown_commands(repository: Path) -> None:
    assert program(repository, "--version").stdout.decode() == f"clinic-snippets, version {__version__}\n"
    run = program(repository, "chek")
    assert run.returncode == 2
    assert b"There is no command 'chek'; allowed: check, " in run.stderr
    assert b"did you mean 'check'?" in run.stderr


def test_help_lists_every_command_with_a_sentence(repository: Path) -> None:
    run = program(repository, "--help")
    for line in (b"check     Check all records", b"show      Show what", b"snippets  List all snippets"):
        assert line in run.stdout


def test_a_result_typed_by_hand_in_a_page_is_a_problem(check: Callable[..., Result]) -> None:
    conf = 'exclude_patterns = ["drafts", "old*"]\nclinic_allowed_numbers = {"b": {"95 %": "the method"}}\n'
    files = {
        "conf.py": conf, "records/a.yaml": REGION, "a.md": "# A\n\nSeen in 1 in 10 patients.\n", "b.md": "95 %",
        "drafts/c.md": "5 %", "old.rst": "5 %", "_build/d.md": "5 %",
    }  # fmt: skip
    run = check(files)
    assert run.stdout.startswith("a.md:3:9: '1 in 10' is a share typed by hand; write {clinic:rate}`event@source` or ")
    assert (run.exit_code, run.stderr) == (1, "1 problem in 1 file\n")
