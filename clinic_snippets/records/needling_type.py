"""Types of needling: how they differ, and what is known of each."""

from __future__ import annotations

from typing import ClassVar, Literal

from clinic_snippets.records.base import Disagreement, Record, Statements, YesNo


class NeedlingType(Record):
    """A way of needling; ``dry_needling`` says whether it counts as dry needling."""

    plural: ClassVar[str] = "types of needling"

    kind: Literal["needling-type"]
    dry_needling: YesNo
    idea: Statements
    evidence: Statements
    limits: Statements = ()
    disagreement: Disagreement | None = None
