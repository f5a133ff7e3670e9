"""The Sphinx builder ``typstpdf``: one tagged PDF of a whole document set."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Set
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import ClassVar

import fontpkg_source_sans_3  # type: ignore[import-untyped]
import pikepdf
from docutils import nodes
from sphinx.builders import Builder
from sphinx.domains.std import StandardDomain
from sphinx.locale import _, __
from sphinx.util import logging
from sphinx.util.display import progress_message

from clinic_snippets.export.sheet_files import sheet_file
from clinic_snippets.library.collector import collector_paused
from clinic_snippets.pdf.assembly import ANY_NUMBER, assemble, letters_of_sheet, pages_of_sheet, sheet
from clinic_snippets.pdf.book_index import index_markup
from clinic_snippets.pdf.compile import MAIN, PICTURES, Places, Setting, font_families, stop
from clinic_snippets.pdf.formulas import Formulas
from clinic_snippets.pdf.labels import CONTENTS_DEPTH, INDEX_LABEL, Labels
from clinic_snippets.pdf.landscape import turn_pages
from clinic_snippets.pdf.row_headers import tag_row_headers
from clinic_snippets.pdf.translator import TypstTranslator
from clinic_snippets.pdf.typst_text import array, flag, quoted
from clinic_snippets.problems import shown

logger = logging.getLogger(__name__)

_TEMPLATE = "book.typ"
_SOURCE = "typst"
_FONTS = (".otf", ".ttf", ".otc", ".ttc")
_LONGEST_NAME = 200
"""Bytes of a file's name; file systems take no more than 255, with its ending."""
_NO_AUTHOR = "Author name not set"
"""What Sphinx puts in the place of an author that conf.py does not name."""


@dataclass
class _Job:
    """A PDF that Typst has begun to set."""

    pdf: Path
    setting: Setting
    missing: list[str]
    """Labels that links lead to and nothing carries."""

    def finish(self) -> None:
        """Wait until the PDF is written, and log what is wrong with it."""
        self.setting.finish()
        for label in self.missing:
            logger.warning(
                "nothing in the book carries the label %s: links to it keep their text only",
                label, type="typstpdf", subtype="link",
            )  # fmt: skip


class TypstPdfBuilder(Builder):
    """Writes ``<filename>.pdf``, and the Typst source it was made from in ``typst/`` beside it.

    A document whose front matter says ``sheet: 1`` is no part of the book: it becomes ``sheets/<name>.pdf``, of one page.
    """

    name = "typstpdf"
    format = "typst"
    epilog = __("The PDF is in %(outdir)s.")
    default_translator_class: ClassVar[type[nodes.NodeVisitor]] = TypstTranslator
    supported_image_types: ClassVar[list[str]] = ["image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp"]
    # Sphinx downloads remote pictures for builders that say no. A build asks nothing of the network.
    supported_remote_images = True

    labels: Labels
    formulas: Formulas

    def get_outdated_docs(self) -> str:
        return "all documents"

    def told_inputs(self) -> tuple[object, list[Path]]:
        """Return what the PDF needs besides pages and settings: versions of what makes it, its date, and the fonts.

        Whoever else knows the records may find that nothing has changed, and leave the PDF that is there.
        """
        folders = [
            Path(fontpkg_source_sans_3.ROOT),
            *(Path(self.confdir, path) for path in self.config.typstpdf_font_paths),
        ]
        fonts = [file for folder in folders for file in sorted(folder.rglob("*")) if file.suffix.lower() in _FONTS]
        return (version("typst"), version("pikepdf"), self._epoch()), fonts

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        return f"%{docname}"

    def get_relative_uri(self, from_: str, to: str, typ: str | None = None) -> str:
        return self.get_target_uri(to, typ)

    def leads_elsewhere(self, uri: str, from_docname: str) -> bool:
        """Tell whether a link may lose its address without a word.

        It may where it leads to a page that Sphinx makes for a site and a book does without, such as the search; and
        between the book and its sheets, which lie on different tables.
        """
        docname = uri.removeprefix("%").partition("#")[0]
        if not uri.startswith("%"):
            return False
        return (
            docname in StandardDomain._virtual_doc_names
            or docname
            in {f"{domain.name}-{index.name}" for domain in self.env.domains.sorted() for index in domain.indices}
            or any(pages_of_sheet(self.env, name) is not None for name in (docname, from_docname))
        )

    @collector_paused()
    def write_documents(self, docnames: Set[str]) -> None:
        """Write each sheet, and the book, which always holds all documents of the table of contents."""
        pdf = Path(self.outdir, f"{self._file_name()}.pdf")
        try:
            self._write_all(pdf)
        except OSError as error:
            why = f"cannot be read or written ({error.strerror or error})"
            stop(f"{error.filename or pdf}: {why}; close the program that shows it, or see whether the disk has room")

    def _write_all(self, pdf: Path) -> None:
        pdf.unlink(missing_ok=True)  # a build that fails must not leave the handbook of yesterday
        with ThreadPoolExecutor(1) as worker:
            # Sheets first: Typst keeps what it has set, and after a long book looks through all of that once for each sheet.
            self._write_sheets(worker)
            with progress_message(__("assembling the book"), nonl=False):
                tree = assemble(self)
            turn_pages(tree)
            with progress_message(__("setting %s") % pdf.name):
                self._start(tree, pdf, Path(self.outdir, _SOURCE), worker).finish()

    def _write_sheets(self, worker: Executor) -> None:
        """Write every sheet; Typst sets one while the source of the next is written."""
        shutil.rmtree(Path(self.outdir, sheet_file("any")).parent, ignore_errors=True)
        begun = []
        for docname in sorted(self.env.found_docs):
            if (pages := pages_of_sheet(self.env, docname)) is not None:
                name = sheet_file(docname)
                pdf = Path(self.outdir, name)
                pdf.parent.mkdir(exist_ok=True)
                folder = Path(self.outdir, _SOURCE, name).with_suffix("")
                begun.append((docname, pages, self._start(sheet(self, docname), pdf, folder, worker)))
        for docname, pages, job in begun:
            with progress_message(__("setting %s") % sheet_file(docname)):
                job.finish()
            with pikepdf.open(job.pdf) as made:
                if pages not in (str(len(made.pages)), ANY_NUMBER):
                    logger.warning(
                        "the sheet takes %s pages and its front matter says 'sheet: %s'; shorten it, or write the number "
                        "of pages that it may take", len(made.pages), pages, location=docname, type="typstpdf",
                        subtype="sheet",
                    )  # fmt: skip

    def _start(self, tree: nodes.document, pdf: Path, folder: Path, worker: Executor) -> _Job:
        """Write the source of one tree, the book or a sheet, and have Typst begin."""
        is_book = tree["docname"] == self.config.root_doc
        folder.mkdir(parents=True, exist_ok=True)
        self._copy_pictures(tree, folder)

        self.labels = Labels(tree)
        self.formulas = Formulas()
        # Before the walk: it says which places it wants.
        index = index_markup(self, self.labels) if is_book else ""
        translator = self.create_translator(tree, self)
        assert isinstance(translator, TypstTranslator)
        tree.walkabout(translator)
        fonts, families = font_families([Path(self.confdir, path) for path in self.config.typstpdf_font_paths])
        arguments = self._arguments(tree["docname"], families)
        arguments |= self._cover() if is_book else self._leaf(tree["docname"])
        self._write_source(folder, "book" if is_book else "sheet", arguments, f"{translator.source}\n{index}\n")
        missing = sorted(self.labels.wanted - self.labels.written - {INDEX_LABEL, self._start_label()})
        stubs = translator.stub_columns

        def keep(made: bytes) -> None:
            pdf.write_bytes(tag_row_headers(made, stubs))

        return _Job(pdf, Setting(worker, folder, fonts, int(self._epoch() or 0), Places(tree, self.env), keep), missing)

    def picture_file(self, node: nodes.image) -> str | None:
        """Return the file of a picture for Typst, or None if there is none."""
        return f"/{node['typst_file']}" if "typst_file" in node else None

    def _copy_pictures(self, tree: nodes.document, folder: Path) -> None:
        for node in tree.findall(nodes.image):
            source = Path(self.srcdir, node["uri"])
            if node["uri"] not in self.images or not source.is_file():
                continue
            # Named by content: the number that Sphinx adds to equal names depends on the order of reading.
            content = source.read_bytes()
            node["typst_file"] = f"{PICTURES}/{hashlib.sha256(content).hexdigest()[:16]}{source.suffix.lower()}"
            target = folder / node["typst_file"]
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(content)

    def _write_source(self, folder: Path, look: str, arguments: dict[str, str], body: str) -> None:
        shutil.copyfile(Path(__file__).with_name(_TEMPLATE), folder / _TEMPLATE)
        head = ",\n  ".join(f"{name}: {value}" for name, value in arguments.items())
        # On a sheet nothing is smaller than its text, and room is scarce.
        size = f".with(size: {arguments['size']})" if "size" in arguments else ""
        sheet_look = f"#let badge = sheet-badge\n#let blank = sheet-blank\n#let data-table = sheet-table{size}\n"
        own = "" if look == "book" else sheet_look
        source = f'#import "/{_TEMPLATE}": *\n{own}#show: {look}.with(\n  {head},\n)\n{body}'
        (folder / MAIN).write_text(source, encoding="utf-8", newline="\n")

    def _arguments(self, docname: str, families: list[str]) -> dict[str, str]:
        """Return what the templates of a book and of a sheet both ask for."""
        config = self.config
        language, _sep, region = (config.language or "en").replace("-", "_").partition("_")
        version = config.release or config.version
        review = config.typstpdf_review_by
        if docname != config.root_doc:
            review = self.env.metadata.get(docname, {}).get("review_by") or review
        return {
            "title": quoted(config.project),
            "author": quoted("" if config.author == _NO_AUTHOR else config.author),
            "version": quoted(f"{_('Version')} {version}" if version else ""),
            "review-words": quoted("Do not use after"),
            "review": quoted(str(review)),
            "lang": quoted(language),
            "region": quoted(region) if region else "none",
            "fonts": array(quoted(name) for name in families),
            "dated": flag(self._epoch()),
        }

    def _cover(self) -> dict[str, str]:
        """Return what only the template of a book asks for."""
        start = self._start_label()
        return {
            "copyright": quoted(f"© {_copyright(self.config.copyright)}" if self.config.copyright else ""),
            "notes": array(quoted(str(note)) for note in self.config.typstpdf_cover_notes),
            "contents": quoted(_("Contents")),
            "entries": array(array([str(level), quoted(title)]) for level, title in self.labels.contents),
            "depth": str(CONTENTS_DEPTH),
            "start": quoted(start) if start and start not in self.labels.written else "none",
        }

    def _leaf(self, docname: str) -> dict[str, str]:
        """Return what only the template of a sheet asks for."""
        name = {"name": quoted(f"{self.env.titles[docname].astext()} · {self.config.project}")}
        letters = letters_of_sheet(self.env, docname)
        return name | ({"size": f"{letters:g}pt"} if letters else {})

    def _start_label(self) -> str | None:
        """Return the label of the whole book."""
        return self.labels.find(self.config.root_doc, "")

    def _file_name(self) -> str:
        given: str = self.config.typstpdf_filename.removesuffix(".pdf")
        if re.search(r"[/\\]|[^\x20-\U0010ffff]", given) or len(given.encode()) > _LONGEST_NAME:
            what = f"typstpdf_filename in conf.py: '{shown(given)}' cannot be the name of a file; write a short one without /"
            stop(what)
        made = re.sub(r"\W+", "-", self.config.project.lower()).encode()[:_LONGEST_NAME].decode(errors="ignore")
        return given or made.strip("-") or "book"

    @staticmethod
    def _epoch() -> str | None:
        """Return the date of the build if one is given. Without it the PDF has none: a build has no clock."""
        return os.environ.get("SOURCE_DATE_EPOCH") or None


def _copyright(value: object) -> str:
    return ", ".join(value) if isinstance(value, (list, tuple)) else str(value)
