"""The same source gives the same bytes: in any folder, language, time zone, with any hash seed and any number of processes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
BUILD = """
import sys
from sphinx.cmd.build import main
source, out, *options = sys.argv[1:]
for builder in ("html", "typstpdf"):
    code = main(["-q", *options, "-b", builder, "-d", f"{out}/doctrees", source, f"{out}/{builder}"])
    if code:
        sys.exit(code)
"""
# Between the two time zones lie 26 hours, so their dates differ at every moment. In the first locale Python takes files
# for ASCII, unless it is told otherwise.
HERE = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "TZ": "EARLY+12", "PYTHONHASHSEED": "1"}
THERE = {"LC_ALL": "C.UTF-8", "TZ": "LATE-14", "PYTHONHASHSEED": "2"}


def build(source: Path, out: Path, *options: str, **environment: str) -> None:
    """Build web pages and PDF in a process of its own, which stands where its output goes."""
    out.mkdir(parents=True)
    known = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "SOURCE_DATE"))}
    command = [sys.executable, "-c", BUILD, str(source), str(out), *options]
    run = subprocess.run(command, cwd=out, env=known | environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def compare(parts: ModuleType, source: Path, elsewhere: Path, tmp_path: Path, **environment: str) -> None:
    shutil.copytree(source, elsewhere, ignore=shutil.ignore_patterns("__pycache__"))
    build(source, tmp_path / "out", "-j", "1", **HERE, **environment)
    build(elsewhere, tmp_path / "another" / "output folder", "-j", "2", **THERE, **environment)
    for builder in ("html", "typstpdf"):
        ours, theirs = tmp_path / "out" / builder, tmp_path / "another" / "output folder" / builder
        assert any(ours.glob("*.html" if builder == "html" else "*.pdf"))
        assert parts.difference(ours, theirs) == ""


@pytest.mark.slow
def test_a_small_handbook(parts: ModuleType, tmp_path: Path) -> None:
    handbook = parts.Handbook(tmp_path / "source")
    handbook.write()
    compare(parts, tmp_path / "source", tmp_path / "a" / "deeper" / "folder with blanks", tmp_path)


@pytest.mark.full
def test_the_real_handbook(parts: ModuleType, tmp_path: Path) -> None:
    compare(parts, REPOSITORY / "source", tmp_path / "a" / "source", tmp_path, SOURCE_DATE_EPOCH="0")
