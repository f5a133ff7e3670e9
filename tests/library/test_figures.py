"""Figures in words: formulas against an independent way to the same number, and what may be said of each form."""

from __future__ import annotations

import math
from statistics import NormalDist

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from clinic_snippets.library.figures import (
    bound,
    cioms_word,
    figure,
    in_text,
    one_in,
    percent,
    rule_of_three,
    wilson,
)
from clinic_snippets.records import Rate


def rate(**fields: object) -> Rate:
    base = {"source": "key", "needling": "dry needling", "reported_by": "clinicians", "setting": "Ireland"}
    return Rate.model_validate({**base, **fields})


def score_interval(affected: int, total: int) -> tuple[float, float]:
    """The score interval by its definition: the shares whose score test does not reject what was seen."""
    z = NormalDist().inv_cdf(0.975)
    seen = affected / total

    def accepted(share: float) -> bool:
        return abs(seen - share) <= z * math.sqrt(share * (1 - share) / total)

    def edge(inside: float, outside: float) -> float:
        for _ in range(200):
            middle = (inside + outside) / 2
            inside, outside = (middle, outside) if accepted(middle) else (inside, middle)
        return inside

    return (0.0 if seen == 0 else edge(seen, 0.0)), (1.0 if seen == 1 else edge(seen, 1.0))


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 100_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_equals_the_score_test_turned_round(counts: tuple[int, int]) -> None:
    assert wilson(*counts) == pytest.approx(score_interval(*counts), abs=1e-9)


@pytest.mark.parametrize(("affected", "total"), [(-1, 5), (6, 5), (0, 0)])
def test_wilson_refuses_what_is_no_proportion(affected: int, total: int) -> None:
    with pytest.raises(ValueError, match="not a proportion"):
        wilson(affected, total)


@pytest.mark.parametrize("total", [30, 100, 7_629, 1_000_000])
def test_rule_of_three_is_close_to_and_never_below_the_exact_bound(total: int) -> None:
    exact = 1 - 0.05 ** (1 / total)
    assert exact <= rule_of_three(total) <= exact * 1.06


@pytest.mark.parametrize(
    ("affected", "total", "word"),
    [
        (1, 10, "very common"), (99, 1000, "common"), (1, 100, "common"), (99, 10_000, "uncommon"),
        (1, 1000, "uncommon"), (1, 10_000, "rare"), (9, 100_000, "very rare"),
    ],
)  # fmt: skip
def test_cioms_words_start_at_their_limits(affected: int, total: int, word: str) -> None:
    assert cioms_word(affected, total) == word


@pytest.mark.parametrize(
    ("share", "words"), [(3 / 7629, "0.04"), (0.0429, "4.3"), (0.0001, "0.01"), (0.00011, "0.02"), (1.0, "100.0")]
)
def test_a_bound_is_rounded_up(share: float, words: str) -> None:
    assert bound(share) == words
    assert float(words) / 100 >= share


@given(st.integers(1, 10**7))
def test_a_bound_never_falls_below_what_it_bounds(total: int) -> None:
    assert float(bound(rule_of_three(total))) / 100 >= rule_of_three(total) - 1e-9


@pytest.mark.parametrize(
    ("affected", "total", "words"), [(1, 70, "about 1 in 70"), (3, 6348, "about 1 in 2,100"), (1, 3, "about 1 in 3")]
)
def test_one_in(affected: int, total: int, words: str) -> None:
    assert one_in(affected, total) == words


def test_percentages_keep_two_figures() -> None:
    assert [percent(x) for x in (0.5, 0.123, 0.0194, 0.00039, 0)] == ["50", "12", "1.9", "0.039", "0"]


def test_none_seen_is_a_bound_and_not_zero() -> None:
    none = rate(events="0", total="7629", unit="treatments", counted="affected")
    assert figure(none) == "none seen in 7,629 treatments; up to 0.04 % cannot be ruled out"


def test_events_are_a_rate_per_hundred_and_nothing_more() -> None:
    words = figure(rate(events="20", total="20494", unit="treatments", counted="events"))
    assert words == "0.098 events per 100 treatments (20 in 20,494 treatments)"
    assert "1 in" not in words and "interval" not in words


def test_affected_treatments_get_an_interval_and_no_cioms_word() -> None:
    words = figure(rate(events="1", total="70", unit="treatments", counted="affected"))
    assert words == "1.4 % of treatments, about 1 in 70 (1 in 70 treatments; 95 % interval 0.25 to 7.7 %)"


def test_affected_patients_get_a_cioms_word() -> None:
    assert figure(rate(events="1", total="70", unit="patients", counted="affected")).endswith(": common")


def test_a_printed_percentage_stays_as_printed() -> None:
    printed = rate(percent="7.70", total="7629", unit="treatments", counted="events")
    assert figure(printed, "bruises") == "7.70 bruises per 100 treatments (7,629 treatments)"


def test_running_text_carries_denominator_and_place() -> None:
    words = in_text(rate(percent="7.55", total="7629", unit="treatments", counted="events"), "bruises")
    assert words == "7.55 bruises per 100 treatments (7,629 treatments; Ireland)"


def test_acupuncture_says_so_in_the_same_sentence() -> None:
    assert in_text(rate(needling="acupuncture", percent="2", unit="patients"), "events").startswith("in acupuncture, ")


def test_the_sources_own_unit_is_kept() -> None:
    assert "consultations" in figure(
        rate(events="1", total="9", unit="treatments", printed_unit="consultations", counted="events")
    )


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"value": "9.31", "per": "100", "low": "5.10", "high": "14.62", "unit": "patients"}, "9.31 % of patients (95 % interval 5.10 to 14.62)"),
        ({"value": "8.31", "per": "10000", "unit": "needles"}, "8.31 per 10,000 needles"),
        ({"one_in": "1024", "unit": "treatments"}, "1 per 1,024 treatments"),
        ({"odds_ratio": "1.15", "low": "1.03", "high": "1.28", "compared": "with against without"}, "odds ratio 1.15 (95 % interval 1.03 to 1.28), with against without"),
        ({"cases": "1"}, "1 published case, no rate"),
        ({"words": "rare"}, "rare"),
        ({"percent_at_most": "50", "unit": "treatments"}, "at most 50 % of treatments"),
        ({"percent_low": "29", "percent_high": "91", "unit": "patients"}, "29 to 91 % of patients"),
    ],
)  # fmt: skip
def test_each_form_in_words(fields: dict[str, str], words: str) -> None:
    assert figure(rate(**fields)) == words


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"events": "8", "total": "7", "unit": "patients", "counted": "affected"}, "counted", "cannot be"),
        ({"percent": "3", "unit": "patients", "counted": "affected"}, "counted", "needs a 'total'"),
        ({"events": "3", "unit": "patients", "counted": "events"}, "events", "no 'total'"),
        ({"percent": "3", "unit": "patients", "printed_unit": "sessions"}, "printed_unit", "never mixed"),
        ({"percent": "103", "unit": "patients"}, "percent", "between 0 and 100"),
        ({"percent": "3 %", "unit": "patients"}, "percent", "not a number"),
        ({"events": "1.5", "total": "3", "unit": "patients", "counted": "events"}, "events", "whole number"),
        ({"percent": "3", "cases": "1", "unit": "patients"}, "", "one form"),
        ({}, "", "one form"),
        ({"percent": "3"}, "", "also needs: unit"),
        (
            {"events": "5", "total": "100", "unit": "treatments", "printed_unit": "patients", "counted": "affected"},
            "printed_unit",
            "never mixed",
        ),
        ({"events": "0", "total": "0", "unit": "patients", "counted": "affected"}, "total", "denominator of 0"),
        ({"one_in": "0", "unit": "patients"}, "one_in", "denominator of 0"),
        ({"percent_low": "30", "percent_high": "10", "unit": "patients"}, "percent_high", "starts above its end"),
        ({"value": "130", "per": "100", "unit": "patients"}, "", "cannot be"),
        ({"value": "10", "per": "100", "low": "5", "unit": "patients"}, "", "needs both"),
        ({"value": "10", "per": "100", "low": "20", "high": "30", "unit": "patients"}, "", "outside its own interval"),
        ({"percent": "10", "low": "5", "high": "30", "unit": "patients"}, "", "does not use: high, low"),
        ({"odds_ratio": "2", "low": "3", "high": "1", "compared": "x"}, "", "starts above its end"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(fields: dict[str, str], field: str, message: str) -> None:
    with pytest.raises(ValidationError, match=message) as caught:
        rate(**fields)
    assert (caught.value.errors()[0]["loc"] or ("",))[-1] == field
