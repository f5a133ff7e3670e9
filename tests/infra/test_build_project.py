"""The helper that builds small projects inside the test process leaves nothing behind for the next one."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docutils.parsers.rst import directives

CONF = """
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
extensions = ["local"]
"""
EXTENSION = """
from docutils import nodes
from docutils.parsers.rst import Directive


class Greeting(Directive):
    def run(self):
        return [nodes.paragraph(text="{greeting}")]


def setup(app):
    app.add_directive("greeting", Greeting)
    return {{"parallel_read_safe": True, "parallel_write_safe": True}}
"""
PAGE = """
Page
====

.. greeting::
"""


def test_projects_do_not_see_each_other(project: Callable[..., Path], build_project: Callable[..., Any]) -> None:
    path = sys.path.copy()
    for greeting in ("Good morning", "Good evening"):
        folder = project({"conf.py": CONF, "local.py": EXTENSION.format(greeting=greeting), "index.rst": PAGE})
        build = build_project(folder, warningiserror=True)
        assert build.ok
        assert greeting in build.read("index.html")
        assert "local" not in sys.modules
        assert sys.path == path
        assert "greeting" not in directives._directives


def test_a_second_build_reads_only_what_changed(
    project: Callable[..., Path], build_project: Callable[..., Any]
) -> None:
    folder = project({"conf.py": "", "index.rst": "A\n=\n\n.. toctree::\n\n   b\n", "b.rst": "B\n=\n"})
    assert "2 added, 0 changed, 0 removed" in build_project(folder).status
    (folder / "b.rst").write_text("B\n=\n\nMore.\n", encoding="utf-8")
    build = build_project(folder)
    assert "0 added, 1 changed, 0 removed" in build.status
    assert "More." in build.read("b.html")
    assert "2 added" in build_project(folder, freshenv=True).status


@pytest.mark.parametrize("parallel", [0, 2])
def test_warnings_come_as_text_and_count_when_they_are_errors(
    project: Callable[..., Path], build_project: Callable[..., Any], parallel: int
) -> None:
    folder = project({"conf.py": "", "index.rst": "A\n=\n\n:doc:`nowhere`\n"})
    lenient = build_project(folder, parallel=parallel)
    assert lenient.ok
    assert "index.rst:4: WARNING: unknown document: 'nowhere'" in lenient.warnings
    assert "\x1b" not in lenient.warnings
    assert not build_project(folder, warningiserror=True, freshenv=True).ok


def test_builders_and_settings_can_be_chosen(
    project: Callable[..., Path], build_project: Callable[..., Any], tmp_path: Path
) -> None:
    folder = project(
        {"conf.py": "exclude_patterns = ['draft.rst']", "index.rst": "|release|\n", "draft.rst": "Draft\n"}
    )
    build = build_project(
        folder, "text", outdir=tmp_path / "out", confoverrides={"release": "7.5"}, warningiserror=True
    )
    assert build.ok
    assert build.read("index.txt").strip() == "7.5"
    assert not list(folder.glob("_build"))


def test_a_project_may_start_from_another_folder(project: Callable[..., Path]) -> None:
    first = project({"a.txt": "one\n", "b/c.txt": "two\n"})
    second = project({"b/c.txt": "changed\n"}, base=first)
    assert (second / "a.txt").read_text(encoding="utf-8") == "one\n"
    assert (second / "b/c.txt").read_text(encoding="utf-8") == "changed\n"
    assert (first / "b/c.txt").read_text(encoding="utf-8") == "two\n"


def test_a_build_in_another_language_does_not_colour_the_next(project, build_project) -> None:
    files = {"conf.py": "language = 'fr'\n", "index.rst": "Index\n=====\n\n.. warning:: Text.\n"}
    french = build_project(project(files), "text").read("index.txt")
    english = build_project(project({**files, "conf.py": ""}), "text").read("index.txt")
    assert "Warning:" in english
    assert "Warning:" not in french
