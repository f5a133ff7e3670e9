"""The Sphinx extension: records as a domain, snippets as directives, and exact rebuilds."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.domains import Domain
from sphinx.errors import ExtensionError
from sphinx.util import logging

import clinic_snippets
from clinic_snippets.library import load_library
from clinic_snippets.rendering.typography import Typography
from clinic_snippets.sphinx_ext import citations, late, mends, rebuilds
from clinic_snippets.sphinx_ext.config import add_values
from clinic_snippets.sphinx_ext.directives import add_directives
from clinic_snippets.sphinx_ext.domain import ClinicDomain
from clinic_snippets.sphinx_ext.placement import Placement

logger = logging.getLogger(__name__)
STATIC = Path(__file__).parent / "static"


class RecordsError(ExtensionError):
    """The records have problems; a handbook with a row missing must not be published, so the build stops."""

    category = "Records"


def load_own_snippets(app: Sphinx, config: Config) -> None:
    """Import the project's snippet files and register all directives."""
    for name in config.clinic_snippet_files:
        path = Path(app.srcdir, name)
        spec = importlib.util.spec_from_file_location(f"clinic_own_{path.stem}", path)
        if spec is None or spec.loader is None or not path.is_file():
            raise ExtensionError(f"clinic_snippet_files: '{name}' is not a Python file in {app.srcdir}")
        try:
            spec.loader.exec_module(importlib.util.module_from_spec(spec))
        except Exception as error:
            raise ExtensionError(f"clinic_snippet_files: '{name}' cannot be imported: {error}", error) from error
    add_directives(app)


def load_records(app: Sphinx) -> None:
    """Load the library at the start of every build; stop the build when anything in it is wrong."""
    domain = app.env.get_domain("clinic")
    assert isinstance(domain, ClinicDomain)
    folder = Path(app.srcdir, app.config.clinic_records)
    bibliographies = [Path(app.confdir, name) for name in app.config.bibtex_bibfiles or ()]
    library, problems = load_library(folder, bibliographies, Path(app.doctreedir) / "clinic-records.cache")
    if problems:
        word = "problem" if len(problems) == 1 else "problems"
        raise RecordsError(f"{len(problems)} {word}, nothing was built\n" + "\n".join(map(str, problems)))
    config = app.config
    excluded = config.smartquotes_excludes
    smart = (
        config.smartquotes
        and app.builder.name not in excluded.get("builders", [])
        and config.language not in excluded.get("languages", [])
    )
    domain.use(library, Typography(config.language if smart else "", config.smartquotes_action), app.builder)
    domain.placement = Placement()
    notes = getattr(app.config, "typstpdf_cover_notes", None)
    if isinstance(notes, list) and len(library):
        notes.append(f"Data digest {library.digest()}")


def explain_missing_record(app: Sphinx, domain: Domain | None, node: pending_xref) -> bool | None:
    """Replace Sphinx's bare "target not found" by what is wrong and the nearest id."""
    if not isinstance(domain, ClinicDomain):
        return None
    message = domain.explain_missing(node["reftarget"], node["reftype"])
    logger.warning("%s", message, location=node, type="clinic", subtype="missing")
    return True


def add_stylesheet(
    app: Sphinx, pagename: str, template: str, context: dict[str, object], doctree: nodes.document | None
) -> None:
    """Load the stylesheet only on pages that show records."""
    domain = app.env.get_domain("clinic")
    assert isinstance(domain, ClinicDomain)
    if pagename in domain.calls:
        app.add_css_file("clinic.css")


def add_static_folder(app: Sphinx) -> None:
    """Have the stylesheet copied to the output."""
    if app.builder.format == "html":
        app.config.html_static_path.append(str(STATIC))


def setup(app: Sphinx) -> dict[str, object]:
    """Set up the extension."""
    app.setup_extension("sphinxcontrib.bibtex")
    add_values(app)
    app.add_domain(ClinicDomain)
    citations.setup(app)
    late.setup(app)
    app.connect("config-inited", load_own_snippets)
    app.connect("builder-inited", load_records)
    app.connect("builder-inited", add_static_folder)
    app.connect("warn-missing-reference", explain_missing_record)
    app.connect("html-page-context", add_stylesheet)
    rebuilds.setup(app)
    mends.setup(app)
    return {
        "version": clinic_snippets.__version__,
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
