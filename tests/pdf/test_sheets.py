"""Sheets: pages that ask for a PDF of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest

CONF = 'project = "Book"\nauthor = "Nobody"\nrelease = "7"\nextensions = ["myst_parser", "clinic_snippets", "clinic_snippets.pdf"]\nmyst_enable_extensions = ["colon_fence"]\n'
INDEX = "# Book\n\nSee {doc}`leaf/card` and {ref}`there`.\n\n```{toctree}\nleaf/card\nchapter\n```\n"
CHAPTER = "(there)=\n# Chapter\n\nText of the chapter.\n"
LEAF = "---\nsheet: 1\n---\n# The card\n\nBack to {ref}`there`.\n\n:::{container} two-columns\n| A | B |\n|---|---|\n| left cell | `right` |\n\nOther.\n:::\n\n```{clinic:copy-mark}\n```\n"
SMALLEST = 9.0


@pytest.fixture(scope="module")
def built(project: Any, build_project: Any) -> Any:
    files = {"conf.py": CONF, "index.md": INDEX, "chapter.md": CHAPTER, "leaf/card.md": LEAF}
    return build_project(project(files), "typstpdf")


def text_of(path: Path) -> str:
    pdf = pypdfium2.PdfDocument(path)
    return " ".join(" ".join(pdf[n].get_textpage().get_text_range() for n in range(len(pdf))).split())


def test_a_sheet_is_a_file_of_its_own_and_no_part_of_the_book(built: Any) -> None:
    assert built.warnings == ""
    sheet = text_of(built.outdir / "sheets/card.pdf")
    assert sheet.startswith("The card Back to Chapter.") and "left cell" in sheet
    assert "Uncontrolled when printed." in sheet and "Book · Version 7 1 / 1" in sheet
    book = text_of(built.outdir / "book.pdf")
    assert "Text of the chapter." in book and "left cell" not in book
    assert "See The card and" in book


def test_a_sheet_is_tagged_and_passes_the_check_for_pdf_ua(built: Any) -> None:
    with pikepdf.open(built.outdir / "sheets/card.pdf") as pdf:
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        assert str(pdf.docinfo["/Title"]) == "The card · Book"
        tags = [tag for tag in pdf.objects if isinstance(tag, pikepdf.Dictionary) and tag.get("/Type") == "/StructElem"]
        figures = [str(tag.Alt) for tag in tags if tag.S == "/Figure"]
        assert len(figures) == 1 and figures[0].startswith("QR code: is this copy current? Code ")
        assert len([tag for tag in tags if tag.S == "/TH"]) == 2


def test_no_letter_on_a_sheet_is_smaller_than_nine_points(built: Any, letter_sizes: Any) -> None:
    assert min(letter_sizes(built.outdir / "sheets/card.pdf")) >= SMALLEST


def test_a_sheet_that_takes_more_pages_than_it_says_is_reported(project: Any, build_project: Any) -> None:
    long = LEAF + "\n\n".join(f"Paragraph {n}." for n in range(200))
    files = {"conf.py": CONF, "index.md": INDEX, "chapter.md": CHAPTER, "leaf/card.md": long}
    build = build_project(project(files), "typstpdf")
    assert "card.md: WARNING: the sheet takes " in build.warnings
    assert (
        "and its front matter says 'sheet: 1'; shorten it, or write the number of pages that it may take"
        in build.warnings
    )


def test_a_sheet_that_is_gone_leaves_no_file(project: Any, build_project: Any) -> None:
    folder = project({"conf.py": CONF, "index.md": INDEX, "chapter.md": CHAPTER, "leaf/card.md": LEAF})
    build_project(folder, "typstpdf")
    (folder / "leaf/card.md").write_text(LEAF.replace("sheet: 1", "owner: x"), "utf-8")
    build = build_project(folder, "typstpdf")
    assert not (build.outdir / "sheets/card.pdf").exists()
    assert "left cell" in text_of(build.outdir / "book.pdf")
