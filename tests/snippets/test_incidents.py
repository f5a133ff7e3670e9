"""Incidents: what to do first, and whom to call under which condition."""

from __future__ import annotations

from typing import Any

from clinic_snippets.library import Library
from clinic_snippets.records import Incident
from clinic_snippets.records.text import Call, Paragraph, Words, walk
from clinic_snippets.snippets import SNIPPETS


def glance(*steps: dict[str, Any]) -> list[str]:
    """What the short row of an incident says, line by line; a call in capitals."""
    incident = Incident.model_validate({
        "kind": "incident", "id": "faint", "name": "Faint", "urgency": "urgent",
        "signs": {"text": "Pale.", "synthesis": "yes"}, "steps": [{"synthesis": "yes", **step} for step in steps],
        "topic": "t", "owner": "o", "written": "2026-01-01", "review_by": "2027-01-01",
    })  # fmt: skip
    (row,) = SNIPPETS["incident-table"](Library([incident]), {}).rows  # type: ignore[union-attr]
    out = []
    for block in row.cells[1]:
        assert isinstance(block, Paragraph)
        pieces = list(walk(block))
        out.append(
            "".join(p.text for p in pieces if isinstance(p, Words))
            or next(p.whom.upper() for p in pieces if isinstance(p, Call))
        )
    return out


def test_every_call_stands_with_its_condition() -> None:
    assert glance(
        {"do": "Needles out."},
        {"when": "Blue", "do": "Call.", "call": "emergency"},
        {"when": "None of these", "do": "Go.", "call": "emergency-department"},
    ) == ["Needles out.", "If: Blue", "EMERGENCY", "If: None of these", "EMERGENCY-DEPARTMENT"]


def test_conditions_for_the_same_call_share_it() -> None:
    assert glance(
        {"do": "Lay flat."},
        {"when": "Not awake", "do": "Call.", "call": "emergency"},
        {"do": "Wait."},
        {"when": "Injured", "do": "Call.", "call": "emergency"},
    ) == ["Lay flat.", "If: Not awake", "If: Injured", "EMERGENCY"]


def test_a_call_that_always_holds_has_no_condition() -> None:
    assert glance({"do": "Call now.", "call": "emergency"}) == ["Call now.", "EMERGENCY"]
