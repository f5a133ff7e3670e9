"""Incidents: what to do when something goes wrong."""

from __future__ import annotations

import enum
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from clinic_snippets.records.base import Disagreement, Ids, Prose, Record, RefersTo, Statements, Supported
from clinic_snippets.records.left_out import LeftOutOf


class Urgency(enum.StrEnum):
    """How fast help is needed, most urgent first."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    ROUTINE = "routine"


class Whom(enum.StrEnum):
    """Whom to call; the numbers are the clinic's own (``clinic_numbers``)."""

    EMERGENCY = "emergency"
    EMERGENCY_DEPARTMENT = "emergency-department"
    OCCUPATIONAL_HEALTH = "occupational-health"
    DOCTOR = "doctor"


class Step(Supported):
    """One step; ``when`` is the condition under which it is done."""

    when: Prose | None = None
    """The condition under which it is done."""
    do: Prose
    """What to do."""
    call: Whom | None = None
    """Whom to call; the clinic's own number is shown."""
    why: Prose | None = None
    """Why it is done."""
    disagreement: Disagreement | None = None


class Incident(Record):
    """An incident with its signs and ordered steps; ``prevented_by`` names precautions and hazards."""

    plural: ClassVar[str] = "incidents"
    needs_source: ClassVar[bool] = False

    kind: Literal["incident"]
    urgency: Urgency
    """How fast help is needed."""
    signs: Statements
    """What it looks and feels like."""
    steps: tuple[Step, ...]
    """What to do, in order."""
    later: Statements = ()
    """What to do afterwards."""
    at_home: tuple[Step, ...] = ()
    """What a patient is told to do at home: the sign in ``when``, in the patient's words."""
    disagreement: Disagreement | None = None
    limits: Statements = ()
    """What the evidence does not show."""
    prevented_by: Annotated[Ids, RefersTo("precaution", "hazard", "hygiene-rule")] = ()
    """Ids of precautions, hazards and hygiene rules."""
    left_out_of: LeftOutOf = Field(default=(), exclude=True)
    """Outputs that it does not stand in, with reasons. No clinical text: it is not signed off, and no release holds it."""
