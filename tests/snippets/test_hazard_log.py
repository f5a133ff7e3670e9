"""The hazard log shows each control with its proof, and a proof that is not there fails the build."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from clinic_snippets.library import Library, load_library
from clinic_snippets.records.text import Code, PageLink, RecordLink, plain, walk
from clinic_snippets.snippets import SNIPPETS, Cards
from clinic_snippets.snippets.blocks import Facts

HEADER = "topic: t\nowner: o\nwritten: 2026-01-01\nreview_by: 2027-01-01\nrecords:\n"
HAZARD = """\
- kind: handbook-hazard
  id: stale
  name: A stale copy
  hazard: It is old.
  causes: [Paper stays., Files are passed on.]
  effect: An old rule is followed.
  controls:
    - control: A code **tells**.
      proved_by:
        test: [tests/a/test_codes.py::test_a_code_tells, tests/test_b.py::TestB::test_it_is_seen]
        record: other
        page: the-page
  left: Paper stays.
  synthesis: yes

- kind: handbook-hazard
  id: other
  name: Another
  hazard: It is new.
  causes: Time.
  effect: None is known.
  controls:
    - control: None.
      proved_by:
        page: the-page
  left: All.
  synthesis: yes
"""


def log(folder: Path) -> Cards:
    (folder / "log.yaml").write_text(HEADER + HAZARD)
    library, problems = load_library(folder, [])
    assert problems == []
    shown = SNIPPETS["hazard-log"](library, {})
    assert isinstance(shown, Cards)
    return shown


def test_a_card_says_what_how_what_harm_what_against_it_and_what_remains(tmp_path: Path) -> None:
    card = log(tmp_path).cards[0]
    (facts,) = (block for block in card.body if isinstance(block, Facts))
    assert [heading for heading, _ in facts.items] == [
        "What goes wrong",
        "How it can come about",
        "What may follow for a patient",
        "What stands against it",
        "What remains",
    ]
    assert [plain(cell) for _, cell in facts.items][-1] == "Paper stays."


def test_a_control_stands_with_every_proof(tmp_path: Path) -> None:
    card = log(tmp_path).cards[0]
    (facts,) = (block for block in card.body if isinstance(block, Facts))
    cell = dict(facts.items)["What stands against it"]
    pieces = list(walk(cell))
    assert plain(cell).startswith(
        'A code tells. Shown by test "a code tells" in tests/a/test_codes.py; test "it is seen"'
    )
    assert [piece.text for piece in pieces if isinstance(piece, Code)] == ["tests/a/test_codes.py", "tests/test_b.py"]
    assert [piece.id for piece in pieces if isinstance(piece, RecordLink)] == ["other"]
    assert [piece.target for piece in pieces if isinstance(piece, PageLink)] == ["the-page"]


def test_without_a_hazard_it_does_not_read_as_harmless() -> None:
    assert "does not mean that it cannot do harm" in SNIPPETS["hazard-log"](Library(), {}).empty


def test_a_page_that_is_not_there_fails_the_build_and_is_told_once(project: Any, build_project: Any) -> None:
    files = {
        "conf.py": 'extensions = ["myst_parser", "clinic_snippets"]\nexclude_patterns = ["records"]\n',
        "index.md": "# Home\n\n```{clinic:hazard-log}\n```\n",
        "records/log.yaml": HEADER + HAZARD.replace("record: other\n        ", ""),
    }
    files["records/log.yaml"] = files["records/log.yaml"].replace(", tests/test_b.py::TestB::test_it_is_seen", "")
    missing = build_project(project(files), warningiserror=True)
    assert not missing.ok
    assert missing.warnings.count("no page has the label 'the-page'") == 2  # one for each hazard that names it
    files["index.md"] = "(the-page)=\n" + files["index.md"]
    assert build_project(project(files), warningiserror=True).ok


def test_a_test_that_is_not_there_stops_the_build(project: Any, sphinx_build: Any) -> None:
    root = project({
        "tests/test_b.py": "def test_other():\n    pass\n",
        "source/conf.py": 'extensions = ["myst_parser", "clinic_snippets"]\nexclude_patterns = ["records"]\n',
        "source/index.md": "# Home\n\n(the-page)=\n## Log\n\n```{clinic:hazard-log}\n```\n",
        "source/records/log.yaml": HEADER + HAZARD,
    })  # fmt: skip
    run = sphinx_build("-q", root / "source", root / "out")
    assert run.returncode != 0
    assert "log.yaml:15:16: stale.controls[1].proved_by.test[1]: tests/a/test_codes.py is not there" in run.stdout
    assert "tests/test_b.py has no test 'TestB::test_it_is_seen'; name a test of this file" in run.stdout
