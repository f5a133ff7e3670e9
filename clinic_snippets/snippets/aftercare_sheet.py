"""The aftercare sheet: what a patient is told for the time afterwards, and which signs need whom."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import Incident, Step, TechniqueStep, Whom
from clinic_snippets.records.text import Code, plain
from clinic_snippets.snippets.blocks import Cell, Column, Row, Table
from clinic_snippets.snippets.consent_sheet import spoken
from clinic_snippets.snippets.phrases import SPACE, append, in_line
from clinic_snippets.snippets.registry import snippet
from clinic_snippets.snippets.screening_form import TICK


@snippet
def aftercare_advice(library: Library, *, step: TechniqueStep | None = None) -> Table:
    """What a patient is told, word for word: of one step of a session, or of all that have such words."""
    rows = [
        Row(record.id, (TICK, in_line(library, [words])))
        for record in library.of(TechniqueStep)
        if step is None or record is step
        for words in spoken(record.say)
    ]
    return Table(
        "", (Column("Said", 8), Column("What is usual, and what you can do", 92)), tuple(rows), "No advice is recorded."
    )


def _sign(library: Library, record: Incident, step: Step) -> Cell:
    return append(library.prose(step.when or step.do), (SPACE, Code(record.id)))


@snippet
def aftercare_signs(library: Library, *, call: Whom = Whom.EMERGENCY) -> Table:
    """The signs that a patient watches for at home, with what to do: those for which one and the same is to be called."""
    found = [(record, step) for record in library.of(Incident) for step in record.at_home if step.call is call]
    said = {step.do for _, step in found}
    empty = "No sign is recorded. Ask your clinician what to watch for."
    if len(said) == 1:
        # The same for every sign is said once, and large.
        rows = tuple(Row(record.id, (_sign(library, record, step),)) for record, step in found)
        return Table("", (Column(plain(library.prose(said.pop()))),), rows, empty)
    rows = tuple(Row(record.id, (_sign(library, record, step), library.prose(step.do))) for record, step in found)
    return Table("", (Column("If you notice this", 58), Column("Do this", 42)), rows, empty)
