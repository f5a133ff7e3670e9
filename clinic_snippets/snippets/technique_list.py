"""The steps of a session in short."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import Phase, TechniqueStep
from clinic_snippets.snippets.blocks import Column, Row, Table
from clinic_snippets.snippets.phrases import doubt_badges, listed, name_cell, statements_cell
from clinic_snippets.snippets.registry import snippet

COLUMNS = (Column("Step", 26), Column("When", 12), Column("Do", 62))
PHASES = {Phase.BEFORE: "Before the needle", Phase.NEEDLING: "Needling", Phase.AFTER: "Afterwards"}


def steps_of(library: Library, phase: Phase | None = None) -> list[TechniqueStep]:
    """Return the steps in the order of their files, phase by phase."""
    phases = list(Phase)
    found = [step for step in library.of(TechniqueStep) if phase in (None, step.phase)]
    return sorted(found, key=lambda step: phases.index(step.phase))


def _row(library: Library, record: TechniqueStep) -> Row:
    badges = doubt_badges(library, record)
    cells = (name_cell(record, *badges), listed([PHASES[record.phase]]), statements_cell(library, record.do))
    return Row(record.id, cells)


@snippet
def technique_list(library: Library, *, phase: Phase | None = None) -> Table:
    """The steps of a session in order, each with what to do."""
    title = f"Steps: {PHASES[phase].lower()}" if phase else "The steps of a session"
    return Table(title, COLUMNS, library.made(_row, steps_of(library, phase)), "No step is recorded.")
