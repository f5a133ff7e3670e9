"""The mark on a sheet that will be printed: until when it may be used, and how to ask whether it is still current.

``{clinic:copy-mark}`` stands on the page that is printed. ``{clinic:copy-marks}`` lists the marks of all pages; it stands
beside ``{clinic:code-list}``, where the QR codes lead.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from clinic_snippets.rendering.doctree import day
from clinic_snippets.rendering.qr_code import qr_code
from clinic_snippets.sphinx_ext.domain import ClinicDomain, clinic_domain
from clinic_snippets.sphinx_ext.page_codes import page_code_of, records_on
from clinic_snippets.sphinx_ext.resolvers import page_link

CODES = "code-list"
"""The snippet on the page that answers whether a copy is current."""
_TEXT = 9.5
"""The size of a sheet's text where its front matter asks for no other, in points."""
_TITLE = 100
"""Letters of a page's title in a QR code."""


class copy_mark(nodes.General, nodes.Element):
    """Stands for the mark of the page that it is on."""


class copy_marks(nodes.General, nodes.Element):
    """Stands for the list of all marks."""


class marked(nodes.General, nodes.Element):
    """A paragraph or more beside a QR code; outputs without pictures show the words alone."""


class CopyMarkDirective(SphinxDirective):
    """Places the mark of a printed copy."""

    def run(self) -> list[nodes.Node]:
        """Return a placeholder: the code is known once all records are."""
        domain = clinic_domain(self.env)
        if self.env.docname in domain.marks:
            return [
                self.state.document.reporter.warning("the page has its mark already; take one out", line=self.lineno)
            ]
        domain.marks[self.env.docname] = self.lineno
        node = copy_mark(docname=self.env.docname)
        self.set_source_info(node)
        return [node]


class CopyMarksDirective(SphinxDirective):
    """Places the list of the marks of all pages."""

    def run(self) -> list[nodes.Node]:
        """Return a placeholder."""
        clinic_domain(self.env).mark_lists[self.env.docname] = self.lineno
        node = copy_marks(docname=self.env.docname)
        self.set_source_info(node)
        return [node]


class FillMarks(SphinxPostTransform):
    """Fills in marks when a page is written."""

    default_priority = 4  # before Sphinx resolves links

    def run(self, **kwargs: Any) -> None:
        """Work on every placeholder of the document."""
        domain = clinic_domain(self.env)
        for mark in list(self.document.findall(copy_mark)):
            mark.replace_self(mark_of(domain, mark["docname"], mark.children))
        for listing in list(self.document.findall(copy_marks)):
            listing.replace_self(list_of_marks(domain, listing["docname"]))


def use_until(domain: ClinicDomain, docname: str) -> str:
    """Return the first day by which the page, or a record that it shows, must be reviewed; empty where none is given."""
    days = [domain.days(record)[0] for record in records_on(domain, docname)]
    days.append(str(domain.env.metadata[docname].get("review_by", "")))
    return min(filter(None, days), default="")


def address_of(domain: ClinicDomain, code: str) -> str:
    """Return the address that answers for a code; empty where nobody has said where the site will stand."""
    pages = domain.pages_with(CODES)
    base = domain.env.config.html_baseurl
    if not pages or not base:
        return ""
    # Also in a PDF the address is that of the web page.
    page = domain.builder.get_target_uri(pages[0]) if domain.builder.format == "html" else f"{pages[0]}.html"
    return f"{base.rstrip('/')}/{page}#{code}"


def has_large_letters(domain: ClinicDomain, docname: str) -> bool:
    """Say whether a sheet asks for larger letters, as with ``letters: 11``: it has room for them in print from a browser."""
    try:
        return float(domain.env.metadata[docname].get("letters", 0)) > _TEXT
    except ValueError:  # the PDF builder warns of it
        return False


def mark_words(domain: ClinicDomain, docname: str) -> tuple[str, str, str, str]:
    """Return the version, the last day, the code and the address of a page's mark: all that can change in it."""
    code = page_code_of(domain, docname)
    return domain.env.config.release, use_until(domain, docname), code, address_of(domain, code)


def mark_of(domain: ClinicDomain, docname: str, dates: Iterable[nodes.Node]) -> marked:
    """Return the mark of a page; ``dates`` are those of the page itself."""
    version, until, code, address = mark_words(domain, docname)
    title = domain.env.titles[docname].astext()
    # A code holds some three thousand signs, and is small only with few.
    title = title if len(title) <= _TITLE else f"{title[: _TITLE - 1]}…"
    # Without an address a phone shows these words: with them the code is found by hand.
    scanned = address or f"{domain.env.config.project} {version}: {title}. {code}"
    words = nodes.paragraph("", "", nodes.strong("", "Uncontrolled when printed. "))
    if until:
        words += [nodes.Text("Do not use after "), day("", until), nodes.Text(". ")]
    words += [
        nodes.Text("Is my copy current? Scan, or look up the code "),
        nodes.strong("", "", nodes.literal(code, code)),
        nodes.Text(" in the handbook. "),
        nodes.Text(f"{domain.env.config.project}, version {version}." if version else f"{domain.env.config.project}."),
    ]
    alt = f"QR code: is this copy current? Code {code}"
    classes = ["clinic-copy-mark", *(["clinic-large"] if has_large_letters(domain, docname) else [])]
    return marked("", words, *dates, svg=qr_code(scanned, alt), alt=alt, classes=classes)


def list_of_marks(domain: ClinicDomain, docname: str) -> nodes.Node:
    """Return a table of all marked pages with their codes, or the sentence that there are none."""
    pages = sorted(domain.marks, key=lambda page: domain.env.titles[page].astext().lower())
    if not pages:
        return nodes.paragraph("", "No sheet is marked.")
    # Without a title: tables get their numbers when pages are read, and this one is made when its page is written.
    table = nodes.table("", classes=["clinic-table", "clinic-copy-marks"])
    group = nodes.tgroup("", cols=3)
    table += group
    group += [nodes.colspec("", colwidth=width, **stub) for width, stub in ((46, {"stub": 1}), (27, {}), (27, {}))]
    heads = [nodes.entry("", nodes.paragraph("", head)) for head in ("Printed on", "Current code", "Do not use after")]
    group += nodes.thead("", nodes.row("", *heads))
    body = nodes.tbody()
    group += body
    for page in pages:
        _version, until, code, _address = mark_words(domain, page)
        cells = (
            nodes.paragraph("", "", page_link(domain.builder, docname, page)),
            nodes.paragraph("", "", nodes.target("", "", ids=[code]), nodes.literal(code, code)),
            nodes.paragraph("", "", day("", until)) if until else nodes.paragraph("", "—"),
        )
        body += nodes.row("", *(nodes.entry("", cell) for cell in cells))
    return table


def identity_of_marks(domain: ClinicDomain, docname: str) -> object:
    """Return what the marks on a page show, to tell whether it must be written again."""
    shown = [docname] if docname in domain.marks else []
    listed = sorted(domain.marks) if docname in domain.mark_lists else []
    return [(page, mark_words(domain, page)) for page in (*shown, *listed)]


def visit_marked(self: HTML5Translator, node: marked) -> None:
    """Write the QR code, and open the words beside it."""
    self.body.append(self.starttag(node, "div") + node["svg"] + "\n<div>\n")


def depart_marked(self: HTML5Translator, node: marked) -> None:
    """Close the words."""
    self.body.append("</div></div>\n")


def write_marked(self: Any, node: marked) -> None:
    """Write a mark into the PDF; the page's own dates are for the screen, where a script reads them."""
    self.add_beside(node["svg"], node["alt"], node.children[:1])
    raise nodes.SkipNode


def _nothing(self: Any, node: nodes.Element) -> None:
    """Write the words alone."""


def add_stylesheet(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Load the stylesheet of sheets on pages with a mark; ``singlehtml`` has all pages on one."""
    marks = clinic_domain(app.env).marks
    if pagename in marks or (marks and app.builder.name == "singlehtml"):
        app.add_css_file("sheet.css")


def setup(app: Sphinx) -> None:
    """Register the directives and what they place."""
    app.add_directive_to_domain("clinic", "copy-mark", CopyMarkDirective)
    app.add_directive_to_domain("clinic", "copy-marks", CopyMarksDirective)
    app.add_node(copy_mark)
    app.add_node(copy_marks)
    words = (_nothing, _nothing)
    app.add_node(
        marked, html=(visit_marked, depart_marked), typst=(write_marked, None),
        text=words, man=words, latex=words, texinfo=words,
    )  # fmt: skip
    app.add_post_transform(FillMarks)
    app.connect("html-page-context", add_stylesheet)
