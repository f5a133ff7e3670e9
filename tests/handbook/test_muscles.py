"""Muscles and hazards know each other, and no muscle is a recipe."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from clinic_snippets.library import Library
from clinic_snippets.records import EVERYWHERE, Hazard, Muscle, Region
from clinic_snippets.records.base import Statement

LUNG = re.compile(r"lung|pleura", re.IGNORECASE)
# Numbers with a unit, in figures or in words, and what else reads as a route.
MEASURE = re.compile(
    r"\b(?:\d+(?:[.,]\d+)?|an?|one|two|three|four|five|ten|half)[\s-]*"
    r"(?:mm|cm|millimet\w*|centimet\w*|inch\w*|°|degrees?|gauge|finger\s?breadths?|fingers?\s+wide|thumb\s?widths?)(?!\w)"
    r"|\b(?:perpendicular|tangential|aim(?:ed|ing)?)\b",
    re.IGNORECASE,
)
ADVANCED = (
    "jaw", "neck", "thorax", "neck-and-thoracic-spine", "upper-lumbar", "abdomen-and-pelvis", "buttock-and-hip",
)  # fmt: skip


@pytest.fixture(scope="module")
def muscles(library: Library) -> list[Muscle]:
    return list(library.of(Muscle))


def plain(name: str) -> str:
    """Return a name as bare words in the singular: no brackets, no capitals, no final s."""
    words = re.findall(r"\w+", re.sub(r"\([^)]*\)", "", name).lower())
    return " ".join(word.removesuffix("s") for word in words)


def names_of(muscle: Muscle) -> set[str]:
    """Return what a muscle is called, each part of a group by itself as well."""
    names = {muscle.name, *muscle.also_known_as}
    parts = {part for name in names for part in re.split(r"\band\b|[(),]", name)}
    return {plain(name) for name in names | parts} - {""}


def names(hazard: Hazard, muscle: Muscle) -> bool:
    """Say whether ``hazard`` names ``muscle``: one of the two names holds the other as whole words."""
    spoken = [f" {plain(word)} " for word in hazard.muscles]
    called = [f" {name} " for name in names_of(muscle)]
    return any(one in other or other in one for one in spoken for other in called)


def says(statements: tuple[Statement, ...]) -> str:
    return " ".join(text for s in statements for text in (s.text, s.note, s.unverified) if text)


def over_the_lung(muscle: Muscle) -> bool:
    return any(LUNG.search(structure) for structure in muscle.structure)


def test_names_are_compared_as_words_whatever_their_number_and_case(library: Library) -> None:
    rhomboids, levator = library.get("rhomboids-and-lung"), library.get("neck-base-and-lung")
    assert isinstance(rhomboids, Hazard)
    assert isinstance(levator, Hazard)
    muscle = library.get("rhomboids")
    assert isinstance(muscle, Muscle)
    assert names(rhomboids, muscle.model_copy(update={"name": "RHOMBOID", "also_known_as": ()}))
    assert not names(levator, muscle)


def test_a_muscle_that_a_hazard_names_links_to_it(library: Library, muscles: list[Muscle]) -> None:
    named = [(hazard.id, muscle) for hazard in library.hazards() for muscle in muscles if names(hazard, muscle)]
    assert len(named) > len(muscles) / 2
    assert [(hazard, muscle.id) for hazard, muscle in named if hazard not in muscle.hazards] == []


def test_every_muscle_links_to_what_can_be_hit_at_any_site(muscles: list[Muscle]) -> None:
    assert [m.id for m in muscles if "vessel-or-nerve-anywhere" not in m.hazards] == []


def test_a_muscle_over_the_lung_is_for_trained_hands_and_links_to_a_hazard_of_the_lung(
    library: Library, muscles: list[Muscle]
) -> None:
    found = [m for m in muscles if over_the_lung(m)]
    assert len(found) >= 10
    assert [m.id for m in found if not m.specialist_only] == []
    for muscle in found:
        hazards = [h for h in library.hazards() if h.id in muscle.hazards and EVERYWHERE not in h.region]
        assert [h.id for h in hazards if LUNG.search(" ".join(h.structure))], muscle.id


@pytest.mark.parametrize("region", ADVANCED)
def test_muscles_of_advanced_regions_are_for_trained_hands_only(
    library: Library, muscles: list[Muscle], region: str
) -> None:
    found = [m for m in muscles if library.regions_within(region) & set(m.region)]
    assert found
    assert [m.id for m in found if not m.specialist_only] == []


def test_no_position_and_no_handling_gives_a_measure_or_a_direction(muscles: list[Muscle]) -> None:
    assert [m.id for m in muscles if MEASURE.search(says(m.position) + " " + says(m.handling))] == []


def test_no_grip_goes_without_a_word_that_it_is_no_guarantee(muscles: list[Muscle]) -> None:
    gripped = [m for m in muscles if m.specialist_only and re.search(r"pincer grip|bracket", says(m.handling))]
    assert len(gripped) >= 5
    assert [m.id for m in gripped if "guarantee" not in says(m.handling)] == []


def test_a_muscle_without_a_position_says_that_it_was_not_confirmed(muscles: list[Muscle]) -> None:
    without = [m for m in muscles if not m.position]
    assert without
    assert [m.id for m in without if "position" not in (m.unverified or "")] == []


def test_the_page_shows_every_muscle_once(repository: Path, library: Library, muscles: list[Muscle]) -> None:
    page = (repository / "source/muscle-by-muscle.md").read_text("utf-8")
    shown = re.findall(r"\{clinic:muscle-cards\}\n:region: ([\w-]+)\n", page)
    assert [region for region in shown if not isinstance(library.get(region), Region)] == []
    times = {m.id: sum(m.region[0] in library.regions_within(region) for region in shown) for m in muscles}
    assert {identifier: count for identifier, count in times.items() if count != 1} == {}
