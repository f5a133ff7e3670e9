"""Consent items: what to say before needling, so that a yes means yes."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from clinic_snippets.records.base import Ids, Record, RefersTo, Statements


class ConsentItem(Record):
    """Something to say; ``discloses`` names adverse events and incidents, ``for_whom`` precautions it is for."""

    plural: ClassVar[str] = "consent items"

    kind: Literal["consent-item"]
    say: Statements
    """What to say to the patient."""
    why: Statements = ()
    """Why it is said."""
    discloses: Annotated[Ids, RefersTo("adverse-event", "incident")] = ()
    """Ids of the adverse events and incidents it tells of."""
    for_whom: Annotated[Ids, RefersTo("precaution")] = ()
    """Ids of the precautions it is for; without any, it is for everybody."""
    alternatives: Statements = ()
    """What else could be done."""
