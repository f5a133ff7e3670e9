"""Each chapter opens with what must not be missed, and every point leads to the record behind it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

MOST = 7
CHAPTERS = {
    *("start-here", "what-dry-needling-is", "kinds-of-needling", "who-may-needle", "technique", "muscle-by-muscle"),
    *("how-it-may-work", "what-to-expect", "what-is-not-shown", "findings-in-detail", "screening-before-treatment"),
    *("contraindications-and-precautions", "hazards-by-region", "is-it-safe", "adverse-events", "consent"),
    *("hygiene-and-sharps", "claim-by-claim", "where-sources-disagree", "what-we-could-not-verify", "method"),
    "checklists",
    "how-this-handbook-can-harm",
}
WITHOUT = {
    "index": "its cards are the ways in",
    "when-something-goes-wrong": "in an emergency the steps come first",
    "contraindications-in-detail": "cards; the chapter with their table has the points",
    "precautions-in-detail": "cards; the chapter with their table has the points",
    "self-check": "says how to use the questions",
    **dict.fromkeys(
        (f"self-check-{topic}" for topic in ("contraindications", "incidents", "technique", "evidence")),
        "questions; key points would give the answers away",
    ),
    "glossary": "a list to look things up in",
    "about": "the key to all other pages",
    "before-you-adopt": "a list to work through",
    "what-changed": "a list of changes; which to read first stands at its top",
    "reviews": "a list of what is due, and how reviews work",
    "is-my-copy-current": "one question, answered by a code",
    "coverage": "a matrix; what it shows is said above it",
    "records": "an index",
    "bibliography": "a list of sources",
}
"""Pages that open without key points, with the reason."""

BOX = re.compile(r"^:::\{admonition\} Key points\n:class: key-points\n\n(?P<points>.*?)^:::$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def pages(repository: Path) -> dict[str, str]:
    return {page.stem: page.read_text(encoding="utf-8") for page in (repository / "source").glob("*.md")}


def points(page: str) -> list[str]:
    """Return the points of every box of a page."""
    return [point for box in BOX.finditer(page) for point in re.findall(r"^- (.+)$", box["points"], re.MULTILINE)]


def test_every_page_is_a_chapter_or_has_a_reason(pages: dict[str, str]) -> None:
    assert set(pages) == CHAPTERS | set(WITHOUT)


def test_every_chapter_opens_with_its_key_points(pages: dict[str, str]) -> None:
    """Before the first heading of a section, and in the form that pages and PDF show as a box."""
    opening = {name: text.partition("\n## ")[0] for name, text in pages.items()}
    assert {name for name, text in opening.items() if len(BOX.findall(text)) == 1} == CHAPTERS
    assert {name for name, text in pages.items() if "key-points" in text} == CHAPTERS


def test_there_are_few_enough_to_be_read(pages: dict[str, str]) -> None:
    count = {name: len(points(pages[name])) for name in CHAPTERS}
    assert {name: number for name, number in count.items() if not 1 <= number <= MOST} == {}


def test_every_point_leads_to_its_record(pages: dict[str, str]) -> None:
    bare = [f"{name}: {point}" for name in CHAPTERS for point in points(pages[name]) if "{clinic:" not in point]
    assert bare == []


def test_a_box_holds_nothing_but_its_points(pages: dict[str, str]) -> None:
    """A point that is written over two lines, or text beside the points, would escape the tests above."""
    rest = {
        name: [line for line in box["points"].splitlines() if line and not line.startswith("- ")]
        for name in CHAPTERS
        for box in BOX.finditer(pages[name])
    }
    assert {name: lines for name, lines in rest.items() if lines} == {}


def test_every_page_can_be_linked_to_by_its_name(pages: dict[str, str]) -> None:
    labels = {name: "home" if name == "index" else name for name in pages}
    texts = {name: text.split("\n---\n", 1)[-1] for name, text in pages.items()}  # behind the front matter
    assert [name for name, text in texts.items() if not text.startswith(f"({labels[name]})=\n# ")] == []
