"""A Sphinx builder for any document set: Typst source and a tagged PDF/UA-1 file.

Put ``clinic_snippets.pdf`` into ``extensions`` and run ``sphinx-build -b typstpdf SOURCE OUTPUT``. Configuration:

``typstpdf_filename``
    Name of the PDF without ``.pdf``; by default made from the project's name.
``typstpdf_review_by``
    The last day on which the book may be used, for its cover and the foot of each page. At the foot of a page, its own
    ``review_by`` metadata wins.
``typstpdf_cover_notes``
    Lines of plain text on the cover. Other extensions may append lines until the book is written.
``typstpdf_font_paths``
    Folders (from conf.py's) with fonts to use for signs the built-in fonts lack.

The tag ``typst`` is set for ``only`` directives. `source_writer` says how an extension adds a node of its own.
"""

from __future__ import annotations

from bdb import BdbQuit
from typing import TYPE_CHECKING, Any

from sphinx.errors import SphinxError
from sphinx.util import logging

from clinic_snippets import __version__

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_OF_THE_EXTRA = ("fontpkg_source_sans_3", "pikepdf", "typst")
"""What ``clinic-snippets[pdf]`` brings, as it is imported."""


class ExtraMissing(SphinxError, BdbQuit):
    """Ends a build after it was said what to install. Sphinx leaves a debugger's quit without a traceback."""


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the builder and its configuration; raises ExtraMissing where what it needs is not installed."""
    try:
        from clinic_snippets.pdf.builder import TypstPdfBuilder
    except ModuleNotFoundError as error:
        if error.name not in _OF_THE_EXTRA:
            raise
        said = (
            f"clinic_snippets.pdf: the package '{error.name}' is not installed; "
            'run: python -m pip install "clinic-snippets[pdf]", or take clinic_snippets.pdf out of extensions in conf.py'
        )
        logging.getLogger(__name__).error("%s", said)
        raise ExtraMissing(said) from None
    app.add_builder(TypstPdfBuilder)
    app.add_config_value("typstpdf_filename", "", "", types=frozenset({str}))
    app.add_config_value("typstpdf_review_by", "", "", types=frozenset({str}))
    app.add_config_value("typstpdf_cover_notes", [], "", types=frozenset({list}))
    app.add_config_value("typstpdf_font_paths", [], "", types=frozenset({list, tuple}))
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
