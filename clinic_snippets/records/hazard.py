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
    """Ids of regions, the first being its home, or ``all``."""
    muscles: Words
    """The muscles near it."""
    structure: Words
    """What a needle can hit."""
    specialist_only: YesNo
    """Whether it is for people with special training only."""
    avoid: Statements
    """What to do so as not to hit it."""
    harm: Statements
    """What has happened when it was hit."""
    depth_note: Statements = ()
    """What measured depths say, and of whom; never a limit to follow."""
    limits: Statements = ()
    """What the evidence does not show."""
    disagreement: Disagreement | None = None
