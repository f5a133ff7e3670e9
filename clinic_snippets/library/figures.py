"""Figures in words: what may be said of a rate, and nothing more.

Counts of *affected* treatments or people may become a percentage, "1 in N" and an interval. Counts of *events* become
a rate per 100 and nothing more: one treatment can give several. A printed percentage stays what the source printed.
"""

from __future__ import annotations

import math
from fractions import Fraction

from clinic_snippets.reading.prose import read_prose
from clinic_snippets.records import Counted, Form, Needling, Rate, ReportedBy, Unit
from clinic_snippets.records.text import plain

Z_95 = 1.959963984540054
"""The standard normal quantile of a two-sided 95 % interval."""

UNIT_SINGULAR = {
    Unit.TREATMENTS: "treatment", Unit.PATIENTS: "patient", Unit.NEEDLES: "needle", Unit.CLINICIANS: "clinician",
}  # fmt: skip


def wilson(affected: int, total: int) -> tuple[float, float]:
    """Return the 95 % Wilson score interval of ``affected`` out of ``total`` as proportions between 0 and 1.

    Source: the score interval of E. B. Wilson (1927). Raises ValueError unless 0 <= affected <= total and total > 0.
    """
    if total <= 0 or not 0 <= affected <= total:
        raise ValueError(f"{affected} of {total} is not a proportion")
    share, square = affected / total, Z_95**2
    middle = (share + square / (2 * total)) / (1 + square / total)
    half = Z_95 / (1 + square / total) * math.sqrt(share * (1 - share) / total + square / (4 * total**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def rule_of_three(total: int) -> float:
    """Return the upper 95 % bound, as a proportion, when none was seen in ``total``: 3 / total.

    Source: Hanley and Lippman-Hand, "If nothing goes wrong, is everything all right?", JAMA 1983.
    """
    if total <= 0:
        raise ValueError("the total must be above zero")
    return min(1.0, 3 / total)


def cioms_word(affected: int, total: int) -> str:
    """Return the frequency word for a share of *patients*.

    Source: CIOMS Working Group III (1995): very common from 1 in 10, common from 1 in 100, uncommon from 1 in 1,000,
    rare from 1 in 10,000, very rare below.
    """
    share = Fraction(affected, total)
    for limit, word in ((10, "very common"), (100, "common"), (1000, "uncommon"), (10000, "rare")):
        if share >= Fraction(1, limit):
            return word
    return "very rare"


def number(value: int | float | str) -> str:
    """Return a number as readers expect it: thousands with commas, decimals as they are."""
    text = str(value)
    whole, dot, rest = text.partition(".")
    return f"{int(whole):,}{dot}{rest}"


def percent(share: float) -> str:
    """Return a proportion as a percentage with two significant figures, such as "0.039" or "12"."""
    value = share * 100
    if value == 0:
        return "0"
    digits = max(0, 1 - math.floor(math.log10(abs(value))))
    return f"{value:.{digits}f}"


def bound(share: float) -> str:
    """Return an upper bound as a percentage, rounded up so that it stays one: one figure below 1 %, else one decimal."""
    value = share * 100
    digits = 1 if value >= 1 else -math.floor(math.log10(value))
    # The tiny allowance keeps a bound that is exact on paper from being pushed up by its binary form.
    return f"{math.ceil(value * 10**digits - 1e-9) / 10**digits:.{digits}f}"


def one_in(affected: int, total: int) -> str:
    """Return "about 1 in N", with N rounded to two significant figures; raises ValueError when none was affected."""
    if affected <= 0:
        raise ValueError("none affected: there is no 1 in N")
    ratio = Fraction(total, affected)
    if ratio < 10:
        return f"about 1 in {number(f'{float(ratio):.1f}'.removesuffix('.0'))}"
    scale = 10 ** max(0, math.floor(math.log10(float(ratio))) - 1)
    return f"about 1 in {number(round(float(ratio) / scale) * scale)}"


def unit_words(rate: Rate) -> str:
    """Return the unit of a rate in the source's own word where it printed another."""
    return rate.printed_unit or (rate.unit.value if rate.unit else "")


def figure(rate: Rate, noun: str = "events") -> str:
    """Return the figure itself in words: what the form of the rate allows; ``noun`` says what was counted."""
    if rate.form is Form.COUNTS:
        return _counts(rate, noun)
    if rate.form is Form.PRINTED:
        return _printed(rate, noun)
    if rate.form is Form.POOLED:
        assert rate.value is not None and rate.per is not None
        per = (
            f"{rate.value} % of {unit_words(rate)}"
            if rate.per == 100
            else f"{rate.value} per {number(rate.per)} {unit_words(rate)}"
        )
        return f"{per} (95 % interval {rate.low} to {rate.high})" if rate.low is not None else per
    if rate.form is Form.RATIO:
        assert rate.one_in is not None
        return f"1 per {number(rate.one_in)} {unit_words(rate)}"
    if rate.form is Form.ODDS_RATIO:
        return f"odds ratio {rate.odds_ratio} (95 % interval {rate.low} to {rate.high}), {rate.compared}"
    if rate.form is Form.CASES:
        assert rate.cases is not None
        return f"{number(rate.cases)} published {'case' if rate.cases == 1 else 'cases'}, no rate"
    return plain(read_prose(rate.words)[0]) if rate.words else ""


def _counts(rate: Rate, noun: str) -> str:
    events, total = rate.events, rate.total
    assert events is not None and total is not None and rate.unit is not None
    unit = unit_words(rate)
    if events == 0:
        return f"none seen in {number(total)} {unit}; up to {bound(rule_of_three(total))} % cannot be ruled out"
    counts = f"{number(events)} in {number(total)} {unit}"
    if rate.counted is Counted.EVENTS:
        return f"{_per_hundred(events, total)} {noun} per 100 {unit} ({counts})"
    low, high = (percent(bound) for bound in wilson(events, total))
    words = (
        f"{percent(events / total)} % of {unit}, {one_in(events, total)} ({counts}; 95 % interval {low} to {high} %)"
    )
    return f"{words}: {cioms_word(events, total)}" if rate.unit is Unit.PATIENTS else words


def _per_hundred(events: int, total: int) -> str:
    rate = events / total * 100
    return f"{rate:.1f}" if rate >= 1 else percent(events / total)


def _printed(rate: Rate, noun: str) -> str:
    unit = unit_words(rate)
    of = f"{number(rate.total)} {unit}" if rate.total else unit
    if rate.percent_at_most is not None:
        return f"at most {rate.percent_at_most} % of {of}"
    shown = rate.percent if rate.percent is not None else f"{rate.percent_low} to {rate.percent_high}"
    if rate.counted is Counted.EVENTS:
        return f"{shown} {noun} per 100 {unit}" + (f" ({of})" if rate.total else "")
    return f"{shown} % of {of}"


def reported(rate: Rate) -> str:
    """Say who reported what a rate counts."""
    if rate.reported_by is ReportedBy.LITERATURE:
        return "from published reports"
    return f"reported by {rate.reported_by.value}"


def in_text(rate: Rate, noun: str) -> str:
    """Return the figure for running text: with its denominator and where it was seen."""
    lead = "in acupuncture, " if rate.needling is Needling.ACUPUNCTURE else ""
    words = figure(rate, noun)
    return f"{lead}{words[:-1]}; {rate.setting})" if words.endswith(")") else f"{lead}{words} ({rate.setting})"
