"""The example records: every one in ``negative`` gives the messages that it names, at their places, all in one run.

An example says in comments what is expected of it, one message a line; ``<any>`` stands for any words. A new example
is a new file.
"""

from __future__ import annotations

import contextlib
import re
from collections import defaultdict
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clinic_snippets.cli import main

EXAMPLES = Path(__file__).parents[1] / "example-records"
NEGATIVE = EXAMPLES / "negative"
FILES = sorted(str(path.relative_to(NEGATIVE)) for path in NEGATIVE.rglob("*") if path.suffix in (".yaml", ".bib"))
FAULTLESS = {"records/regions.yaml", "records/duplicate-id-a.yaml"}
"""What the others refer to."""
FOURTEEN = {
    *("missing-field", "wrong-word", "wrong-date", "unknown-key", "duplicate-id-b", "dangling-reference"),
    *("unknown-source", "duplicate-yaml-key", "anchor", "comment-after-value", "raw-html", "unknown-role"),
    *("empty-prose", "statement-without-source"),
}


def check(folder: Path, *arguments: str) -> Result:
    """What ``clinic-snippets check`` says when it is called in ``folder``."""
    with contextlib.chdir(folder):
        return CliRunner().invoke(main, ["check", *arguments])


def expected(file: str) -> list[str]:
    """The messages that an example names, as patterns."""
    lines = re.findall(r"^[#%] expected (.*)$", (NEGATIVE / file).read_text(encoding="utf-8"), re.MULTILINE)
    return [re.escape(f"{file}:{line}").replace("<any>", ".*") for line in lines]


@pytest.fixture(scope="module")
def run() -> Result:
    """One run over all negative examples."""
    return check(NEGATIVE)


@pytest.fixture(scope="module")
def messages(run: Result) -> dict[str, list[str]]:
    """What that run printed, by file."""
    by_file = defaultdict(list)
    for line in run.stdout.splitlines():
        by_file[line.partition(":")[0]].append(line)
    return by_file


@pytest.mark.parametrize("file", FILES)
def test_an_example_gives_exactly_its_messages(file: str, messages: dict[str, list[str]]) -> None:
    patterns, found = expected(file), messages.get(file, [])
    assert bool(patterns) == (file not in FAULTLESS), "say what is expected, or name the file in FAULTLESS"
    assert len(found) == len(patterns), "\n".join(found)
    for pattern, line in zip(patterns, found, strict=True):
        assert re.fullmatch(pattern, line)


def test_every_kind_of_broken_record_has_an_example() -> None:
    assert {f"records/{kind}.yaml" for kind in FOURTEEN} <= set(FILES)


def test_the_run_ends_with_a_count_and_exit_code_1(run: Result, messages: dict[str, list[str]]) -> None:
    assert run.exit_code == 1
    total = sum(len(lines) for lines in messages.values())
    assert run.stderr == f"{total} problems in {len(messages)} files\n"


def test_a_message_is_one_line_that_fits_three_of_a_terminal(run: Result) -> None:
    for line in run.stdout.splitlines():
        assert re.match(r"\S+:\d+:\d+: ", line)
        assert len(line) <= 3 * 120


def test_every_place_lies_in_its_file(run: Result) -> None:
    for line in run.stdout.splitlines():
        file, row, column, _rest = line.split(":", 3)
        lines = (NEGATIVE / file).read_text(encoding="utf-8").split("\n")
        assert 1 <= int(row) <= len(lines)
        assert 1 <= int(column) <= len(lines[int(row) - 1]) + 1


def test_the_positive_examples_have_no_problem() -> None:
    run = check(EXAMPLES / "positive")
    assert (run.stdout, run.exit_code) == ("", 0)
    assert re.fullmatch(r"\d+ records, no problems\n", run.stderr)


def test_the_handbook_has_no_problem(repository: Path) -> None:
    run = check(repository)
    assert (run.stdout, run.exit_code) == ("", 0)
