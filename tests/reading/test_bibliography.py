"""BibTeX to sources; what a broken file is told stands in ``tests/example-records/negative/references.bib``."""

from __future__ import annotations

from pathlib import Path

import pytest

from clinic_snippets.reading import bibliography
from clinic_snippets.reading.bibliography import read_bibliography
from clinic_snippets.reading.files import text_of
from clinic_snippets.records import Grade, Read, Source

GOOD = "@misc{good, title = {A {DNA} page}, year = {2020}, grade = {A-}, read = {page}, caution = {One case.}}\n"


@pytest.fixture
def bib(tmp_path: Path) -> Path:
    return tmp_path / "references.bib"


def test_a_source_has_its_label_title_grade_and_what_was_read(bib: Path) -> None:
    bib.write_text(GOOD)
    sources, problems = read_bibliography([bib])
    assert not problems
    label = "A DNA page 2020"
    fields = (("caution", "One case."), ("grade", "A-"), ("read", "page"), ("title", "A {DNA} page"), ("year", "2020"))
    assert sources == {"good": Source("good", label, "A DNA page", Grade.A_MINUS, Read.PAGE, "One case.", fields)}


@pytest.mark.parametrize(
    "broken",
    [
        "@misc{broken, title = {A page",
        "@misc{broken, title = {A page} year = {2020}}",
        "@misc{broken, title = {A page}, title = {Another}}",
        "@misc{broken, title = unquoted}",
        "@misc{broken, author = {A, B, C, D, E}}",
        "@misc{broken",
    ],
)
@pytest.mark.parametrize("first", [True, False], ids=["broken first", "broken last"])
def test_a_broken_entry_is_one_problem_and_spoils_no_other(bib: Path, broken: str, first: bool) -> None:
    bib.write_text(f"{broken}\n\n{GOOD}" if first else f"{GOOD}\n{broken}\n")
    sources, problems = read_bibliography([bib])
    assert [problem.subject for problem in problems] == ["broken"]
    assert sources["good"].grade is Grade.A_MINUS
    assert sources["broken"] == Source("broken", "broken", "")


def test_a_repeated_key_is_named_across_files_and_in_any_case(bib: Path) -> None:
    bib.write_text(GOOD)
    other = bib.with_name("other.bib")
    other.write_text("\n" + GOOD.replace("good", "Good"))
    _sources, problems = read_bibliography([bib, other])
    assert [str(problem) for problem in problems] == [
        f"{other}:2:7: Good: this key stands here a second time (first: {bib}:1:7); keep one entry"
    ]


def test_strings_comments_and_other_brackets_are_understood(bib: Path) -> None:
    bib.write_text(
        "% @misc{commented}\n@comment{ignored, x}\n@string{j = {Journal}}\n@preamble{{x}}\n"
        "@Article ( round , title = j # { of Pain}, Grade = {B})\n"
    )
    sources, problems = read_bibliography([bib])
    assert not problems
    assert sources["round"].title == "Journal of Pain"
    assert sources["round"].grade is Grade.B


@pytest.mark.parametrize(
    ("before", "behind", "place", "code"),
    [
        ("% asks ann@clinic.example\n", "", "1:11", "bib-syntax"),
        ("% asks {nobody} at clinic.example\n", "", "", ""),
        ("@comment{ann@clinic.example}\n", "", "1:1", "bib-syntax"),
        ("@comment{jabref-meta: x}\n", "", "", ""),
        ("@string{a = a # b}\n", "", "1:1", "bib-syntax"),
        ("@string{a = a # b}\n@string{b = {B}}\n", "", "1:1", "bib-syntax"),
        ('@string{mail = "ann@clinic.example"}\n', "", "", ""),
        ("% @misc{GOOD, title = {The old one}}\n", "", "1:3", "bib-duplicate"),
        ("% @misc{another, title = {The old one}}\n", "", "", ""),
        ("", "@misc{b, title = {B}} % @misc{good, title = {The old one}}\n", "2:7", "bib-duplicate"),
    ],
)
def test_what_bibtex_reads_between_entries_is_told(bib: Path, before: str, behind: str, place: str, code: str) -> None:
    """A percent sign starts no comment there: pages would end without a bibliography, or show what was commented out."""
    bib.write_text(before + GOOD + behind)
    sources, problems = read_bibliography([bib])
    assert [(str(p.place).removeprefix(f"{bib}:"), p.code) for p in problems] == ([(place, code)] if code else [])
    assert sources["good"].title == "A DNA page"


def test_strings_that_double_again_and_again_are_a_problem(bib: Path) -> None:
    doubled = "".join(f"@string{{s{n + 1} = s{n} # s{n}}}\n" for n in range(40))
    bib.write_text(f"@string{{s0 = {{xx}}}}\n{doubled}@misc{{a, title = s40}}\n{GOOD}")
    sources, problems = read_bibliography([bib])
    assert min(p.place.line for p in problems) == 10 and {p.code for p in problems} == {"bib-syntax"}
    assert "the string 's9' is far too long" in str(min(problems))
    assert sources["good"].title == "A DNA page"


def test_a_bibliography_that_is_not_utf_8(bib: Path) -> None:
    bib.write_bytes("@misc{a, title = {Nackenschläge}}".encode("latin-1"))
    sources, (problem,) = read_bibliography([bib])
    assert not sources
    assert problem.message == "cannot read the bibliography (it is not UTF-8 text)"


def test_sources_are_kept_until_a_file_changes(bib: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    monkeypatch.setattr(bibliography, "text_of", lambda path: read.append(path.name) or text_of(path))
    bib.write_text(GOOD)
    cache = bib.with_name("sources.cache")
    first = read_bibliography([bib], cache)
    assert read_bibliography([bib], cache) == first
    assert read == ["references.bib"]
    bib.write_text(GOOD.replace("A {DNA}", "Another {DNA}"))
    assert read_bibliography([bib], cache)[0]["good"].label == "Another DNA page 2020"
    bib.write_text("@misc{broken")
    assert read_bibliography([bib], cache)[1] == read_bibliography([bib], cache)[1] != []
    assert read == ["references.bib"] * 4
