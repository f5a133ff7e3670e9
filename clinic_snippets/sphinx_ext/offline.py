"""The copy of the site in the reader's browser: a worker at the site's root, and the script by which pages ask for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

from clinic_snippets.export.offline import SCRIPT, retire_worker, too_much, write_worker
from clinic_snippets.sphinx_ext.domain import clinic_domain
from clinic_snippets.sphinx_ext.outputs import SITES

logger = logging.getLogger(__name__)


def _is_handbook(app: Sphinx) -> bool:
    """Say whether a web site with records is made; other sites that load the extension only link to one."""
    domain = clinic_domain(app.env)
    return app.builder.name in SITES and len(domain.library) > 0


def load_script(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Load the script on every page: each may be the first that is opened, and each may come from the copy."""
    if _is_handbook(app) and app.config.clinic_offline:
        app.add_js_file(SCRIPT, loading_method="defer")


def write_last(app: Sphinx, exception: Exception | None) -> None:
    """Write the worker; without an offline copy, one that takes back what an earlier build left with readers."""
    if exception is not None or clinic_domain(app.env).idle or not _is_handbook(app):
        return
    if not app.config.clinic_offline:
        retire_worker(Path(app.outdir))
    elif dropped := write_worker(Path(app.outdir), app.config.release or app.config.version):
        logger.warning("%s", too_much(dropped), type="clinic", subtype="offline")


def setup(app: Sphinx) -> None:
    """Connect to the pages and to the end of a build."""
    app.connect("html-page-context", load_script)
    # When every other extension has written its files.
    app.connect("build-finished", write_last, priority=900)
