"""Effects on pain as a forest plot: each result with its interval on one scale, condition by condition."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from clinic_snippets.library import Library
from clinic_snippets.library.effects import SIDES, certainty_words, effect_figure, filled_circles, signed, when
from clinic_snippets.records import Better, Direction, Effect, Finding, Measure, Timing
from clinic_snippets.records.text import Paragraph
from clinic_snippets.snippets.blocks import Column, Picture, Row, Table
from clinic_snippets.snippets.drawing import (
    LINE_HEIGHT,
    WIDTH,
    Circle,
    Drawing,
    Label,
    Line,
    Rect,
    Shape,
    Tone,
    paragraph,
    text_width,
)
from clinic_snippets.snippets.finding_table import certainty_badge, findings_about
from clinic_snippets.snippets.phrases import listed, name_cell, words_cell
from clinic_snippets.snippets.registry import OptionError, snippet

COLUMNS = (
    Column("Finding", 26), Column("Compared with", 20), Column("When", 14), Column("Effect", 26), Column("Certainty", 14),
)  # fmt: skip
DRAWN = (Measure.MEAN_DIFFERENCE, Measure.STANDARDISED, Measure.COHEN_D)
"""Measures whose zero means no difference."""
LEGEND = (
    "Square: the result. Line: its 95 % interval. A hollow square: no clear difference. Circles: how sure one can be, "
    "from one filled (very low certainty) to four (high); all empty: not graded."
)
_SMALL = 11
_STRIP = 30
_SIDE = 16
"""Room beside the axis for half of the number at its end."""


@dataclass(frozen=True)
class Result:
    """One effect with an interval, of one finding."""

    finding: Finding
    effect: Effect

    @property
    def interval(self) -> tuple[float, float, float]:
        """The interval's start, its middle and its end."""
        effect = self.effect
        assert effect.low and effect.value and effect.high
        return float(effect.low), float(effect.value), float(effect.high)

    @property
    def scale(self) -> tuple[str, Better | None]:
        """What must be the same for results to share an axis, besides their measure.

        Two mean differences on scales that nobody named may be in different units, so each finding has its own axis.
        """
        own = f"of {self.finding.id}" if self.effect.measure is Measure.MEAN_DIFFERENCE else ""
        return self.effect.scale or own, self.effect.better

    @property
    def figure(self) -> str:
        """The value with its interval, short."""
        effect = self.effect
        return f"{signed(effect.value or '')} ({signed(effect.low or '')} to {signed(effect.high or '')})"

    @property
    def label(self) -> str:
        """What was compared and when."""
        outcome = "" if self.effect.outcome.lower() == "pain" else f"{self.effect.outcome}: "
        words = f"{outcome}against {self.finding.comparator}, {when(self.effect)}"
        return words[:1].upper() + words[1:]


def is_pain(effect: Effect) -> bool:
    """Say whether an effect is one on pain: neither a threshold for pressure nor what only mentions pain."""
    words = effect.outcome.lower()
    return words.startswith("pain") or words.endswith(" pain")


def results_of(findings: Iterable[Finding], measure: Measure) -> tuple[list[Result], int]:
    """Return the effects on pain that can be drawn, soonest first for each condition, and how many cannot."""
    timings = list(Timing)
    found = [Result(f, e) for f in findings for e in f.effects if is_pain(e) and e.value and e.measure is measure]
    drawn = [result for result in found if result.effect.low and result.effect.better]
    conditions = list(dict.fromkeys(result.finding.condition for result in drawn))
    drawn.sort(key=lambda r: (conditions.index(r.finding.condition), timings.index(r.effect.timing)))
    return drawn, len(found) - len(drawn)


def tick_words(value: float) -> str:
    """Return the number at a tick."""
    return signed(f"{value:g}")


class Axis:
    """Values to places between ``left`` and ``right``, with round numbers as ticks; zero is always on it."""

    def __init__(self, values: Iterable[float], left: float, right: float) -> None:
        low, high = min(0.0, *values), max(0.0, *values)
        self.left, self.right = left, right
        # The smallest round step whose numbers stand apart: a power of ten, or two or five times one.
        power = 10.0 ** math.floor(math.log10(high - low or 1)) / 10
        for factor in (1, 2, 5, 10, 20, 50, 100):
            step = power * factor
            first, last = math.floor(low / step), math.ceil(high / step)
            self.ticks = [round(n * step, 6) for n in range(first, last + 1)]
            room = (right - left) / max(1, last - first)
            if all(text_width(tick_words(tick), _SMALL) + 4 <= room for tick in self.ticks):
                break

    def at(self, value: float) -> float:
        """Return where a value is."""
        low, high = self.ticks[0], self.ticks[-1]
        return self.left + (value - low) / (high - low) * (self.right - self.left)


def _certainty(result: Result, x: float, y: float, width: float) -> tuple[list[Shape], float]:
    """Return how sure one can be, as circles and words, and where the last line stands."""
    levels = result.finding.certainty_of(result.effect)
    words = certainty_words(levels).removesuffix(" certainty").removeprefix("certainty ")
    filled = filled_circles(levels)
    shapes: list[Shape] = [
        Circle(x + 4 + n * 10, y - 4, 3.5, fill=Tone.INK if n < filled else None, line=Tone.INK) for n in range(4)
    ]
    labels, after = paragraph(x + 44, y, words, width - 44, size=_SMALL, tone=Tone.QUIET)
    return [*shapes, *labels], after


def _result(result: Result, axis: Axis, y: float) -> tuple[list[Shape], float]:
    """Return a row: what was compared, the interval, the figure and the certainty; and where it ends."""
    labels, y = paragraph(0, y + 11, result.label, WIDTH)
    top = y - 9
    column = axis.right + _SIDE + 8
    figure = Label(column, top + 12, result.figure, size=_SMALL)
    sure, after = _certainty(result, column, top + 26, WIDTH - column)
    bottom = max(top + _STRIP, after - 9)
    middle = (top + bottom) / 2
    low, value, high = (axis.at(number) for number in result.interval)
    clear = result.effect.direction in (Direction.NEEDLING, Direction.OTHER)
    drawn: list[Shape] = [
        Rect(0, top, axis.right + _SIDE, bottom - top, fill=Tone.BAND),
        Line(axis.at(0), top, axis.at(0), bottom, stroke=1),
        Line(low, middle, high, middle, Tone.ACCENT, 2),
        *(Line(end, middle - 5, end, middle + 5, Tone.ACCENT, 2) for end in (low, high)),
        Rect(value - 4, middle - 4, 8, 8, Tone.ACCENT if clear else Tone.PAPER, Tone.ACCENT, 2),
    ]
    return [*labels, *drawn, figure, *sure], bottom + 10


def _foot(axis: Axis, y: float, better: Better | None, unit: str) -> tuple[list[Shape], float]:
    """Return the axis with its numbers, which side is whose, and what is measured; and where it ends."""
    shapes: list[Shape] = [Line(axis.left, y, axis.right, y)]
    for tick in axis.ticks:
        x = axis.at(tick)
        shapes += [Line(x, y, x, y + 4), Label(x, y + 16, tick_words(tick), "middle", size=_SMALL)]
    words = ("favours needling", "favours the other")
    left, right = words if better is Better.LOWER else words[::-1]
    y += 33
    shapes += [
        Label(0, y, f"\u2190 {left}", size=_SMALL, bold=True),
        Label(WIDTH, y, f"{right} \u2192", "end", size=_SMALL, bold=True),
    ]
    labels, y = paragraph(0, y + LINE_HEIGHT, unit, WIDTH, size=_SMALL, tone=Tone.QUIET)
    return [*shapes, *labels], y


def _drawing(results: list[Result], axis: Axis, lead: str, unit: str) -> Drawing:
    """Return the results of one condition."""
    condition, better = results[0].finding.condition, results[0].effect.better
    shapes: list[Shape] = []
    y = 14.0
    if lead:
        labels, y = paragraph(0, 11, lead, WIDTH, size=_SMALL, tone=Tone.QUIET)
        shapes += labels
        y += 12
    labels, y = paragraph(0, y, condition, WIDTH, size=14, bold=True)
    shapes += labels
    y -= 8
    for result in results:
        drawn, y = _result(result, axis, y)
        shapes += drawn
    foot, y = _foot(axis, y - 6, better, unit)
    return Drawing(WIDTH, y, (*shapes, *foot), f"{condition}: {_said(results)} {unit}")


def _said(results: list[Result]) -> str:
    """Return in words how many results lie on which side."""
    sides = [result.effect.direction for result in results]
    counts = [(sides.count(side), SIDES[side]) for side in Direction]
    said = ", ".join(f"{n} {w.replace('favours', 'favour') if n > 1 else w}" for n, w in counts if n)
    return f"{len(results)} {'result' if len(results) == 1 else 'results'} on pain with 95 % intervals: {said}."


def _row(result: Result) -> Row:
    effect, finding = result.effect, result.finding
    direction = SIDES[effect.direction]
    cells = (
        name_cell(finding),
        listed([finding.comparator]),
        listed([when(effect)]),
        words_cell(f"{effect.outcome}: {direction}; {effect_figure(effect)}"),
        (Paragraph((certainty_badge(finding.certainty_of(effect)),)),),
    )
    return Row(finding.id, cells)


@snippet
def forest_plot(library: Library, *, measure: Measure | None = None, condition: str | None = None) -> Picture:
    """Effects on pain with their intervals, condition by condition: one measure per picture, one scale per axis."""
    if measure not in DRAWN:
        allowed = ", ".join(word.value for word in DRAWN)
        why = (
            f"a {measure.value} has no zero for no difference"
            if measure
            else "different measures never share a picture"
        )
        raise OptionError(f"{why}; choose 'measure', one of: {allowed}")
    results, left_out = results_of(findings_about(library, condition), measure)
    scales = list(dict.fromkeys(result.scale for result in results))
    results.sort(key=lambda result: scales.index(result.scale))
    groups: dict[tuple[object, str], list[Result]] = {}
    for result in results:
        groups.setdefault((result.scale, result.finding.condition), []).append(result)
    right = WIDTH - _SIDE - 8 - max((text_width(result.figure, _SMALL) for result in results), default=0)
    drawings: list[Drawing] = []
    for (scale, _), group in groups.items():
        axis = Axis([n for r in results if r.scale == scale for n in r.interval], _SIDE, right)
        drawings.append(_drawing(group, axis, "" if drawings else LEGEND, _unit(measure, group[0])))
    title = f"Effects on pain: {measure.value} with 95 % interval" + (f", {condition.lower()}" if condition else "")
    if left_out:
        few = "1 result without an interval is" if left_out == 1 else f"{left_out} results without an interval are"
        title += f" ({few} not drawn)"
    empty = f"No effect on pain is recorded as {measure.value}. This does not mean that it works, or does not."
    return Picture(title, tuple(drawings), Table(title, COLUMNS, tuple(map(_row, results)), empty))


def _unit(measure: Measure, result: Result) -> str:
    """Say what the numbers of an axis are."""
    name = measure.value[:1].upper() + measure.value[1:]
    if measure is not Measure.MEAN_DIFFERENCE:
        return f"{name}, a number without a unit; {result.effect.better} is better."
    scale = result.effect.scale or "the scale is not named in what was read"
    return f"{name}, {scale}; {result.effect.better} is better."
