"""The hazard log: every proof that a control names is there, or the place that names it is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from clinic_snippets.cli import main
from clinic_snippets.library import load_library
from clinic_snippets.library.hazard_log import missing_tests
from clinic_snippets.records import HandbookHazard

HEADER = "topic: t\nowner: o\nwritten: 2026-01-01\nreview_by: 2027-01-01\nrecords:\n"
HAZARD = """\
- kind: handbook-hazard
  id: stale
  name: A stale copy
  hazard: It is old.
  causes: Paper stays.
  effect: An old rule is followed.
  controls:
    - control: A code tells.
      proved_by:
        test: {test}
  left: Paper stays.
  synthesis: yes
"""
TESTS = "def test_it_tells():\n    pass\n\ndef helper():\n    pass\n\nclass TestCode:\n    async def test_old(self):\n        pass\n"
GOOD = "tests/test_codes.py::test_it_tells"


@pytest.fixture
def problems(tmp_path: Path) -> Callable[[str], list[str]]:
    """What is said of a handbook with one hazard, in a repository with one test file."""
    (tmp_path / "source/records").mkdir(parents=True)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_codes.py").write_text(TESTS)

    def check(record: str) -> list[str]:
        (tmp_path / "source/records/log.yaml").write_text(HEADER + record)
        library, found = load_library(tmp_path / "source/records", [])
        found += missing_tests(library, tmp_path)
        return [str(problem).replace(f"{tmp_path}/source/records/", "") for problem in found]

    return check


@pytest.mark.parametrize("test", [GOOD, "tests/test_codes.py::TestCode::test_old", f"[{GOOD}, {GOOD}]"])
def test_a_test_that_is_there_is_no_problem(problems: Callable[[str], list[str]], test: str) -> None:
    assert problems(HAZARD.format(test=test)) == []


@pytest.mark.parametrize(
    ("test", "said"),
    [
        (
            "tests/test_codes.py::test_it_tels",
            "tests/test_codes.py has no test 'test_it_tels'; did you mean 'test_it_tells'?",
        ),
        ("tests/test_codes.py::test_old", "tests/test_codes.py has no test 'test_old'; did you mean 'TestCode::test_old'?"),
        (
            "tests/test_gone.py::test_it_tells",
            "tests/test_gone.py is not there; name the file as seen from the folder above the handbook's source",
        ),
    ],
)  # fmt: skip
def test_a_test_that_is_not_there_is_told_at_its_place(
    problems: Callable[[str], list[str]], test: str, said: str
) -> None:
    assert problems(HAZARD.format(test=test)) == [f"log.yaml:15:15: stale.controls[1].proved_by.test: {said}"]


def test_a_file_that_is_no_python_is_told(problems: Callable[[str], list[str]], tmp_path: Path) -> None:
    (tmp_path / "tests/test_codes.py").write_text("def test_it_tells(:\n")
    (found,) = problems(HAZARD.format(test=GOOD))
    assert "tests/test_codes.py cannot be read (" in found


def test_a_source_that_came_without_its_tests_is_not_judged(
    problems: Callable[[str], list[str]], tmp_path: Path
) -> None:
    (tmp_path / "tests").rename(tmp_path / "elsewhere")
    assert problems(HAZARD.format(test=GOOD)) == []


@pytest.mark.parametrize("test", ["tests/test_codes.py", "test_it_tells", "../tests/test_codes.py::test_it_tells",
                                  "tests/test_codes.py::helper", "/tests/test_codes.py::test_it_tells"])  # fmt: skip
def test_what_does_not_name_a_test_is_refused(problems: Callable[[str], list[str]], test: str) -> None:
    (found,) = problems(HAZARD.format(test=test))
    assert f"'{test}' does not name a test; write its file and its function" in found


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("        test: {test}\n", "        record: lost\n", "no record has the id 'lost'"),
        (
            "      proved_by:\n        test: {test}\n",
            "      proved_by: {}\n",
            "proves nothing; name a 'test', a 'record' or a 'page'",
        ),
        ("      proved_by:\n        test: {test}\n", "", "proved_by: missing"),
        ("        test: {test}\n", "        record: []\n", "the list is empty"),
        ("  left: Paper stays.\n", "", "left: missing"),
        ("  synthesis: yes\n", "", "names no source"),
    ],
)
def test_what_a_hazard_needs(problems: Callable[[str], list[str]], old: str, new: str, said: str) -> None:
    assert old in HAZARD
    found = problems(HAZARD.replace(old, new).replace("{test}", GOOD))
    assert any(said in problem for problem in found), found


def test_check_tells_of_it_too(problems: Callable[[str], list[str]], tmp_path: Path) -> None:
    problems(HAZARD.format(test="tests/test_codes.py::test_gone"))
    run = CliRunner().invoke(main, ["check", str(tmp_path / "source")])
    assert run.exit_code == 1
    assert "tests/test_codes.py has no test 'test_gone'" in run.stdout


def test_every_proof_of_the_handbook_is_there(repository: Path) -> None:
    library, _ = load_library(repository / "source/records", [repository / "source/references.bib"])
    assert missing_tests(library, repository) == []
    log = list(library.of(HandbookHazard))
    assert len(log) >= 15
    assert all(any(control.proved_by.test for control in hazard.controls) for hazard in log)
