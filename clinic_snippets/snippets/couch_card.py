"""The tables of a couch card: what holds for one body region, short enough for one sheet of paper.

A heading says what asks for no more words in each row. A star stands for every doubt that the full entry explains, a
dagger for what only those may needle who are trained and supervised for it; the card's page says so.
"""

from __future__ import annotations

import itertools

from clinic_snippets.library import Library
from clinic_snippets.records import EVERYWHERE, Hazard, Incident, Level, Precaution, Record, Region, Rule, Urgency, Whom
from clinic_snippets.records.text import Paragraph
from clinic_snippets.snippets.blocks import Column, Row, Table
from clinic_snippets.snippets.hazard_table import nothing_found as no_hazard
from clinic_snippets.snippets.incident_cards import URGENCIES
from clinic_snippets.snippets.incident_table import most_urgent_first
from clinic_snippets.snippets.phrases import doubt_badges, in_line, listed, name_line
from clinic_snippets.snippets.precaution_table import nothing_found, select
from clinic_snippets.snippets.registry import snippet

HEADINGS = {
    Level.CONTRAINDICATION: "Contraindications: do not needle",
    Level.PRECAUTION: "Precautions: ask, then adapt, unless it says more",
}
_SAID = {Level.CONTRAINDICATION: Rule.NEVER, Level.PRECAUTION: Rule.ADAPT}
"""The rule that the heading of a level says for all rows."""
_SHORT = {Rule.REFER: "refer", Rule.ADAPT: "adapt", Rule.INFORM: "tell the patient"}
TRAINED = "†"


def _named(library: Library, record: Record, mark: str = "", said: str = "") -> Paragraph:
    """Return the name with a star where there is doubt."""
    ours = isinstance(record, Precaution) and any(statement.synthesis for statement in record.action)
    marks = f"{mark}*" if ours or doubt_badges(library, record) else mark
    return name_line(record, marks, f" ({said})" if said else "")


def _precaution(library: Library, record: Precaution) -> Row:
    said = "" if record.rule in (_SAID[record.level], Rule.SPECIALIST_ONLY) else _SHORT.get(record.rule, "")
    # What holds everywhere is known from the handbook's table; what holds here alone says what to do.
    texts = [] if EVERYWHERE in record.regions else [statement.text for statement in record.action]
    mark = TRAINED if record.rule is Rule.SPECIALIST_ONLY else ""
    return Row(record.id, ((_named(library, record, mark, said), *in_line(library, texts)),))


@snippet
def couch_precautions(
    library: Library, *, level: Level = Level.CONTRAINDICATION, region: Region | None = None
) -> Table:
    """Contraindications or precautions in brief: first what holds in the region alone, with what to do."""
    found = select(library, level, None, region, None)
    found.sort(key=lambda record: EVERYWHERE in record.regions)
    rows = library.made(_precaution, found)
    return Table("", (Column(HEADINGS[level]),), rows, nothing_found(level, region))


def _structure(library: Library, record: Hazard) -> Row:
    mark = TRAINED if record.specialist_only else ""
    return Row(record.id, ((_named(library, record, mark),), listed(record.structure)))


@snippet
def couch_structures(library: Library, *, region: Region | None = None) -> Table:
    """What a needle can hit in a region, in brief."""
    rows = library.made(_structure, library.hazards(region=region.id if region else None))
    return Table("", (Column("Structures at risk", 60), Column("Can be hit", 40)), rows, no_hazard(region))


def _incident(library: Library, record: Incident) -> Row:
    calls = {step.call for step in record.steps if step.call}
    said = "" if record.urgency is Urgency.EMERGENCY else URGENCIES[record.urgency].lower()
    named = _named(library, record, said=f"at least {said}" if said and Whom.EMERGENCY in calls else said)
    # What can only end by itself or with the emergency number starts on the card: until the first step that asks for a look.
    starts = not said or calls == {Whom.EMERGENCY}
    first = list(itertools.takewhile(lambda step: step.when is None, record.steps)) if starts else []
    return Row(record.id, ((named, *in_line(library, [step.do for step in first])),))


@snippet
def couch_incidents(library: Library) -> Table:
    """What may go wrong, most urgent first, with the first steps of an emergency."""
    rows = library.made(_incident, most_urgent_first(library))
    return Table(
        "",
        (Column("If something goes wrong: first steps"),),
        rows,
        "No incident is recorded. Call for help.",
    )
