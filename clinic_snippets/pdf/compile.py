"""Typst source to PDF, and Typst's errors to messages for authors."""

from __future__ import annotations

import re
from bdb import BdbQuit
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import NoReturn

import fontpkg_source_sans_3  # type: ignore[import-untyped]
import typst
from docutils import nodes
from sphinx import addnodes
from sphinx.environment import BuildEnvironment
from sphinx.errors import SphinxError
from sphinx.util import logging

from clinic_snippets.pdf.typst_text import quoted

logger = logging.getLogger(__name__)

FONT = fontpkg_source_sans_3.FAMILY
_FALLBACKS = ("DejaVu Sans Mono", "New Computer Modern Math", "Libertinus Serif")
"""Families inside the typst wheel, for signs the text font lacks."""

_NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}")
_MAIN_LINE = re.compile(r"main\.typ:(\d+):")

MAIN = "main.typ"
"""The file with the book's text, in the folder of its source."""
PICTURES = "pictures"
"""The folder with the book's pictures, beside `MAIN`."""
DOCUMENT_MARK = "// document: "
"""Starts a line of `MAIN` that says from which document the lines below it come."""


class PdfError(SphinxError, BdbQuit):
    """The book could not be made into a PDF; the message says which page is the cause.

    Sphinx 9 answers other exceptions with a traceback and the wish for a report to its own developers, also where a
    picture is broken. A debugger's quit is the one it leaves alone; so the message is logged.
    """

    category = "PDF error"


def stop(what: str) -> NoReturn:
    """Log what keeps the PDF from being made, and end the build."""
    logger.error("%s", what)
    raise PdfError(what) from None


def font_families(font_paths: Sequence[str | Path]) -> tuple[typst.Fonts, list[str]]:
    """Return the fonts for the compiler, and the families in the order in which they are tried.

    Only fonts of Python packages and of ``font_paths`` count: the fonts of the machine would make other bytes elsewhere.
    """
    own = [str(path) for path in font_paths]
    added = (
        typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=own).families() if own else []
    )
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(fontpkg_source_sans_3.ROOT), *own])
    return fonts, [FONT, *sorted(set(added) - {FONT}), *_FALLBACKS]


class Setting:
    """Typst at work on the ``main.typ`` of a folder, in a thread of its own: it lets Python go on meanwhile.

    ``keep`` gets the PDF, which passed Typst's check against PDF/UA-1, in that thread too: what it needs of memory is there
    already, given back by Typst, and no other thread can use it.
    """

    def __init__(
        self,
        worker: Executor,
        folder: Path,
        fonts: typst.Fonts,
        timestamp: int,
        places: Places,
        keep: Callable[[bytes], None],
    ) -> None:
        self._folder, self._places = folder, places
        compiler = typst.Compiler(str(folder / MAIN), root=str(folder), font_paths=fonts, ignore_system_fonts=True)

        def make() -> list[typst.TypstWarning]:
            pdf, warnings = compiler.compile_with_warnings(format="pdf", pdf_standards=["ua-1"], timestamp=timestamp)
            assert isinstance(pdf, bytes)  # one file, as no output path was named
            keep(pdf)
            return warnings

        self._made = worker.submit(make)

    def finish(self) -> None:
        """Wait for the PDF, and log what Typst has to say."""
        try:
            warnings = self._made.result()
        except typst.TypstError as error:
            stop(_explained(error, self._folder, self._places))
        for warning in warnings:
            docname = _document_at(self._folder, warning.diagnostic)
            logger.warning("Typst says: %s", warning.message, location=docname, type="typstpdf", subtype="typst")


class Places:
    """Finds where in the documents something of the assembled book was written."""

    def __init__(self, tree: nodes.document, env: BuildEnvironment) -> None:
        self._tree = tree
        self._env = env

    def file(self, docname: str) -> str:
        """Return the source file of a document, from the source folder."""
        return str(self._env.doc2path(docname, base=False))

    def pictures(self) -> list[str]:
        """Return the files of the book's pictures."""
        return sorted({node["typst_file"] for node in self._tree.findall(nodes.image) if "typst_file" in node})

    def of(self, matches: Callable[[nodes.Node], bool]) -> list[str]:
        """Return ``file:line`` of every node that matches."""
        found: dict[str, None] = {}

        def walk(node: nodes.Node, file: str, line: int | None) -> None:
            if isinstance(node, addnodes.start_of_file):
                file, line = self.file(node["docname"]), None
            line = node.line or line
            if matches(node):
                found[f"{file}:{line}" if line else file] = None
            for child in node.children:
                walk(child, file, line)

        walk(self._tree, self.file(self._tree["docname"]), None)
        return list(found)


def _explained(error: typst.TypstError, folder: Path, places: Places) -> str:
    diagnostic = str(error.diagnostic)
    if texts := _NO_GLYPH.findall(diagnostic):
        signs = sorted({sign for text in texts for sign in _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)})
        return (
            "no font for the PDF has these signs; write them another way, or name a folder with a font that has them "
            "in typstpdf_font_paths:\n" + "\n".join(_whereabouts(sign, places) for sign in signs)
        )
    if broken := _broken_picture(folder, places.pictures()):
        file, reason = broken
        where = places.of(lambda node: isinstance(node, nodes.image) and node.get("typst_file") == file)
        return f"{_listed(where)}: the picture cannot be read ({reason}); save it again as PNG, JPEG, SVG, GIF or WebP"
    file = places.file(docname) if (docname := _document_at(folder, diagnostic)) else "the book"
    hints = "".join(f"; {hint}" for hint in error.hints)
    # The diagnostic shows the line of the source; the folder before it is this machine's.
    return f"{file}: Typst cannot set this page: {error.message}{hints}\n{diagnostic.replace(f'{folder}/', '')}"


def _whereabouts(sign: str, places: Places) -> str:
    def has_sign(node: nodes.Node) -> bool:
        if isinstance(node, nodes.Element):
            return any(sign in str(node.get(name, "")) for name in ("alt", "entries", "explanation"))
        return sign in node.astext()

    return f"  {sign} (U+{ord(sign):04X}) in {_listed(places.of(has_sign))}"


def _listed(places: list[str]) -> str:
    return ", ".join(places[:5]) + (f" and {len(places) - 5} more" if len(places) > 5 else "") or "conf.py"


def _broken_picture(folder: Path, pictures: Iterable[str]) -> tuple[str, str] | None:
    """Try every picture alone: Typst's message about a picture does not name it."""
    for file in pictures:
        source = f"#image({quoted('/' + file)})".encode()
        try:
            typst.Compiler(source, root=str(folder), ignore_system_fonts=True).compile(format="svg")
        except typst.TypstError as error:
            return file, error.message
    return None


def _document_at(folder: Path, diagnostic: str) -> str | None:
    """Return the document of the line of `MAIN` that a diagnostic names last: the outermost call."""
    if not (lines := _MAIN_LINE.findall(diagnostic)):
        return None
    above = (folder / MAIN).read_text(encoding="utf-8").split("\n")[: int(lines[-1])]
    marks = [text for text in above if text.startswith(DOCUMENT_MARK)]
    return marks[-1].removeprefix(DOCUMENT_MARK) if marks else None
