"""What an author is told when the input is wrong: everything at once, at its place, and never a traceback."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

TABLE = "# Page\n\n```{clinic:hazard-table}\n```\n"


def stopped(run: Any) -> list[str]:
    """Return the messages of a build that its input stopped."""
    assert run.returncode == 2, run.stdout
    assert "Traceback" not in run.stdout and "sphinx-err" not in run.stdout, run.stdout
    return run.stdout.strip().splitlines()


def break_records(srcdir: Path) -> None:
    for name, old, new in (
        ("hazards.yaml", "region: foot", "region: fot"),
        ("hazards.yaml", "sources: [no_author]\n\n- kind: hazard", "sources: [nobody]\n\n- kind: hazard"),
        ("precautions.yaml", "level: contraindication", "level: contra"),
    ):
        path = srcdir / "records" / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")


def test_every_problem_of_every_record_stops_the_build_at_once(
    small_project: Any, run_sphinx: Any, tmp_path: Path
) -> None:
    srcdir = small_project(TABLE)
    break_records(srcdir)
    lines = stopped(run_sphinx("-q", srcdir, tmp_path / "out"))
    records = re.escape(str(srcdir / "records"))
    assert len(lines) == 4
    assert re.fullmatch(
        rf"ERROR: {records}/hazards\.yaml:\d+:\d+: foot-artery\.region: 'fot' is not a region; .*did you mean 'foot'\?",
        lines[0],
    )
    assert re.match(
        rf"ERROR: {records}/hazards\.yaml:\d+:\d+: foot-artery\.sources.*'nobody' is not in the bibliography", lines[1]
    )
    assert re.match(
        rf"ERROR: {records}/precautions\.yaml:\d+:\d+: every-feature\.level: 'contra' is not a word for", lines[2]
    )
    assert lines[3] == "ERROR: 3 problems, nothing was built"
    assert not (tmp_path / "out" / "index.html").exists()


def test_a_build_goes_on_once_the_records_are_mended(small_project: Any, sphinx_build: Any, tmp_path: Path) -> None:
    srcdir = small_project(TABLE)
    sound = {path: path.read_text("utf-8") for path in (srcdir / "records").iterdir()}
    out = tmp_path / "out"
    assert sphinx_build("-q", "-W", srcdir, out).returncode == 0
    break_records(srcdir)
    stopped(sphinx_build("-q", "-W", srcdir, out))
    assert "Lung under the ribs" in (out / "index.html").read_text("utf-8")  # what was published stays
    for path, text in sound.items():
        path.write_text(text, "utf-8")
    run = sphinx_build("-q", "-W", srcdir, out)
    assert (run.returncode, run.stdout) == (0, "")


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        (
            "clinic_records=rcords",
            "clinic_records: there is no folder .*/rcords; make it, or name the one that holds the records",
        ),
        (
            "clinic_edit_url=https://x/{file}",
            r"clinic_edit_url: 'https://x/\{file\}' may hold \{path\} and \{line\} in braces and nothing else",
        ),
        (
            "clinic_edit_url=https://x/{",
            r"clinic_edit_url: 'https://x/\{' may hold \{path\} and \{line\} in braces and nothing else",
        ),
        (
            "clinic_report_url=https://x/{}",
            r"clinic_report_url: 'https://x/\{\}' may hold \{id\} in braces and nothing else",
        ),
    ],
)
def test_a_wrong_setting_stops_the_build(
    small_project: Any, sphinx_build: Any, tmp_path: Path, setting: str, message: str
) -> None:
    lines = stopped(sphinx_build("-q", "-D", setting, small_project(TABLE), tmp_path / "out"))
    assert re.fullmatch(f"ERROR: {message}", lines[0])
    assert lines[1:] == ["ERROR: 1 problem, nothing was built"]


def test_an_address_that_is_no_text_stops_the_build(small_project: Any, sphinx_build: Any, tmp_path: Path) -> None:
    run = sphinx_build("-q", small_project(TABLE, conf='clinic_edit_url = ["x"]\n'), tmp_path / "out")
    first, last = stopped(run)
    assert (
        first.partition("conf.py:")[2]
        .partition(": ")[2]
        .startswith("clinic_edit_url: this must be a text in quotation marks, found ['x'];")
    )
    assert last == "ERROR: 1 problem, nothing was built"


def test_a_missing_bibliography_file_stops_the_build(small_project: Any, sphinx_build: Any, tmp_path: Path) -> None:
    lines = stopped(sphinx_build("-q", "-D", "bibtex_bibfiles=nix.bib", small_project(TABLE), tmp_path / "out"))
    assert any(re.search(r"ERROR: .*/nix\.bib: cannot read the bibliography", line) for line in lines)


def test_a_broken_bibliography_file_stops_the_build_at_its_line(
    small_project: Any, sphinx_build: Any, tmp_path: Path
) -> None:
    srcdir = small_project(TABLE)
    with (srcdir / "references.bib").open("a", encoding="utf-8") as file:
        file.write("\n@misc{broken,\n  title = {No end,\n}\n")
    lines = stopped(sphinx_build("-q", srcdir, tmp_path / "out"))
    assert any(re.search(r"ERROR: .*/references\.bib:\d+:\d+: broken: ", line) for line in lines)


def test_whoever_embeds_sphinx_can_catch_what_stops_a_build(small_project: Any, build_project: Any) -> None:
    from sphinx.errors import SphinxError

    srcdir = small_project(TABLE)
    break_records(srcdir)
    with pytest.raises(SphinxError, match="'fot' is not a region"):
        build_project(srcdir)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("clinic_records = 3", "clinic_records: this must be a text in quotation marks, found 3"),
        (
            "clinic_snippet_files = 'mine.py'",
            "clinic_snippet_files: this must be a list in square brackets, found 'mine.py'; write ['mine.py'].",
        ),
        ("clinic_numbers = []", "clinic_numbers: this must be a dict"),
        ("clinic_numbers = {'emergancy': '1'}", "'emergancy' is nobody to call; allowed: emergency"),
        ("clinic_edit_url = None", "clinic_edit_url: this must be a text"),
    ],
)
def test_a_wrong_setting_stops_the_build_and_says_what_it_takes(
    project: Any, sphinx_build: Any, line: str, message: str
) -> None:
    folder = project({"conf.py": f"extensions = ['clinic_snippets']\n{line}\n", "index.rst": "Index\n=====\n"})
    result = sphinx_build("-b", "html", folder, folder / "out")
    assert result.returncode == 2
    assert message in result.stdout
    assert "Traceback" not in result.stdout


def test_names_of_others_are_not_taken_for_ours_where_our_domain_is_the_default(
    project: Any, build_project: Any
) -> None:
    page = "Page\n====\n\n.. note:: A note of docutils.\n\nAnd a :abbr:`role (of Sphinx)`.\n\n.. rate:: x\n"
    conf = "extensions = ['clinic_snippets']\nprimary_domain = 'clinic'\nbibtex_bibfiles = []\n"
    build = build_project(project({"conf.py": conf, "index.rst": page}))
    assert "A note of docutils." in build.read("index.html") and 'title="of Sphinx"' in build.read("index.html")
    assert 'Unknown directive type "rate"' in build.warnings
