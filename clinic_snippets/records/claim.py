"""Claims: what is said about a treatment elsewhere, and whether what was read bears it out."""

from __future__ import annotations

import enum
from typing import ClassVar, Literal

from clinic_snippets.records.base import Prose, Record, Statements


class Verdict(enum.StrEnum):
    """What the sources that were read make of a claim."""

    SUPPORTED = "supported"
    NUANCED = "nuanced"
    CONTRADICTED = "contradicted"
    NOT_FOUND = "not found"


class Claim(Record):
    """A claim, the verdict on it and the reason; where nothing was found, there is no source to name."""

    plural: ClassVar[str] = "claims"
    needs_source: ClassVar[bool] = False

    kind: Literal["claim"]
    says: Prose
    """The claim, as it is made."""
    verdict: Verdict
    """What the sources make of it."""
    because: Statements
    """The reason for the verdict."""
