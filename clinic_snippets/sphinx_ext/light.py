"""Stylesheets and scripts of this package as a site gives them out: without the comments and blanks that serve an editor.

They are read once in a while by a programmer and loaded on a phone beside a patient, so the files here are written for
the one and copied for the other.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import rcssmin  # type: ignore[import-untyped]
import rjsmin  # type: ignore[import-untyped]
from sphinx.application import Sphinx

STATIC = Path(__file__).parent / "static"


def squeeze_copies(app: Sphinx) -> None:
    """Have the files of this package squeezed as soon as they are copied to the output."""
    builder: Any = app.builder
    if not hasattr(builder, "copy_html_static_files"):
        return
    copy = builder.copy_html_static_files

    def copy_and_squeeze(context: dict[str, Any]) -> None:
        copy(context)
        for source in STATIC.iterdir():
            target = Path(app.outdir, "_static", source.name)
            text = source.read_text("utf-8")
            # A project's own file of the same name has taken the place of ours.
            if target.is_file() and target.read_text("utf-8") == text:
                squeezed = rcssmin.cssmin(text) if source.suffix == ".css" else rjsmin.jsmin(text)
                target.write_text(f"{squeezed}\n", encoding="utf-8")

    builder.copy_html_static_files = copy_and_squeeze


def setup(app: Sphinx) -> None:
    """Have the copies squeezed."""
    app.connect("builder-inited", squeeze_copies)
