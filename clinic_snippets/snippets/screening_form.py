"""The screening form: every question with boxes, and what the clinician must look at instead of asking.

A form asks and gives no verdict: it has no score, and what a yes leads to stands on the page about screening.
"""

from __future__ import annotations

import enum

from clinic_snippets.library import Library
from clinic_snippets.records import Level, Precaution, ScreeningQuestion
from clinic_snippets.records.text import Code, Inline, Paragraph, RecordLink, Words
from clinic_snippets.snippets.blocks import Cell, Column, Row, Table
from clinic_snippets.snippets.phrases import BOX, doubt_badges, in_line, name_line, words_cell
from clinic_snippets.snippets.registry import snippet
from clinic_snippets.snippets.unasked_precautions import EVERY_ONE_ASKED, unasked

TICK: Cell = words_cell(BOX)
"""A cell to put a tick in."""


class Asked(enum.StrEnum):
    """Which questions are asked."""

    ALL = "all"
    EACH_TIME = "each time"
    CHANGES = "what has changed"


HEADINGS = {
    Asked.ALL: "Please answer each question",
    Asked.EACH_TIME: "How is it today?",
    Asked.CHANGES: "Since your last treatment: is any of this new, or has it changed?",
}


def _for_staff(library: Library, record: ScreeningQuestion) -> Paragraph:
    """Return the ids of the question and of each contraindication that a yes may mean."""
    found = [target for i in record.if_yes if isinstance(target := library.get(i), Precaution)]
    pieces: list[Inline] = [Code(record.id)]
    for index, target in enumerate(target for target in found if target.level is Level.CONTRAINDICATION):
        pieces += [Words(", " if index else ": "), RecordLink(target.id, words=target.id)]
    return Paragraph(tuple(pieces), "clinic-small")


def _question(library: Library, record: ScreeningQuestion) -> Row:
    # The same number on every form, whichever questions stand on it.
    number = [question.id for question in library.of(ScreeningQuestion)].index(record.id) + 1
    cells = (
        words_cell(str(number)),
        library.prose(record.asks),
        TICK,
        TICK,
        (),
        (_for_staff(library, record),),
    )
    return Row(record.id, cells)


@snippet
def screening_form(library: Library, *, asked: Asked = Asked.ALL) -> Table:
    """The screening questions with boxes to tick: all, those asked each time, or those asked for what has changed."""
    found = [
        record
        for record in library.of(ScreeningQuestion)
        if asked is Asked.ALL or record.each_time is (asked is Asked.EACH_TIME)
    ]
    columns = (
        Column("#", 3), Column(HEADINGS[asked], 53), Column("Yes", 5), Column("No", 5), Column("Notes", 14),
        Column("For staff", 20),
    )  # fmt: skip
    return Table("", columns, library.made(_question, found), "No screening question is recorded.")


def _check(library: Library, record: Precaution) -> Row:
    # As on a couch card, a star stands for every doubt that the entry explains; the sheet says so.
    name = name_line(record, "*" if doubt_badges(library, record) else "", box=True)
    return Row(record.id, ((name,), in_line(library, (statement.text for statement in record.action))))


@snippet
def screening_checks(library: Library) -> Table:
    """Every contraindication that no question leads to, with a box: the clinician looks at it instead of asking."""
    rows = library.made(_check, unasked(library, Level.CONTRAINDICATION))
    columns = (Column("For the clinician: no question finds these", 42), Column("What to do", 58))
    return Table("", columns, rows, EVERY_ONE_ASKED, calm=True)
