"""Links that lead nowhere: what is wrong, where it was written, and the way out."""

from __future__ import annotations

import re

from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.domains import Domain
from sphinx.util import logging

from clinic_snippets.problems import NO_SUCH_ID, Place, nearest
from clinic_snippets.records import AdverseEvent, Finding, Status
from clinic_snippets.records.base import prose_fields
from clinic_snippets.snippets import SNIPPETS
from clinic_snippets.sphinx_ext.domain import ClinicDomain, clinic_domain

logger = logging.getLogger(__name__)
_RATE = ("rate", "the id of an adverse event, '@' and the source of one of its rates, such as bruising@brady2014")
_EFFECT = ("effect", "the id of a finding, '@' and one of its parts, such as neck-pain@pain-short")


def explain(domain: ClinicDomain, target: str, kind: str) -> str:
    """Say why a link to ``target`` leads nowhere, and the way out."""
    if kind == "rate" or (kind == "finding" and "@" in target):
        what, form = _RATE if kind == "rate" else _EFFECT
        addresses = domain.library.figure_addresses(AdverseEvent if kind == "rate" else Finding)
        return f"no {what} has the address '{target}'; {nearest(target, addresses) or f'write {form}'}"
    record = domain.library.get(target)
    if record is None:
        return f"no record has the id '{target}'; {nearest(target, domain.library.records) or NO_SUCH_ID}"
    if kind not in ("ref", record.kind):
        return f"'{target}' is a {record.kind}, not a {kind}; write {{clinic:{record.kind}}}`{target}`"
    if record.status is Status.WITHDRAWN:
        return f"'{target}' is withdrawn; link to what took its place, or show it with {{clinic:withdrawn-list}}"
    word = record.kind.partition("-")[0]
    maker = next((m for m in (f"{record.kind}-cards", f"{word}-list", f"{word}-table") if m in SNIPPETS), "")
    way_out = f"show it on a page with {{clinic:{maker}}}" if maker else "write its name without a link"
    return f"'{target}' has no home, so links to it lead nowhere; {way_out}"


def place_in_record(domain: ClinicDomain, identifier: str, target: str) -> Place | None:
    """Return where the text of a record names what a ``ref`` or a ``term`` role points to."""
    origin = domain.library.origins.get(identifier)
    if origin is None:
        return None
    for path, text in prose_fields(domain.library.records[identifier]):
        if match := re.search(rf"(?<=[`<]){re.escape(target)}(?=[`>])", text):
            return origin.place_in(path, text, match.start())
    return origin.place()


def explain_missing(app: Sphinx, domain: Domain | None, node: pending_xref) -> bool | None:
    """Replace Sphinx's bare "target not found": a link in a record is reported once, at its line in the record."""
    clinic = clinic_domain(app.env)
    target, kind = node["reftarget"], node["reftype"]
    if "clinic_record" in node:
        record, target = node["clinic_record"]
        node["reftype"] = "reported"  # keeps Sphinx's own listener silent
        if (record, kind, target) not in clinic.reported:
            clinic.reported.add((record, kind, target))
            what = "no page has the label" if kind == "ref" else "no glossary has the term"
            place = place_in_record(clinic, record, target)
            logger.warning("%s: %s '%s'", record, what, target, location=str(place), type="clinic", subtype="missing")
        return True
    if domain is clinic:
        logger.warning("%s", explain(clinic, target, kind), location=node, type="clinic", subtype="missing")
        return True
    return None


def setup(app: Sphinx) -> None:
    """Connect to the resolver of links."""
    # Before Sphinx's own listener for labels, which is asked in any case.
    app.connect("warn-missing-reference", explain_missing, priority=400)
