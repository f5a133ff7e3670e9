"""Precautions: reasons not to needle a person, a place or in a certain way, and reasons to needle differently."""

from __future__ import annotations

import enum
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from clinic_snippets.records.base import Disagreement, Record, Regions, Statements, Words, one_or_many
from clinic_snippets.records.left_out import LeftOutOf


class Level(enum.StrEnum):
    """How firm a precaution is, strictest first."""

    CONTRAINDICATION = "contraindication"
    PRECAUTION = "precaution"


class Rule(enum.StrEnum):
    """What a precaution asks for, strictest first; with the level it decides what counts as stricter."""

    NEVER = "never"
    REFER = "refer"
    SPECIALIST_ONLY = "specialist-only"
    ADAPT = "adapt"
    INFORM = "inform"


class Scope(enum.StrEnum):
    """What a precaution is about; several together read as "person × site"."""

    PERSON = "person"
    SITE = "site"
    TECHNIQUE = "technique"
    TIME = "time"
    PRACTITIONER = "practitioner"


class Precaution(Record):
    """A contraindication or a precaution."""

    plural: ClassVar[str] = "precautions"

    kind: Literal["precaution"]
    level: Level
    """How firm it is."""
    applies_to: Annotated[tuple[Scope, ...], BeforeValidator(one_or_many)]
    """What it is about; several together read as "person and site"."""
    rule: Rule
    """What it asks for. Only a contraindication may say ``never``."""
    regions: Regions
    """Ids of regions, or ``all``."""
    techniques: Words
    """Techniques in words, or ``all``."""
    action: Statements
    """What to do."""
    why: Statements
    """What could happen otherwise."""
    never: Statements = ()
    """What must never be done."""
    limits: Statements = ()
    """What the evidence does not show."""
    disagreement: Disagreement | None = None
    left_out_of: LeftOutOf = Field(default=(), exclude=True)
    """Outputs that it does not stand in, with reasons. No clinical text: it is not signed off, and no release holds it."""

    @field_validator("rule")
    @classmethod
    def _never_is_a_contraindication(cls, rule: Rule, info: ValidationInfo) -> Rule:
        if rule is Rule.NEVER and info.data.get("level") is Level.PRECAUTION:
            raise PydanticCustomError(
                "never_precaution",
                "only a contraindication may say 'never'; write 'level: contraindication' or a milder rule",
            )
        return rule
