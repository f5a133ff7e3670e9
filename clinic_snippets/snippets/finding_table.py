"""Findings in short: what was compared, what was found, and how sure one can be."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.library.effects import SIDES, certainty_circles, certainty_words, effect_figure, when
from clinic_snippets.problems import allowed_words
from clinic_snippets.records import Certainty, Effect, Finding, Timing
from clinic_snippets.records.text import Badge, Inline, ListBlock, Paragraph, Strong, TextBlock, Words
from clinic_snippets.snippets.blocks import Cell, Column, Row, Table
from clinic_snippets.snippets.phrases import SPACE, doubt_badges, listed, name_cell, remarks, sources_cell
from clinic_snippets.snippets.registry import OptionError, snippet

COLUMNS = (
    Column("Finding", 24), Column("Compared with", 18), Column("What was found", 42), Column("Sources (grade)", 16),
)  # fmt: skip


def findings_about(library: Library, condition: str | None) -> list[Finding]:
    """Return the findings about one condition, or all, condition by condition; raises OptionError for an unknown one."""
    found = list(library.of(Finding))
    conditions = list(dict.fromkeys(finding.condition for finding in found))
    if condition is not None and condition not in conditions and found:
        raise OptionError(f"no finding is about '{condition}'; {allowed_words(condition, conditions)}")
    return sorted(
        (finding for finding in found if condition in (None, finding.condition)),
        key=lambda finding: conditions.index(finding.condition),
    )


def finding_badge(finding: Finding) -> Badge:
    """Say how sure the authors were of a finding; where they rated its outcomes one by one, from lowest to highest."""
    if finding.certainty or not any(effect.certainty for effect in finding.effects):
        return certainty_badge(finding.certainty)
    order = list(Certainty)
    rated = sorted({level for effect in finding.effects for level in effect.certainty}, key=order.index, reverse=True)
    levels = tuple(dict.fromkeys((rated[0], rated[-1])))
    return Badge(f"{certainty_badge(levels).text}, by outcome", "certainty")


def certainty_badge(levels: tuple[Certainty, ...]) -> Badge:
    """Say how sure the authors were: circles for a glance, and words."""
    return Badge(f"{certainty_circles(levels)} {certainty_words(levels)}", "certainty")


def effect_words(library: Library, effect: Effect) -> Cell:
    """Return one effect: outcome and time, which side it favours, the figure, and its own certainty if it has one."""
    head: tuple[Inline, ...] = (Strong((Words(effect.outcome),)), Words(f", {when(effect)}: {SIDES[effect.direction]}"))
    figure = effect_figure(effect)
    tail: tuple[Inline, ...] = (Words(f"; {figure}."),) if figure else (Words("."),)
    if effect.certainty:
        tail += (SPACE, certainty_badge(effect.certainty))
    out: list[TextBlock] = [Paragraph((*head, *tail))]
    if effect.words:
        out += library.prose(effect.words)
    if effect.oddity:
        first, *rest = library.prose(effect.oddity)
        out += [Paragraph(first.children, "clinic-small") if isinstance(first, Paragraph) else first, *rest]
    return tuple(out)


def effects_cell(library: Library, finding: Finding) -> Cell:
    """Return all effects of a finding as a list."""
    return (ListBlock(tuple(effect_words(library, effect) for effect in finding.effects)),)


def short_effect(effect: Effect) -> str:
    """Return an effect for a narrow cell: no figure, since figures of different measures would stand side by side."""
    soon = ["at once"] if effect.timing is Timing.IMMEDIATE else []
    when_seen = ", ".join([effect.outcome, *soon, *([effect.time] if effect.time else [])])
    return f"{when_seen}: {SIDES[effect.direction]}"


def _row(library: Library, record: Finding) -> Row:
    cells = (
        name_cell(record, finding_badge(record), *doubt_badges(library, record)),
        listed([record.comparator]),
        library.prose(record.claim) + remarks(library, record),
        sources_cell(library, record),
    )
    return Row(record.id, cells)


@snippet
def finding_table(library: Library, *, condition: str | None = None) -> Table:
    """What studies found, in one sentence each, with how sure their authors were."""
    rows = library.made(_row, findings_about(library, condition))
    title = f"Findings: {condition.lower()}" if condition else "Findings"
    return Table(title, COLUMNS, rows, "No finding is recorded. This does not mean that it works, or does not.")
