"""The folder ``data`` beside a site: the records for other programs, and links to records of a pinned release."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from click.testing import CliRunner

from clinic_snippets.cli import main
from clinic_snippets.export import data_files
from clinic_snippets.export.writing import write_pieces
from clinic_snippets.sphinx_ext import outputs

CARDS = "```{clinic:precaution-cards}\n```\n\n```{clinic:hazard-cards}\n```\n\n```{clinic:hygiene-list}\n```\n"
PAGE = f"# Page\n\n{CARDS}"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("builder", ["html", "dirhtml", "singlehtml"])
def test_a_site_has_what_the_command_exports(
    small_project: Any, build_project: Any, builder: str, tmp_path: Path
) -> None:
    srcdir = small_project(PAGE, conf='project = "Needles"\nlanguage = "en"\n')
    build = build_project(srcdir, builder, warningiserror=True)
    assert build.ok, build.warnings
    run = CliRunner().invoke(main, ["export", "json", "csv", "--source", str(srcdir), "--out", str(tmp_path)])
    assert run.exit_code == 0, run.stderr
    assert contents(build.outdir / "data") == contents(tmp_path)
    check = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    assert subprocess.run(check, cwd=build.outdir / "data", capture_output=True, check=False).returncode == 0


def test_a_book_and_a_project_without_records_have_none(small_project: Any, project: Any, build_project: Any) -> None:
    assert not (build_project(small_project(PAGE), "text").outdir / "data").exists()
    bare = project({"conf.py": 'extensions = ["clinic_snippets"]\n', "index.rst": "Page\n====\n\nText.\n"})
    assert not (build_project(bare).outdir / "data").exists()


def test_after_a_change_it_is_as_a_clean_build_makes_it(small_project: Any, build_project: Any, tmp_path: Path) -> None:
    srcdir = small_project(PAGE)
    data = build_project(srcdir).outdir / "data"
    hazards = srcdir / "records" / "hazards.yaml"
    hazards.write_text(hazards.read_text("utf-8").replace("Feel for the pulse.", "Feel for it."), "utf-8")
    extra = srcdir / "records" / "extra.yaml"
    head = "topic: extra\nowner: o\nwritten: 2026-01-01\nreview_by: 2027-01-01\nrecords:\n"
    extra.write_text(
        f"{head}- kind: regulation\n  id: only-one\n  name: One\n  seen: 2026\n  requires: A.\n  synthesis: yes\n"
    )
    assert "Feel for it." in build_project(srcdir).read("data/hazard.csv")
    assert "only-one" in (data / "records.json").read_text("utf-8")
    extra.unlink()
    (data / "precaution.csv").unlink()
    build_project(srcdir)
    clean = build_project(srcdir, outdir=tmp_path / "html", doctreedir=tmp_path / "doctrees").outdir / "data"
    assert contents(data) == contents(clean)


def test_what_did_not_change_is_not_written_again(small_project: Any, build_project: Any) -> None:
    srcdir = small_project(PAGE)
    data = build_project(srcdir).outdir / "data"
    before = {path: path.stat().st_mtime_ns for path in data.iterdir()}
    (srcdir / "index.md").write_text(f"# Another title\n\n{CARDS}", "utf-8")
    build_project(srcdir)
    assert {path: path.stat().st_mtime_ns for path in data.iterdir()} == before


def test_of_changed_records_only_files_that_tell_of_them_are_written(small_project: Any, build_project: Any) -> None:
    srcdir = small_project(PAGE)
    data = build_project(srcdir).outdir / "data"
    before = {path: path.stat().st_mtime_ns for path in data.iterdir()}
    hazards = srcdir / "records" / "hazards.yaml"
    hazards.write_text(hazards.read_text("utf-8").replace("Feel for the pulse.", "Feel for it."), "utf-8")
    build_project(srcdir)
    written = {path.name for path in data.iterdir() if path.stat().st_mtime_ns != before[path]}
    assert written == {"records.json", "hazard.csv", "SHA256SUMS"}


def test_a_schema_that_changed_is_written_though_no_record_has(
    small_project: Any, build_project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    srcdir = small_project(PAGE)
    data = build_project(srcdir).outdir / "data"
    monkeypatch.setattr(data_files, "bundle_schema", lambda: '{"$comment": "one more field"}\n')
    (srcdir / "index.md").write_text(f"{PAGE}\nMore.\n", "utf-8")
    build_project(srcdir)
    assert (data / "bundle.schema.json").read_text("utf-8") == '{"$comment": "one more field"}\n'
    subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=data, check=True, capture_output=True)


def test_the_records_go_with_the_last_of_them(small_project: Any, build_project: Any) -> None:
    srcdir = small_project("# Page\n\nText.\n")
    data = build_project(srcdir).outdir / "data"
    (data / "notes.txt").write_text("not ours")
    for path in (srcdir / "records").rglob("*.yaml"):
        path.unlink()
    build_project(srcdir)
    assert [path.name for path in data.iterdir()] == ["notes.txt"]


def test_the_place_of_a_record_is_given_from_the_source_folder(small_project: Any, build_project: Any) -> None:
    content = json.loads(build_project(small_project(PAGE)).read("data/records.json"))
    assert content["provenance"]["needle-gap"]["file"] == "records/precautions.yaml"
    assert content["provenance"]["needle-gap"]["line"] > 1


# --- links from another project -------------------------------------------------------------------------------------


def test_another_project_links_to_three_records_one_of_them_in_a_pinned_release(
    small_project: Any, project: Any, build_project: Any
) -> None:
    """In the release the record had another name and stood on another page; the link to it stays as it was."""
    current = small_project(PAGE)
    pinned = small_project("# Page\n\nText.\n", files={"old.md": f"---\norphan: true\n---\n# Old\n\n{CARDS}"})
    records = pinned / "records" / "precautions.yaml"
    records.write_text(records.read_text("utf-8").replace("Gap between needles", "Space between needles"), "utf-8")
    inventories = [str(build_project(srcdir).outdir / "objects.inv") for srcdir in (current, pinned)]
    page = (
        "# Another handbook\n\n{external+needling:clinic:precaution}`needle-gap`, {external+needling:clinic:hazard}`lung`,\n"
        "{external+needling-0-1:clinic:precaution}`needle-gap`.\n"
    )
    srcdir = project(
        {
            "conf.py": f"""
                extensions = ["myst_parser", "clinic_snippets", "sphinx.ext.intersphinx"]
                intersphinx_mapping = {{
                    "needling": ("https://h.example/stable/", {inventories[0]!r}),
                    "needling-0-1": ("https://h.example/0.1.0/", {inventories[1]!r}),
                }}
                html_theme = "basic"
                nitpicky = True
                """,
            "index.md": page,
        }
    )
    build = build_project(srcdir, warningiserror=True)
    assert build.ok and build.warnings == "", build.warnings
    links = lxml.html.fromstring(build.read("index.html")).xpath("(//section/p)[1]//a")
    assert [(a.text_content(), a.get("href")) for a in links] == [
        ("Gap between needles", "https://h.example/stable/index.html#precaution-needle-gap"),
        ("Lung under the ribs", "https://h.example/stable/index.html#hazard-lung"),
        ("Space between needles", "https://h.example/0.1.0/old.html#precaution-needle-gap"),
    ]


@pytest.mark.parametrize("back", [False, True], ids=["same records", "earlier records"])
@pytest.mark.parametrize("after", range(6))
def test_a_build_killed_while_it_wrote_data_is_made_good(
    small_project: Any, build_project: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int, back: bool
) -> None:
    """By the next build, with the same records or with those from before."""
    srcdir = small_project(PAGE)
    data = build_project(srcdir).outdir / "data"
    hazards = srcdir / "records" / "hazards.yaml"
    before = hazards.read_text("utf-8")
    hazards.write_text(before.replace("Feel for the pulse.", "Feel for it."), "utf-8")
    written: list[Path] = []

    def write_or_die(path: Path, pieces: Iterable[str]) -> tuple[str, bool]:
        written.append(path)
        if len(written) <= after:
            return write_pieces(path, pieces)
        text = "".join(pieces)
        path.write_text(text[: len(text) // 2], "utf-8", newline="")
        raise OSError("killed")

    with monkeypatch.context() as patch, pytest.raises(Exception, match="killed"):
        patch.setattr(outputs, "write_pieces", write_or_die)
        build_project(srcdir)
    if back:
        hazards.write_text(before, "utf-8")
    build_project(srcdir)
    clean = build_project(srcdir, outdir=tmp_path / "html", doctreedir=tmp_path / "doctrees").outdir / "data"
    assert contents(data) == contents(clean)
