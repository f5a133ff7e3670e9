"""Types of needling: how they differ, and what is known of each."""

from __future__ import annotations

from typing import ClassVar, Literal

from clinic_snippets.records.base import Disagreement, Record, Statements, YesNo


class NeedlingType(Record):
    """A way of needling; ``dry_needling`` says whether it counts as dry needling."""

    plural: ClassVar[str] = "types of needling"

    kind: Literal["needling-type"]
    dry_needling: YesNo
    """Whether it counts as dry needling."""
    idea: Statements
    """What is done, and what for."""
    evidence: Statements
    """What is known of it."""
    limits: Statements = ()
    """What the evidence does not show."""
    disagreement: Disagreement | None = None
