"""Any text at all: the readers give data or problems with a place in the file, and never raise."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from clinic_snippets.library import load_library
from clinic_snippets.problems import Problem
from clinic_snippets.reading.prose import read_prose
from clinic_snippets.reading.yaml_events import read_yaml
from clinic_snippets.records.text import walk

LITTLE = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
MUCH = settings(LITTLE, max_examples=20_000)

# Pieces that mean something to the readers, so that the dice fall into the interesting places.
YAML = (
    ["topic", "owner", "written", "review_by", "records", "kind", "id", "name", "within", "why", "sources", "see_also"]
    + ["precaution", "region", "hazard", "2026-01-01", "neck", "yes", "<<", "disagreement", "views", "view", "text"]
    + [": ", ":", "- ", "-", "|", "|\n", "|2\n", ">", ">-\n", "\n", "\n  ", "\n    ", "\t", " ", " #", "#", "&a ", "*a"]
    + ["!!str ", "!", '"', "'", "[", "]", "{", "}", ",", "? ", "---\n", "...\n", "%YAML 1.1\n", "\\x41", "@", "`"]
    + ["\r\n", "\r", "\x85", "\u2028", "\ufeff", "\0", "\x07", "\xa0", "é", "\U0001f600", "<b>", "{cite:p}`x`"]
)
PROSE = (
    ["word", "**", "*", "_", "`", "``", "\\", "[", "]", "(", ")", "](", "<", ">", "<b>", "<!--", "-->", "&amp;", "&"]
    + ["{", "}", "{ref}", "{clinic:ref}`a`", "{cite:p}`a, b`", "{nope}`x`", "![", "https://x.org", "mailto:a@b.org"]
    + ["\n", "\n\n", "\n    ", "\n- ", "\n  - ", "\n1. ", "\n7) ", "\n> ", "\n# ", "\n---\n", "\n===\n", "```", "~~~"]
    + ["  \n", "\t", "|", "[a]: b", "\xa0", "é", "\U0001f600", "\ufeff"]
)


def texts(pieces: list[str]) -> st.SearchStrategy[str]:
    """Texts of known pieces, of any characters, or of both."""
    return st.lists(st.sampled_from(pieces) | st.text(max_size=6), max_size=40).map("".join)


RECORDS = st.tuples(
    st.sampled_from(
        ["", "topic: a\nowner: b\nwritten: 2026-01-01\nreview_by: 2027-01-01\nrecords:\n- kind: region\n  "]
    ),
    texts(YAML),
).map("".join)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all examples of a test."""
    return tmp_path_factory.mktemp("records")


def check_places(problems: list[Problem], text: str) -> None:
    """Every problem says something, on one line, at a place that the file has."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for problem in problems:
        assert problem.message
        assert "\n" not in str(problem)
        assert 1 <= problem.place.line <= len(lines)
        assert 1 <= problem.place.column <= len(lines[problem.place.line - 1]) + 1


def check_yaml(text: str) -> None:
    data, marks, problems = read_yaml(text, "a.yaml")
    assert (data is None) == (marks is None)
    assert data is not None or problems
    check_places(problems, text)


def check_prose(text: str) -> None:
    blocks, troubles = read_prose(text)
    assert all(0 <= offset <= len(text) and message and code for offset, message, _hint, code in troubles)
    if text.strip() and not troubles:
        assert blocks
        assert list(walk(blocks))


def check_folder(folder: Path, text: str) -> None:
    (folder / "a.yaml").write_text(text, encoding="utf-8", newline="")
    library, problems = load_library(folder, [])
    assert len(library) or problems
    check_places(problems, text)


@given(texts(YAML))
@LITTLE
def test_any_text_as_yaml(text: str) -> None:
    check_yaml(text)


@given(texts(PROSE))
@LITTLE
def test_any_text_as_prose(text: str) -> None:
    check_prose(text)


@given(text=RECORDS)
@example(text="|\n\n  topic")
@LITTLE
def test_any_text_as_a_record_file(folder: Path, text: str) -> None:
    check_folder(folder, text)


@pytest.mark.full
@given(texts(YAML))
@MUCH
def test_much_text_as_yaml(text: str) -> None:
    check_yaml(text)


@pytest.mark.full
@given(texts(PROSE))
@MUCH
def test_much_text_as_prose(text: str) -> None:
    check_prose(text)


@pytest.mark.full
@given(text=RECORDS)
@MUCH
def test_many_record_files(folder: Path, text: str) -> None:
    check_folder(folder, text)
