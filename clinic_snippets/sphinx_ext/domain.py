"""The ``clinic`` domain: records as objects to link to, from this project and, by intersphinx, from others."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Set
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from docutils import nodes
from docutils.nodes import Element
from sphinx.addnodes import pending_xref
from sphinx.builders import Builder
from sphinx.domains import Domain, ObjType
from sphinx.environment import BuildEnvironment
from sphinx.roles import XRefRole
from sphinx.util import logging

from clinic_snippets.library import Library
from clinic_snippets.library.effects import effect_in_text
from clinic_snippets.library.figures import in_text
from clinic_snippets.problems import Place, Problem
from clinic_snippets.records import KINDS, Record, Status
from clinic_snippets.rendering.html import SLOTS, HtmlRenderer
from clinic_snippets.rendering.typography import Typography
from clinic_snippets.snippets import SNIPPETS, Block, Card, Cards, OptionError, Row
from clinic_snippets.snippets.blocks import emptied, pieces, with_parts
from clinic_snippets.snippets.own import failure, line_of
from clinic_snippets.snippets.phrases import hover_text
from clinic_snippets.sphinx_ext.citations import Cited
from clinic_snippets.sphinx_ext.links import citation_links, linked
from clinic_snippets.sphinx_ext.record_index import RecordIndex
from clinic_snippets.sphinx_ext.roles import FigureRole
from clinic_snippets.sphinx_ext.unknown import unknown_directive, unknown_role

if TYPE_CHECKING:
    from docutils.parsers.rst import Directive
    from sphinx.util.typing import RoleFunction

    from clinic_snippets.snippets.coverage import Coverage
    from clinic_snippets.sphinx_ext.placement import Placement

logger = logging.getLogger(__name__)


class Call(NamedTuple):
    """One use of a snippet in a page, and what it defined there when the page was read."""

    snippet: str
    options: tuple[tuple[str, str], ...]
    line: int
    definition: str


class ClinicDomain(Domain):
    """Records as cross-reference targets.

    ``data`` holds, by page, the snippets it calls and the records it refers to, nothing more: it is pickled with every
    build. The library and all that is worked out from it live on the instance.
    """

    name = "clinic"
    label = "Clinical records"
    object_types = {kind: ObjType(kind, kind, "ref") for kind in KINDS}
    roles = {
        **{name: XRefRole(innernodeclass=nodes.inline, warn_dangling=True) for name in ("ref", *KINDS)},
        **{name: FigureRole(innernodeclass=nodes.inline, warn_dangling=True) for name in ("rate", "finding")},
    }
    indices = [RecordIndex]
    initial_data = {"calls": {}, "references": {}, "marks": {}, "mark_lists": {}, "matrices": {}, "pdf_links": {}}
    data_version = 6

    idle: bool = False
    """Whether nothing has changed since the last build, and nothing has been read or written in this one."""
    inputs: str
    """A digest of all that this build depends on, as it was at its start."""
    placement: Placement
    """Homes and uses, settled once all pages are read."""
    coverage: Coverage | None
    """What the coverage gate finds, settled with the placement; None where no page has the matrix."""
    builder: Builder
    html: HtmlRenderer
    typography: Typography
    cited: dict[str, Cited]
    """Where cited sources stand in the bibliography, settled with the placement."""
    failures: list[Problem]
    """Snippets whose own code failed in this build."""
    reported: set[tuple[str, str, str]]
    """Links of records that lead nowhere and were reported in this build: record, role, target."""
    digests: dict[str, str]
    """What each page shows in this build, as a digest."""
    written: dict[str, str]
    """The digests of the pages that are as they should be in the output folder."""
    page_codes: dict[str, str]
    """The codes of pages that were asked for in this build."""

    def __init__(self, env: BuildEnvironment) -> None:
        super().__init__(env)
        self._library = Library()
        self._load: Callable[[], Library] | None = None
        for kind in KINDS:
            if kind not in self.object_types:  # declared by the handbook since this class was made
                self.add_object_type(kind, ObjType(kind, kind, "ref"))
                self.roles[kind] = XRefRole(innernodeclass=nodes.inline, warn_dangling=True)

    def directive(self, name: str) -> type[Directive] | None:
        """Return a directive; one that says what there is, where there is none of this name."""
        found = super().directive(name)
        # As a page's default domain it is asked for everybody's names.
        return found or (None if self.is_default() else unknown_directive(name, self.directives))

    def role(self, name: str) -> RoleFunction | None:
        """Return a role; one that says what there is, where there is none of this name."""
        found = super().role(name)
        return found or (None if self.is_default() else unknown_role(name, self.roles))

    def is_default(self) -> bool:
        """Say whether names without a domain are looked up here first."""
        return self.env.current_document.default_domain is self

    @property
    def calls(self) -> dict[str, list[Call]]:
        """Snippets by the page that calls them."""
        calls: dict[str, list[Call]] = self.data["calls"]
        return calls

    @property
    def references(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """What a page's text refers to, by page: ids and addresses of figures, each with the sources it cited there."""
        references: dict[str, dict[str, tuple[str, ...]]] = self.data["references"]
        return references

    @property
    def marks(self) -> dict[str, int]:
        """The lines of the marks for printed copies, by page."""
        marks: dict[str, int] = self.data["marks"]
        return marks

    @property
    def mark_lists(self) -> dict[str, int]:
        """The lines of the lists of all such marks, by page."""
        lists: dict[str, int] = self.data["mark_lists"]
        return lists

    @property
    def matrices(self) -> dict[str, tuple[int, tuple[str, ...]]]:
        """The lines of coverage matrices with the outputs that they ask for, by page."""
        matrices: dict[str, tuple[int, tuple[str, ...]]] = self.data["matrices"]
        return matrices

    def use(self, load: Callable[[], Library], typography: Typography, builder: Builder, idle: bool = False) -> None:
        """Start a build with the library that ``load`` gives, when one is asked for."""
        self._load = load
        self.idle = idle
        self.builder = builder
        self.typography = typography
        self.html = HtmlRenderer(typography)
        self.cited = {}
        self.digests = {}
        self.written = {}
        self.page_codes = {}
        self.coverage = None
        self.failures = []
        self.reported = set()
        self._cards: dict[tuple[str, tuple[tuple[str, str], ...]], dict[str, Card]] = {}
        self._days: dict[str, tuple[str, str]] = {}
        self._blocks: dict[tuple[str, tuple[tuple[str, str], ...]], Block | OptionError] = {}

    def load(self) -> None:
        """Load the library, if this has not been done."""
        if self._load is not None:
            self._library, self._load = self._load(), None

    @property
    def library(self) -> Library:
        """The records of this build."""
        self.load()
        return self._library

    @property
    def writes_late(self) -> bool:
        """Whether this build writes HTML, whose bodies are filled in by the writer."""
        return self.builder.format == "html"

    def block(self, snippet: str, options: tuple[tuple[str, str], ...]) -> Block:
        """Return what a snippet gives, worked out once per build; raises OptionError."""
        key = (snippet, options)
        if key not in self._blocks:
            try:
                given = SNIPPETS[snippet](self.library, dict(options))
                self._blocks[key] = with_parts(given, self._as_html) if self.writes_late else given
            except OptionError as error:
                self._blocks[key] = error
            except Exception as error:
                file = inspect.getsourcefile(SNIPPETS[snippet].function) or ""
                problem = Problem(Place(file, line_of(error, Path(file))), snippet, failure(error))
                self.failures.append(problem)  # stops the build once all pages are read
                self._blocks[key] = OptionError(f"{problem.place}: {problem.message}")
        block = self._blocks[key]
        if isinstance(block, OptionError):
            raise block
        return block

    def _as_html(self, part: Row | Card) -> Row | Card:
        """Return what stands for a row or card once it is HTML: with thousands, what that was made of is most of the memory."""
        self.html.keep(stand_in := emptied(part), self.html.made(part))
        return stand_in

    def shown_on(self, page: str) -> Iterator[tuple[Call, Block]]:
        """Yield the snippets of a page with what they give; one that fails was reported where the page was read."""
        for call in self.calls.get(page, ()):
            try:
                yield call, self.block(call.snippet, call.options)
            except (OptionError, KeyError):
                continue

    def pages_with(self, snippet: str) -> list[str]:
        """Return the pages that call a snippet, sorted."""
        return sorted(page for page, calls in self.calls.items() if any(call.snippet == snippet for call in calls))

    def card(self, snippet: str, options: tuple[tuple[str, str], ...], record: str) -> Card:
        """Return one card of a block; a page of many cards asks for each, so they are looked up by record."""
        block = self.block(snippet, options)
        assert isinstance(block, Cards)
        if (snippet, options) not in self._cards:
            self._cards[snippet, options] = {card.record: card for card in block.cards}
        return self._cards[snippet, options][record]

    def slots_in(self, part: Row | Card) -> list[object]:
        """Return what in a row or card depends on the page that shows it: links, citations, numbers to call."""
        if self.writes_late:
            return [piece for piece in self.html.fragment(part) if not isinstance(piece, str)]
        return [piece for piece in pieces(part) if isinstance(piece, SLOTS)]

    def days(self, identifier: str) -> tuple[str, str]:
        """Return the day by which a record must be reviewed, if it is not withdrawn, and that of its last word.

        The second is the later one of the days on which it was written and reviewed.
        """
        if identifier not in self._days:
            record = self.library.records[identifier]
            due = "" if record.status is Status.WITHDRAWN else str(record.review_by)
            last = max(filter(None, (record.written, self.library.governance.last_reviewed(record))))
            self._days[identifier] = due, str(last)
        return self._days[identifier]

    def shows_records(self, page: str) -> bool:
        """Say whether a page shows records by snippets, or a review date of its own; in ``singlehtml`` all pages are one."""
        own = "review_by" in self.env.metadata.get(page, {})
        return own or page in self.calls or (self.builder.name == "singlehtml" and bool(self.calls))

    def clear_doc(self, docname: str) -> None:
        """Forget a page."""
        for by_page in self.data.values():
            if isinstance(by_page, dict):
                by_page.pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take over the pages that a parallel reader read."""
        for name in self.initial_data:
            self.data[name].update({d: v for d, v in otherdata[name].items() if d in docnames})

    def note_references(self, docname: str, document: nodes.document) -> None:
        """Note which records the page's own text refers to, whichever role or Markdown link it uses."""
        found = {
            node["reftarget"]: self.library.figure_sources(node["reftarget"])
            for node in document.findall(pending_xref)
            if (node.get("refdomain") == self.name or node.get("reftype") in ("any", "myst"))
            and not node.get("intersphinx")
        }
        if found:
            self.references[docname] = found

    def resolve_xref(  # type: ignore[override]  # a figure is text around a link
        self, env: BuildEnvironment, fromdocname: str, builder: Builder, typ: str, target: str,
        node: pending_xref, contnode: Element,
    ) -> nodes.Element | None:  # fmt: skip
        """Return a link to the record's home, or a figure in words."""
        words = contnode.astext() if node.get("refexplicit") else ""
        if typ == "rate":
            return self.rate_nodes(fromdocname, builder, target, words or "events")
        if typ == "finding" and "@" in target:
            return self.effect_nodes(fromdocname, builder, target, words)
        record, home = self.library.get(target), self.placement.homes.get(target)
        if record is None or home is None or typ not in ("ref", record.kind):
            return None
        return self.record_link(fromdocname, builder, record, words)

    def rate_nodes(self, fromdocname: str, builder: Builder, address: str, noun: str) -> nodes.inline | None:
        """Return a figure in words with a link to its source."""
        rate = self.library.rate(address)
        if rate is None:
            return None
        words = self.typography.text(in_text(rate, noun))
        cited = citation_links(builder, fromdocname, (rate.source,), self.cited)
        return nodes.inline("", "", nodes.Text(f"{words} "), *cited, classes=["clinic-rate"])

    def effect_nodes(self, fromdocname: str, builder: Builder, address: str, outcome: str) -> nodes.inline | None:
        """Return an effect in words, its outcome linked to the finding, with links to its sources."""
        found = self.library.effect(address)
        if found is None:
            return None
        finding, effect = found
        lead = self.record_link(fromdocname, builder, finding, outcome or effect.outcome)
        words = self.typography.text(effect_in_text(finding, effect))
        cited = citation_links(builder, fromdocname, finding.sources, self.cited)
        return nodes.inline("", "", lead, nodes.Text(f"{words} "), *cited, classes=["clinic-rate"])

    def record_link(self, fromdocname: str, builder: Builder, record: Record, words: str) -> nodes.Element:
        """Return a link to a record's home, its name or ``words`` shown; bare words where it has no home."""
        words, home = words or self.typography.text(record.name), self.placement.homes.get(record.id)
        inner = nodes.inline(words, words, classes=["clinic-record"])
        if home is None:
            return inner
        meaning = self.typography.text(hover_text(self.library, record)) or None
        return linked(builder, fromdocname, home.docname, home.anchor, inner, meaning)

    def resolve_any_xref(
        self, env: BuildEnvironment, fromdocname: str, builder: Builder, target: str,
        node: pending_xref, contnode: Element,
    ) -> list[tuple[str, nodes.reference]]:  # fmt: skip
        """Return a link for the ``any`` role."""
        record = self.library.get(target)
        found = self.resolve_xref(env, fromdocname, builder, "ref", target, node, contnode)
        return [(f"clinic:{record.kind}", found)] if record and isinstance(found, nodes.reference) else []

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        """Yield every record that has a home."""
        for identifier, home in sorted(self.placement.homes.items()):
            record = self.library.records[identifier]
            # Sphinx's search index splits a shown name at its last full stop.
            yield identifier, record.name.replace(".", " "), record.kind, home.docname, home.anchor, 1


def clinic_domain(env: BuildEnvironment) -> ClinicDomain:
    """Return the domain of a build."""
    domain = env.get_domain(ClinicDomain.name)
    assert isinstance(domain, ClinicDomain)
    return domain
