"""Snippets: plain functions that turn records into tables and cards. One file each; the file's name is the feature."""

from __future__ import annotations

from clinic_snippets.snippets import (  # noqa: F401  (importing registers them)
    adoption_checklist,
    adverse_event_cards,
    adverse_event_table,
    consent_list,
    hazard_cards,
    hazard_table,
    hygiene_list,
    incident_cards,
    incident_table,
    precaution_cards,
    precaution_table,
    record_index,
    region_table,
    screening_list,
    severity_table,
)
from clinic_snippets.snippets.blocks import Block, Card, Cards, Column, Row, Table
from clinic_snippets.snippets.registry import SNIPPETS, OptionError, Snippet, snippet

__all__ = ["SNIPPETS", "Block", "Card", "Cards", "Column", "OptionError", "Row", "Snippet", "Table", "snippet"]
