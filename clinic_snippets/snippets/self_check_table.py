"""Which questions check which competency."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import Competency, QuizQuestion
from clinic_snippets.snippets.blocks import Column, Row, Table
from clinic_snippets.snippets.phrases import links_cell, name_cell, words_cell
from clinic_snippets.snippets.registry import snippet

COLUMNS = (Column("Competency", 30), Column("Questions", 70))
NONE = words_cell("No question yet.")


def _row(library: Library, record: Competency) -> Row:
    questions = [question.id for question in library.of(QuizQuestion) if record.id in question.competencies]
    return Row(record.id, (name_cell(record), links_cell(questions) or NONE))


@snippet
def self_check_table(library: Library) -> Table:
    """Each competency with the questions that check it."""
    rows = library.made(_row, library.of(Competency))
    return Table("Questions by competency", COLUMNS, rows, "No competency is recorded.")
