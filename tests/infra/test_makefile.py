"""The Makefile: what it offers, what it refuses, and that a failed build does not pass the second time."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest


def make(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run make in ``folder`` as a user would, not as a part of the make that may have started the tests."""
    clean = {
        name: value
        for name, value in os.environ.items()
        if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES")
    }
    return subprocess.run(
        ["make", *arguments],
        cwd=folder,
        env=clean | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


@pytest.fixture
def handbook(project: Callable[..., Path], repository: Path) -> Path:
    """A one-page handbook under our Makefile, in a folder with a space in its name.

    Its environment is the one the tests run in: no package is installed here.
    """
    folder = project(
        {
            "source/conf.py": "project = 'Small'\n",
            "source/index.rst": "Small\n=====\n\nText.\n",
            "requirements.txt": "",
            "pyproject.toml": "",
        }
    )
    shutil.copy(repository / "Makefile", folder)
    folder = folder.rename(folder.with_name(f"{folder.name} with space"))
    python = folder / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    stamp = re.search(r"touch (\.venv/\.made-\d+)", make(folder, "--dry-run", "setup").stdout)
    assert stamp
    (folder / stamp[1]).touch()
    return folder


def test_help_tells_every_target(repository: Path) -> None:
    targets = re.search(r"^\.PHONY: (.+)$", (repository / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)[
        1
    ].split()
    told = make(repository, "help").stdout
    assert "handbook" in targets
    for target in targets:
        assert re.search(rf"^  {target} +\w.+", told, re.MULTILINE), f"make help says nothing of {target}"
    assert make(repository).stdout == told


def test_an_old_python_is_refused_by_name(handbook: Path) -> None:
    old = handbook / "old-python"
    old.write_text('#!/bin/sh\ncase "$2" in *exit*) exit 1;; *) echo /usr 3.9.2;; esac\n', encoding="utf-8")
    old.chmod(0o755)
    run = make(handbook, "setup", f"PYTHON={old}")
    assert run.returncode != 0
    assert "Python 3.11 or newer is needed" in run.stdout
    assert "3.9.2" in run.stdout
    assert (handbook / ".venv" / "bin" / "python").exists(), "the environment that is there must stay"


def test_a_python_that_is_not_there_is_said(handbook: Path) -> None:
    run = make(handbook, "html", "PYTHON=python3.99")
    assert run.returncode != 0
    assert '"python3.99" is not there' in run.stdout


def test_a_changed_lock_asks_for_a_new_environment(handbook: Path) -> None:
    assert "Nothing to be done" in make(handbook, "setup").stdout
    (handbook / "requirements.txt").write_text("# changed\n", encoding="utf-8")
    assert "pip sync" in make(handbook, "--dry-run", "setup").stdout


@pytest.mark.slow
def test_a_failed_build_fails_again_until_it_is_mended(handbook: Path) -> None:
    """Sphinx gives a reading warning once; without care the second build would pass."""
    page = handbook / "source" / "index.rst"
    good = page.read_text(encoding="utf-8")
    page.write_text(good + "\n.. nosuchdirective::\n", encoding="utf-8")
    for _ in range(2):
        run = make(handbook, "html")
        assert run.returncode != 0
        assert "nosuchdirective" in run.stdout
    page.write_text(good, encoding="utf-8")
    run = make(handbook, "html")
    assert run.returncode == 0, run.stdout
    assert (handbook / "_build" / "html" / "index.html").exists()
    assert "reading sources" in run.stdout, "the build must show its progress"


@pytest.mark.slow
def test_what_a_killed_build_had_read_does_not_count(handbook: Path) -> None:
    """It had given its warning and kept what it read when it was ended; the next build must warn again."""
    killing = "import os\n\ndef setup(app):\n    app.connect('html-page-context', lambda *_: os.kill(os.getpid(), 9))\n"
    conf, page = handbook / "source" / "conf.py", handbook / "source" / "index.rst"
    page.write_text(page.read_text(encoding="utf-8") + "\n.. nosuchdirective::\n", encoding="utf-8")
    conf.write_text(killing, encoding="utf-8")
    assert make(handbook, "html").returncode != 0
    assert (handbook / "_build" / "doctrees" / "environment.pickle").exists(), "it was not killed after reading"
    conf.write_text("", encoding="utf-8")
    run = make(handbook, "html")
    assert run.returncode != 0
    assert "nosuchdirective" in run.stdout


@pytest.mark.slow
def test_what_an_ended_build_had_read_is_used_again(handbook: Path) -> None:
    assert make(handbook, "html").returncode == 0
    again = make(handbook, "html").stdout
    assert "0 added, 0 changed, 0 removed" in again


@pytest.mark.full
@pytest.mark.parametrize("installer", ["uv", "uv from the lock", "pip alone"])
def test_a_fresh_clone_makes_the_handbook(repository: Path, tmp_path: Path, installer: str) -> None:
    """Needs the network: all of `make handbook`, the environment included."""
    clone = tmp_path / "a clone"
    ignored = shutil.ignore_patterns(".venv", "_build", ".git", "__pycache__", ".*_cache")
    shutil.copytree(repository, clone, ignore=ignored)
    path = "/usr/bin:/bin"
    if installer == "uv":
        path = os.environ["PATH"]
    elif installer == "pip alone":
        # A uv that answers but cannot install stands for one that cannot be had.
        unable = tmp_path / "bin" / "uv"
        unable.parent.mkdir()
        unable.write_text('#!/bin/sh\n[ "$1" = --version ]\n', encoding="utf-8")
        unable.chmod(0o755)
        path = f"{unable.parent}:{path}"
    run = make(clone, "handbook", f"PYTHON={sys.executable}", PATH=path)
    assert run.returncode == 0, run.stdout
    assert (clone / "_build" / "html" / "index.html").exists()
    assert (clone / "_build" / "pdf" / "dry-needling-handbook.pdf").read_bytes().startswith(b"%PDF-")
    assert (clone / ".venv" / "bin" / "clinic-snippets").exists()
