"""What README.md shows is so."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from clinic_snippets.library.load import load_library


@pytest.fixture(scope="module")
def readme(repository: Path) -> str:
    return (repository / "README.md").read_text(encoding="utf-8")


def test_its_precaution_is_one_that_can_be_added(readme: str, repository: Path, tmp_path: Path) -> None:
    """Under another id, since the handbook has this one."""
    records = tmp_path / "records"
    shutil.copytree(repository / "source" / "records", records)
    [entry] = re.findall(r"```yaml\n(.*?)```", readme, re.DOTALL)
    head = "topic: readme\nowner: safety lead\nwritten: 2026-01-01\nreview_by: 2027-01-01\n\nrecords:\n\n"
    (records / "readme.yaml").write_text(head + re.sub(r"(  id: \S+)", r"\1-again", entry), encoding="utf-8")
    library, problems = load_library(records, [repository / "source" / "references.bib"])
    assert not [str(problem) for problem in problems if "readme.yaml" in problem.place.file]
    assert library.get(re.search(r"  id: (\S+)", entry)[1] + "-again")


def test_its_commands_are_targets_of_the_makefile(readme: str, repository: Path) -> None:
    makefile = (repository / "Makefile").read_text(encoding="utf-8")
    commands = set(re.findall(r"`make ([a-z-]+)", readme))
    assert {"handbook", "test"} <= commands
    for command in commands:
        assert re.search(rf"^{command}:", makefile, re.MULTILINE), command


def test_its_tree_leaves_out_no_room(readme: str, repository: Path) -> None:
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", readme, re.DOTALL | re.MULTILINE)
    [tree] = [text for language, text in blocks if not language]
    rooms = set(re.findall(r"(?:^  |;   )([a-z_]+)(?:/|\.py) ", tree, re.MULTILINE))
    there = {
        path.stem
        for path in (repository / "clinic_snippets").iterdir()
        if not path.name.startswith("_") and (path.is_dir() or path.suffix == ".py")
    }
    assert there <= rooms
