"""The checklists for guidelines: every item is there, and what the page says of them is so."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from clinic_snippets.library import Library
from clinic_snippets.records import ReportingItem

ITEMS = {"AGREE II": 23, "RIGHT": 22, "CheckUp": 16}
UNSEEN = "(wording of the item not seen)"
NUMBERS = "none one two three four five six seven eight nine ten eleven twelve".split()

LABEL = re.compile(r"^\((?P<label>[^()\s]+)\)=$", re.MULTILINE)
REFERENCE = re.compile(r"\{ref\}`(?:[^`<>]*<)?(?P<label>[^`<>]+)>?`")


@pytest.fixture(scope="module")
def page(repository: Path) -> str:
    return (repository / "source/checklists.md").read_text("utf-8")


def items_of(library: Library, checklist: str) -> list[ReportingItem]:
    return [item for item in library.of(ReportingItem) if item.checklist == checklist]


def answers(items: list[ReportingItem]) -> Counter[str]:
    """How many items are answered, answered in part, or not done."""
    return Counter("not done" if not i.where else "in part" if i.not_done else "answered" for i in items)


def test_no_checklist_is_unknown(library: Library) -> None:
    assert {item.checklist for item in library.of(ReportingItem)} == set(ITEMS)


@pytest.mark.parametrize(("checklist", "count"), ITEMS.items())
def test_every_main_item_is_there_in_order(library: Library, checklist: str, count: int) -> None:
    numbers = [item.number for item in items_of(library, checklist)]
    mains = [int(number.rstrip("abc")) for number in numbers]
    assert len(set(numbers)) == len(numbers)
    assert mains == sorted(mains)
    assert set(mains) == set(range(1, count + 1))


def test_an_id_names_its_checklist_and_number(library: Library) -> None:
    items = list(library.of(ReportingItem))
    expected = {f"{item.checklist.lower().replace(' ', '-')}-{item.number}" for item in items}
    assert {item.id for item in items} == expected


def test_every_item_is_answered_or_says_why_not(library: Library) -> None:
    assert [item.id for item in library.of(ReportingItem) if not item.where and not item.not_done] == []


def test_an_item_whose_wording_was_not_seen_is_unverified_and_answered_in_general(library: Library) -> None:
    """Nobody may take a general answer for an answer to words that were never read."""
    unseen = [item for item in library.of(ReportingItem) if UNSEEN in item.name]
    assert unseen
    assert [item.id for item in unseen if not item.unverified] == []
    assert [i.id for i in unseen if not all(t.startswith("In general:") for t in (i.where, i.not_done) if t)] == []


def test_what_nobody_did_is_not_claimed(library: Library) -> None:
    """No group, no patients, no outside review, no systematic search, no declared funding or interests."""
    never = ("agree-ii-4", "agree-ii-5", "agree-ii-13", "agree-ii-22", "agree-ii-23", "right-9a", "right-9b")
    found = {item.id: item for item in library.of(ReportingItem)}
    assert [i for i in never if found[i].where] == []
    assert found["agree-ii-7"].not_done


@pytest.mark.parametrize("checklist", ITEMS)
def test_every_page_named_in_an_answer_exists(library: Library, repository: Path, checklist: str) -> None:
    pages = [path.read_text("utf-8") for path in (repository / "source").glob("*.md")]
    labels = {label for text in pages for label in LABEL.findall(text)}
    named = {
        (item.id, label)
        for item in items_of(library, checklist)
        for text in (item.where, item.not_done)
        for label in REFERENCE.findall(text or "")
    }
    assert named
    assert sorted(pair for pair in named if pair[1] not in labels) == []


@pytest.mark.parametrize("checklist", ["AGREE II", "RIGHT"])
def test_the_page_counts_the_answers_rightly(library: Library, page: str, checklist: str) -> None:
    """The counts are words in a sentence; only items whose wording was read are counted."""
    count = answers([item for item in items_of(library, checklist) if UNSEEN not in item.name])
    said = (
        f"{NUMBERS[count['answered']]} are answered, {NUMBERS[count['in part']]} are answered in part, "
        f"and {NUMBERS[count['not done']]} are not done"
    )
    section = page.split(f"\n## {checklist}\n")[1].split("\n## ")[0]
    assert said in section.lower()


def test_the_page_says_that_nothing_of_checkup_is_done(library: Library, page: str) -> None:
    assert answers(items_of(library, "CheckUp")) == {"not done": 16}
    assert "**All sixteen are not done**" in page
