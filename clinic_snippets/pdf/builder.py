"""The Sphinx builder ``typstpdf``: one tagged PDF of a whole document set."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Set
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from sphinx.builders import Builder
from sphinx.domains.std import StandardDomain
from sphinx.locale import _, __
from sphinx.util import logging
from sphinx.util.display import progress_message

from clinic_snippets.pdf.assembly import assemble
from clinic_snippets.pdf.book_index import index_markup
from clinic_snippets.pdf.compile import MAIN, PICTURES, Places, compile_pdf, font_families
from clinic_snippets.pdf.formulas import Formulas
from clinic_snippets.pdf.labels import INDEX_LABEL, Labels
from clinic_snippets.pdf.landscape import turn_pages
from clinic_snippets.pdf.row_headers import tag_row_headers
from clinic_snippets.pdf.translator import TypstTranslator
from clinic_snippets.pdf.typst_text import array, flag, quoted

logger = logging.getLogger(__name__)

_TEMPLATE = "book.typ"
_SOURCE = "typst"
_NO_AUTHOR = "Author name not set"
"""What Sphinx puts in the place of an author that conf.py does not name."""


class TypstPdfBuilder(Builder):
    """Writes ``<filename>.pdf``, and the Typst source it was made from in ``typst/`` beside it."""

    name = "typstpdf"
    format = "typst"
    epilog = __("The PDF is in %(outdir)s.")
    default_translator_class: ClassVar[type[nodes.NodeVisitor]] = TypstTranslator
    supported_image_types: ClassVar[list[str]] = ["image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp"]
    # Sphinx downloads remote pictures for builders that say no. A build asks nothing of the network.
    supported_remote_images = True

    labels: Labels
    formulas: Formulas

    def get_outdated_docs(self) -> str:  # type: ignore[override]
        return "all documents"

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        return f"%{docname}"

    def get_relative_uri(self, from_: str, to: str, typ: str | None = None) -> str:
        return self.get_target_uri(to, typ)

    def leads_to_helper_page(self, uri: str) -> bool:
        """Tell whether ``uri`` is a page that Sphinx makes for a site and a book does without, such as the search."""
        docname = uri.removeprefix("%").partition("#")[0]
        return uri.startswith("%") and (
            docname in StandardDomain._virtual_doc_names
            or docname
            in {f"{domain.name}-{index.name}" for domain in self.env.domains.sorted() for index in domain.indices}
        )

    def write_documents(self, docnames: Set[str]) -> None:
        """Write the book; it always holds all documents of the table of contents."""
        with progress_message(__("assembling the book"), nonl=False):
            tree = assemble(self)
        turn_pages(tree)
        pdf = Path(self.outdir, f"{self._file_name()}.pdf")
        pdf.unlink(missing_ok=True)  # a build that fails must not leave the handbook of yesterday
        folder = Path(self.outdir, _SOURCE)
        folder.mkdir(parents=True, exist_ok=True)
        self._copy_pictures(tree, folder)

        self.labels = Labels(tree)
        self.formulas = Formulas()
        index = index_markup(self, self.labels)  # before the walk: it says which places it wants
        translator = self.create_translator(tree, self)
        assert isinstance(translator, TypstTranslator)
        tree.walkabout(translator)
        fonts, families = font_families([Path(self.confdir, path) for path in self.config.typstpdf_font_paths])
        self._write_source(folder, translator, index, families)

        with progress_message(__("setting %s") % pdf.name):
            made = compile_pdf(folder, fonts, int(self._epoch() or 0), Places(tree, self.env))
            pdf.write_bytes(tag_row_headers(made, translator.stub_columns))

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

    def _write_source(self, folder: Path, translator: TypstTranslator, index: str, families: list[str]) -> None:
        shutil.copyfile(Path(__file__).with_name(_TEMPLATE), folder / _TEMPLATE)
        config = self.config
        start = self.labels.find(config.root_doc, "")
        language, _sep, region = (config.language or "en").replace("-", "_").partition("_")
        version = config.release or config.version
        arguments = {
            "title": quoted(config.project),
            "author": quoted("" if config.author == _NO_AUTHOR else config.author),
            "version": quoted(f"{_('Version')} {version}" if version else ""),
            "review-words": quoted("Do not use after"),
            "review": quoted(str(config.typstpdf_review_by)),
            "copyright": quoted(f"© {_copyright(config.copyright)}" if config.copyright else ""),
            "notes": array(quoted(str(note)) for note in config.typstpdf_cover_notes),
            "contents": quoted(_("Contents")),
            "start": quoted(start) if start and start not in self.labels.written else "none",
            "lang": quoted(language),
            "region": quoted(region) if region else "none",
            "fonts": array(quoted(name) for name in families),
            "dated": flag(self._epoch()),
        }
        head = ",\n  ".join(f"{name}: {value}" for name, value in arguments.items())
        source = f'#import "/{_TEMPLATE}": *\n#show: book.with(\n  {head},\n)\n{translator.source}\n{index}\n'
        (folder / MAIN).write_text(source, encoding="utf-8", newline="\n")
        lost = self.labels.wanted - self.labels.written - {INDEX_LABEL, start}
        for label in sorted(lost):
            logger.warning(
                "nothing in the book carries the label %s: links to it keep their text only",
                label,
                type="typstpdf",
                subtype="link",
            )

    def _file_name(self) -> str:
        return (
            self.config.typstpdf_filename.removesuffix(".pdf")
            or re.sub(r"\W+", "-", self.config.project.lower()).strip("-")
            or "book"
        )

    @staticmethod
    def _epoch() -> str | None:
        """Return the date of the build if one is given. Without it the PDF has none: a build has no clock."""
        return os.environ.get("SOURCE_DATE_EPOCH") or None


def _copyright(value: object) -> str:
    return ", ".join(value) if isinstance(value, (list, tuple)) else str(value)
