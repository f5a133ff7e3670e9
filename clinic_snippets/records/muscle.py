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
    specialist_only: YesNo
    position: Statements = ()
    handling: Statements = ()
    structure: Words
    at_risk: Statements = ()
    hazards: Annotated[Ids, RefersTo("hazard")] = ()
    limits: Statements = ()
    disagreement: Disagreement | None = None
