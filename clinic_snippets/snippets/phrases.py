"""Phrases that several snippets share: how a statement, its support, a level or a grade is said."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from clinic_snippets.library import Library
from clinic_snippets.library.codes import current_code
from clinic_snippets.records import (
    EVERYWHERE,
    Hazard,
    Level,
    Muscle,
    Precaution,
    Record,
    Region,
    Rule,
    Scope,
    Status,
    Term,
)
from clinic_snippets.records.base import Disagreement, Statement, Supported
from clinic_snippets.records.text import (
    Anchor,
    Badge,
    Citation,
    Code,
    Day,
    Inline,
    ListBlock,
    Paragraph,
    RecordLink,
    Strong,
    TextBlock,
    Words,
    plain,
)
from clinic_snippets.snippets.blocks import Cell

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


def append(blocks: Iterable[TextBlock], tail: tuple[Inline, ...]) -> Cell:
    """Return ``blocks`` with ``tail`` behind the last words."""
    out = list(blocks)
    if tail:
        if isinstance(out[-1], Paragraph):
            out[-1] = Paragraph((*out[-1].children, *tail), out[-1].style)
        else:
            out.append(Paragraph(tail[1:] if tail[0] == SPACE else tail))
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


def disagreement_mark(disagreement: Disagreement) -> tuple[Inline, ...]:
    """Return the mark behind a rule that is our own reasoning."""
    return (SPACE, Badge("our synthesis", "synthesis")) if disagreement.synthesis else ()


def views_list(library: Library, disagreement: Disagreement) -> ListBlock:
    """Return each view of a disagreement with its sources and remarks."""
    return ListBlock(tuple(append(library.prose(v.view), support(v)) + remarks(library, v) for v in disagreement.views))


def disputed_cell(library: Library, disagreement: Disagreement | None) -> Cell:
    """Return a disagreement for a table's cell: the question, each view with its sources, and what this handbook does."""
    if disagreement is None:
        return ()
    because = library.prose(disagreement.because) if disagreement.because else ()
    return (
        *library.prose(disagreement.question),
        views_list(library, disagreement),
        Paragraph((Strong((Words("What this handbook does"),)),)),
        *library.prose(disagreement.house_rule),
        *because,
    )


def statement_cell(library: Library, statement: Statement) -> Cell:
    """Return one statement with its support and remarks."""
    return append(library.prose(statement.text), support(statement)) + remarks(library, statement)


def statements_cell(library: Library, statements: tuple[Statement, ...]) -> Cell:
    """Return one statement as text and several as a list."""
    cells = tuple(statement_cell(library, s) for s in statements)
    return cells[0] if len(cells) == 1 else (ListBlock(cells),) if cells else ()


def in_line(library: Library, texts: Iterable[str]) -> Cell:
    """Return texts as one paragraph where none holds a list."""
    blocks = tuple(block for text in texts for block in library.prose(text))
    if not all(isinstance(block, Paragraph) for block in blocks):
        return blocks
    pieces: list[Inline] = []
    for block in blocks:
        pieces += [SPACE] if pieces else []
        pieces += block.children  # type: ignore[union-attr]  # a paragraph, as said above
    return (Paragraph(tuple(pieces)),) if pieces else ()


BOX = "☐"


def name_line(record: Record, marks: str = "", behind: str = "", box: bool = False) -> Paragraph:
    """Return the name and the id of a record for a sheet of paper: who reports an error or looks it up quotes the id.

    ``marks`` stand right behind the name, ``behind`` stands at the end, and a ``box`` to tick before it all.
    """
    before = (Words(f"{BOX} "),) if box else ()
    signs = (Words(marks),) if marks else ()
    after = (Words(behind),) if behind else ()
    return Paragraph((*before, RecordLink(record.id), *signs, SPACE, Code(record.id), *after))


def never_cell(library: Library, statements: tuple[Statement, ...]) -> Cell:
    """Return what must never be done, in strong words."""
    out: list[Cell] = []
    for statement in statements:
        first, *rest = library.prose(statement.text)
        strong: TextBlock = Paragraph((Strong(first.children),)) if isinstance(first, Paragraph) else first
        out.append(append((strong, *rest), support(statement)) + remarks(library, statement))
    return out[0] if len(out) == 1 else (ListBlock(tuple(out)),) if out else ()


def name_cell(record: Record, *badges: Badge, home: Library | None = None) -> Cell:
    """Return a row's heading: the record's name and what it asks for; the name is a link, or, given ``home``, its home."""
    name: tuple[Inline, ...] = (Anchor(record.anchor), Words(record.name)) if home else (RecordLink(record.id),)
    out: list[TextBlock] = [Paragraph(name)]
    if badges:
        out.append(Paragraph(spaced(badges), "clinic-badges"))
    if home:
        # Who reports an error quotes the id, and who holds a copy compares the code: a home always shows both.
        code = (
            (Words(", code "), Code(current_code(home, record.id)))
            if not isinstance(record, Region) and not record.withdrawn
            else ()
        )
        out.append(Paragraph((Code(record.id), *code), "clinic-small"))
        if home.governance.sign_offs_of(record):
            out.append(Paragraph(sign_off_words(home, record), "clinic-small"))
    return tuple(out)


def sign_off_words(library: Library, record: Record) -> tuple[Inline, ...]:
    """Say who has signed a record off as it stands, or that nobody has."""
    if valid := library.governance.valid_sign_offs(record):
        out: list[Inline] = []
        for signed in valid:
            lead = "; " if out else "Signed off by "
            out += [Words(f"{lead}{signed.name}, {signed.role}, "), Day(str(signed.date))]
        return (*out, Words("."))
    if lapsed := library.governance.lapsed_sign_off(record):
        return (Words(f"Changed since sign-off by {lapsed.name}, "), Day(str(lapsed.date)), Words("."))
    return (Words("Not clinically signed off."),)


def hover_text(library: Library, record: Record) -> str:
    """Return what a link to a record shows on hover: the meaning of a term, and nothing for other kinds."""
    return plain(library.prose(record.meaning[0].text)) if isinstance(record, Term) else ""


def spaced(badges: Iterable[Inline]) -> tuple[Inline, ...]:
    out: list[Inline] = []
    for badge in badges:
        out += [SPACE, badge] if out else [badge]
    return tuple(out)


def doubt_badges(library: Library, record: Record) -> tuple[Badge, ...]:
    """Return the marks that a reader must not miss even in a table: how weak or disputed a row is."""
    out = []
    if record.status is Status.DRAFT:
        out.append(Badge("Draft", "unverified"))
    if library.clinic_decides(record):
        out.append(Badge("Clinic to decide", "decide"))
    if getattr(record, "disagreement", None):
        out.append(Badge("Sources disagree", "disputed"))
    if record.unverified:
        out.append(Badge("Partly unverified", "unverified"))
    return tuple(out)


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


def links_cell(identifiers: Iterable[str]) -> Cell:
    """Return links to records as a list, or nothing."""
    items = tuple((Paragraph((RecordLink(i),)),) for i in identifiers)
    return (ListBlock(items),) if items else ()


@lru_cache(maxsize=2048)
def words_cell(words: str) -> Cell:
    """Return plain words as one paragraph; rows that say the same share it."""
    return (Paragraph((Words(words),)),)


def listed(words: Iterable[str]) -> Cell:
    """Return words as one paragraph, separated by commas."""
    return words_cell(", ".join(words))


def regions_words(library: Library, record: Precaution | Hazard | Muscle) -> str:
    """Name the regions of a record."""
    regions = record.regions if isinstance(record, Precaution) else record.region
    return ", ".join(library.region_name(region) for region in regions)


def techniques_words(record: Precaution) -> str:
    """Name the techniques a precaution is about."""
    return ", ".join("every technique" if word == EVERYWHERE else word for word in record.techniques)
