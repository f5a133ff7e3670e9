"""``clinic-snippets show`` and ``snippets``: a handbook's tables in the terminal, its own snippets included."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clinic_snippets.cli import main
from clinic_snippets.snippets import SNIPPETS

RECORDS = """
    topic: bleeding
    owner: safety lead
    written: 2026-01-01
    review_by: 2027-01-01

    records:

    - kind: region
      id: neck
      name: Neck

    - kind: precaution
      id: anticoagulants
      name: Anticoagulants
      level: precaution
      applies_to: person
      rule: adapt
      regions: [neck]
      techniques: [deep needling]
      action: Ask which drug.
      why: It may bleed.
      sources: [brady2014]
"""
OWN = '''
    """A handbook's own snippet."""

    from clinic_snippets.library import Library
    from clinic_snippets.records import Hazard
    from clinic_snippets.records.text import Paragraph, Words
    from clinic_snippets.snippets import Column, Row, Table, snippet


    @snippet
    def names_only(library: Library, *, shout: bool = False) -> Table:
        """The names of all records."""
        names = [(r.id, r.name.upper() if shout else r.name) for r in library.of()]
        rows = tuple(Row(identifier, ((Paragraph((Words(name),)),),)) for identifier, name in names)
        return Table("Names", (Column("Name"),), rows, "There are no names.")
'''
HANDBOOK = {
    "conf.py": "clinic_snippet_files = ['own.py']",
    "references.bib": "@misc{brady2014, title = {Events}, year = {2014}, author = {Brady, Sarah}, grade = {A}}",
    "records/a.yaml": RECORDS,
    "own.py": OWN,
}


@pytest.fixture
def clinic(monkeypatch: pytest.MonkeyPatch, project: Callable[..., Path]) -> Callable[..., Result]:
    """Write a handbook, changed by ``files``, go there and run ``clinic-snippets`` with arguments."""
    monkeypatch.setenv("COLUMNS", "160")

    def run(*arguments: str, **files: str) -> Result:
        changed = {
            name.replace("__", "/").replace("_py", ".py").replace("_yaml", ".yaml"): t for name, t in files.items()
        }
        monkeypatch.chdir(project(HANDBOOK | changed))
        return CliRunner().invoke(main, list(arguments))

    return run


def test_a_table_is_shown_with_its_headings_and_citations(clinic: Callable[..., Result]) -> None:
    run = clinic("show", "precaution-table", "--level", "precaution", "--region=neck")
    assert run.exit_code == 0
    assert run.stderr == ""
    for words in ("Precautions", "What to do", "Anticoagulants", "Ask which drug.", "[Brady 2014] (A)"):
        assert words in run.stdout


def test_source_names_the_folder_wherever_it_stands(
    clinic: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic("--version")
    handbook = str(Path.cwd())
    monkeypatch.chdir(tmp_path)
    for arguments in (
        ["show", "--source", handbook, "names-only", "--shout"],
        ["show", "names-only", "--shout", "--source", handbook],
    ):
        run = CliRunner().invoke(main, arguments)
        assert "ANTICOAGULANTS" in run.stdout, run.output


def test_an_empty_result_says_so_and_warns(clinic: Callable[..., Result]) -> None:
    run = clinic("show", "precaution-table", "--level", "contraindication")
    assert "This does not mean that needling is safe here." in run.stdout
    assert run.stderr == "warning: precaution-table is empty with these options\n"
    assert run.exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "name a snippet; allowed: "),
        (["precaution-tabel"], "there is no snippet 'precaution-tabel'; "),
        (["precaution-tabel"], "did you mean 'precaution-table'?"),
        (["precaution-table", "--levle", "precaution"], "No such option '--levle'. Did you mean '--level'?"),
        (
            ["precaution-table", "--level", "high"],
            "'high' is not a value of 'level'; allowed: contraindication, precaution",
        ),
        (
            ["precaution-table", "--region", "nek"],
            "'nek' is not a value of 'region'; allowed: neck; did you mean 'neck'?",
        ),
        (["precaution-table", "--technique", "deep"], "'deep' is not a value of 'technique'; allowed: deep needling"),
        (["precaution-table", "--level"], "Option '--level' requires an argument"),
        (["precaution-table", "neck"], "unexpected extra argument (neck)"),
        (["names-only", "--shout=yes"], "Option '--shout' does not take a value"),
        (["names-only", "--source", "nowhere"], "There is no folder 'nowhere'"),
    ],
)
def test_a_slip_in_the_call_is_named_with_the_way_out(
    clinic: Callable[..., Result], arguments: list[str], words: str
) -> None:
    run = clinic("show", *arguments)
    assert (run.exit_code, run.stdout) == (2, "")
    assert words in run.stderr


def test_nothing_is_shown_while_records_have_problems(clinic: Callable[..., Result]) -> None:
    """A row that is missing because of a slip would read as "nothing to know here"."""
    run = clinic("show", "precaution-table", records__a_yaml=RECORDS.replace("adapt", "adpat"))
    assert (run.exit_code, run.stdout) == (1, "")
    assert run.stderr == ("Nothing is shown, because the records have problems. See: clinic-snippets check .\n")


def test_help_is_about_the_snippet_once_there_is_one(clinic: Callable[..., Result]) -> None:
    run = clinic("show", "precaution-table", "--help")
    assert "Usage: clinic-snippets show precaution-table [OPTIONS]" in run.stdout
    assert "one of: contraindication, precaution" in run.stdout
    assert "Usage: clinic-snippets show" in clinic("show", "--help").stdout.replace("main", "clinic-snippets")


def test_the_list_has_every_snippet_with_its_options_and_first_line(clinic: Callable[..., Result]) -> None:
    run = clinic("snippets")
    assert run.exit_code == 0
    for name, snippet in SNIPPETS.items():
        assert f"\n{name}  {snippet.summary[:40]}" in f"\n{run.stdout}"
        for option in snippet.options:
            assert f"--{option} " in run.stdout
    assert "names-only  The names of all records.\n  --shout  a flag; it takes no value" in run.stdout
    assert "--region     the id of a region" in run.stdout


@pytest.mark.parametrize(
    ("own", "words"),
    [
        (
            "import nothing_like_this\n",
            "own.py:1: this code fails with ModuleNotFoundError: No module named 'nothing_l",
        ),
        ("import os\n\ndef f(:\n", "own.py:3: this is not Python (invalid syntax)"),
        (
            "from clinic_snippets.snippets import snippet\n\n@snippet\ndef f(library, level=None):\n    pass\n",
            "own.py:3: f: option 'level' must be keyword-only and have a default",
        ),
    ],
)
def test_an_own_snippet_that_cannot_be_loaded_is_named_with_its_line(
    clinic: Callable[..., Result], own: str, words: str
) -> None:
    for command in (["snippets"], ["show", "record-index"]):
        run = clinic(*command, own_py=own)
        assert (run.exit_code, run.stdout) == (2, "")
        assert words in run.stderr


def test_own_snippet_file_that_is_missing(clinic: Callable[..., Result]) -> None:
    run = clinic("snippets", conf_py="clinic_snippet_files = ['gone.py']")
    assert run.stderr == "Error: gone.py: there is no such Python file; check clinic_snippet_files in conf.py\n"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "r.name.upper() if shout else r.name",
            "r.nam",
            "own.py:12: names-only: this code fails with AttributeError: ",
        ),
        (
            'return Table("Names"',
            'print("Names"',
            "names-only: this code fails with TypeError: it returns NoneType, not Table",
        ),
        (
            "Row(identifier",
            "Row('nobody'",
            "names-only: this code fails with LookupError: no record has the id 'nobody'",
        ),
    ],
)
def test_an_own_snippet_that_fails_is_named_with_its_line(
    clinic: Callable[..., Result], old: str, new: str, words: str
) -> None:
    run = clinic("show", "names-only", own_py=OWN.replace(old, new))
    assert run.exit_code == 1
    assert words in run.stderr
    assert "Traceback" not in run.output
