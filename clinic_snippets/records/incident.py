"""Incidents: what to do when something goes wrong."""

from __future__ import annotations

import enum
from typing import Annotated, ClassVar, Literal

from clinic_snippets.records.base import Disagreement, Ids, Prose, Record, RefersTo, Statements, Supported


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
    do: Prose
    call: Whom | None = None
    why: Prose | None = None
    disagreement: Disagreement | None = None


class Incident(Record):
    """An incident with its signs and ordered steps; ``prevented_by`` names precautions and hazards."""

    plural: ClassVar[str] = "incidents"
    needs_source: ClassVar[bool] = False

    kind: Literal["incident"]
    urgency: Urgency
    signs: Statements
    steps: tuple[Step, ...]
    later: Statements = ()
    disagreement: Disagreement | None = None
    limits: Statements = ()
    prevented_by: Annotated[Ids, RefersTo("precaution", "hazard", "hygiene-rule")] = ()
