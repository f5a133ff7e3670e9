"""Consent items: what to say before needling, so that a yes means yes."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from clinic_snippets.records.base import Ids, Record, RefersTo, Statements


class ConsentItem(Record):
    """Something to say; ``discloses`` names adverse events and incidents, ``for_whom`` precautions it is for."""

    plural: ClassVar[str] = "consent items"

    kind: Literal["consent-item"]
    say: Statements
    why: Statements = ()
    discloses: Annotated[Ids, RefersTo("adverse-event", "incident")] = ()
    for_whom: Annotated[Ids, RefersTo("precaution")] = ()
    alternatives: Statements = ()
