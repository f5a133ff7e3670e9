"""Muscles: how the patient lies, and what a needle can hit there. Never a route, a depth or a length."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from clinic_snippets.records.base import Disagreement, Ids, Record, RefersTo, Regions, Statements, Words, YesNo


class Muscle(Record):
    """A muscle that is needled; ``position`` is empty where no source that was read gives one.

    The first ``region`` is where the muscle is listed; others are where a reader looks for it too.
    """

    plural: ClassVar[str] = "muscles"

    kind: Literal["muscle"]
    region: Regions
    """Ids of regions, the first being where it is listed."""
    specialist_only: YesNo
    """Whether it is for people with special training only."""
    position: Statements = ()
    """How the patient lies."""
    handling: Statements = ()
    """How the muscle is held."""
    structure: Words
    """What a needle can hit."""
    at_risk: Statements = ()
    """What has happened there."""
    hazards: Annotated[Ids, RefersTo("hazard")] = ()
    """Ids of hazards."""
    limits: Statements = ()
    """What the evidence does not show."""
    disagreement: Disagreement | None = None
