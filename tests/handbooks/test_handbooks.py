"""Small whole handbooks: the good ones build without a word, the bad ones are told where, what, and the way out.

Each is a folder. In ``negative``, ``expected.txt`` holds every message of the build, in order; in ``positive``, lines that
stand on the pages. Records by themselves are in ``tests/example-records``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from sphinx.errors import SphinxError

HERE = Path(__file__).parent
NEGATIVE, POSITIVE = (
    sorted(path.parent for path in HERE.glob(f"{kind}/*/conf.py")) for kind in ("negative", "positive")
)


pytestmark = pytest.mark.usefixtures("forget_own_declarations")


def by_name(folder: Path) -> str:
    return folder.name


def test_there_are_twenty_of_each() -> None:
    assert len(NEGATIVE) >= 20 and len(POSITIVE) >= 20


def messages(folder: Path, build_project: Callable[..., Any]) -> list[str]:
    """What a build of ``folder`` says, with paths from there."""
    try:
        said = build_project(folder, warningiserror=True).warnings
    except SphinxError as error:
        said = str(error)
    return said.replace(f"{folder}/", "").strip().splitlines()


@pytest.mark.parametrize("case", NEGATIVE, ids=by_name)
def test_a_broken_handbook_is_told_what_is_wrong(
    case: Path, project: Callable[..., Path], build_project: Callable[..., Any]
) -> None:
    expected = (case / "expected.txt").read_text("utf-8").splitlines()
    assert messages(project({}, base=case), build_project) == expected
    assert expected


@pytest.mark.parametrize("case", POSITIVE, ids=by_name)
def test_a_good_handbook_builds_and_shows_what_it_holds(
    case: Path, project: Callable[..., Path], build_project: Callable[..., Any]
) -> None:
    build = build_project(project({}, base=case), warningiserror=True)
    assert build.warnings == "" and build.ok
    words = " ".join(lxml.html.fromstring(build.read("index.html")).text_content().split())
    words = re.sub(r"\s+([.,:;])", r"\1", words)
    for line in (case / "expected.txt").read_text("utf-8").splitlines():
        assert line in words
