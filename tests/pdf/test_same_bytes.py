"""The same input gives the same bytes, wherever, whenever and in whatever order it is built."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent / "roots" / "test-pdf"


@pytest.fixture
def copies(tmp_path):
    """Two copies of the small handbook in folders of different depth."""
    folders = [tmp_path / "a", tmp_path / "other" / "folder" / "with a blank"]
    for folder in folders:
        shutil.copytree(ROOT, folder)
    return folders


def pdf_bytes(build):
    (path,) = build.outdir.glob("*.pdf")
    return path.read_bytes()


def test_another_folder_changes_nothing(copies, build_project, monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    first = pdf_bytes(build_project(copies[0], "typstpdf"))
    time.sleep(1.1)  # some names of a file are made from its second
    assert pdf_bytes(build_project(copies[1], "typstpdf")) == first
    assert str(copies[0]).encode() not in first


def test_order_and_number_of_processes_change_nothing(copies, build_project, monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    clean = pdf_bytes(build_project(copies[0], "typstpdf"))
    # Read in another order: first without two pages' last words, then changed to the final text, in two processes.
    for name in ("practice.md", "safety/emergencies.md"):
        path = copies[1] / name
        text = path.read_text(encoding="utf-8")
        path.write_text(text + "\nMore.\n", encoding="utf-8")
        build_project(copies[1], "typstpdf")
        path.write_text(text, encoding="utf-8")
    assert pdf_bytes(build_project(copies[1], "typstpdf", parallel=2)) == clean


def test_pictures_of_one_name_do_not_depend_on_the_order_of_reading(project, build_project):
    dot = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle r="{}"/></svg>'
    files = {
        "conf.py": "project = 'Book'\nextensions = ['clinic_snippets.pdf']\n",
        "index.rst": "Book\n====\n\n.. toctree::\n\n   a/page\n   b/page\n",
        "a/page.rst": "A\n=\n\n.. image:: dot.svg\n   :alt: a\n",
        "b/page.rst": "B\n=\n\n.. image:: dot.svg\n   :alt: b\n",
        "a/dot.svg": dot.format(1), "b/dot.svg": dot.format(2),
    }  # fmt: skip
    clean = project(files)
    grown = project(files | {"a/page.rst": "A\n=\n"})
    build_project(grown, "typstpdf")
    (grown / "a/page.rst").write_text(files["a/page.rst"], encoding="utf-8")
    source = "typst/main.typ"
    assert build_project(grown, "typstpdf").read(source) == build_project(clean, "typstpdf").read(source)


def test_without_a_date_the_pdf_has_none(copies, build_project, monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    made = pdf_bytes(build_project(copies[0], "typstpdf"))
    assert b"CreationDate" not in made and b"CreateDate" not in made


def test_date_of_the_build_is_the_one_given(copies, build_project, monkeypatch):
    import pikepdf

    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    first, second = (build_project(folder, "typstpdf") for folder in copies)
    assert pdf_bytes(first) == pdf_bytes(second)
    (path,) = first.outdir.glob("*.pdf")
    with pikepdf.open(path) as pdf:
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20231114221320")
