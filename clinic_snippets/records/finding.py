"""Findings: what studies found about an effect, with how sure their authors were of it."""

from __future__ import annotations

import enum
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from clinic_snippets.records.base import (
    Disagreement,
    Id,
    Line,
    Part,
    Prose,
    Record,
    Regions,
    Statements,
    one_or_many,
)
from clinic_snippets.records.rate import Figure, check_interval


class Measure(enum.StrEnum):
    """What an effect is measured in; effects of different measures never stand on one scale."""

    MEAN_DIFFERENCE = "mean difference"
    STANDARDISED = "standardised mean difference"
    COHEN_D = "Cohen's d"
    RISK_RATIO = "risk ratio"
    NUMBER_NEEDED = "number needed to treat"


class Timing(enum.StrEnum):
    """How long after treatment an outcome was measured, soonest first."""

    IMMEDIATE = "immediate"
    SHORT = "short term"
    MEDIUM = "medium term"
    LONG = "long term"
    MIXED = "mixed"


class Direction(enum.StrEnum):
    """Which side an effect favours; *unclear* where the source's words do not say."""

    NEEDLING = "favours needling"
    NO_DIFFERENCE = "no difference"
    OTHER = "favours the other"
    UNCLEAR = "unclear"


class Better(enum.StrEnum):
    """Which values are better for the patient who was needled."""

    LOWER = "lower"
    HIGHER = "higher"


class Certainty(enum.StrEnum):
    """How sure the authors of a review are of an effect (GRADE), surest first."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    VERY_LOW = "very low"


def _a_level_or_two(value: tuple[Certainty, ...]) -> tuple[Certainty, ...]:
    if len(value) > 2:
        raise PydanticCustomError("certainty_range", "a certainty is one level or a range of two; write the outer two")
    return tuple(sorted(set(value), key=list(Certainty).index, reverse=True))


Certainties = Annotated[tuple[Certainty, ...], BeforeValidator(one_or_many), AfterValidator(_a_level_or_two)]
"""One level, or the two ends of a range, lowest first."""

NULL = {Measure.MEAN_DIFFERENCE: 0.0, Measure.STANDARDISED: 0.0, Measure.COHEN_D: 0.0, Measure.RISK_RATIO: 1.0}
"""The value of each measure that stands for no effect; a number needed to treat has none."""


class Effect(Part):
    """One outcome at one time; addressed as ``finding@part``. Values are in ``scale`` units, as the source prints them."""

    part: Id
    """A name of its own within the finding; text refers to it as ``finding@part``."""
    outcome: Line
    """What was measured."""
    timing: Timing
    """How long after treatment it was measured."""
    time: Line | None = None
    """The time as the source prints it."""
    direction: Direction
    """Which side it favours."""
    measure: Measure | None = None
    """What the value is a measure of."""
    scale: Line | None = None
    """The unit or the scale, as the source prints it."""
    better: Better | None = None
    """Which values are better for the patient."""
    value: Figure | None = None
    """The value, as the source prints it."""
    low: Figure | None = None
    """The lower end of the interval."""
    high: Figure | None = None
    """The upper end of the interval."""
    words: Prose | None = None
    """What the source says without a usable figure."""
    certainty: Certainties = ()
    """The certainty of this outcome, where it differs from the whole finding."""
    oddity: Prose | None = None
    """What is odd about the figure."""

    @field_validator("value")
    @classmethod
    def _measured(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and info.data.get("measure") is None:
            raise PydanticCustomError(
                "no_measure", "a value means nothing without its 'measure'; add it, or say it in 'words:'"
            )
        return value

    @model_validator(mode="after")
    def _consistent(self) -> Effect:
        if self.value is None and self.words is None:
            raise PydanticCustomError("no_effect", "says nothing; give 'value' with its 'measure', or 'words'")
        check_interval(self.value, self.low, self.high)
        if self.low is None or self.high is None:
            return self
        if self.value is None:
            raise PydanticCustomError("interval", "an interval needs its 'value'; add it, or say it in 'words:'")
        low, high = float(self.low), float(self.high)
        null = NULL.get(self.measure) if self.measure else None
        if null is not None and self.direction in (Direction.NEEDLING, Direction.OTHER) and low <= null <= high:
            raise PydanticCustomError(
                "crosses_null", "the interval {low} to {high} includes no effect; write 'direction: no difference'",
                {"low": self.low, "high": self.high},
            )  # fmt: skip
        if null is not None and self.direction is Direction.NO_DIFFERENCE and not low <= null <= high:
            raise PydanticCustomError(
                "excludes_null", "the interval {low} to {high} leaves out no effect; write which side it favours",
                {"low": self.low, "high": self.high},
            )  # fmt: skip
        side = Better.LOWER if high < (null or 0.0) else Better.HIGHER
        if (
            null is not None
            and self.better
            and self.direction is (Direction.OTHER if side is self.better else Direction.NEEDLING)
        ):
            raise PydanticCustomError(
                "wrong_side", "the interval {low} to {high} with 'better: {better}' lies on the other side; check the sign",
                {"low": self.low, "high": self.high, "better": self.better.value},
            )  # fmt: skip
        return self

    def address(self, finding: str) -> str:
        """Return how text refers to this effect."""
        return f"{finding}@{self.part}"


class Finding(Record):
    """What a study or review found about one comparison; ``certainty`` is given, or ``not_graded`` says why not.

    ``claim`` is the finding in one sentence, in words that its certainty carries.
    """

    plural: ClassVar[str] = "findings"

    kind: Literal["finding"]
    condition: Line
    """What the patients had."""
    regions: Regions
    """Ids of regions, or ``all``."""
    design: Line
    """What kind of studies, and how many."""
    comparator: Line
    """What needling was compared with."""
    claim: Prose
    """The finding in one sentence, in words that its certainty carries."""
    wording_waived_because: Prose | None = None
    """Why the claim may sound surer than its certainty; it is shown with the finding."""
    certainty: Certainties = ()
    """The authors' GRADE level, or the two ends of a range."""
    not_graded: Prose | None = None
    """Why there is no GRADE level."""
    effects: tuple[Effect, ...]
    """The outcomes, each at one time."""
    limits: Statements = ()
    """What the evidence does not show."""
    disagreement: Disagreement | None = None

    @field_validator("effects")
    @classmethod
    def _told_apart(cls, effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
        parts = [effect.part for effect in effects]
        if twice := next((part for part in parts if parts.count(part) > 1), None):
            raise PydanticCustomError(
                "effect_twice", "two effects have the part '{part}'; give each its own", {"part": twice}
            )
        return effects

    @model_validator(mode="after")
    def _graded_or_not(self) -> Finding:
        if bool(self.certainty) == bool(self.not_graded):
            raise PydanticCustomError(
                "certainty",
                "needs one of 'certainty' and 'not_graded'; give the authors' GRADE level, or say why there is none",
            )
        return self

    def certainty_of(self, effect: Effect) -> tuple[Certainty, ...]:
        """Return the certainty of one effect: its own, or else that of the whole finding."""
        return effect.certainty or self.certainty
