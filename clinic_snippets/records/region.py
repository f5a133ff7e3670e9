"""Body regions: the places that precautions and hazards are about."""

from __future__ import annotations

from typing import ClassVar, Literal

from clinic_snippets.records.base import Id, Record


class Region(Record):
    """A part of the body; ``within`` names the larger region that holds it."""

    plural: ClassVar[str] = "regions"
    needs_source: ClassVar[bool] = False

    kind: Literal["region"]
    within: Id | None = None


EVERYWHERE = "all"
"""The word that stands for every region (and, in ``techniques``, for every technique)."""
