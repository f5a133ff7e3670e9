"""Where each record has its home, and which pages use it: worked out afresh from all pages at every build."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import NamedTuple

from sphinx.util import logging

from clinic_snippets.records.text import Citation
from clinic_snippets.snippets import Block, Cards, OptionError, Table
from clinic_snippets.snippets.blocks import Picture, parts
from clinic_snippets.sphinx_ext.domain import Call, ClinicDomain

logger = logging.getLogger(__name__)
_FEW_PAGES = 4
FAILED = "failed"
"""What a call defines that ends with an error."""
CHANGES = "release-changes"
"""The snippet that tells what a release changed."""


class Home(NamedTuple):
    """The page and the anchor of a record's card."""

    docname: str
    anchor: str


@dataclass
class Placement:
    """Homes by record id, and the pages that use each record."""

    homes: dict[str, Home] = field(default_factory=dict)
    users: dict[str, list[str]] = field(default_factory=dict)


def cited_keys(domain: ClinicDomain, block: Block) -> list[str]:
    """Return every key that a block cites, sorted."""
    slots = (slot for part in parts(block) for slot in domain.slots_in(part))
    return sorted({key for slot in slots if isinstance(slot, Citation) for key in slot.keys})


def homes_in(block: Block) -> list[str]:
    """Return the ids of the records whose home this block is."""
    home = isinstance(block, Cards) or (isinstance(block, Table) and block.home)
    return [part.record for part in parts(block)] if home else []


def definition(domain: ClinicDomain, block: Block) -> str:
    """Return a digest of what a block defines in its page: a change here means that the page must be read again."""
    return hashlib.sha256(repr(_defined(domain, block)).encode()).hexdigest()


def _defined(domain: ClinicDomain, block: Block) -> object:
    if not parts(block):
        return ("empty", block.empty)
    keys = tuple(cited_keys(domain, block))
    homes = tuple((i, domain.library.records[i].name, domain.library.records[i].also_known_as) for i in homes_in(block))
    if isinstance(block, Picture):
        return ("picture", block.title, tuple((c.heading, c.width) for c in block.table.columns), keys)
    if isinstance(block, Table):
        columns = tuple((c.heading, c.width) for c in block.columns)
        return ("table", block.title, block.folded, columns, homes, keys)
    return ("cards", tuple(card.title for card in block.cards), homes, keys)


def current_definition(domain: ClinicDomain, call: Call) -> str:
    """Return what the call would define if its page were read now."""
    try:
        return definition(domain, domain.block(call.snippet, call.options))
    except (OptionError, KeyError):
        return FAILED


def place_records(domain: ClinicDomain) -> Placement:
    """Find homes and uses, and warn of what no page shows: a second home, an empty block, a withdrawn record."""
    placement = Placement()
    lines: dict[str, int] = {}
    users: dict[str, set[str]] = {}
    for docname in sorted(domain.calls):
        for call, block in domain.shown_on(docname):
            if not parts(block) and not getattr(block, "calm", False):
                message = (
                    "nothing fits here, so the page says: '%s'; add a record, change the options, or take this out"
                )
                logger.warning(message, block.empty, location=(docname, call.line), type="clinic", subtype="empty")
            homes = set(homes_in(block))
            for part in parts(block):
                if part.record in homes:
                    _settle(domain, placement, lines, part.record, docname, call.line)
                else:
                    users.setdefault(part.record, set()).add(docname)
    for docname, targets in domain.references.items():
        for target in targets:
            identifier = target.partition("@")[0]  # a figure is addressed as record@part
            users.setdefault(identifier, set()).add(docname)
    for identifier, pages in users.items():
        home = placement.homes.get(identifier)
        placement.users[identifier] = sorted(pages - ({home.docname} if home else set()))
    _warn_of_lost(domain, placement)
    _warn_of_untold(domain)
    return placement


def _warn_of_untold(domain: ClinicDomain) -> None:
    """Warn of releases that are missing among those that pages tell of: nobody would learn what they changed."""
    told = {
        dict(call.options).get("release"): (docname, call.line)
        for docname, calls in sorted(domain.calls.items(), reverse=True)
        for call in calls
        if call.snippet == CHANGES
    }
    for release in domain.library.governance.releases[1:] if told else ():
        if release.version not in told:
            logger.warning(
                "no page tells what release %s changed; give it a section with {clinic:%s} and :release: %s",
                release.version, CHANGES, release.version, location=told.get(None) or next(iter(told.values())),
                type="clinic", subtype="release",
            )  # fmt: skip


def _warn_of_lost(domain: ClinicDomain, placement: Placement) -> None:
    """Warn of withdrawn records that no page tells of: their old addresses lead nowhere."""
    for record in domain.library.withdrawn():
        if record.id in placement.homes:
            continue
        alike = [other for other in domain.library.of(type(record)) if other.id in placement.homes]
        level = getattr(record, "level", None)
        near = [other for other in alike if getattr(other, "level", None) == level] or alike
        pages = sorted({placement.homes[other.id].docname for other in near})
        where = f"on {' or '.join(pages)}" if 0 < len(pages) < _FEW_PAGES else "on the page where its entry stood"
        logger.warning(
            "'%s' is withdrawn and no page says so, so links to it lead nowhere; put {clinic:withdrawn-list} with "
            ":kind: %s %s", record.id, record.kind, where,
            location=str(domain.library.place(record) or ""), type="clinic", subtype="withdrawn",
        )  # fmt: skip


def warn_of_moved_tombstones(domain: ClinicDomain) -> None:
    """Warn of a withdrawn record that is listed on a page where none of its kind is at home: its old address is dead."""
    pages: dict[str, set[str]] = {}
    placement = domain.placement
    for identifier, home in placement.homes.items():
        record = domain.library.records[identifier]
        if not record.withdrawn:
            pages.setdefault(record.kind, set()).add(home.docname)
    for record in domain.library.withdrawn():
        found, right = placement.homes.get(record.id), pages.get(record.kind, set())
        if found and right and found.docname not in right:
            logger.warning(
                "'%s' is withdrawn and listed here, but old links lead to a page of its kind; put {clinic:withdrawn-list} "
                "there: %s", record.id, ", ".join(sorted(right)), location=found.docname, type="clinic", subtype="tombstone",
            )  # fmt: skip


def warn_of_unlisted(domain: ClinicDomain) -> None:
    """Warn, once, of citations that lead nowhere because no bibliography lists what they cite."""
    places: dict[str, tuple[str, int | None]] = {}
    for docname in sorted({*domain.calls, *domain.references}):
        for call, block in domain.shown_on(docname):
            for key in cited_keys(domain, block):
                places.setdefault(key, (docname, call.line))
        for target in domain.references.get(docname, ()):
            for key in domain.library.figure_sources(target):
                places.setdefault(key, (docname, None))
    unlisted = [key for key in places if key not in domain.cited]
    if unlisted:
        some = ", ".join(unlisted[:3]) + (", …" if len(unlisted) > 3 else "")
        logger.warning(
            "no bibliography lists what is cited here and elsewhere (%s: %s); add a page with {bibliography}",
            "1 source" if len(unlisted) == 1 else f"{len(unlisted)} sources", some,
            location=places[unlisted[0]], type="clinic", subtype="bibliography",
        )  # fmt: skip


def _settle(
    domain: ClinicDomain, placement: Placement, lines: dict[str, int], identifier: str, docname: str, line: int
) -> None:
    if identifier in placement.homes:
        first = placement.homes[identifier].docname
        logger.warning(
            "'%s' has a second home here, and links can lead to one only; its first home is %s, line %s; use a table or a "
            "link in one of the two",
            identifier, first, lines[identifier], location=(docname, line), type="clinic", subtype="second-home",
        )  # fmt: skip
        return
    placement.homes[identifier] = Home(docname, domain.library.records[identifier].anchor)
    lines[identifier] = line
