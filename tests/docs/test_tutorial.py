"""The tutorial, done as it says: every file written, every command run, every answer compared."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pypdfium2
import pytest


def run(command: str, folder: Path) -> str:
    """What a command says; ``python`` is the one that runs the tests."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "SOURCE_DATE_EPOCH": "0", "COLUMNS": "80"}
    done = subprocess.run(
        command, shell=True, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        check=False,
    )  # fmt: skip
    # `check` ends with 1 where it finds the slip that the tutorial put there.
    assert done.returncode in ((0, 1) if "check" in command else (0,)), f"{command}\n{done.stdout}"
    return done.stdout


@pytest.fixture(scope="module")
def steps(docs: Path, of_docs: Callable[[str], ModuleType]) -> list[Any]:
    return list(of_docs("code_blocks").blocks(docs / "tutorial" / "your-first-handbook.md"))


@pytest.fixture(scope="module")
def made(
    steps: list[Any], of_docs: Callable[[str], ModuleType], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, list[tuple[str, str]]]:
    """The folder after the tutorial, and each answer that it prints beside the one that came."""
    folder = tmp_path_factory.mktemp("tutorial")
    answers, said = [], ""
    for step in steps:
        if step.caption:
            of_docs("code_blocks").write(step, folder)
        elif step.language == "sh" and not step.untested:
            said = "".join(run(line, folder) for line in step.code.splitlines())
        elif step.language == "text" and said:
            answers.append((step.code, said))
            said = ""
    return folder, answers


def test_it_shows_what_the_commands_answer(made: tuple[Path, list[tuple[str, str]]]) -> None:
    _, answers = made
    # Below the last command stands the list of files.
    assert len(answers) == 2
    for shown, said in answers:
        assert sorted(shown.splitlines()) == sorted(said.splitlines())


def test_it_ends_with_a_published_site(made: tuple[Path, list[tuple[str, str]]]) -> None:
    page = (made[0] / "shared" / "index.html").read_text(encoding="utf-8")
    row = re.search(r"<tr[^>]*>(?:(?!<tr).)*Broken or infected skin.*?</tr>", page, re.DOTALL)
    assert row and "Do not needle this site." in row[0] and "Sierpina 2005" in row[0]
    assert "Only the section on contraindications was read." in page


def test_it_ends_with_a_pdf_of_the_same(made: tuple[Path, list[tuple[str, str]]]) -> None:
    document = pypdfium2.PdfDocument(made[0] / "shared" / "my-handbook.pdf")
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    assert "Broken or infected skin" in text and "Do not use after" in text and "2027-11-22" in text


def test_publishing_again_replaces_what_was_there(steps: list[Any], made: tuple[Path, list[tuple[str, str]]]) -> None:
    [publish] = [step for step in steps if step.language == "sh" and "shared" in step.code]
    page = made[0] / "build" / "html" / "index.html"
    page.write_text(page.read_text(encoding="utf-8") + "<!-- changed -->", encoding="utf-8")
    for line in publish.code.splitlines():
        run(line, made[0])
    assert (made[0] / "shared" / "index.html").read_text(encoding="utf-8").endswith("<!-- changed -->")
    assert not (made[0] / "shared" / "html").exists()


def test_it_names_the_files_that_are_there(steps: list[Any], made: tuple[Path, list[tuple[str, str]]]) -> None:
    listed = {line.split()[0] for line in steps[-1].code.splitlines()}
    assert listed == {step.caption for step in steps if step.caption and "," not in step.caption}
    assert all((made[0] / name).is_file() for name in listed)
