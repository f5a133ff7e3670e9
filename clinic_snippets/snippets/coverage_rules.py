"""What is made of the records, and what each of these outputs must hold: in words and in code, side by side.

An output must hold every record of the kinds that it shows, with no list of exceptions here: a record that is rightly
missing says so itself (``left_out_of``). So a new record is missed until it stands everywhere or gives a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from clinic_snippets.library import Library
from clinic_snippets.records import (
    EVERYWHERE,
    AdverseEvent,
    ConsentItem,
    Incident,
    Level,
    Output,
    Precaution,
    QuizQuestion,
    Record,
    Region,
    ScreeningQuestion,
    TechniqueStep,
)
from clinic_snippets.records.text import RecordLink
from clinic_snippets.snippets.consent_sheet import disclosed, spoken
from clinic_snippets.snippets.screening_form import Asked


class Placed(NamedTuple):
    """A snippet that a page places, with its options as written; ``shown`` are its rows or cards.

    Each of these is its record and the records that it links to.
    """

    page: str
    line: int
    snippet: str
    options: Mapping[str, str]
    shown: Sequence[tuple[str, frozenset[str]]]


def records_in(pieces: Iterable[object]) -> frozenset[str]:
    """Return the ids of the records that some of ``pieces`` link to."""
    return frozenset(piece.id for piece in pieces if isinstance(piece, RecordLink))


class Sheet(NamedTuple):
    """A copy of an output that must be whole by itself; without ``calls`` it is one that no page holds.

    ``near`` are the regions that it is for; None stands for all.
    """

    name: str
    calls: tuple[Placed, ...]
    near: frozenset[str] | None = None

    def wants(self, record: Record) -> bool:
        """Say whether a record belongs on it."""
        if self.near is None or not isinstance(record, Precaution):
            return True
        return EVERYWHERE in record.regions or not self.near.isdisjoint(record.regions)


def _together(library: Library, calls: Sequence[Placed]) -> list[Sheet]:
    """Return all calls as one, whichever pages they are on."""
    return [Sheet("", tuple(calls))]


def _by_page(calls: Iterable[Placed]) -> Iterator[tuple[Placed, ...]]:
    pages: dict[str, list[Placed]] = {}
    for call in calls:
        pages.setdefault(call.page, []).append(call)
    return map(tuple, pages.values())


def _page_by_page(library: Library, calls: Sequence[Placed]) -> list[Sheet]:
    """Return a sheet for each page, or one that is missing where there is none."""
    return [Sheet("", page) for page in _by_page(calls)] or [Sheet("", ())]


def _sheets_to_take_home(library: Library, calls: Sequence[Placed]) -> list[Sheet]:
    """Return the pages but those with the words of one step: a chapter about it is nothing that a patient takes home."""
    pages = [page for page in _by_page(calls) if not any("step" in call.options for call in page)]
    return [Sheet("", page) for page in pages] or [Sheet("", ())]


FIRST, LATER = "first treatment", "later treatments"


def _forms(library: Library, calls: Sequence[Placed]) -> list[Sheet]:
    """Return the forms for the first and for later treatments, found or missing."""
    found = []
    for page in _by_page(calls):
        asked = {call.options.get("asked", Asked.ALL) for call in page if call.snippet == "screening-form"}
        if asked:
            found.append(Sheet(FIRST if Asked.ALL in asked else LATER, page))
    missing = [Sheet(name, ()) for name in (FIRST, LATER) if name not in {sheet.name for sheet in found}]
    return [*found, *missing]


def _cards(library: Library, calls: Sequence[Placed]) -> list[Sheet]:
    """Return the cards that are there, and those that are missing for a region that lies in no other."""
    found: list[Sheet] = []
    regions: set[str | None] = set()
    for page in _by_page(calls):
        # What may go wrong is the same in every region, so it makes no card by itself.
        theirs = {call.options.get("region") for call in page if call.snippet == "couch-precautions"}
        regions |= theirs
        named = sorted(region for region in theirs if region)
        near = None if None in theirs else frozenset(one for region in named for one in library.regions_near(region))
        if theirs:
            found.append(Sheet(" and ".join(map(library.region_name, named)), page, near))
    for region in library.of(Region):
        if region.within is None and not regions & {region.id, None}:
            found.append(Sheet(region.name, (), frozenset(library.regions_near(region.id))))
    return found or [Sheet("", ())]


def is_covered(record: Record) -> bool:
    """Say whether a record must stand in the outputs for its kind: of the precautions, the contraindications."""
    return not isinstance(record, Precaution) or record.level is Level.CONTRAINDICATION


@dataclass(frozen=True)
class OutputRule:
    """What an output must hold.

    ``shown_by`` names, for each kind of record, the snippet that has a row for it. ``sheets`` puts the snippets that
    pages place together to copies, each of which must be whole.
    """

    output: Output
    heading: str
    says: str
    shown_by: Mapping[type[Record], str]
    sheets: Callable[[Library, Sequence[Placed]], list[Sheet]]
    mend: str = "take out the option that hides it"

    def wanted(self, library: Library) -> list[Record]:
        """Return the records that it must hold, its own lines among them: questions, consent items, advice."""
        told = {record.id for record in disclosed(library)}
        return [
            record
            for record in library.of()
            if type(record) in self.shown_by
            and is_covered(record)
            and (not isinstance(record, AdverseEvent) or record.id in told)
            and (not isinstance(record, TechniqueStep) or spoken(record.say))
        ]

    def rows_of(self, record: Record) -> int:
        """Return how many rows about a record it must have: each sign to watch for at home has its own."""
        if self.output is Output.AFTERCARE:
            if isinstance(record, Incident):
                return max(1, len(record.at_home))
            if isinstance(record, TechniqueStep):
                return len(spoken(record.say))
        return 1


OUTPUT_RULES = {
    rule.output: rule
    for rule in (
        OutputRule(
            Output.TABLE, "Table", "has a row in a table at a glance",
            {Precaution: "precaution-table", Incident: "incident-table"}, _together,
        ),
        OutputRule(
            Output.ENTRY, "Entry", "has its full entry, where every link to it leads",
            {Precaution: "precaution-cards", Incident: "incident-cards"}, _together,
        ),
        OutputRule(
            Output.SCREENING, "Screening page", "is what a yes to a question leads to, or stands among what no question finds",
            {Precaution: "unasked-precautions", ScreeningQuestion: "screening-list"}, _page_by_page,
        ),
        OutputRule(
            Output.FORM, "Screening form", "is named behind a question, or in the clinician's own list, on the form for "
            "the first treatment and on the one for later treatments",
            {Precaution: "screening-checks", ScreeningQuestion: "screening-form"}, _forms,
        ),
        OutputRule(
            Output.CONSENT, "Consent sheet", "is named among the risks",
            {Incident: "consent-risks", AdverseEvent: "consent-risks", ConsentItem: "consent-words"}, _page_by_page,
            "name it in 'discloses' of a consent item, or place {clinic:consent-risks} for what it counts",
        ),
        OutputRule(
            Output.CARD, "Couch card", "stands on the card of every region that it is about; an incident stands on all",
            {Precaution: "couch-precautions", Incident: "couch-incidents"}, _cards,
        ),
        OutputRule(
            Output.QUIZ, "Self-check", "is what a question of the self-check tests",
            {Precaution: "self-check", Incident: "self-check", QuizQuestion: "self-check"}, _together,
            "name it in 'tests' of a question, or place {clinic:self-check} with the question's topic",
        ),
        OutputRule(
            Output.AFTERCARE, "Aftercare sheet", "has each of its signs that a patient watches for at home",
            {Incident: "aftercare-signs", TechniqueStep: "aftercare-advice"}, _sheets_to_take_home,
            "write its 'at_home' steps, each with 'call', or place {clinic:aftercare-signs} with the same 'call'",
        ),
    )
}  # fmt: skip
"""Every output, in the order in which they are shown."""
