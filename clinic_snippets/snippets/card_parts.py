"""Parts that every card has: its labels, its evidence, and its foot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from clinic_snippets.library import Library
from clinic_snippets.library.codes import current_code
from clinic_snippets.library.history import Step
from clinic_snippets.records import QuizQuestion, Record
from clinic_snippets.records.base import Disagreement, Statement
from clinic_snippets.records.governance import ChangeClass
from clinic_snippets.records.text import (
    Badge,
    Citation,
    Code,
    Day,
    Emphasis,
    Inline,
    ListBlock,
    Paragraph,
    RecordLink,
    Strong,
    Words,
)
from clinic_snippets.snippets.blocks import Card, CardBlock, Cell, Facts, Fold, RecordFoot
from clinic_snippets.snippets.phrases import (
    SPACE,
    append,
    disagreement_mark,
    doubt_badges,
    remarks,
    sign_off_words,
    spaced,
    statements_cell,
    views_list,
    words_cell,
)
from clinic_snippets.snippets.redline import class_badge, heading


def labels(badges: Iterable[Badge]) -> Paragraph:
    """Return a card's labels on one line."""
    return Paragraph(spaced(badges), "clinic-badges")


def disagreement_blocks(library: Library, disagreement: Disagreement) -> list[CardBlock]:
    """Return a disagreement: the question, each view with its sources, and the rule this handbook keeps."""
    rule = library.prose(disagreement.house_rule)
    because = library.prose(disagreement.because) if disagreement.because else ()
    return [
        Paragraph((Strong((Words("Sources disagree."),)), SPACE, *_inline(library.prose(disagreement.question)))),
        views_list(library, disagreement),
        Facts((("What this handbook does", append(rule + because, disagreement_mark(disagreement))),)),
    ]


def _inline(blocks: Cell) -> tuple[Inline, ...]:
    return tuple(piece for block in blocks if isinstance(block, Paragraph) for piece in block.children)


def evidence_fold(
    library: Library,
    record: Record,
    limits: tuple[Statement, ...] = (),
    disagreements: Iterable[Disagreement | None] = (),
) -> Fold:
    """Return how well a record is supported: grade, limits, disagreement, doubts, and what was read of each source."""
    body: list[CardBlock] = []
    if library.clinic_decides(record):
        body.append(Paragraph((
            Strong((Words("Clinic to decide."),)),
            Words(" Only low-authority sources (grade D) support this row, so it is not a firm rule."),
        )))  # fmt: skip
    if limits:
        body.append(Facts((("Limits of the evidence", statements_cell(library, limits)),)))
    found = [disagreement for disagreement in disagreements if disagreement]
    for disagreement in found:
        body += disagreement_blocks(library, disagreement)
    body += remarks(library, record)
    if record.synthesis:
        body.append(Paragraph((Badge("our synthesis", "synthesis"), Words(" This row is partly our own reasoning."))))
    items = []
    for key in library.keys_of(record):
        source = library.sources.get(key)
        if source:
            words = [f"grade {source.grade}"] if source.grade else []
            words += [source.read.words] if source.read else []
            tail = f": {', '.join(words)}." if words else ""
            caution = f" {source.caution}" if source.caution else ""
            items.append((Paragraph((Citation((key,), textual=True), Words(tail + caution))),))
    if items:
        body.append(Facts((("Sources", (ListBlock(tuple(items)),)),)))
    summary = "Evidence, doubts and disagreement" if found or record.unverified else "Evidence"
    return Fold(summary, tuple(body))


def about_blocks(library: Library, record: Record) -> list[CardBlock]:
    """Return the foot of a card: its history, other names, related records, dates, and who uses it."""
    steps = [s for s in library.history.of(record.id) if s.change.kind_of_change is not ChangeClass.NOT_CLINICAL]
    out: list[CardBlock] = [history_fold(library, steps)] if len(steps) > 1 else []
    if record.also_known_as:
        out.append(Paragraph((Words("Also called: " + ", ".join(record.also_known_as) + "."),), "clinic-small"))
    naming = [i for i in library.naming(record.id) if i not in record.see_also]
    # Apart: what a question is called does not say that it is one.
    questions = [i for i in naming if isinstance(library.get(i), QuizQuestion)]
    for lead, related in (
        ("See also: ", [*record.see_also, *(i for i in naming if i not in questions)]),
        ("Check yourself: ", questions),
    ):
        if related:
            out.append(links_line(lead, related))
    reviewed = library.governance.last_reviewed(record)
    out.append(Paragraph((
        Words("Record "), Code(record.id), Words(", code "), Code(current_code(library, record.id)), Words(". Written "), Day(str(record.written)), Words(". Last reviewed: "),
        Day(str(reviewed)) if reviewed else Words("never"), Words(". Review by "),
        Day(str(record.review_by), review=True), Words(f". Owner: {record.owner}. "),
        Emphasis(sign_off_words(library, record)),
    ), "clinic-small"))  # fmt: skip
    out.append(RecordFoot(record.id))
    return out


def links_line(lead: str, records: Iterable[str]) -> Paragraph:
    """Return links to records as a line of small print."""
    links: list[Inline] = [Words(lead)]
    for target in records:
        links += [Words(", "), RecordLink(target)] if len(links) > 1 else [RecordLink(target)]
    return Paragraph((*links, Words(".")), "clinic-small")


def history_fold(library: Library, steps: Sequence[Step]) -> Fold:
    """Return what each release changed in a record, latest first, and what is not yet released."""
    items: list[Cell] = []
    for release, change in reversed(steps):
        when = f"Release {release.version}, {release.date}" if release else "Not yet released"
        items.append((Paragraph((Strong((Words(f"{when}:"),)), SPACE, class_badge(change))),))
        for note in change.notes:
            items[-1] += (*library.prose(note["what"]), *library.prose(note["why"]))
        if change.fields and not change.notes:
            fields = ", ".join(heading(field.name) for field in change.fields)
            items[-1] += words_cell(f"Changed: {fields}.")
    return Fold("History", (ListBlock(tuple(items)),))


def record_card(
    library: Library,
    record: Record,
    badges: Iterable[Badge],
    facts: Iterable[tuple[str, Cell]],
) -> Card:
    """Return a card: its labels and doubts, its facts but those without words, its evidence, its foot."""
    marks = [*badges, *doubt_badges(library, record)]
    # Not every kind has these two.
    limits, disagreement = getattr(record, "limits", ()), getattr(record, "disagreement", None)
    body: list[CardBlock] = [
        *([labels(marks)] if marks else []),
        Facts(tuple((heading, cell) for heading, cell in facts if cell)),
        evidence_fold(library, record, limits, [disagreement]),
        *about_blocks(library, record),
    ]
    return Card(record.id, record.name, tuple(body))
