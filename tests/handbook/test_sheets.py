"""The sheets of the real handbook: whole, one leaf each, plain, and legible."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import lxml.html
import pypdfium2
import pytest

from clinic_snippets.reading.page_calls import SnippetCall, page_calls

SHEETS = {
    "screening-first": [("screening-form", {}), ("screening-checks", {})],
    "screening-later": [
        ("screening-form", {"asked": "each time"}), ("screening-form", {"asked": "what has changed"}), ("screening-checks", {}),
    ],
    "consent": [
        ("consent-words", {}), *(("consent-risks", {"counted": c}) for c in ("treatments", "patients", "neither")),
    ],
    "aftercare": [
        ("aftercare-advice", {}), *(("aftercare-signs", {"call": c}) for c in ("emergency", "emergency-department", "doctor")),
    ],
    "competency-log": [("competency-log", {})],
    "read-and-sign": [],
    "read-and-sign-changes": [("changed-items", {})],
}  # fmt: skip
"""What each sheet shows, so that none loses a part."""
LETTERS = {"aftercare": 11.0}
SMALLEST = 9.0


def file_of(handbook_pdf: Path, name: str) -> Path:
    return handbook_pdf.parent / f"sheets/{name}.pdf"


def pages_of(handbook_pdf: Path, name: str) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(file_of(handbook_pdf, name))


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_shows_all_its_parts(repository: Path, name: str) -> None:
    text = (repository / f"source/sheets/{name}.md").read_text("utf-8")
    calls = [call for call in page_calls(text) if isinstance(call, SnippetCall)]
    found = [(call.snippet, {name: value for name, value in call.options if name != "name"}) for call in calls]
    assert found == [*SHEETS[name], ("copy-mark", {})]


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_is_one_leaf_and_says_what_copy_it_is(handbook_pdf: Path, name: str) -> None:
    pdf = pages_of(handbook_pdf, name)
    assert len(pdf) == 1 or name == "read-and-sign-changes"
    words = " ".join(" ".join(page.get_textpage().get_text_range() for page in pdf).split())
    for said in ("Draft, not clinically signed off.", "Uncontrolled when printed.", "Do not use after 2027-11-22."):
        assert said in words


@pytest.mark.parametrize("name", SHEETS)
def test_letters_are_large_enough_to_read(handbook_pdf: Path, name: str, letter_sizes: Any) -> None:
    sizes = letter_sizes(file_of(handbook_pdf, name))
    assert min(sizes) >= SMALLEST
    if name in LETTERS:
        # Only the foot of the page is smaller.
        assert sum(size < LETTERS[name] for size in sizes) < len(sizes) * 0.05


@pytest.mark.parametrize("name", ["screening-first", "screening-later", "consent", "aftercare"])
def test_a_sheet_needs_no_colour(handbook_pdf: Path, name: str) -> None:
    """What is printed in grey keeps its letters dark: nothing is told by colour, and nothing fades."""
    grey = pages_of(handbook_pdf, name)[0].render(scale=1.5, grayscale=True).to_pil()
    dark = sum(grey.histogram()[:90])
    assert dark > 0.02 * grey.width * grey.height


@pytest.mark.parametrize("name", SHEETS)
def test_a_page_stores_and_sends_nothing(handbook_site: Any, name: str) -> None:
    (article,) = lxml.html.parse(handbook_site.root / f"sheets/{name}.html").getroot().xpath("//article")
    assert article.xpath(".//form | .//input | .//textarea | .//button[not(contains(@class,'copybtn'))]") == []
    assert re.search(r"\b(score|points?)\s*[:=]\s*\d", article.text_content()) is None


def test_the_stylesheet_of_sheets_is_on_sheets_alone(handbook_site: Any) -> None:
    def has(page: str) -> bool:
        return "sheet.css" in (handbook_site.root / page).read_text("utf-8")

    assert has("sheets/consent.html")
    assert not has("consent.html")


def test_pages_lead_to_the_sheets(repository: Path) -> None:
    for page, name in (
        ("screening-before-treatment", "screening-first"), ("screening-before-treatment", "screening-later"),
        ("consent", "consent"), ("technique", "aftercare"), ("start-here", "competency-log"), ("start-here", "read-and-sign"),
        ("what-changed", "read-and-sign-changes"),
    ):  # fmt: skip
        assert f"sheets/{name}" in (repository / f"source/{page}.md").read_text("utf-8")
