"""Plain language: the reading grade (SMOG) of every page for staff, and of every text that a patient hears or reads.

SMOG was made for texts of thirty sentences and more, so patient texts are measured together, page by page and kind by
kind.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import lxml.html
import pytest
import readability

from clinic_snippets.library import load_library
from clinic_snippets.records import ConsentItem, ScreeningQuestion
from clinic_snippets.records.text import plain

STAFF, PATIENTS = 14, 11
EXCEPTIONS = {
    "bibliography": "titles of papers, as they were published",
    "checklists": "items of published checklists",
    "records": "names and ids",
    "genindex": "an index",
    "clinic-records": "an index",
    "search": "a form",
}
"""Pages that are no running text of ours, with the reason."""


def smog(sentences: list[str]) -> float:
    """Return the SMOG grade of sentences."""
    words = "\n".join(" ".join(re.findall(r"[\w'’-]+", sentence)) + " ." for sentence in sentences)
    return float(readability.getmeasures(words, lang="en")["readability grades"]["SMOGIndex"])


def sentences(text: str) -> list[str]:
    """Split running text into sentences; fewer than four words are a label, and would make a text look easier."""
    return [part for part in re.split(r"(?<=[.!?])\s+|\n+", text) if len(re.findall(r"[A-Za-z]+", part)) >= 4]


def running_text(page: Path) -> list[str]:
    """Return the sentences of a built page: paragraphs and list items, without citations, names of records and labels."""
    (article,) = lxml.html.parse(page).getroot().xpath("//article")
    for part in article.xpath(
        ".//*[contains(@class,'clinic-citation') or contains(@class,'clinic-small') or contains(@class,'clinic-badge')"
        " or contains(@class,'clinic-rate') or contains(@class,'headerlink')] | .//code | .//svg | .//caption"
    ):
        part.drop_tree() if part.getparent() is not None else None
    found = article.xpath(".//p | .//dd[not(.//p)] | .//li[not(.//p)]")
    return [sentence for block in found for sentence in sentences(" ".join(block.text_content().split()))]


def pages(site: Path) -> list[Path]:
    return sorted(path for path in site.glob("*.html") if path.stem not in EXCEPTIONS)


def test_every_page_for_staff_reads_plainly(handbook_site: Any) -> None:
    grades = {page.stem: round(smog(running_text(page)), 1) for page in pages(handbook_site.root)}
    assert len(grades) > 10
    assert {name: grade for name, grade in grades.items() if grade > STAFF} == {}


def test_exceptions_are_pages(handbook_site: Any) -> None:
    assert {path.stem for path in handbook_site.root.glob("*.html")} >= set(EXCEPTIONS)


@pytest.mark.parametrize("kind", ["consent", "screening"])
def test_what_a_patient_hears_reads_more_plainly(repository: Path, kind: str) -> None:
    library, _ = load_library(repository / "source/records", [repository / "source/references.bib"])
    texts = (
        [plain(library.prose(s.text)) for item in library.of(ConsentItem) for s in item.say]
        if kind == "consent"
        else [plain(library.prose(question.asks)) for question in library.of(ScreeningQuestion)]
    )
    assert smog([sentence for text in texts for sentence in sentences(text)]) <= PATIENTS


def test_what_pages_say_to_patients_reads_more_plainly(handbook_site: Any) -> None:
    quotes = [
        " ".join(quote.text_content().split())
        for page in pages(handbook_site.root)
        for quote in lxml.html.parse(page).getroot().xpath("//article//blockquote")
    ]
    assert quotes
    assert smog([sentence for quote in quotes for sentence in sentences(quote)]) <= PATIENTS


@pytest.mark.parametrize("sheet", ["screening-first", "screening-later", "consent", "aftercare"])
def test_sheets_for_patients_read_more_plainly(handbook_site: Any, sheet: str) -> None:
    assert smog(running_text(handbook_site.root / "sheets" / f"{sheet}.html")) <= PATIENTS


def test_the_measure_tells_plain_from_heavy_text() -> None:
    assert smog(["Press the place.", "Ask how it feels."]) < 5
    assert smog(["Subcutaneous haemorrhagic complications necessitate immediate compression."]) > STAFF
