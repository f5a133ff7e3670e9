"""Every snippet as a directive: the shell is made when a page is read, the body when it is written."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives, states
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from clinic_snippets.library import Library
from clinic_snippets.snippets import SNIPPETS, Block, Cards, OptionError, Snippet, Table
from clinic_snippets.snippets.blocks import Picture, parts
from clinic_snippets.sphinx_ext.citations import register_citations
from clinic_snippets.sphinx_ext.domain import Call, clinic_domain
from clinic_snippets.sphinx_ext.index_entries import index_of
from clinic_snippets.sphinx_ext.late import labelled_tbody, late_body, late_drawing, late_fold
from clinic_snippets.sphinx_ext.placement import FAILED, cited_keys, definition, homes_in
from clinic_snippets.sphinx_ext.unknown import AnyOption

logger = logging.getLogger(__name__)
SAME_AS_TABLE = "The same as a table"


class SnippetDirective(SphinxDirective):
    """Places a snippet. The optional argument is a title or caption of one's own; ``:name:`` makes it a link target."""

    snippet: Snippet
    has_content = False
    optional_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return the shell of a table or picture, or one section per card."""
        domain = clinic_domain(self.env)
        own = {name: value or "" for name, value in self.options.items() if name != "name"}
        options = tuple(sorted(own.items()))
        calls = domain.calls.setdefault(self.env.docname, [])
        try:
            block = domain.block(self.snippet.name, options)
        except OptionError as error:
            calls.append(Call(self.snippet.name, options, self.lineno, FAILED))
            logger.warning("%s: %s", self.name, error, location=self.get_location(), type="clinic", subtype="option")
            return []
        calls.append(Call(self.snippet.name, options, self.lineno, definition(domain, block)))
        if not parts(block):
            return [self.empty(block)]
        register_citations(self.env, self.state.inliner, cited_keys(domain, block), self.lineno)
        if isinstance(block, Table):
            homes = [domain.library.records[identifier] for identifier in homes_in(block)]
            index = index_of(homes, (self.snippet.name, options))
            self.set_source_info(index)
            return [*([index] if block.home else []), *self.table(block, options)]
        if isinstance(block, Picture):
            return self.picture(block, options)
        return self.cards(block, options, domain.library)

    def body(self, options: tuple[tuple[str, str], ...], record: str = "") -> late_body:
        """Return the placeholder for a body."""
        node = late_body(snippet=self.snippet.name, options=options, record=record, docname=self.env.docname)
        self.set_source_info(node)
        return node

    def empty(self, block: Block) -> nodes.Node:
        """Return the visible sentence for a block without rows; unless it is calm, every build warns (see ``placement``)."""
        sentence = nodes.paragraph("", block.empty)
        if isinstance(block, Table) and block.calm:
            return sentence
        return nodes.warning("", sentence, classes=["clinic-empty"])

    def titled(self, node: nodes.Element, block: Table | Picture) -> list[nodes.system_message]:
        """Add the author's own title, or else the block's, in ``node``; return what is wrong with the own one."""
        own = self.arguments[0] if self.arguments else ""
        if not own and not block.title:  # a table that its heading names; an empty caption would be read aloud
            return []
        inline, messages = self.state.inline_text(own, self.lineno) if own else ([nodes.Text(block.title)], [])
        # Sphinx's message catalogues take the words of pages alone; so do the parsers of markup.
        kind = nodes.title if isinstance(block, Table) else nodes.caption
        title = kind(own, "", *inline, translatable=bool(own))
        self.set_source_info(title)
        node += title
        return messages

    def table(self, block: Table, options: tuple[tuple[str, str], ...]) -> list[nodes.Node]:
        """Return a table with title, widths and header, and a placeholder for its rows."""
        table = nodes.table("", classes=["clinic-table", f"clinic-{self.snippet.name}", "colwidths-given"])
        self.set_source_info(table)
        messages = [] if block.folded else self.titled(table, block)
        table += self.columns(block, options)
        self.name_shell(table, options)
        if block.folded:
            title = self.arguments[0] if self.arguments else block.title
            return [late_fold("", table, summary=title, open=False)]
        return [table, *messages]

    def columns(self, block: Table, options: tuple[tuple[str, str], ...]) -> nodes.tgroup:
        """Return what a table holds below its title."""
        group = nodes.tgroup("", cols=len(block.columns))
        # As percentages: writers of plain text take a width as a number of characters.
        whole = sum(column.width for column in block.columns)
        for index, column in enumerate(block.columns):
            width = max(1, round(100 * column.width / whole))
            group += nodes.colspec("", colwidth=width, **({"stub": 1} if index == 0 else {}))
        heads = [nodes.entry("", nodes.paragraph("", column.heading)) for column in block.columns]
        group += nodes.thead("", nodes.row("", *heads))
        labels = [column.heading for column in block.columns[1:]]
        group += labelled_tbody("", self.body(options), labels=labels)
        return group

    def picture(self, block: Picture, options: tuple[tuple[str, str], ...]) -> list[nodes.Node]:
        """Return a figure with a placeholder for the drawings, and below it a fold with the table."""
        figure = nodes.figure("", classes=["clinic-picture"])
        self.set_source_info(figure)
        figure += late_drawing(snippet=self.snippet.name, options=options, docname=self.env.docname)
        messages = self.titled(figure, block)
        self.name_shell(figure, options)
        # Without a title of its own: the figure is numbered, and its table is not another thing.
        table = nodes.table(
            "",
            self.columns(block.table, options),
            classes=["clinic-table", f"clinic-{self.snippet.name}", "colwidths-given"],
        )
        self.set_source_info(table)
        return [figure, *messages, late_fold("", table, summary=SAME_AS_TABLE, open=block.open)]

    def name_shell(self, shell: nodes.Element, options: tuple[tuple[str, str], ...]) -> None:
        """Give a table or figure the author's name, or else an id made of what it shows: a link to it must last."""
        document = self.state.document
        shown = nodes.make_id(" ".join([self.snippet.name, *(value or name for name, value in options)]))
        if "name" not in self.options and shown not in document.ids:
            shell["ids"].append(shown)
            document.set_id(shell)
        self.add_name(shell)

    def cards(self, block: Cards, options: tuple[tuple[str, str], ...], library: Library) -> list[nodes.Node]:
        """Return a section for each card: its heading and index entries are real, its body is a placeholder."""
        if not self.may_hold_sections():
            logger.warning(
                "%s makes headings, so it can only stand where a heading can; take it out of the list, table or box "
                "around it, or use a table here", self.name, location=self.get_location(), type="clinic", subtype="place",
            )  # fmt: skip
            # Nothing was placed here, so it is no home and no use of these records.
            domain = clinic_domain(self.env)
            domain.calls[self.env.docname].pop()
            return []
        out: list[nodes.Node] = []
        for card in block.cards:
            record = library.records[card.record]
            section = nodes.section("", ids=[record.anchor], classes=["clinic-card"])
            self.set_source_info(section)
            index = index_of([record])
            self.set_source_info(index)
            title = nodes.title("", card.title, translatable=False)
            self.set_source_info(title)
            section += [title, index, self.body(options, card.record)]
            there = self.state.document.ids.get(record.anchor)
            if there is None or "clinic-card" not in there["classes"]:  # else a second home, which is warned of
                self.state.document.set_id(section)  # a heading that reads like a record must take another id
            out.append(section)
        return out

    def may_hold_sections(self) -> bool:
        """Say whether a section may stand here; the two parsers keep the parent node in different places."""
        machine = self.state_machine
        # In reStructuredText a directive right behind another is parsed apart, with no say in headings.
        if not machine.match_titles and not isinstance(self.state, states.Explicit):
            return False
        parent = machine.node if type(self.state).__module__.startswith("myst_parser") else self.state.parent
        return isinstance(parent, nodes.section | nodes.document)


def _option(name: str, flag: bool) -> Any:
    return directives.flag if flag else directives.unchanged_required


def directive_for(snippet: Snippet) -> type[SnippetDirective]:
    """Return the directive class of a snippet, its options taken from the signature."""
    spec = {name: _option(name, option.type is bool) for name, option in snippet.options.items()}
    options = AnyOption({**spec, "name": directives.unchanged})
    attributes = {"snippet": snippet, "option_spec": options, "__doc__": snippet.summary}
    return type(f"{snippet.function.__name__}_directive", (SnippetDirective,), attributes)


def add_directives(app: Sphinx) -> None:
    """Register a directive for each snippet."""
    for snippet in SNIPPETS.values():
        app.add_directive_to_domain("clinic", snippet.name, directive_for(snippet), override=True)


def warn_of_text_behind_cards(app: Sphinx, doctree: nodes.document) -> None:
    """Warn of what stands behind a page's cards without a heading: where there are no boxes it ends the last card."""
    for card in doctree.findall(nodes.section):
        behind = card.next_node(descend=False, siblings=True) if "clinic-card" in card["classes"] else None
        if behind is not None and not isinstance(behind, nodes.section | nodes.Invisible | nodes.system_message):
            logger.warning(
                "in print this reads as part of the card above; put it before the cards, or give it a heading",
                location=behind, type="clinic", subtype="place",
            )  # fmt: skip
