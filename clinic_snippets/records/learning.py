"""What a trainee learns: competencies, and the outcomes that lead to them."""

from __future__ import annotations

import enum
from typing import Annotated, ClassVar, Literal

from clinic_snippets.records.base import Ids, Prose, Record, RefersTo, Statements


class Stage(enum.StrEnum):
    """When in training an outcome is worked at, in order."""

    FIRST_DAYS = "first days"
    BEFORE_NEEDLING = "before you needle"
    SUPERVISED = "under supervision"


class Competency(Record):
    """What a trainee must be able to do, how it may be checked, and where to learn it."""

    plural: ClassVar[str] = "competencies"

    kind: Literal["competency"]
    can: Statements
    """What a trainee must be able to do."""
    check: Statements
    """How it may be checked."""
    learn: Prose
    """Where to learn it."""


class LearningOutcome(Record):
    """What a trainee can do by the end, when it is worked at, and which competencies it serves."""

    plural: ClassVar[str] = "learning outcomes"

    kind: Literal["learning-outcome"]
    stage: Stage
    """When in training it is worked at."""
    can: Statements
    """What a trainee can do by the end."""
    competencies: Annotated[Ids, RefersTo("competency")]
    """Ids of the competencies it serves."""
    learn: Prose
    """Where to learn it."""
