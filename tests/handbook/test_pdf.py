"""The real handbook as a PDF: complete, tagged, and findable by record id."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from clinic_snippets.library import Library
from clinic_snippets.library.codes import current_edition


@pytest.fixture(scope="module")
def text(handbook_pdf: Path) -> str:
    pdf = pypdfium2.PdfDocument(handbook_pdf)
    pages = (pdf[number].get_textpage().get_text_range() for number in range(len(pdf)))
    # Names are broken over lines; without blanks and the hyphens of torn words they are whole again.
    return re.sub("[\\s\N{SOFT HYPHEN}\ufffe]", "", "".join(pages))


def test_every_record_id_is_in_the_text(text: str, library: Library) -> None:
    missing = [record.id for record in library.of() if record.id not in text]
    assert missing == []


def test_every_record_name_is_in_the_text(text: str, library: Library) -> None:
    names = [r.name for r in library.of() if r.kind != "region" and "'" not in r.name]
    assert [name for name in names if re.sub(r"\s", "", name) not in text] == []


def test_cover_and_foot_say_what_copy_this_is(text: str, library: Library) -> None:
    assert "Notclinicallysignedoff." in text
    assert f"Codeofthisedition:{current_edition(library)}" in text
    assert "Donotuseafter2027-11-22" in text


def test_it_declares_and_keeps_pdf_ua(handbook_pdf: Path) -> None:
    with pikepdf.open(handbook_pdf) as pdf:
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang).lower() == "en-gb"
        assert "/Outlines" in pdf.Root
