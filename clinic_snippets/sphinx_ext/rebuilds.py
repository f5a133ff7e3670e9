"""What is read and written again when records change, so that an incremental build equals a clean one.

A page is *read* again when what it defines changes: the headings and index entries of its cards, the sources it cites.
It is *written* again when anything it shows changes, which a digest of the page tells, or when it was read since it
was written. What was written last is kept for each builder and output folder beside the doctrees. The digests are
dropped before writing and kept only when a build ends well, so that a killed build writes everything afresh.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

from docutils import nodes
from pybtex.plugin import find_plugin
from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

import clinic_snippets
from clinic_snippets.records.text import RecordLink
from clinic_snippets.snippets import SNIPPETS
from clinic_snippets.snippets.blocks import Card, Picture, Row, parts
from clinic_snippets.snippets.drawing import Drawing
from clinic_snippets.sphinx_ext.citations import cited_sources
from clinic_snippets.sphinx_ext.copy_marks import identity_of_marks
from clinic_snippets.sphinx_ext.coverage import find_coverage, identity_of_matrix, warn_of_holes
from clinic_snippets.sphinx_ext.domain import ClinicDomain, clinic_domain
from clinic_snippets.sphinx_ext.downloads import identity_of_downloads
from clinic_snippets.sphinx_ext.mends import remove_pages
from clinic_snippets.sphinx_ext.placement import (
    FAILED,
    current_definition,
    place_records,
    warn_of_moved_tombstones,
    warn_of_unlisted,
)
from clinic_snippets.sphinx_ext.record_index import INDEX
from clinic_snippets.sphinx_ext.resolvers import identity
from clinic_snippets.sphinx_ext.state import load_state, save_state
from clinic_snippets.sphinx_ext.stopping import stop_build
from clinic_snippets.sphinx_ext.unchanged import forget, tells_inputs

_WRITTEN = "written"


def note_directives(app: Sphinx, config: Config) -> None:
    """Have Sphinx read every page when this package's version or the directives change.

    A page that failed for want of a directive left no trace by which to find it. Sphinx reads every page again when a
    configuration value changes, so version and directives are made one.
    """
    directives = [f"{name} {' '.join(snippet.options)}".strip() for name, snippet in sorted(SNIPPETS.items())]
    app.add_config_value("clinic_directives", [clinic_snippets.__version__, *directives], "env", (list,))


def pages_to_read(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Return the pages whose shells or citations no longer fit the records, and those that were read in vain."""
    domain = clinic_domain(env)
    in_vain = _read_in_vain(app, env)
    if domain.idle and not (added or changed or removed or in_vain):
        return []
    _begin(app, domain)
    shells = {
        docname
        for docname, calls in domain.calls.items()
        if any(call.definition != current_definition(domain, call) or call.definition == FAILED for call in calls)
    }
    figures = {
        docname
        for docname, references in domain.references.items()
        if any(keys != domain.library.figure_sources(target) for target, keys in references.items())
    }
    return sorted(shells | figures | in_vain)


def _begin(app: Sphinx, domain: ClinicDomain) -> None:
    domain.idle = False
    forget(app)
    domain.load()


def note_reading(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Do what a build does: pages are read, even if only another extension asks for them."""
    if docnames and clinic_domain(env).idle:
        _begin(app, clinic_domain(env))


def write_nothing(app: Sphinx) -> None:
    """Have nothing written where nothing has changed: Sphinx writes every index again, and copies every file."""
    domain, builder = clinic_domain(app.env), cast(Any, app.builder)
    write, finish = builder.write, builder.finish
    whole = ["__all__"] if tells_inputs(builder) else []
    """What Sphinx asks for when nobody does, of a builder that makes one thing of all pages."""

    def write_if_asked(pages: Iterable[str] | None, updated: Iterable[str], method: str) -> None:
        # A page whose file is gone, or all by command.
        if domain.idle and (pages is None or pages and pages != whole or updated):
            _begin(app, domain)
            settle(app, app.env)
            pages_to_write(app, app.env)
        if not domain.idle:
            write(pages, updated, method)

    def finish_what_was_written() -> None:
        if not domain.idle:
            finish()

    if domain.idle:
        builder.write, builder.finish = write_if_asked, finish_what_was_written


def _read_in_vain(app: Sphinx, env: BuildEnvironment) -> set[str]:
    """Return the pages whose doctrees are ahead of the environment: their build was killed before it saved that."""
    saved = Path(app.doctreedir, ENV_PICKLE_FILENAME)
    doctrees = {page: Path(app.doctreedir, f"{page}.doctree") for page in env.found_docs}
    return {
        page
        for page, doctree in doctrees.items()
        if saved.exists() and doctree.exists() and doctree.stat().st_mtime_ns > saved.stat().st_mtime_ns
    }


def note_references(app: Sphinx, doctree: nodes.document) -> None:
    """Note what a page that was read refers to."""
    clinic_domain(app.env).note_references(app.env.docname, doctree)


def settle(app: Sphinx, env: BuildEnvironment) -> None:
    """Settle homes, uses and citations for this build."""
    domain = clinic_domain(env)
    if domain.idle:
        return
    domain.cited = cited_sources(env)
    domain.placement = place_records(domain)
    if domain.failures:
        stop_build(domain.failures)
    warn_of_unlisted(domain)
    warn_of_moved_tombstones(domain)
    domain.coverage = find_coverage(domain)
    warn_of_holes(domain)


def pages_to_write(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the pages that no longer show what they should, and take away what was written for removed ones."""
    domain = clinic_domain(env)
    if domain.idle:
        return []
    before = load_state(app, _WRITTEN)
    remove_pages(app, before.keys() - env.found_docs)
    if not domain.placement.homes:
        remove_pages(app, [INDEX])  # Sphinx writes no index of nothing, and leaves the one before
    if tells_inputs(app.builder):
        domain.digests, domain.written = {}, {}
        return sorted(env.found_docs)
    domain.digests = dict(_digests(app, domain, env))
    domain.written = {page: digest for page, digest in domain.digests.items() if digest == before.get(page)}
    save_state(app, _WRITTEN, dict.fromkeys(domain.digests, ""))
    return [page for page in domain.digests if page not in domain.written]


def note_written(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Note that a page is being written: a build of single pages leaves others for later."""
    domain = clinic_domain(app.env)
    if docname in domain.digests:
        domain.written[docname] = domain.digests[docname]


def build_finished(app: Sphinx, exception: Exception | None) -> None:
    """Keep what was written."""
    domain = clinic_domain(app.env)
    if exception is None and not domain.idle:
        save_state(app, _WRITTEN, {page: domain.written.get(page, "") for page in domain.digests})


def _digests(app: Sphinx, domain: ClinicDomain, env: BuildEnvironment) -> Iterable[tuple[str, str]]:
    """Yield each page with a digest of everything it shows that its own source does not hold."""
    cite: Any = env.get_domain("cite")
    html = find_plugin("pybtex.backends", "html")()  # once: each search looks through all that is installed
    entries = [
        (
            c.bibliography_key.docname,
            c.key,
            c.citation_id,
            c.formatted_entry.label,
            c.formatted_entry.text.render(html),
        )
        for c in cite.citations
    ]
    keys: dict[str, set[str]] = defaultdict(set)
    for reference in cite.citation_refs:
        keys[reference.docname].update(target.key for target in reference.targets)
    shared = hashlib.sha256(repr(_shown_everywhere(app, env)).encode())
    texts: dict[int, bytes] = {}
    for docname in sorted(env.found_docs):
        page = shared.copy()
        page.update(repr(env.all_docs.get(docname)).encode())
        for _call, block in domain.shown_on(docname):
            page.update(repr([domain.days(part.record) for part in parts(block)]).encode())
            for part in (*(block.drawings if isinstance(block, Picture) else ()), *parts(block)):
                _add(page, domain, env, part, texts)
        references = domain.references.get(docname, {})
        for target in references:
            figure = domain.library.rate(target) or domain.library.effect(target)
            cited = [domain.cited.get(key) for key in domain.library.figure_sources(target)]
            link = RecordLink(target.partition("@")[0])
            page.update(repr((identity(domain, env, link), figure, cited)).encode())
        page.update(repr(identity_of_marks(domain, docname)).encode())
        page.update(repr(identity_of_matrix(domain, docname)).encode())
        page.update(repr(identity_of_downloads(domain, docname)).encode())
        named = {*keys[docname], *references}
        page.update(repr([entry for entry in entries if entry[0] == docname or entry[1] in named]).encode())
        yield docname, page.hexdigest()


def _shown_everywhere(app: Sphinx, env: BuildEnvironment) -> object:
    """Return what any page may show of the others: in its sidebar, behind its links, and around it all."""
    sheets = []
    if app.builder.format == "html":  # their checksums stand in every page
        folders = [Path(app.confdir, folder) for folder in app.config.html_static_path]
        files = sorted(file for folder in folders for file in folder.rglob("*") if file.suffix in (".css", ".js"))
        sheets = [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
    headings = [
        (page, node.pformat()) for kind in (env.titles, env.longtitles, env.tocs) for page, node in kind.items()
    ]
    return (
        sheets,
        sorted(headings),
        sorted(env.toc_fignumbers.items()),
        sorted(env.get_domain("std").get_objects()),
        bool(clinic_domain(env).placement.homes),  # whether there is an index of records to lead to
    )


def _add(
    page: Any, domain: ClinicDomain, env: BuildEnvironment, part: Row | Card | Drawing, texts: dict[int, bytes]
) -> None:
    pieces = domain.html.fragment(part)
    if id(part) not in texts:
        texts[id(part)] = hashlib.sha256("\0".join(p for p in pieces if isinstance(p, str)).encode()).digest()
    page.update(texts[id(part)])
    for piece in pieces:
        if not isinstance(piece, str):
            page.update(repr((piece, identity(domain, env, piece))).encode())


def setup(app: Sphinx) -> None:
    """Connect to Sphinx's build."""
    # After the project's own snippets are loaded, which happens at the usual 500.
    app.connect("config-inited", note_directives, priority=600)
    app.connect("builder-inited", write_nothing)
    app.connect("env-get-outdated", pages_to_read)
    app.connect("env-before-read-docs", note_reading)
    # Not the domain's own process_doc: MyST makes references of some links only after that.
    app.connect("doctree-read", note_references)
    # After bibtex has worked out labels and places, which connects with the usual 500.
    app.connect("env-updated", settle, priority=600)
    # After Sphinx has numbered sections and figures.
    app.connect("env-get-updated", pages_to_write, priority=600)
    app.connect("doctree-resolved", note_written)
    app.connect("build-finished", build_finished)
