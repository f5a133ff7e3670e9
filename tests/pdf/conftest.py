"""What the tests of the PDF builder read a PDF with.

``make_pdf``  write a small Sphinx project, build it with ``typstpdf`` and get a `Pdf`
``book``      the project ``test-pdf``, built once
``nodes``     the project ``test-pdf-nodes``, built once
``handbook``  the real handbook
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest

ROOTS = Path(__file__).resolve().parent.parent / "roots"
A4 = (595, 842)


class Tag:
    """One element of a PDF's structure tree."""

    def __init__(self, element: pikepdf.Dictionary) -> None:
        self.element = element
        self.name = str(element.S)[1:]

    @cached_property
    def kids(self) -> list[Tag]:
        """The elements directly inside."""
        kids = self.element.get("/K", pikepdf.Array())
        kids = kids if isinstance(kids, pikepdf.Array) else [kids]
        return [Tag(kid) for kid in kids if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]

    def walk(self) -> Iterator[Tag]:
        """This element and all inside, in reading order."""
        yield self
        for kid in self.kids:
            yield from kid.walk()

    def find(self, *names: str) -> list[Tag]:
        """The elements inside with one of these names, in reading order."""
        return [tag for tag in self.walk() if tag.name in names]

    @property
    def attributes(self) -> dict[str, Any]:
        """The attributes a table cell has as such."""
        given = self.element.get("/A", pikepdf.Array())
        for attributes in given if isinstance(given, pikepdf.Array) else [given]:
            if attributes.get("/O") == pikepdf.Name.Table:
                return dict(attributes.items())
        return {}

    @property
    def span(self) -> tuple[int, int]:
        """How many rows and columns a cell covers."""
        return int(self.attributes.get("/RowSpan", 1)), int(self.attributes.get("/ColSpan", 1))


class Pdf:
    """A PDF file as a reader meets it: pages of text, tags, bookmarks, links."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = pikepdf.open(path)
        self._drawn = pypdfium2.PdfDocument(path)

    @cached_property
    def pages(self) -> list[str]:
        """The text of each page with single blanks; the hyphens of torn words are gone."""
        found = (self._drawn[number].get_textpage().get_text_range() for number in range(len(self._drawn)))
        return [re.sub(r"\s+", " ", re.sub("\N{SOFT HYPHEN}|\ufffe", "", page)).strip() for page in found]

    @cached_property
    def text(self) -> str:
        """The text of all pages."""
        return " ".join(self.pages)

    @property
    def squeezed(self) -> str:
        """The text without blanks: names that are broken over lines are whole again."""
        return squeeze(self.text)

    def page_with(self, text: str) -> int:
        """The number of the only page with ``text``; the contents do not count."""
        body = [number for number, page in enumerate(self.pages, 1) if text in page and "Contents" not in page[:60]]
        assert len(body) == 1, (text, body)
        return body[0]

    @property
    def structure(self) -> Tag:
        """The root of the structure tree."""
        kids = self.file.Root.StructTreeRoot.K
        (root,) = kids if isinstance(kids, pikepdf.Array) else [kids]
        return Tag(root)

    @property
    def bookmarks(self) -> list[tuple[int, str]]:
        """Depth and title of each bookmark."""

        def walk(items: Any, depth: int) -> Iterator[tuple[int, str]]:
            for item in items:
                yield depth, item.title
                yield from walk(item.children, depth + 1)

        with self.file.open_outline() as outline:
            return list(walk(outline.root, 1))

    def links(self) -> Iterator[tuple[int, pikepdf.Dictionary]]:
        """Page number and annotation of each link."""
        for number, page in enumerate(self.file.pages, 1):
            for annotation in page.get("/Annots", pikepdf.Array()):
                if annotation.Subtype == pikepdf.Name.Link:
                    yield number, annotation

    def letters(self, page: int) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
        """Each visible letter of a page with its left, bottom, right and top in points."""
        text = self._drawn[page - 1].get_textpage()
        for index in range(text.count_chars()):
            letter = text.get_text_range(index, 1)
            if letter.strip():
                yield letter, text.get_charbox(index)

    def size(self, page: int) -> tuple[int, int]:
        """Width and height of a page in points."""
        width, height = self._drawn[page - 1].get_size()
        return round(width), round(height)


def squeeze(text: str) -> str:
    """Return ``text`` without blanks of any kind."""
    return re.sub(r"\s+", "", text.replace("\N{NO-BREAK SPACE}", ""))


def read(build: Any) -> Pdf:
    """Return the only PDF of a build."""
    (path,) = build.outdir.glob("*.pdf")
    return Pdf(path)


@pytest.fixture(scope="session")
def make_pdf(project: Callable[..., Path], build_project: Callable[..., Any]) -> Callable[..., Pdf]:
    """A function that builds pages of reStructuredText, warnings being errors unless ``warnings=True``.

    ``make_pdf("text", **{"other": "text"}, conf="...")`` puts the first text under a title of its own.
    """

    def make(text: str = "", *, conf: str = "", warnings: bool = False, files: dict[str, str] | None = None) -> Pdf:
        index = "Book\n====\n\n.. toctree::\n   :glob:\n\n   page*\n"
        source = {
            "conf.py": f"project = 'Book'\nextensions = ['clinic_snippets.pdf']\n{conf}",
            "index.rst": index,
            "page.rst": f"Page\n====\n\n{text}",
        } | (files or {})
        build = build_project(project(source), "typstpdf")
        pdf = read(build)
        pdf.warnings = build.warnings  # type: ignore[attr-defined]
        assert warnings or not build.warnings, build.warnings
        return pdf

    return make


@pytest.fixture(scope="session")
def book(build_project: Callable[..., Any]) -> Pdf:
    """The small handbook, without a warning."""
    build = build_project(ROOTS / "test-pdf", "typstpdf")
    assert not build.warnings, build.warnings
    return read(build)


@pytest.fixture(scope="session")
def nodes(build_project: Callable[..., Any]) -> Pdf:
    """Every kind of element, without a warning."""
    build = build_project(ROOTS / "test-pdf-nodes", "typstpdf")
    assert not build.warnings, build.warnings
    return read(build)


@pytest.fixture(scope="session")
def handbook(handbook_pdf: Path) -> Pdf:
    """The real handbook."""
    return Pdf(handbook_pdf)
