"""The learning path: outcomes by the stage of training at which they are worked at."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import LearningOutcome, Stage
from clinic_snippets.snippets.blocks import Column, Row, Table
from clinic_snippets.snippets.phrases import doubt_badges, links_cell, name_cell, sources_cell, statements_cell
from clinic_snippets.snippets.registry import snippet

COLUMNS = (
    Column("Outcome", 20), Column("The trainee can", 30), Column("Read", 22), Column("Competencies", 14),
    Column("Sources (grade)", 14),
)  # fmt: skip


def _row(library: Library, record: LearningOutcome) -> Row:
    cells = (
        name_cell(record, *doubt_badges(library, record), home=library),
        statements_cell(library, record.can),
        library.prose(record.learn),
        links_cell(record.competencies),
        sources_cell(library, record),
    )
    return Row(record.id, cells)


@snippet
def learning_path(library: Library, *, stage: Stage | None = None) -> Table:
    """Learning outcomes in order, of one stage or all, each with what to read and the competencies it serves."""
    stages = list(Stage)
    found = [outcome for outcome in library.of(LearningOutcome) if stage in (None, outcome.stage)]
    rows = library.made(_row, sorted(found, key=lambda outcome: stages.index(outcome.stage)))
    title = f"Learning outcomes: {stage.value}" if stage else "Learning outcomes"
    return Table(title, COLUMNS, rows, "No learning outcome is recorded.", home=True)
