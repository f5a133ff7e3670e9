"""What a slot becomes on one page: as HTML, as docutils nodes, and as an identity that tells when it has changed."""

from __future__ import annotations

import html
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from docutils import nodes
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.errors import NoUri

from clinic_snippets.records.text import Call, Citation, DocumentLink, PageLink, RecordLink, Term
from clinic_snippets.rendering.html import Slot
from clinic_snippets.rendering.svg import DrawnLink
from clinic_snippets.snippets.blocks import RecordFoot
from clinic_snippets.snippets.phrases import hover_text
from clinic_snippets.sphinx_ext.domain import ClinicDomain
from clinic_snippets.sphinx_ext.links import linked


class Target(NamedTuple):
    """Where a link leads and what it shows; page and anchor are empty where there is nothing to link to."""

    page: str
    anchor: str
    words: str
    hover: str = ""


def label_of(link: PageLink | Term) -> str:
    """Return what tells one such link from another on a page."""
    target = link.target if isinstance(link, PageLink) else link.term
    return f"{type(link).__name__}\0{target}\0{link.words}"


def record_target(domain: ClinicDomain, link: RecordLink) -> Target:
    """Return where a link to a record leads and what it shows."""
    record, home = domain.library.get(link.id), domain.placement.homes.get(link.id)
    words = domain.typography.text(link.words or (record.name if record else link.id))
    if home is None or record is None:
        return Target("", "", words)
    return Target(home.docname, home.anchor, words, domain.typography.text(hover_text(domain.library, record)))


def drawn_target(domain: ClinicDomain, link: DrawnLink) -> Target:
    """Return where a link in a drawing leads and what is read out for it."""
    return record_target(domain, RecordLink(link.id, words=link.words))


def citation_targets(domain: ClinicDomain, citation: Citation) -> list[Target]:
    """Return where each reference of a citation leads and what it shows."""
    out = []
    for key in citation.keys:
        cited = domain.cited.get(key)
        source = domain.library.sources.get(key)
        label = cited.label if cited else source.label if source else key
        out.append(Target(cited.docname, cited.anchor, label) if cited else Target("", "", label))
    return out


def foot_links(domain: ClinicDomain, identifier: str) -> list[tuple[str, str]]:
    """Return the addresses and words of the links that act on a record's file."""
    out = []
    record = domain.library.records[identifier]
    place = domain.library.place(record)
    config = domain.env.config
    if config.clinic_edit_url and place:
        # With forward slashes, and from the source folder, as an address has it.
        path = Path(os.path.relpath(Path(place.file).resolve(), Path(domain.env.srcdir).resolve())).as_posix()
        out.append((config.clinic_edit_url.format(path=quote(path), line=place.line), "Edit this record"))
    if config.clinic_report_url:
        out.append((config.clinic_report_url.format(id=identifier), "Report an error"))
    return out


CALLS = {
    "emergency": "Call the emergency number",
    "emergency-department": "Emergency department",
    "occupational-health": "Occupational health",
    "doctor": "Doctor",
}


def call_words(domain: ClinicDomain, call: Call) -> tuple[str, str]:
    """Return whom to call and the clinic's own number, or that it must still be filled in."""
    number = str(domain.env.config.clinic_numbers.get(call.whom, "") or "")
    return CALLS[call.whom], number or "fill in your local number"


def identity(domain: ClinicDomain, env: BuildEnvironment, slot: Slot | DrawnLink) -> object:
    """Return what a slot shows, whatever the page: a page whose identities changed must be written again."""
    if isinstance(slot, RecordLink):
        return record_target(domain, slot)
    if isinstance(slot, DrawnLink):
        return drawn_target(domain, slot)
    if isinstance(slot, Citation):
        return citation_targets(domain, slot)
    if isinstance(slot, RecordFoot):
        pages = [(page, env.titles[page].astext()) for page in domain.placement.users.get(slot.record, ())]
        return (pages, foot_links(domain, slot.record))
    if isinstance(slot, DocumentLink):
        return env.titles[slot.docname].astext()
    if isinstance(slot, Call):
        return call_words(domain, slot)
    standard: Any = env.get_domain("std")
    if isinstance(slot, PageLink):
        target = slot.target.lower()
        return standard.labels.get(target), standard.anonlabels.get(target)
    term = slot.term.lower()
    return [place for (kind, name), place in standard.objects.items() if kind == "term" and name.lower() == term]


def page_link(builder: Builder, fromdocname: str, docname: str, words: str = "") -> nodes.Node:
    """Return a link to a whole page, its title or ``words`` shown; bare words where the output leaves that page out."""
    words = words or builder.env.titles[docname].astext()
    try:
        return nodes.reference("", words, internal=True, refuri=builder.get_relative_uri(fromdocname, docname))
    except NoUri:
        return nodes.inline("", words)


class HtmlResolver:
    """Fills slots with HTML for one page."""

    def __init__(self, domain: ClinicDomain, builder: Builder, docname: str, links: dict[str, str]) -> None:
        self.domain = domain
        self.builder = builder
        self.docname = docname
        self.links = links

    def slot(self, slot: Slot | DrawnLink) -> str:
        """Return the slot's HTML."""
        if isinstance(slot, RecordLink):
            return self.link(record_target(self.domain, slot), "clinic-record")
        if isinstance(slot, DrawnLink):
            return self.around(slot.markup, drawn_target(self.domain, slot))
        if isinstance(slot, Citation):
            links = [self.link(target, "clinic-citation") for target in citation_targets(self.domain, slot)]
            return ", ".join(links) if slot.textual else f"[{', '.join(links)}]"
        if isinstance(slot, DocumentLink):
            return self.page(slot.docname)
        if isinstance(slot, RecordFoot):
            return self.foot(slot.record)
        if isinstance(slot, Call):
            whom, number = (html.escape(words, quote=False) for words in call_words(self.domain, slot))
            return f"{whom}: <strong>{number}</strong>"
        return self.links[label_of(slot)]

    def link(self, target: Target, css: str) -> str:
        """Return a link within this handbook, or bare words where there is nothing to link to."""
        page, anchor, words, hover = target
        inner = f'<span class="{css}">{html.escape(words, quote=False)}</span>'
        if not page:
            return inner
        title = f' title="{html.escape(hover)}"' if hover else ""
        return f'<a class="reference internal" href="{self.address(page, anchor)}"{title}>{inner}</a>'

    def around(self, markup: str, target: Target) -> str:
        """Return shapes of a drawing within a link, or as they are where there is nothing to link to."""
        if not target.page:
            return markup
        address, label = self.address(target.page, target.anchor), html.escape(target.words)
        # The title is for those who point at a shape; a drawing's letters may be no more than a number. Sphinx's script that
        # marks the words of a search fails on titles.
        title = f'<title class="nohighlight">{html.escape(target.words, quote=False)}</title>'
        return f'<a class="reference internal" href="{address}" aria-label="{label}">{title}\n{markup}</a>\n'

    def address(self, page: str, anchor: str) -> str:
        """Return the address of a place in this handbook, ready for an attribute."""
        path = self.builder.get_relative_uri(self.docname, page) if page != self.docname else ""
        return html.escape(f"{path}#{anchor}")

    def page(self, docname: str) -> str:
        """Return a link to a whole page."""
        words = html.escape(self.builder.env.titles[docname].astext(), quote=False)
        address = html.escape(self.builder.get_relative_uri(self.docname, docname)) or "#"
        return f'<a class="reference internal" href="{address}">{words}</a>'

    def foot(self, identifier: str) -> str:
        """Return where a record is used and the links that act on it."""
        out = []
        if pages := self.domain.placement.users.get(identifier):
            out.append(f'<p class="clinic-small">Used in: {", ".join(self.page(p) for p in pages)}.</p>\n')
        if links := foot_links(self.domain, identifier):
            shown = " · ".join(f'<a class="reference external" href="{html.escape(u)}">{w}</a>' for u, w in links)
            out.append(f'<p class="clinic-small">{shown}</p>\n')
        return "".join(out)


class NodesResolver:
    """Fills slots with docutils nodes for one page."""

    def __init__(
        self,
        domain: ClinicDomain,
        env: BuildEnvironment,
        docname: str,
        pending: Callable[[PageLink | Term], nodes.Node],
    ) -> None:
        self.domain = domain
        self.env = env
        self.docname = docname
        self.pending = pending

    def slot(self, slot: Slot) -> list[nodes.Node]:
        """Return the slot's nodes."""
        if isinstance(slot, RecordLink):
            return [self.link(record_target(self.domain, slot), "clinic-record")]
        if isinstance(slot, Citation):
            return self.citation(slot)
        if isinstance(slot, DocumentLink):
            return [self.page(slot.docname)]
        if isinstance(slot, RecordFoot):
            return self.foot(slot.record)
        if isinstance(slot, Call):
            whom, number = call_words(self.domain, slot)
            return [nodes.Text(f"{whom}: "), nodes.strong("", number)]
        return [self.pending(slot)]

    def link(self, target: Target, css: str) -> nodes.Node:
        """Return a link within this handbook, or bare words where there is nothing to link to."""
        inner = nodes.inline(target.words, target.words, classes=[css])
        if not target.page:
            return inner
        builder = self.domain.builder
        return linked(builder, self.docname, target.page, target.anchor, inner, target.hover or None)

    def citation(self, citation: Citation) -> list[nodes.Node]:
        """Return the references of a citation."""
        out: list[nodes.Node] = []
        for target in citation_targets(self.domain, citation):
            out += [nodes.Text(", ")] if out else []
            out.append(self.link(target, "clinic-citation"))
        return out if citation.textual else [nodes.Text("["), *out, nodes.Text("]")]

    def page(self, docname: str) -> nodes.Node:
        """Return a link to a whole page."""
        return page_link(self.domain.builder, self.docname, docname)

    def foot(self, identifier: str) -> list[nodes.Node]:
        """Return where a record is used and the links that act on it."""
        out: list[nodes.Node] = []
        if pages := self.domain.placement.users.get(identifier):
            paragraph = nodes.paragraph("", "Used in: ", classes=["clinic-small"])
            for index, page in enumerate(pages):
                paragraph += nodes.Text(", ") if index else []
                paragraph += self.page(page)
            paragraph += nodes.Text(".")
            out.append(paragraph)
        if links := foot_links(self.domain, identifier):
            paragraph = nodes.paragraph("", classes=["clinic-small"])
            for index, (uri, words) in enumerate(links):
                paragraph += nodes.Text(" · ") if index else []
                paragraph += nodes.reference("", words, refuri=uri, internal=False)
            out.append(paragraph)
        return out
