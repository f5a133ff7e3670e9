"""Effects in words: the figure with its unit and interval, which side it favours, and how sure one can be."""

from __future__ import annotations

from typing import Any

import pytest

from clinic_snippets.library import Library
from clinic_snippets.library.effects import certainty_circles, certainty_words, effect_figure, effect_in_text
from clinic_snippets.records import Certainty, Effect, Finding

EFFECT: dict[str, Any] = {
    "part": "pain", "outcome": "pain", "timing": "short term", "direction": "favours needling", "better": "lower",
    "measure": "standardised mean difference", "value": "-0.81", "low": "-1.21", "high": "-0.40",
}  # fmt: skip


def effect(**fields: Any) -> Effect:
    return Effect.model_validate({key: value for key, value in {**EFFECT, **fields}.items() if value is not None})


def finding(*effects: Effect, **fields: Any) -> Finding:
    base = {
        "kind": "finding", "id": "neck", "name": "Neck", "condition": "Neck pain", "regions": "all",
        "design": "28 trials", "comparator": "sham", "claim": "It may help.", "certainty": "low", "sources": ["a"],
        "topic": "t", "owner": "o", "written": "2026-01-01", "review_by": "2027-01-01",
    }  # fmt: skip
    return Finding.model_validate({**base, "effects": effects, **fields})


def test_a_figure_has_its_measure_its_interval_and_a_true_minus() -> None:
    words = "standardised mean difference \u22120.81 (95 % interval \u22121.21 to \u22120.40)"
    assert effect_figure(effect()) == words


def test_a_figure_keeps_its_digits_and_names_its_scale() -> None:
    shown = effect(measure="mean difference", value="-2.10", low=None, high=None, scale="points of 10")
    assert effect_figure(shown) == "mean difference \u22122.10 points of 10"


def test_without_a_figure_there_is_a_direction() -> None:
    bare = effect(measure=None, value=None, low=None, high=None, words="It fell.", time="1 to 3 weeks")
    assert effect_figure(bare) == ""
    assert effect_in_text(finding(bare), bare) == (
        ", short term (1 to 3 weeks): favours needling; \u25cf\u25cf\u25cb\u25cb low certainty (sham; 28 trials)"
    )


def test_in_text_an_effect_says_which_side_and_how_sure() -> None:
    one = effect()
    assert effect_in_text(finding(one), one) == (
        ", short term: standardised mean difference \u22120.81 (95 % interval \u22121.21 to \u22120.40); favours needling; "
        "\u25cf\u25cf\u25cb\u25cb low certainty (sham; 28 trials)"
    )


def test_an_effect_has_its_own_certainty_or_that_of_its_finding() -> None:
    own, other = effect(part="own", certainty="moderate"), effect(part="other")
    both = finding(own, other)
    assert both.certainty_of(own) == (Certainty.MODERATE,)
    assert both.certainty_of(other) == (Certainty.LOW,)


@pytest.mark.parametrize(
    ("written", "words", "circles"),
    [
        ("high", "high certainty", "\u25cf\u25cf\u25cf\u25cf"),
        ("very low", "very low certainty", "\u25cf\u25cb\u25cb\u25cb"),
        (["moderate", "very low"], "very low to moderate certainty", "\u25cf\u25cb\u25cb\u25cb"),
    ],
)
def test_certainty_is_words_and_circles(written: Any, words: str, circles: str) -> None:
    levels = effect(certainty=written).certainty
    assert (certainty_words(levels), certainty_circles(levels)) == (words, circles)


def test_what_was_not_graded_says_so() -> None:
    assert (certainty_words(()), certainty_circles(())) == ("certainty not graded", "\u25cb" * 4)


def test_an_effect_is_found_by_its_address() -> None:
    library = Library([finding(effect())])
    found = library.effect("neck@pain")
    assert found and found[1].value == "-0.81"
    assert library.effect("neck@other") is None
    assert library.figure_sources("neck@pain") == ("a",)
    assert library.figure_addresses(Finding) == ["neck@pain"]
