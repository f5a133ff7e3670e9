"""The PDFs on the site: the book beside the start page, each sheet in the folder ``sheets``, and links to both.

Another builder makes them, so only who runs both knows where they are: ``clinic_pdfs`` names that folder. Without it no
page leads to a PDF, and none is left from an earlier build. A page that is a sheet leads to its own by itself;
``{clinic:pdf-link}`` puts a link to the book on any page.
"""

from __future__ import annotations

import filecmp
import html
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import quote

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri

from clinic_snippets.export.sheet_files import sheet_file
from clinic_snippets.sphinx_ext.config import refuse
from clinic_snippets.sphinx_ext.domain import ClinicDomain, clinic_domain
from clinic_snippets.sphinx_ext.state import load_state, save_state

_SITES = ("html", "dirhtml")
"""Builders that give a sheet a page of its own."""
_LINKS = "pdf_links"
"""Where the domain keeps the lines of links to the book, by page."""
_COPIED = "pdfs"
_PRINT = "Print this sheet (PDF)"
_LINK = '<p class="clinic-download"><a href="{address}" type="application/pdf">{words}</a></p>\n'


class pdf_link(nodes.General, nodes.Element):
    """The place of a link to the book; ``words`` are what it says."""


class PdfLinkDirective(SphinxDirective):
    """Puts a link to the PDF of the whole handbook in a page. The argument is what it says."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return the place of the link."""
        clinic_domain(self.env).data[_LINKS][self.env.docname] = self.lineno
        return [pdf_link(words=self.arguments[0])]


def _folder(domain: ClinicDomain) -> Path | None:
    """Return the folder of the PDFs; None where the pages that are built lead to none."""
    given = domain.env.config.clinic_pdfs
    return Path(domain.env.srcdir, given) if given and domain.builder.name in _SITES else None


def _books(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.pdf"))


def check_folder(app: Sphinx) -> None:
    """Stop the build where the folder does not hold one book: a link to none, or to another's, would be wrong."""
    folder = _folder(clinic_domain(app.env))
    if folder is None:
        return
    found = ", ".join(path.name for path in _books(folder))
    if not found:
        refuse(app, "clinic_pdfs", f"there is no PDF in {folder}; build it first (typstpdf), or name its folder")
    if len(_books(folder)) > 1:
        refuse(app, "clinic_pdfs", f"{folder} holds more than one PDF ({found}); delete those that are not the book")
    if folder.resolve() == Path(app.outdir).resolve():
        refuse(app, "clinic_pdfs", f"{folder} is the folder of the pages too; build the PDF into another")


def book_for(domain: ClinicDomain, docname: str) -> str:
    """Return the path of the book's PDF from the site's top, where the page links to it; else nothing."""
    folder = _folder(domain) if docname in domain.data[_LINKS] else None
    return _books(folder)[0].name if folder else ""


def sheet_for(domain: ClinicDomain, docname: str) -> str:
    """Return the path of the page's own PDF from the site's top, where it is a sheet and has one; else nothing."""
    folder = _folder(domain) if "sheet" in domain.env.metadata[docname] else None
    return sheet_file(docname) if folder and (folder / sheet_file(docname)).is_file() else ""


def identity_of_downloads(domain: ClinicDomain, docname: str) -> object:
    """Return what the page leads to, to tell whether it must be written again."""
    return book_for(domain, docname), sheet_for(domain, docname)


class PlacePdfLinks(SphinxPostTransform):
    """Writes the links where there is a PDF to lead to, and takes their places away everywhere else."""

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Work on every place of a link, and on the title of a sheet."""
        domain = clinic_domain(self.env)
        book, own = book_for(domain, self.env.docname), sheet_for(domain, self.env.docname)
        for place in list(self.document.findall(pdf_link)):
            if book:
                place.replace_self(self._link(domain, book, place["words"]))
            else:
                place.parent.remove(place)
        title = self.document.next_node(nodes.title)
        if own and title is not None:
            title.parent.insert(title.parent.index(title) + 1, self._link(domain, own, _PRINT))

    def _link(self, domain: ClinicDomain, path: str, words: str) -> nodes.raw:
        address = relative_uri(domain.builder.get_target_uri(self.env.docname), quote(path))
        return nodes.raw("", _LINK.format(address=html.escape(address), words=html.escape(words)), format="html")


def copy_pdfs(app: Sphinx, exception: Exception | None) -> None:
    """Put the PDFs beside the pages; one that an earlier build put there and this one does not goes."""
    domain, outdir = clinic_domain(app.env), Path(app.outdir)
    if exception is not None or app.builder.name not in _SITES or domain.idle:
        return
    folder = _folder(domain)
    files = {path.name: path for path in _books(folder)} if folder else {}
    for docname in sorted(app.env.found_docs):
        if folder and (name := sheet_for(domain, docname)):
            files[name] = folder / name
    before = load_state(app, _COPIED)
    if not (before or files):
        return
    # Before they are copied: a build killed on the way must not forget them.
    save_state(app, _COPIED, dict.fromkeys({*before, *files}, ""))
    for name in before.keys() - files.keys():
        target = outdir / name
        target.unlink(missing_ok=True)
        if target.parent != outdir and target.parent.is_dir() and not any(target.parent.iterdir()):
            target.parent.rmdir()
    for name, source in files.items():
        target = outdir / name
        if not (target.is_file() and filecmp.cmp(source, target, shallow=False)):
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(source, target)
    save_state(app, _COPIED, dict.fromkeys(files, ""))


def setup(app: Sphinx) -> None:
    """Register the directive, and connect to the start and the end of a build."""
    app.add_node(pdf_link)
    app.add_directive_to_domain("clinic", "pdf-link", PdfLinkDirective)
    app.add_post_transform(PlacePdfLinks)
    app.connect("builder-inited", check_folder)
    app.connect("build-finished", copy_pdfs)
