"""The key of a self-check: every right answer with its reason, to stand behind the questions in print."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.library.codes import current_code
from clinic_snippets.records import QuizQuestion
from clinic_snippets.records.text import Code, Day, Paragraph, Words
from clinic_snippets.snippets.blocks import Column, Row, Table
from clinic_snippets.snippets.phrases import name_cell, sign_off_words
from clinic_snippets.snippets.registry import snippet
from clinic_snippets.snippets.self_check import answer, questions_about

COLUMNS = (Column("Question", 34), Column("Answer, and why", 66))


def _row(library: Library, record: QuizQuestion) -> Row:
    # In print this is the only place that names them, for the questions there have no foot.
    code = (Code(record.id), Words(", code "), Code(current_code(library, record.id)))
    review = (Words(". Review by "), Day(str(record.review_by)), Words(f". Owner: {record.owner}. "))
    foot = Paragraph((*code, *review, *sign_off_words(library, record)), "clinic-small")
    return Row(record.id, ((*name_cell(record), foot), answer(library, record)))


@snippet
def self_check_key(library: Library, *, topic: str | None = None) -> Table:
    """The answers to the questions of one topic or all, in the same order, folded away on screen."""
    rows = library.made(_row, questions_about(library, topic))
    return Table("Show all answers", COLUMNS, rows, "No question is recorded.", folded=True)
