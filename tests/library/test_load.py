"""Checks across files: one slip is one problem, wherever else it is felt, and hides no other.

What each message says stands in ``tests/example-records``.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from clinic_snippets.library import load, load_library

HEADER = "topic: t\nowner: o\nwritten: 2026-01-01\nreview_by: 2027-01-01\nrecords:\n"
NECK = "- kind: region\n  id: neck\n  name: Neck\n"
UPPER = "- kind: region\n  id: upper-neck\n  name: Upper neck\n  within: neck\n  see_also: [neck]\n  sources: [brady]\n"
BIB = "@misc{brady, title = {Events}}\n"


@pytest.fixture
def problems(tmp_path: Path) -> Callable[..., list[str]]:
    """Load a folder with ``neck.yaml``, ``upper.yaml`` (which refers to it and to a source) and a bibliography."""

    def load(neck: str = HEADER + NECK, upper: str = HEADER + UPPER, bib: str | None = BIB) -> list[str]:
        (tmp_path / "neck.yaml").write_text(neck)
        (tmp_path / "upper.yaml").write_text(upper)
        if bib is not None:
            (tmp_path / "a.bib").write_text(bib)
        return [f"{p.subject} {p.code}" for p in load_library(tmp_path, [tmp_path / "a.bib"])[1]]

    return load


def test_sound_files_have_no_problem(problems: Callable[..., list[str]]) -> None:
    assert problems() == []


@pytest.mark.parametrize(
    ("neck", "found"),
    [
        (HEADER + NECK.replace("name", "nmae"), ["neck.name missing-field", "neck.nmae unknown-field"]),
        (HEADER + NECK.replace("region", "regoin"), ["neck.kind unknown-kind"]),
        (HEADER + NECK.replace("Neck", "Neck: a"), ["neck.name yaml-syntax"]),
        (HEADER + NECK.replace("Neck", "Neck\u2028"), [" unseen-character"]),
        (HEADER.replace("topic: t\n", "") + NECK, ["topic missing-field"]),
        (HEADER + NECK.replace("Neck", "|\n    Neck\n    and throat"), ["neck.name several-lines"]),
        (HEADER + NECK + "  note: <b>\n", ["neck.note prose-markup"]),
    ],
    ids=["field", "kind", "not YAML", "unseen character", "header", "several lines", "prose"],
)  # fmt: skip
def test_who_refers_to_a_faulty_record_is_not_reported(
    problems: Callable[..., list[str]], neck: str, found: list[str]
) -> None:
    assert problems(neck=neck) == found


@pytest.mark.parametrize("bib", ["@misc{brady, title = {Events}", None], ids=["broken", "missing"])
def test_who_cites_a_faulty_entry_is_not_reported(problems: Callable[..., list[str]], bib: str | None) -> None:
    assert len(problems(bib=bib)) == 1


def test_a_faulty_record_is_checked_as_far_as_it_can_be_read(problems: Callable[..., list[str]]) -> None:
    upper = UPPER.replace("name: Upper neck", "nmae: Upper neck").replace("[neck]", "[nekc]").replace("brady", "bradey")
    assert problems(upper=HEADER + upper.replace("within: neck", "within: nekc")) == [
        "upper-neck.name missing-field",
        "upper-neck.nmae unknown-field",
        "upper-neck.within unknown-region",
        "upper-neck.see_also[1] dangling-reference",
        "upper-neck.sources[1] unknown-source",
    ]


def test_a_faulty_record_is_not_in_the_library(tmp_path: Path) -> None:
    (tmp_path / "neck.yaml").write_text(HEADER + NECK + UPPER.replace("neck", "leg").replace("name", "nmae"))
    library, problems = load_library(tmp_path, [])
    assert list(library.records) == ["neck"]
    assert problems


def test_a_record_knows_its_place(tmp_path: Path) -> None:
    (tmp_path / "neck.yaml").write_text(HEADER + NECK)
    library, _ = load_library(tmp_path, [])
    place = library.place(library.records["neck"])
    assert place
    assert (Path(place.file).name, place.line, place.column) == ("neck.yaml", 6, 3)


def test_every_wrong_name_is_told_and_only_the_first_with_the_one_most_like_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a bibliography of thousands that is the wrong one, the comparing would take minutes."""
    compared: list[int] = []
    monkeypatch.setattr(load, "nearest", lambda word, names: compared.append(len(names)) or f"like {word}")
    keys = [f"key-{number}" for number in range(1000)]
    (tmp_path / "a.bib").write_text("".join(f"@misc{{{key}, title = {{T}}}}\n" for key in keys))
    records = (f"- kind: region\n  id: {key}\n  name: R\n  sources: [{key}x]\n" for key in keys)
    (tmp_path / "a.yaml").write_text(HEADER + "".join(records))
    problems = load_library(tmp_path, [tmp_path / "a.bib"])[1]
    assert {problem.code for problem in problems} == {"unknown-source"} and len(problems) == 1000
    assert 100 < len(compared) < 1000 and problems[0].hint == "like key-0x"
    assert [problem.hint for problem in problems].count("add the entry to the .bib file") == 1000 - len(compared)
