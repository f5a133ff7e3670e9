"""One figure on harm as so many marks in 100 or 1,000 squares."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from clinic_snippets.library import Library
from clinic_snippets.library.figures import UNIT_SINGULAR, figure, number, reported, unit_words
from clinic_snippets.problems import allowed_words
from clinic_snippets.records import AdverseEvent, Counted, Form, Needling, Rate, Unit
from clinic_snippets.snippets.adverse_event_table import how_often, source_cell
from clinic_snippets.snippets.blocks import Column, Picture, Row, Table
from clinic_snippets.snippets.drawing import TEXT, WIDTH, Circle, Drawing, Label, Rect, Shape, Tone, paragraph
from clinic_snippets.snippets.phrases import name_cell, words_cell
from clinic_snippets.snippets.registry import OptionError, snippet

COLUMNS = (
    Column("Adverse event", 24), Column("How often", 34), Column("Seen where, reported by", 26),
    Column("Source (grade)", 16),
)  # fmt: skip
SIZES = (100, 1000)
NO_SHARE = {
    Form.CASES: "it counts published cases, and nobody knows out of how many",
    Form.WORDS: "its source gives words, not a figure",
    Form.ODDS_RATIO: "it compares two groups and says nothing of how often",
}
"""Why figures of some forms cannot be drawn as so many of so many."""


def _share(rate: Rate) -> Fraction:
    """Return how many per unit a rate says; raises OptionError where it does not say one number."""
    if rate.form in NO_SHARE:
        raise OptionError(f"this figure cannot be drawn: {NO_SHARE[rate.form]}")
    if rate.form is Form.PRINTED:
        if rate.percent is None:
            raise OptionError(
                "this figure cannot be drawn: its source prints a range or an upper limit, not one number"
            )
        return Fraction(rate.percent) / 100
    if rate.form is Form.POOLED:
        return Fraction(rate.value or 0) / (rate.per or 1)
    if rate.form is Form.RATIO:
        return Fraction(1, rate.one_in or 1)
    return Fraction(rate.events or 0, rate.total or 1)


@dataclass(frozen=True)
class Marks:
    """So many marks in so many squares, and what they stand for."""

    marked: int
    squares: int
    rate: Rate

    @property
    def words(self) -> str:
        """The figure as it is drawn."""
        what = ("event " if self.marked == 1 else "events ") if self.rate.counted is Counted.EVENTS else ""
        reporters = " reported it" if self.rate.unit is Unit.CLINICIANS else ""
        return f"about {self.marked} {what}in {number(self.squares)} {unit_words(self.rate)}{reporters}"

    @property
    def caution(self) -> str:
        """What must not be read into the picture."""
        if self.rate.counted is Counted.EVENTS and self.rate.unit:
            can = "have" if self.rate.unit is Unit.PATIENTS else "give"
            return f"Events are counted, not people: one {UNIT_SINGULAR[self.rate.unit]} can {can} several."
        if self.rate.unit is Unit.CLINICIANS:
            return "A share of clinicians, not a risk per treatment."
        return ""

    @property
    def legend(self) -> tuple[str, str]:
        """What a mark and an empty square stand for."""
        if self.rate.counted is Counted.EVENTS:
            return "one event", f"the rest of {number(self.squares)} {unit_words(self.rate)}"
        return ("reported it", "did not") if self.rate.unit is Unit.CLINICIANS else ("with it", "without it")


def marks_of(rate: Rate) -> Marks:
    """Return the smallest picture that shows at least one mark; raises OptionError where none can show the figure."""
    share = _share(rate)
    if share == 0:
        raise OptionError("this figure cannot be drawn: none was seen, and a picture without a mark would read as safe")
    if share > 1:
        raise OptionError("this figure cannot be drawn: it is more than one per unit, so no square is left empty")
    # In the larger picture half a mark counts: 1 in 1,020 reads as "about 1 in 1,000".
    least = {SIZES[0]: Fraction(1), SIZES[-1]: Fraction(1, 2)}
    squares = next((size for size in SIZES if share * size >= least[size]), None)
    if squares is None:
        raise OptionError(
            f"this figure cannot be drawn: it is rarer than 1 in {number(2 * SIZES[-1])}, so no square would be marked"
        )
    return Marks(math.floor(share * squares + Fraction(1, 2)), squares, rate)


def _mark(x: float, y: float, side: float, marked: bool) -> Shape:
    """Return one square, or in its place a filled circle: told apart without colour too."""
    if marked:
        return Circle(x + side / 2, y + side / 2, side / 2 + 0.5, fill=Tone.ACCENT)
    return Rect(x + 0.5, y + 0.5, side - 1, side - 1, line=Tone.FAINT, stroke=0.75)


def _drawing(event: AdverseEvent, marks: Marks) -> Drawing:
    rate = marks.rate
    where = f"{rate.needling.value.capitalize()}; {rate.setting}; {reported(rate)}."
    acupuncture = "A figure from acupuncture, not from dry needling." if rate.needling is Needling.ACUPUNCTURE else ""
    shapes: list[Shape] = []
    said, y = paragraph(0, 14, f"{event.name}: {marks.words}", WIDTH, size=14, bold=True)
    shapes += said
    for words, bold in ((acupuncture, True), (marks.caution, True), (where, False)):
        said, y = paragraph(0, y, words, WIDTH, bold=bold, tone=Tone.INK if bold else Tone.QUIET)
        shapes += said
    per_row, step, side = (10, 30, 24) if marks.squares == SIZES[0] else (40, 9, 7)
    left = (WIDTH - per_row * step + step - side) / 2
    for index in range(marks.squares):
        row, column = divmod(index, per_row)
        shapes.append(_mark(left + column * step, y + row * step, side, index < marks.marked))
    y += marks.squares / per_row * step + 10
    for marked, words in zip((True, False), marks.legend, strict=True):
        shapes += [_mark(left, y - 9, 10, marked), Label(left + 18, y, words, size=TEXT)]
        y += 17
    alt = f"{marks.squares} squares, {marks.marked} of them with a filled circle: {event.name}, {marks.words}. {marks.caution} {where}"
    return Drawing(WIDTH, y - 10, tuple(shapes), " ".join(f"{acupuncture} {alt}".split()))


@snippet
def icon_array(library: Library, *, rate: str | None = None) -> Picture:
    """How often one adverse event was seen, as marks in 100 or 1,000 squares; ``rate`` is its address, event@source."""
    addresses = library.figure_addresses(AdverseEvent)
    if rate is None:
        raise OptionError(f"choose 'rate', the address of one figure; {allowed_words('', addresses)}")
    found = library.rate(rate)
    event = library.records.get(rate.partition("@")[0])
    if found is None or not isinstance(event, AdverseEvent):
        raise OptionError(f"there is no figure '{rate}'; {allowed_words(rate, addresses)}")
    try:
        marks = marks_of(found)
    except OptionError as error:
        raise OptionError(f"{rate}: {error} ({figure(found)})") from None
    where = f"{found.setting}; {reported(found)}"
    row = Row(
        event.id,
        (name_cell(event), how_often(library, found), words_cell(where), source_cell(library, found)),
    )
    title = f"{event.name}: {figure(found)}"
    if found.needling is Needling.ACUPUNCTURE:
        title = f"Acupuncture: {title}"
    return Picture(title, (_drawing(event, marks),), Table(title, COLUMNS, (row,), "No figure is recorded."))
