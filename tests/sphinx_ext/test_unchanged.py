"""Where nothing has changed, nothing is loaded, read or written; a change of anything that a build depends on ends that."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import fontpkg_source_sans_3
import pytest

import clinic_snippets.sphinx_ext as extension
from clinic_snippets.sphinx_ext import unchanged

RECORDS = """
topic: bleeding
owner: safety lead
written: 2026-01-01
review_by: 2027-01-10
records:
- {kind: precaution, id: early, name: Case early, level: precaution, applies_to: person, rule: refer, regions: all,
   techniques: all, action: Ask., why: It bleeds., sources: [lee2020]}
- {kind: handbook-hazard, id: misread, name: A row is misread, hazard: The wrong row is read., causes: [Haste.],
   effect: Harm., left: A slip., synthesis: yes,
   controls: [{control: Rows keep together., proved_by: {test: "tests/test_rows.py::test_rows"}}]}
"""
FILES = {
    "source/conf.py": """
        project = "Needles"
        extensions = ["myst_parser", "clinic_snippets"]
        exclude_patterns = ["records"]
        html_theme = "basic"
        html_static_path = ["static"]
        templates_path = ["templates"]
        bibtex_bibfiles = ["sources.bib"]
        clinic_snippet_files = ["own.py"]
    """,
    "source/index.md": "# Needles\n\n```{clinic:own-table}\n```\n\n```{clinic:hazard-log}\n```\n\n"
    "## Cases\n\n```{clinic:precaution-cards}\n```\n\n## Sources\n\n```{bibliography}\n```\n",
    "source/records/a.yaml": RECORDS,
    "source/sources.bib": "@article{lee2020, author={Lee, Ann}, title={On needles}, journal={J}, year={2020}}\n",
    "source/own.py": """
        from helper import HEAD
        from clinic_snippets.records import Precaution
        from clinic_snippets.records.text import Paragraph, RecordLink
        from clinic_snippets.snippets import Column, Row, Table, snippet

        @snippet
        def own_table(library):
            \"\"\"All cases.\"\"\"
            rows = [Row(case.id, ((Paragraph((RecordLink(case.id),)),),)) for case in library.of(Precaution)]
            return Table("", (Column(HEAD),), rows, "None.")
    """,
    "source/helper.py": 'HEAD = "Head"\n',
    "source/static/own.css": "p { color: black }\n",
    "source/static/sign.txt": "A sign.\n",
    "source/templates/own.html": "A template.\n",
    "tests/test_rows.py": "def test_rows():\n    pass\n",
}

PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="%s" height="1"/></svg>\n'


@pytest.fixture
def source(project: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = project(FILES) / "source"
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(importlib.sys.modules, "helper", raising=False)  # type: ignore[attr-defined]
    return folder


@pytest.fixture
def build(source: Path, build_project: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Build, and say whether records were loaded."""

    def run(**options: Any) -> Any:
        loaded = []
        load = extension.load_library
        with monkeypatch.context() as patch:
            patch.setattr(extension, "load_library", lambda *given: loaded.append(1) or load(*given))
            found = build_project(source, **options)
        assert found.warnings == ""
        return SimpleNamespace(outdir=found.outdir, read=found.read, loaded=bool(loaded))

    return run


def state(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Return every file of a folder with its time."""
    return {str(p): (p.stat().st_mtime_ns, p.read_bytes()) for p in sorted(folder.rglob("*")) if p.is_file()}


def test_nothing_is_loaded_and_nothing_written_where_nothing_has_changed(build: Any) -> None:
    first = build()
    before = state(first.outdir)
    assert "Case early" in first.read("index.html") and first.loaded
    for _ in range(2):
        assert not build().loaded
        assert state(first.outdir) == before


def test_another_builder_has_its_own_say(build: Any) -> None:
    # The second builder has kept the environment anew, so the first one looks once more.
    order = ("html", "dirhtml", "html", "dirhtml", "html")
    assert [build(builder=name).loaded for name in order] == [True, True, True, False, False]


def test_a_pdf_is_made_again_where_something_has_changed_and_only_there(
    build: Any, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (source / "conf.py").write_text(
        (source / "conf.py").read_text("utf-8")
        + 'author = "The authors"\nextensions.append("clinic_snippets.pdf")\ntypstpdf_font_paths = ["fonts"]\n'
        + 'typstpdf_filename = "needles"\n',
        "utf-8",
    )
    (source / "sheet.md").write_text("---\norphan: true\nsheet: 1\n---\n\n# A sheet\n\nOne page.\n", "utf-8")
    (source / "index.md").write_text((source / "index.md").read_text("utf-8") + "\n![A pin](pin.svg)\n", "utf-8")
    (source / "pin.svg").write_text(PICTURE % 1, "utf-8")
    outdir = build(builder="typstpdf").outdir

    def made() -> dict[str, bool]:
        before = {path: path.stat().st_mtime_ns for path in outdir.rglob("*.pdf")}
        build(builder="typstpdf")
        after = {path: path.stat().st_mtime_ns for path in outdir.rglob("*.pdf")}
        assert {path.name for path in after} == {"needles.pdf", "sheet.pdf"}
        return {path.name: before.get(path) != time for path, time in after.items()}

    def change_page() -> None:
        (source / "index.md").write_text("# Pins\n\n" + (source / "index.md").read_text("utf-8"), "utf-8")

    def put_older_picture() -> None:
        (source / "pin.svg").write_text(PICTURE % 2, "utf-8")
        os.utime(source / "pin.svg", (0, 0))

    def add_font() -> None:
        (source / "fonts" / "folder.otf").mkdir(parents=True)
        shutil.copy(next(Path(fontpkg_source_sans_3.ROOT).rglob("*.ttf")), source / "fonts" / "own.ttf")

    unchanged_pdfs = {"needles.pdf": False, "sheet.pdf": False}
    assert made() == unchanged_pdfs
    for change in (
        lambda: (source / "records/a.yaml").write_text(RECORDS.replace("Ask.", "Look."), "utf-8"),
        change_page,
        put_older_picture,
        add_font,
        lambda: monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000"),
        (outdir / "needles.pdf").unlink,
        lambda: (outdir / "sheets" / "sheet.pdf").write_bytes(b"not a PDF"),
    ):
        change()
        assert made() == {"needles.pdf": True, "sheet.pdf": True}
        assert made() == unchanged_pdfs


CHANGES = {
    "a record": ("records/a.yaml", "Ask.", "Look."),
    "a new file of records": ("records/b.yaml", "", RECORDS.split("- {kind: handbook")[0].replace("early", "late")),
    "a page": ("index.md", "# Needles", "# Pins"),
    "a setting": ("conf.py", '"Needles"', '"Pins"'),
    "the bibliography": ("sources.bib", "On needles", "On pins"),
    "an own snippet": ("own.py", "All cases.", "Every case."),
    "what an own snippet imports": ("helper.py", "Head", "Top"),
    "a stylesheet": ("static/own.css", "black", "navy"),
    "any static file": ("static/sign.txt", "sign", "word"),
    "a template": ("templates/own.html", "template", "sheet"),
    "a review": ("reviews.yaml", "", "reviews: []\n"),
    "a change note": ("changes/one.yaml", "", "changes: []\n"),
    "a translation": ("locales/en/LC_MESSAGES/records.po", "", 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'),
    "a test that proves a control": ("../tests/test_rows.py", "pass", "return"),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_seen(build: Any, source: Path, change: str) -> None:
    build()
    name, old, new = CHANGES[change]
    path = source / name
    kept = path.stat() if path.exists() else None
    text = path.read_text("utf-8") if path.exists() else ""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.replace(old, new) if old else new, "utf-8")
    if kept and change != "a page":  # pages are Sphinx's to watch, and it goes by time
        os.utime(path, ns=(kept.st_atime_ns, kept.st_mtime_ns))
    assert build().loaded
    assert not build().loaded


def test_a_setting_on_the_command_line_is_seen(build: Any) -> None:
    build()
    assert build(confoverrides={"clinic_as_of": "2026-05-01"}).loaded


def test_another_version_of_the_package_is_seen(build: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "package"
    shutil.copytree(unchanged.PACKAGE / "records", package)
    monkeypatch.setattr(unchanged, "PACKAGE", package)
    build()
    assert not build().loaded
    (package / "rate.py").write_text("", "utf-8")
    assert build().loaded


@pytest.mark.parametrize(
    "name", ["index.html", "genindex.html", "reviews.json", "_static/own.css", "data/records.json"]
)
def test_a_file_that_was_taken_away_or_edited_is_written_again(build: Any, name: str) -> None:
    first = build()
    before = {path: content for path, (_, content) in state(first.outdir).items()}
    (first.outdir / name).unlink()
    assert build().loaded
    assert {path: content for path, (_, content) in state(first.outdir).items()} == before
    if name != "index.html":  # Sphinx, too, writes a page again only when its source is younger
        (first.outdir / name).write_bytes(b"edited by hand")
        build()
        assert {path: content for path, (_, content) in state(first.outdir).items()} == before


def test_all_is_written_where_all_is_asked_for(source: Path, tmp_path: Path) -> None:
    def run(*options: str) -> dict[str, tuple[int, bytes]]:
        command = [sys.executable, "-m", "sphinx", "-q", "-W", *options, str(source), str(tmp_path / "html")]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": str(source), "SOURCE_DATE_EPOCH": "0"})
        return state(tmp_path / "html")

    page = str(tmp_path / "html" / "index.html")
    (first, text), (second, _), (third, again) = (run(*options)[page] for options in ((), (), ("-a",)))
    assert first == second < third
    assert text == again


def test_a_test_that_is_gone_stops_the_next_build(source: Path, build: Any, build_project: Any) -> None:
    build()
    (source / "../tests/test_rows.py").write_text("def test_other():\n    pass\n", "utf-8")
    with pytest.raises(Exception, match="has no test 'test_rows'"):
        build_project(source)


def test_what_is_warned_of_is_warned_of_again(source: Path, build_project: Any) -> None:
    with (source / "index.md").open("a", encoding="utf-8") as file:
        file.write("\n## No row\n\n```{clinic:precaution-table}\n:scope: practitioner\n```\n")
    first = build_project(source)
    assert "clinic.empty" in first.warnings
    assert build_project(source).warnings == first.warnings
