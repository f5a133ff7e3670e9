"""Bad input is told with its page and a way out, never with a traceback of the compiler."""

from __future__ import annotations

from pathlib import Path

import fontpkg_source_sans_3
import pytest

from clinic_snippets.pdf.compile import PdfError


def test_missing_sign_names_the_sign_every_page_and_the_way_out(make_pdf):
    with pytest.raises(PdfError) as error:
        make_pdf("Plain.\n\nA sign: \u65e5.\n", files={"page2.rst": "Two\n===\n\n``\u65e5``, *\u672c*\n"})
    message = str(error.value)
    assert "typstpdf_font_paths" in message
    assert "\u65e5 (U+65E5) in page.rst:6, page2.rst:4\n" in message
    assert message.endswith("\u672c (U+672C) in page2.rst:4")


def test_sign_in_the_configuration_is_told_too(make_pdf):
    with pytest.raises(PdfError, match=r"\(U\+65E5\) in conf.py"):
        make_pdf(conf="typstpdf_cover_notes = ['\u65e5']")


@pytest.mark.parametrize("name", ["../up", "a/b", "a\nb", "n" * 300])
def test_a_name_that_no_file_can_have_is_told(make_pdf, name):
    with pytest.raises(PdfError, match="typstpdf_filename in conf.py: .*cannot be the name of a file"):
        make_pdf(conf=f"typstpdf_filename = {name!r}")


def test_a_long_name_of_a_project_makes_a_name_that_a_file_can_have(make_pdf):
    assert make_pdf(conf=f"project = {'Needling ' * 100!r}").path.name.startswith("needling-needling-")


def test_fonts_of_the_handbook_are_used(make_pdf):
    # The only other fonts at hand are the text font's own files: as the handbook's they must not be in the way.
    pdf = make_pdf("Text.", conf=f"typstpdf_font_paths = [{str(fontpkg_source_sans_3.ROOT)!r}]")
    assert "Text." in pdf.text


def test_hints_for_coloured_emoji_are_dropped(make_pdf):
    assert "Mind \N{WARNING SIGN} this" in make_pdf("Mind \N{WARNING SIGN}\ufe0f this").text


def test_broken_picture_names_the_picture_and_its_page(make_pdf):
    with pytest.raises(PdfError, match=r"page2\.rst:4: the picture cannot be read .*save it again"):
        make_pdf(files={
            "page2.rst": "Two\n===\n\n.. image:: bad.png\n   :alt: bad\n",
            "bad.png": "This is not a picture.",
        })  # fmt: skip


def test_bad_raw_typst_names_its_page_and_shows_the_line(make_pdf):
    with pytest.raises(PdfError) as error:
        make_pdf(files={"page2.rst": "Two\n===\n\n.. raw:: typst\n\n   #nothing-of-that-name\n"})
    assert str(error.value).startswith("page2.rst: Typst cannot set this page: unknown variable")
    assert "#nothing-of-that-name" in str(error.value)


def test_message_does_not_name_folders_of_the_machine(make_pdf, tmp_path_factory):
    with pytest.raises(PdfError) as error:
        make_pdf(".. raw:: typst\n\n   #nothing\n")
    assert str(tmp_path_factory.getbasetemp()) not in str(error.value)


@pytest.mark.parametrize(
    ("text", "warning", "kept"),
    [
        (".. image:: https://example.org/a.png\n   :alt: far away\n", "the picture https://example.org/a.png is not in the PDF", "far away"),
        (".. image:: missing.png\n   :alt: not there\n", "the picture missing.png is not in the PDF", "not there"),
        (".. image:: dot.svg\n", "the picture dot.svg has no alternative text", ""),
        ("See :doc:`loose`.", "the link to 'loose' leads out of the book", "See Loose."),
        ("A `relative <file.pdf>`_ link.", "the link to 'file.pdf' leads out of the book", "A relative link."),
    ],
)  # fmt: skip
def test_what_paper_cannot_show_is_a_warning_with_its_page(make_pdf, text, warning, kept):
    pdf = make_pdf(text, warnings=True, files={
        "loose.rst": ":orphan:\n\nLoose\n=====\n",
        "dot.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><rect width="4" height="4"/></svg>',
    })  # fmt: skip
    assert f"page.rst:4: WARNING: {warning}" in pdf.warnings
    assert kept in pdf.text


def test_typst_source_stays_for_a_look(book):
    source = (book.path.parent / "typst" / "main.typ").read_text(encoding="utf-8")
    assert "// document: safety/index" in source


@pytest.mark.parametrize("failing", ["index.rst", "sheet.rst"])
def test_failed_build_leaves_no_pdf_of_before(project, build_project, failing):
    files = {
        "conf.py": "project = 'Book'\nextensions = ['clinic_snippets.pdf']\n",
        "index.rst": "Book\n====\n\nText.\n",
        "sheet.rst": ":orphan:\n:sheet: 1\n\nSheet\n=====\n\nText.\n",
    }
    folder = project(files)
    first = build_project(folder, "typstpdf")
    assert {path.name for path in first.outdir.rglob("*.pdf")} == {"book.pdf", "sheet.pdf"}
    (folder / failing).write_text(files[failing].replace("Text", "\u65e5"), encoding="utf-8")
    with pytest.raises(PdfError):
        build_project(folder, "typstpdf")
    assert "book.pdf" not in {path.name for path in first.outdir.rglob("*.pdf")}


@pytest.mark.parametrize("name", ["book.pdf", "typst/main.typ", "sheets/sheet.pdf"])
def test_what_the_system_refuses_is_told_without_a_traceback(project, build_project, monkeypatch, name):
    folder = project(
        {
            "conf.py": "project = 'Book'\nextensions = ['clinic_snippets.pdf']\n",
            "index.rst": "Book\n====\n\nText.\n",
            "sheet.rst": ":orphan:\n:sheet: 1\n\nSheet\n=====\n\nText.\n",
        }
    )
    refused = folder / "out" / name

    def refuse(write):
        def refusing(path, *args, **kwargs):
            if path == refused:
                raise PermissionError(13, "Permission denied", str(path))
            return write(path, *args, **kwargs)

        return refusing

    for method in ("write_bytes", "write_text"):
        monkeypatch.setattr(Path, method, refuse(getattr(Path, method)))
    with pytest.raises(PdfError, match=rf"{name}: cannot be read or written \(Permission denied\); close the program"):
        build_project(folder, "typstpdf", outdir=folder / "out")


def test_nothing_in_the_output_folder_is_removed_but_the_pdf(project, build_project):
    folder = project(
        {
            "conf.py": "project = 'Book'\nextensions = ['clinic_snippets.pdf']\n",
            "index.rst": "Book\n====\n\nText.\n",
            "out/typst/mine.txt": "mine",
        }
    )
    build = build_project(folder, "typstpdf", outdir=folder / "out")
    assert build.read("typst/mine.txt") == "mine"


def test_sign_in_an_index_entry_names_its_page(make_pdf):
    with pytest.raises(PdfError, match=r"\(U\+65E5\) in page\.rst:4"):
        make_pdf(".. index:: \u65e5\n\nText.\n")
