"""Effects in words: what a study found, with its unit, its interval and how sure its authors were."""

from __future__ import annotations

from clinic_snippets.records import Certainty, Direction, Effect, Finding, Measure, Timing

MEASURES = {
    Measure.MEAN_DIFFERENCE: "mean difference",
    Measure.STANDARDISED: "standardised mean difference",
    Measure.COHEN_D: "Cohen's d",
    Measure.RISK_RATIO: "risk ratio",
    Measure.NUMBER_NEEDED: "number needed to treat",
}
SIDES = {
    Direction.NEEDLING: "favours needling",
    # An interval that includes no effect does not show that there is none.
    Direction.NO_DIFFERENCE: "no clear difference",
    Direction.OTHER: "favours the other",
    Direction.UNCLEAR: "unclear",
}
CIRCLES = {Certainty.HIGH: 4, Certainty.MODERATE: 3, Certainty.LOW: 2, Certainty.VERY_LOW: 1}
"""How many of four circles stand for a certainty, as in GRADE's own summary tables."""


def signed(number: str) -> str:
    """Return a number with a true minus sign."""
    return number.replace("-", "\u2212", 1)


def interval(effect: Effect) -> str:
    """Return the 95 % interval of an effect in words, or nothing."""
    return f"95 % interval {signed(effect.low)} to {signed(effect.high)}" if effect.low and effect.high else ""


def when(effect: Effect) -> str:
    """Return when an effect was measured: the source's words with the term they fall under."""
    timing = "at mixed times" if effect.timing is Timing.MIXED else effect.timing.value
    return f"{timing} ({effect.time})" if effect.time else timing


def effect_figure(effect: Effect) -> str:
    """Return the figure of an effect with its measure and interval, or an empty text where there is none."""
    if effect.value is None or effect.measure is None:
        return ""
    words = f"{MEASURES[effect.measure]} {signed(effect.value)}"
    if effect.scale:
        words += f" {effect.scale}"
    return f"{words} ({interval(effect)})" if effect.low else words


def certainty_words(levels: tuple[Certainty, ...]) -> str:
    """Return a certainty in words, or that it was not graded."""
    if not levels:
        return "certainty not graded"
    return f"{' to '.join(level.value for level in levels)} certainty"


def filled_circles(levels: tuple[Certainty, ...]) -> int:
    """Return how many of four circles are filled for a certainty: as far as its lower level goes, none without one."""
    return min((CIRCLES[level] for level in levels), default=0)


def certainty_circles(levels: tuple[Certainty, ...]) -> str:
    """Return a certainty as four circles, filled as far as its lower level goes; all empty where it was not graded."""
    filled = filled_circles(levels)
    return "\u25cf" * filled + "\u25cb" * (4 - filled)


def effect_in_text(finding: Finding, effect: Effect) -> str:
    """Return an effect for running text, behind its outcome: when, the figure, which side it favours, how sure one can be."""
    figure = effect_figure(effect)
    parts = [f", {when(effect)}: {figure or SIDES[effect.direction]}"]
    if figure:
        parts.append(SIDES[effect.direction])
    levels = finding.certainty_of(effect)
    parts.append(f"{certainty_circles(levels)} {certainty_words(levels)}")
    return f"{'; '.join(parts)} ({finding.comparator}; {finding.design})"
