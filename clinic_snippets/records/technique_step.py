"""Technique steps: what is done in a treatment session, in order."""

from __future__ import annotations

import enum
from typing import Annotated, ClassVar, Literal

from clinic_snippets.records.base import Disagreement, Ids, Record, RefersTo, Statements


class Phase(enum.StrEnum):
    """The part of a session that a step belongs to, in order."""

    BEFORE = "before"
    NEEDLING = "needling"
    AFTER = "after"


class TechniqueStep(Record):
    """One step of a session. Steps are done in the order of their file; ``keeps_safe`` names what it guards against."""

    plural: ClassVar[str] = "technique steps"

    kind: Literal["technique-step"]
    phase: Phase
    """The part of a session it belongs to."""
    do: Statements
    """What to do."""
    say: Statements = ()
    """What to say to the patient, in the patient's words."""
    never: Statements = ()
    """What must never be done."""
    why: Statements = ()
    """Why it is done."""
    limits: Statements = ()
    """What the evidence does not show."""
    keeps_safe: Annotated[Ids, RefersTo("precaution", "hazard", "hygiene-rule", "incident")] = ()
    """Ids of what it guards against."""
    disagreement: Disagreement | None = None
