"""Phrases that several snippets share: how a statement, its support, a level or a grade is said."""

from __future__ import annotations

from collections.abc import Iterable

from clinic_snippets.library import Library
from clinic_snippets.records import EVERYWHERE, Hazard, Level, Precaution, Record, Rule, Scope
from clinic_snippets.records.base import Disagreement, Statement, Supported
from clinic_snippets.records.text import (
    Badge,
    Citation,
    Code,
    Emphasis,
    Inline,
    ListBlock,
    Paragraph,
    RecordLink,
    Strong,
    TextBlock,
    Words,
)
from clinic_snippets.snippets.blocks import CardBlock, Cell, Facts, Fold, RecordFoot

SPACE = Words(" ")

RULES = {
    Rule.NEVER: "Do not needle",
    Rule.REFER: "Refer first",
    Rule.SPECIALIST_ONLY: "Specialists only",
    Rule.ADAPT: "Ask, then adapt",
    Rule.INFORM: "Tell the patient",
}
LEVELS = {Level.CONTRAINDICATION: "Contraindication", Level.PRECAUTION: "Precaution"}
SCOPES = {
    Scope.PERSON: "the person", Scope.SITE: "the site", Scope.TECHNIQUE: "the technique",
    Scope.TIME: "the time", Scope.PRACTITIONER: "the practitioner",
}  # fmt: skip


def rule_badge(record: Precaution) -> Badge:
    """Say what a precaution asks for; only a contraindication may say "do not needle" (editorial rule 1)."""
    if record.level is Level.CONTRAINDICATION and record.rule is not Rule.NEVER:
        return Badge(f"Do not needle: {RULES[record.rule].lower()}", Rule.NEVER.value)
    return Badge(RULES[record.rule], record.rule.value)


def support(statement: Supported) -> tuple[Inline, ...]:
    """Return the mark behind a statement: its own sources, or that it is our reasoning."""
    if statement.synthesis:
        return (SPACE, Badge("our synthesis", "synthesis"))
    if statement.sources:
        return (SPACE, Citation(statement.sources))
    return ()


def _append(blocks: Iterable[TextBlock], tail: tuple[Inline, ...]) -> Cell:
    """Return ``blocks`` with ``tail`` behind the last words."""
    out = list(blocks)
    if tail:
        if isinstance(out[-1], Paragraph):
            out[-1] = Paragraph((*out[-1].children, *tail), out[-1].style)
        else:
            out.append(Paragraph(tail))
    return tuple(out)


def remarks(library: Library, statement: Supported) -> Cell:
    """Return the note and the doubt that stand with a statement."""
    out: list[TextBlock] = []
    if statement.note:
        out += library.prose(statement.note)
    if statement.unverified:
        first, *rest = library.prose(statement.unverified)
        mark: tuple[Inline, ...] = (Badge("unverified", "unverified"), SPACE)
        if isinstance(first, Paragraph):
            out += [Paragraph((*mark, *first.children), "clinic-unverified"), *rest]
        else:
            out += [Paragraph(mark), first, *rest]
    return tuple(out)


def statement_cell(library: Library, statement: Statement) -> Cell:
    """Return one statement with its support and remarks."""
    return _append(library.prose(statement.text), support(statement)) + remarks(library, statement)


def statements_cell(library: Library, statements: tuple[Statement, ...]) -> Cell:
    """Return one statement as text and several as a list."""
    cells = tuple(statement_cell(library, s) for s in statements)
    return cells[0] if len(cells) == 1 else (ListBlock(cells),) if cells else ()


def never_cell(library: Library, statements: tuple[Statement, ...]) -> Cell:
    """Return what must never be done, in strong words."""
    out: list[Cell] = []
    for statement in statements:
        first, *rest = library.prose(statement.text)
        strong: TextBlock = Paragraph((Strong(first.children),)) if isinstance(first, Paragraph) else first
        out.append(_append((strong, *rest), support(statement)) + remarks(library, statement))
    return out[0] if len(out) == 1 else (ListBlock(tuple(out)),) if out else ()


def name_cell(record: Record, *badges: Badge) -> Cell:
    """Return a row's heading: the record's name, linked to its home, and what it asks for."""
    out: list[TextBlock] = [Paragraph((RecordLink(record.id),))]
    if badges:
        out.append(Paragraph(_spaced(badges), "clinic-badges"))
    return tuple(out)


def _spaced(badges: Iterable[Inline]) -> tuple[Inline, ...]:
    out: list[Inline] = []
    for badge in badges:
        out += [SPACE, badge] if out else [badge]
    return tuple(out)


def decide_badges(library: Library, record: Record) -> tuple[Badge, ...]:
    """Return the mark of a row that rests on low-authority sources alone, if it does."""
    return (Badge("Clinic to decide", "decide"),) if library.clinic_decides(record) else ()


def sources_cell(library: Library, record: Record) -> Cell:
    """Return the citations of a row, each with its grade."""
    out: list[Inline] = []
    for key in library.keys_of(record):
        source = library.sources.get(key)
        grade = f" ({source.grade})" if source and source.grade else ""
        out += [*([Words(", ")] if out else []), Citation((key,)), *([Words(grade)] if grade else [])]
    if not out:
        return (Paragraph((Badge("our synthesis", "synthesis"),)),)
    return (Paragraph(tuple(out)),)


def listed(words: Iterable[str]) -> Cell:
    """Return words as one paragraph, separated by commas."""
    return (Paragraph((Words(", ".join(words)),)),)


def regions_words(library: Library, record: Precaution | Hazard) -> str:
    """Name the regions of a record."""
    regions = record.regions if isinstance(record, Precaution) else (record.region,)
    return ", ".join(library.region_name(region) for region in regions)


def techniques_words(record: Precaution) -> str:
    """Name the techniques a precaution is about."""
    return ", ".join("every technique" if word == EVERYWHERE else word for word in record.techniques)


def disagreement_blocks(library: Library, disagreement: Disagreement) -> list[CardBlock]:
    """Return a disagreement: the question, each view with its sources, and the rule this handbook keeps."""
    views = tuple(_append(library.prose(v.view), support(v)) + remarks(library, v) for v in disagreement.views)
    rule = library.prose(disagreement.house_rule)
    because = library.prose(disagreement.because) if disagreement.because else ()
    mark = (SPACE, Badge("our synthesis", "synthesis")) if disagreement.synthesis else ()
    return [
        Paragraph((Strong((Words("Sources disagree."),)), SPACE, *_inline(library.prose(disagreement.question)))),
        ListBlock(views),
        Facts((("What this handbook does", _append(rule + because, mark)),)),
    ]


def _inline(blocks: Cell) -> tuple[Inline, ...]:
    return tuple(piece for block in blocks if isinstance(block, Paragraph) for piece in block.children)


def evidence_fold(
    library: Library, record: Record, limits: tuple[Statement, ...], disagreement: Disagreement | None
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
    if disagreement:
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
    summary = "Evidence, doubts and disagreement" if disagreement or record.unverified else "Evidence"
    return Fold(summary, tuple(body))


def about_blocks(record: Record) -> list[CardBlock]:
    """Return the foot of a card: other names, related records, dates, and who uses it."""
    out: list[CardBlock] = []
    if record.also_known_as:
        out.append(Paragraph((Words("Also called: " + ", ".join(record.also_known_as) + "."),), "clinic-small"))
    if record.see_also:
        links: list[Inline] = []
        for target in record.see_also:
            links += [Words(", ") if links else Words("See also: "), RecordLink(target)]
        out.append(Paragraph((*links, Words(".")), "clinic-small"))
    out.append(Paragraph((
        Words("Record "), Code(record.id), Words(f". Written {record.written}, review by {record.review_by}, "
              f"owner: {record.owner}. "), Emphasis((Words("Not clinically signed off."),)),
    ), "clinic-small"))  # fmt: skip
    out.append(RecordFoot(record.id))
    return out
