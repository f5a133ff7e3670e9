"""Anatomical hazards: what a needle can hit in a body region."""

from __future__ import annotations

from typing import ClassVar, Literal

from clinic_snippets.records.base import Disagreement, Record, Regions, Statements, Words, YesNo


class Hazard(Record):
    """A structure at risk near certain muscles. Depths describe the samples studied, never a limit to follow.

    The first ``region`` is where the hazard has its home; others are where a reader looks for it too.
    """

    plural: ClassVar[str] = "hazards"

    kind: Literal["hazard"]
    region: Regions
    muscles: Words
    structure: Words
    specialist_only: YesNo
    avoid: Statements
    harm: Statements
    depth_note: Statements = ()
    limits: Statements = ()
    disagreement: Disagreement | None = None
