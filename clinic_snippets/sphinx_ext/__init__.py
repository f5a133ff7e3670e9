"""The Sphinx extension: records as a domain, snippets as directives, and exact rebuilds."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.config import Config

import clinic_snippets
from clinic_snippets.library import Library, load_library
from clinic_snippets.library.codes import current_edition
from clinic_snippets.library.hazard_log import missing_tests
from clinic_snippets.library.load_governance import load_governance
from clinic_snippets.library.translation import catalogues, read_translation, translated
from clinic_snippets.library.wording import overstated_claims
from clinic_snippets.problems import ClinicError
from clinic_snippets.rendering.typography import Typography
from clinic_snippets.snippets.own import load_snippet_files
from clinic_snippets.sphinx_ext import (
    call_role,
    citations,
    collector,
    columns,
    copy_marks,
    coverage,
    downloads,
    index_entries,
    late,
    letters,
    light,
    mends,
    missing,
    offline,
    outputs,
    page_dates,
    rebuilds,
    reviews,
    search,
)
from clinic_snippets.sphinx_ext.config import add_values, check_values, day_of, refuse
from clinic_snippets.sphinx_ext.directives import add_directives, warn_of_text_behind_cards
from clinic_snippets.sphinx_ext.domain import ClinicDomain, clinic_domain
from clinic_snippets.sphinx_ext.placement import Placement
from clinic_snippets.sphinx_ext.stopping import stop_build
from clinic_snippets.sphinx_ext.unchanged import is_unchanged, remember

STATIC = Path(__file__).parent / "static"


def load_own_snippets(app: Sphinx, config: Config) -> None:
    """Import the project's snippet files and register all directives."""
    try:
        load_snippet_files(Path(app.srcdir, name) for name in config.clinic_snippet_files)
    except ClinicError as error:
        stop_build(error.problems)
    add_directives(app)


def load_records(app: Sphinx) -> None:
    """Load the library at the start of a build, unless nothing has changed since the last one."""
    config = app.config
    excluded = config.smartquotes_excludes
    smart = (
        config.smartquotes
        and app.builder.name not in excluded.get("builders", [])
        and config.language not in excluded.get("languages", [])
    )
    domain = clinic_domain(app.env)
    typography = Typography(config.language if smart else "", config.smartquotes_action)
    domain.use(partial(_library, app), typography, app.builder, idle=is_unchanged(app))
    domain.placement = Placement()
    if not domain.idle:
        domain.load()


def _library(app: Sphinx) -> Library:
    """Load the library; stop the build when anything in it is wrong."""
    folder = Path(app.srcdir, app.config.clinic_records)
    if not folder.is_dir() and app.config.clinic_records != app.config.values["clinic_records"].default:
        refuse(app, "clinic_records", f"there is no folder {folder}; make it, or name the one that holds the records")
    bibliographies = [Path(app.confdir, name) for name in app.config.bibtex_bibfiles or ()]
    library, problems = load_library(folder, bibliographies, Path(app.doctreedir) / "clinic-records.cache")
    library.governance, found = load_governance(
        Path(app.srcdir), library, as_of=day_of(app.config), months=app.config.clinic_review_months
    )
    problems += found
    problems += overstated_claims(library, app.config.language)
    problems += missing_tests(library, Path(app.srcdir).resolve().parent)
    for catalog in catalogues(Path(app.srcdir), app.config.locale_dirs, app.config.language):
        messages, found = read_translation(catalog)
        problems += found
        if messages:
            library, found = translated(library, messages, catalog)
            problems += found
    if problems:
        stop_build(problems)
    return library


def tell_pdf(app: Sphinx, builder: Builder) -> None:
    """Give the PDF, if one is made, the code of its edition and the earliest date at which a record must be reviewed.

    Right before writing: a configuration changed earlier would be kept with the environment and, in the next build, look
    like a change.
    """
    config, library = app.config, clinic_domain(app.env).library
    if "typstpdf_cover_notes" in config and len(library):
        config.typstpdf_cover_notes = [
            *config.typstpdf_cover_notes,
            f"Code of this edition: {current_edition(library)}",
        ]
        earliest = min((record.review_by for record in library.of()), default="")
        config.typstpdf_review_by = config.typstpdf_review_by or str(earliest)


def add_stylesheet(
    app: Sphinx, pagename: str, template: str, context: dict[str, object], doctree: nodes.document | None
) -> None:
    """Load the stylesheet only on pages that show records."""
    domain = clinic_domain(app.env)
    if domain.shows_records(pagename):
        app.add_css_file("clinic.css")


def add_static_folder(app: Sphinx, config: Config) -> None:
    """Have the stylesheet copied to the output of HTML builders."""
    config.html_static_path = [*config.html_static_path, str(STATIC)]


def setup(app: Sphinx) -> dict[str, object]:
    """Set up the extension."""
    app.setup_extension("sphinxcontrib.bibtex")
    add_values(app)
    app.add_domain(ClinicDomain)
    call_role.setup(app)
    citations.setup(app)
    collector.setup(app)
    columns.setup(app)
    copy_marks.setup(app)
    coverage.setup(app)
    downloads.setup(app)
    index_entries.setup(app)
    late.setup(app)
    letters.setup(app)
    light.setup(app)
    missing.setup(app)
    offline.setup(app)
    outputs.setup(app)
    page_dates.setup(app)
    reviews.setup(app)
    search.setup(app)
    app.connect("config-inited", check_values)
    app.connect("config-inited", load_own_snippets)
    # Before sphinxcontrib-bibtex reads its files: what is wrong with them is said at its place.
    app.connect("builder-inited", load_records, priority=400)
    app.connect("doctree-read", warn_of_text_behind_cards)
    app.connect("config-inited", add_static_folder)
    app.connect("write-started", tell_pdf)
    app.connect("html-page-context", add_stylesheet)
    rebuilds.setup(app)
    # When every file is written, that for offline readers too.
    app.connect("build-finished", remember, priority=950)
    mends.setup(app)
    return {
        "version": clinic_snippets.__version__,
        "env_version": 3,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
