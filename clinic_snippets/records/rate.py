"""Rates: how often something was seen, in one of seven forms, each with its denominator.

=========== ====================================================== ===========================================
form        fields                                                 what it may say
=========== ====================================================== ===========================================
counts      ``events``, ``total``, ``counted``                     a rate; of *affected* people also an interval
printed     ``percent``, ``percent_at_most`` or a range            the figure as the source prints it
pooled      ``value``, ``per``, and ``low``, ``high`` if given     a review's or a study's figure per so many
ratio       ``one_in``                                             "1 in N" as the source prints it
odds-ratio  ``odds_ratio``, ``low``, ``high``, ``compared``        how much likelier in one group than another
cases       ``cases``                                              that it has been seen, and no rate
words       ``words``                                              what the source says without a usable figure
=========== ====================================================== ===========================================
"""

from __future__ import annotations

import enum
import re
from typing import Annotated, Any

from pydantic import BeforeValidator, ValidationInfo, WithJsonSchema, field_validator, model_validator
from pydantic_core import PydanticCustomError

from clinic_snippets.records.base import Id, Line, Part, Prose


class Unit(enum.StrEnum):
    """What a rate is counted per. Units are never pooled or put on one scale."""

    TREATMENTS = "treatments"
    PATIENTS = "patients"
    NEEDLES = "needles"
    CLINICIANS = "clinicians"


class Needling(enum.StrEnum):
    """What was done; a figure from acupuncture never stands for dry needling."""

    DRY_NEEDLING = "dry needling"
    ACUPUNCTURE = "acupuncture"


class ReportedBy(enum.StrEnum):
    """Who reported; clinicians report far less than patients do."""

    CLINICIANS = "clinicians"
    PATIENTS = "patients"
    RESEARCHERS = "researchers"
    LITERATURE = "published reports"


class Counted(enum.StrEnum):
    """What was counted: events (one treatment can give several), or treatments or people affected."""

    EVENTS = "events"
    AFFECTED = "affected"


class Form(enum.StrEnum):
    """The form of a rate, worked out from the fields it has."""

    COUNTS = "counts"
    PRINTED = "printed"
    POOLED = "pooled"
    RATIO = "ratio"
    ODDS_RATIO = "odds-ratio"
    CASES = "cases"
    WORDS = "words"


def _number(value: Any) -> Any:
    if isinstance(value, str):
        if not re.fullmatch(r"-?\d+(\.\d+)?", value):
            raise PydanticCustomError(
                "number", "'{given}' is not a number; write digits without commas or a percent sign", {"given": value}
            )
        return float(value) if "." in value else int(value)
    return value


def _whole(value: Any) -> Any:
    value = _number(value)
    if isinstance(value, float) or (isinstance(value, int) and value < 0):
        raise PydanticCustomError(
            "whole_number", "'{given}' is not a whole number of zero or more", {"given": str(value)}
        )
    return value


def _figure(value: Any) -> Any:
    _number(value)
    return value


def _percent(value: Any) -> Any:
    share = _number(value)
    if isinstance(share, int | float) and not 0 <= share <= 100:
        raise PydanticCustomError("percent", "{given} is not a percentage; it lies between 0 and 100", {"given": value})
    return value


def check_interval(centre: str | None, low: str | None, high: str | None) -> None:
    """Refuse half an interval, one that falls, and one that its own centre lies outside of."""
    if (low is None) != (high is None):
        raise PydanticCustomError(
            "interval", "an interval needs both 'low' and 'high'; add the other, or leave both out"
        )
    if low is None or high is None or centre is None:
        return
    if float(low) > float(high):
        raise PydanticCustomError("interval", "the interval starts above its end; change 'low' and 'high' over")
    if not float(low) <= float(centre) <= float(high):
        raise PydanticCustomError(
            "interval", "{centre} lies outside its own interval, {low} to {high}; look at the source again",
            {"centre": centre, "low": low, "high": high},
        )  # fmt: skip


def _number_or_text(number: dict[str, Any], pattern: str) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": [number, {"type": "string", "pattern": pattern}]}, mode="validation")


Whole = Annotated[int, BeforeValidator(_whole), _number_or_text({"type": "integer", "minimum": 0}, r"^[0-9]+$")]
Figure = Annotated[str, BeforeValidator(_figure), _number_or_text({"type": "number"}, r"^-?[0-9]+(\.[0-9]+)?$")]
"""A number kept as the source prints it: 7.70 is not 7.7."""
Percent = Annotated[
    str, BeforeValidator(_percent),
    _number_or_text({"type": "number", "minimum": 0, "maximum": 100}, r"^[0-9]+(\.[0-9]+)?$"),
]  # fmt: skip

_FORMS: dict[str, Form] = {
    "events": Form.COUNTS, "percent": Form.PRINTED, "percent_at_most": Form.PRINTED, "percent_low": Form.PRINTED,
    "value": Form.POOLED, "one_in": Form.RATIO, "odds_ratio": Form.ODDS_RATIO, "cases": Form.CASES, "words": Form.WORDS,
}  # fmt: skip
_UNIT_OF_WORD = {
    **{word: Unit.TREATMENTS for word in ("treatments", "sessions", "consultations", "procedures", "visits")},
    **{word: Unit.PATIENTS for word in ("patients", "people", "persons")},
    "needles": Unit.NEEDLES,
    "clinicians": Unit.CLINICIANS,
}
"""What a source's own word for its unit counts; other words are taken as printed."""
_USED = {
    Form.COUNTS: {"events", "total", "counted"},
    Form.PRINTED: {"percent", "percent_at_most", "percent_low", "percent_high", "total", "counted"},
    Form.POOLED: {"value", "per", "low", "high", "total", "counted"},
    Form.RATIO: {"one_in", "total", "counted"},
    Form.ODDS_RATIO: {"odds_ratio", "low", "high", "compared"},
    Form.CASES: {"cases"},
    Form.WORDS: {"words", "total"},
}


class Rate(Part):
    """One figure from one source; addressed as ``event@source`` or ``event@source-part``."""

    source: Line
    """The key of the bibliography entry."""
    part: Id | None = None
    """A name of its own, where one source gives several."""
    needling: Needling
    """What was done."""
    reported_by: ReportedBy
    """Who reported."""
    setting: Line
    """Where, by whom and how long."""
    unit: Unit | None = None
    """What it is counted per."""
    printed_unit: Line | None = None
    """The unit in the words of the source, where they differ."""
    total: Whole | None = None
    """The denominator."""
    events: Whole | None = None
    """How many were counted, of ``total``."""
    percent: Percent | None = None
    """The percentage as the source prints it."""
    percent_at_most: Percent | None = None
    """The percentage where the source says "less than"."""
    percent_low: Percent | None = None
    """The lower end of a range of percentages."""
    percent_high: Percent | None = None
    """The upper end of it."""
    value: Figure | None = None
    """A pooled figure, so many per ``per``."""
    per: Whole | None = None
    """How many units the value is per."""
    one_in: Whole | None = None
    """N, where the source says "1 in N"."""
    odds_ratio: Figure | None = None
    """The odds ratio, with ``low``, ``high`` and ``compared``."""
    low: Figure | None = None
    """The lower end of the interval."""
    high: Figure | None = None
    """The upper end of the interval."""
    compared: Line | None = None
    """What an odds ratio compares."""
    cases: Whole | None = None
    """How many cases were published, where there is no rate."""
    words: Prose | None = None
    """What the source says without a usable figure."""
    counted: Counted | None = None
    """Whether events were counted, or treatments or people affected."""
    oddity: Prose | None = None
    """What is odd about the figure."""

    @field_validator("printed_unit")
    @classmethod
    def _one_unit(cls, value: str | None, info: ValidationInfo) -> str | None:
        unit, meant = info.data.get("unit"), _UNIT_OF_WORD.get(value or "")
        if meant and unit not in (None, meant):
            raise PydanticCustomError(
                "mixed_units",
                "'{printed}' are {meant}, but 'unit' says {unit}; units are never mixed, so keep one of the two",
                {"printed": value, "meant": meant.value, "unit": unit.value},
            )
        return value

    @field_validator("total", "per", "one_in")
    @classmethod
    def _above_zero(cls, value: int | None) -> int | None:
        if value == 0:
            raise PydanticCustomError(
                "denominator_zero", "a denominator of 0 means nothing; write the number, or leave it out"
            )
        return value

    @field_validator("percent_high")
    @classmethod
    def _range_rises(cls, value: str | None, info: ValidationInfo) -> str | None:
        start = info.data.get("percent_low")
        if value is not None and start is not None and float(start) > float(value):
            raise PydanticCustomError(
                "range", "the range starts above its end; change 'percent_low' and 'percent_high' over"
            )
        return value

    @field_validator("events")
    @classmethod
    def _events_fit(cls, value: int | None, info: ValidationInfo) -> int | None:
        if value is not None and info.data.get("total") is None:
            raise PydanticCustomError(
                "no_total", "there is no 'total'; add the denominator, or write 'cases:' if there is none"
            )
        return value

    @field_validator("counted")
    @classmethod
    def _counted_fits(cls, value: Counted | None, info: ValidationInfo) -> Counted | None:
        total, events = info.data.get("total"), info.data.get("events")
        if value is Counted.AFFECTED and total is None:
            raise PydanticCustomError(
                "no_total", "'affected' needs a 'total' to be a share of; add it, or leave 'counted' out"
            )
        if value is Counted.AFFECTED and events is not None and events > total:
            raise PydanticCustomError(
                "above_total",
                "{events} affected of {total} cannot be; if several events were counted per treatment, write 'counted: events'",
                {"events": events, "total": total},
            )
        return value

    @model_validator(mode="after")
    def _one_form(self) -> Rate:
        given = [name for name in _FORMS if getattr(self, name) is not None]
        forms = {_FORMS[name] for name in given}
        if len(forms) != 1:
            found = ", ".join(given) or "none"
            raise PydanticCustomError(
                "rate_form", "a rate has one form, found fields of {number} ({found}); give one of {allowed}",
                {"number": len(forms), "found": found, "allowed": ", ".join(_FORMS)},
            )  # fmt: skip
        form = self.form
        wanted = {
            Form.COUNTS: ("unit", "counted"), Form.PRINTED: ("unit",), Form.POOLED: ("unit", "per"),
            Form.RATIO: ("unit",), Form.ODDS_RATIO: ("low", "high", "compared"),
        }.get(form, ())  # fmt: skip
        if self.percent_low is not None and self.percent_high is None:
            wanted = (*wanted, "percent_high")
        if missing := [name for name in wanted if getattr(self, name) is None]:
            raise PydanticCustomError(
                "rate_incomplete", "the form '{form}' also needs: {missing}; add it, or say it in 'words:'",
                {"form": form.value, "missing": ", ".join(missing)},
            )  # fmt: skip
        numbers = {name for names in _USED.values() for name in names}
        if unused := sorted(n for n in numbers - _USED[form] if getattr(self, n) is not None):
            raise PydanticCustomError(
                "rate_unused", "the form '{form}' does not use: {unused}; it would be lost, so say it in 'oddity:'",
                {"form": form.value, "unused": ", ".join(unused)},
            )  # fmt: skip
        check_interval(self.value if self.value is not None else self.odds_ratio, self.low, self.high)
        if (
            self.value is not None
            and self.per is not None
            and self.counted is not Counted.EVENTS
            and float(self.value) > self.per
        ):
            raise PydanticCustomError(
                "above_total",
                "{value} of {per} cannot be; if several events were counted per treatment, write 'counted: events'",
                {"value": self.value, "per": self.per},
            )
        return self

    @property
    def form(self) -> Form:
        """The form of this rate."""
        return next(form for name, form in _FORMS.items() if getattr(self, name) is not None)

    def address(self, event: str) -> str:
        """Return how text refers to this rate."""
        return f"{event}@{self.source}" + (f"-{self.part}" if self.part else "")
