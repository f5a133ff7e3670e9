"""The questions that snippets ask: what a filter keeps, in which order, how a row is supported, and the digest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from clinic_snippets.library import Library
from clinic_snippets.records import Grade, Hazard, Level, Precaution, Record, Region, Scope, Source

HEADER = {"topic": "t", "owner": "o", "written": "2026-01-01", "review_by": "2027-01-01"}
SOURCES = {key: Source(key, key, key, grade) for key, grade in [("a", Grade.A), ("b", Grade.B), ("d", Grade.D), ("none", None)]}  # fmt: skip


def precaution(identifier: str, **fields: Any) -> Precaution:
    """A precaution that is about everything unless ``fields`` say otherwise."""
    about = {"level": "precaution", "applies_to": "person", "rule": "adapt", "regions": "all", "techniques": "all"}
    said = {"name": identifier, "action": "Ask.", "why": "Bleeding.", "sources": ["a"]}
    return Precaution.model_validate({**HEADER, "kind": "precaution", "id": identifier, **about, **said, **fields})


def hazard(identifier: str, region: str, **fields: Any) -> Hazard:
    about = {"region": region, "muscles": "any", "structure": "artery", "specialist_only": "no"}
    said = {"name": identifier, "avoid": "Feel.", "harm": "Bleeding.", "sources": ["a"]}
    return Hazard.model_validate({**HEADER, "kind": "hazard", "id": identifier, **about, **said, **fields})


def region(identifier: str, within: str | None = None) -> Region:
    return Region.model_validate({**HEADER, "kind": "region", "id": identifier, "name": identifier, "within": within})


REGIONS = [region("trunk"), region("thorax", "trunk"), region("rib", "thorax"), region("leg")]


def ids(records: list[Any]) -> list[str]:
    return [record.id for record in records]


def library(*records: Record) -> Library:
    return Library([*REGIONS, *records], SOURCES)


# --- filters -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "make", [lambda name, where: precaution(name, regions=where), hazard], ids=["precautions", "hazards"]
)
def test_a_region_keeps_everywhere_what_holds_it_and_what_it_holds(make: Callable[[str, str], Record]) -> None:
    places = {"a-everywhere": "all", "b-trunk": "trunk", "c-thorax": "thorax", "d-rib": "rib", "e-leg": "leg"}
    found = library(*(make(name, where) for name, where in places.items()))
    for asked, kept in {
        "thorax": ["a-everywhere", "b-trunk", "c-thorax", "d-rib"],
        "rib": ["a-everywhere", "b-trunk", "c-thorax", "d-rib"],
        "trunk": ["a-everywhere", "b-trunk", "c-thorax", "d-rib"],
        "leg": ["a-everywhere", "e-leg"],
        None: list(places),
    }.items():
        assert ids(found.precautions(region=asked) + found.hazards(region=asked)) == kept


def test_a_region_that_lies_within_itself_by_a_detour_ends() -> None:
    circle = Library([region("a", "b"), region("b", "a")])
    assert circle.regions_near("a") == circle.regions_within("a") == {"a", "b"}


def test_a_technique_keeps_what_is_about_every_technique() -> None:
    found = library(
        precaution("every"), precaution("deep", techniques=["deep", "slow"]), precaution("fast", techniques="fast")
    )
    assert ids(found.precautions(technique="deep")) == ["deep", "every"]
    assert found.techniques() == ["deep", "fast", "slow"]


def test_scope_and_level_keep_only_what_says_so() -> None:
    found = library(
        precaution("both", applies_to=["person", "site"]),
        precaution("site", applies_to="site", level="contraindication"),
        precaution("time", applies_to="time"),
    )
    assert ids(found.precautions(scope=Scope.SITE)) == ["site", "both"]
    assert ids(found.precautions(level=Level.CONTRAINDICATION)) == ["site"]
    assert ids(found.precautions(scope=Scope.SITE, level=Level.PRECAUTION)) == ["both"]


def test_strictest_first_then_by_name() -> None:
    found = library(
        *(precaution(f"p-{rule}", rule=rule) for rule in ("inform", "adapt", "specialist-only", "refer")),
        precaution("c-refer", level="contraindication", rule="refer"),
        precaution("c-never", level="contraindication", rule="never"),
        precaution("z", name="alpha", rule="refer"),
        precaution("a", name="Zeta", rule="refer"),
    )
    assert ids(found.precautions()) == [
        *("c-never", "c-refer"),
        *("z", "p-refer", "a", "p-specialist-only", "p-adapt", "p-inform"),
    ]


def test_a_withdrawn_record_is_known_but_never_shown() -> None:
    gone = {"status": "withdrawn", "withdrawn": {"date": "2026-06-01", "reason": "Another says the same."}}
    found = library(precaution("old", **gone), hazard("gone", "leg", **gone))
    assert not found.precautions()
    assert not found.hazards()
    assert found.get("old")


# --- support -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sources", "best", "decides"),
    [
        (["d"], Grade.D, True),
        (["d", "none"], Grade.D, True),
        (["d", "b"], Grade.B, False),
        (["b", "a", "d"], Grade.A, False),
        (["none"], None, False),
    ],
)
def test_the_best_grade_decides_and_grade_d_alone_leaves_it_to_the_clinic(
    sources: list[str], best: Grade | None, decides: bool
) -> None:
    record = precaution("p", sources=sources)
    found = library(record)
    assert found.best_grade(record) is best
    assert found.clinic_decides(record) is decides


def test_sources_of_every_part_count_once_in_reading_order() -> None:
    views = [{"view": "No.", "sources": ["none", "a"]}, {"view": "Yes.", "synthesis": "yes"}]
    record = precaution(
        "p",
        sources=["d"],
        action={"text": "Ask.", "sources": ["b", "d"]},
        disagreement={"question": "Is it?", "views": views, "house_rule": "Ask."},
    )
    assert library(record).keys_of(record) == ["d", "b", "none", "a"]


def test_what_is_made_of_a_record_is_made_once() -> None:
    made: list[str] = []

    def row(_library: Library, record: Precaution) -> str:
        made.append(record.id)
        return record.name

    found = library(precaution("p"), precaution("q"))
    assert found.made(row, found.precautions()) == found.made(row, found.precautions()) == ("p", "q")
    assert made == ["p", "q"]
