"""What is read and written again when records change, so that an incremental build equals a clean one.

A page is *read* again when what it defines changes: the headings and index entries of its cards, the sources it cites.
It is *written* again when anything it shows changes, which a digest of the page tells. What was written last is kept
for each builder and output folder beside the doctrees. The digests are dropped before writing and kept only when a
build ends well, so that a killed build writes everything afresh.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

import clinic_snippets
from clinic_snippets.records.text import RecordLink
from clinic_snippets.snippets import OptionError
from clinic_snippets.snippets.blocks import Card, Row, parts
from clinic_snippets.sphinx_ext.citations import bibliography_text, cited_sources
from clinic_snippets.sphinx_ext.domain import ClinicDomain
from clinic_snippets.sphinx_ext.late import fragment
from clinic_snippets.sphinx_ext.mends import remove_pages
from clinic_snippets.sphinx_ext.placement import current_definition, place_records
from clinic_snippets.sphinx_ext.resolvers import identity


def _domain(env: BuildEnvironment) -> ClinicDomain:
    domain = env.get_domain("clinic")
    assert isinstance(domain, ClinicDomain)
    return domain


def pages_to_read(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Return the pages whose shells no longer fit the records."""
    domain = _domain(env)
    return [
        docname
        for docname, calls in domain.calls.items()
        if any(call.definition != current_definition(domain, call) or call.definition == ("error",) for call in calls)
    ]


def pages_to_write(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    """Settle homes and uses for this build, and return the pages that no longer show what they should."""
    domain = _domain(env)
    domain.cited = cited_sources(env)
    domain.placement = place_records(domain)
    before = _load(app)
    now = {docname: digest for docname, digest in _digests(domain, env)}
    pages = sorted({*before["pages"], *env.found_docs})
    _save(app, {"pages": pages, "digests": {}})
    domain.written = now
    return [docname for docname in now if before["digests"].get(docname) != now[docname]]


def build_finished(app: Sphinx, exception: Exception | None) -> None:
    """Keep what was written, and take away what was left of removed pages."""
    domain = _domain(app.env)
    if exception is not None or domain.written is None:
        return
    remove_pages(app, [page for page in _load(app)["pages"] if page not in app.env.found_docs])
    _save(app, {"pages": sorted(app.env.found_docs), "digests": domain.written})


def _state_file(app: Sphinx) -> Path:
    tag = hashlib.sha256(f"{app.builder.name}\0{Path(app.outdir).resolve()}".encode()).hexdigest()[:16]
    return Path(app.doctreedir) / f"clinic-written-{tag}.json"


def _load(app: Sphinx) -> dict[str, Any]:
    try:
        state: dict[str, Any] = json.loads(_state_file(app).read_text("utf-8"))
        return {"pages": list(state["pages"]), "digests": dict(state["digests"])}
    except (OSError, ValueError, KeyError, TypeError):
        return {"pages": [], "digests": {}}


def _save(app: Sphinx, state: dict[str, Any]) -> None:
    _state_file(app).write_text(json.dumps(state, sort_keys=True), "utf-8")


def _digests(domain: ClinicDomain, env: BuildEnvironment) -> Iterable[tuple[str, str]]:
    """Yield each page with a digest of everything it shows that its own source does not hold."""
    # Every page's sidebar shows the titles and the order of all pages; links to labels show their headings.
    shared = hashlib.sha256(
        repr((
            clinic_snippets.__version__,
            sorted((page, title.astext()) for page, title in env.titles.items()),
            sorted((page, title.astext()) for page, title in env.longtitles.items()),
            sorted(env.toctree_includes.items()),
            sorted(env.get_domain("std").labels.items()),  # type: ignore[attr-defined]
        )).encode()
    )  # fmt: skip
    texts: dict[int, bytes] = {}
    for docname in sorted(env.found_docs):
        page = shared.copy()
        for call in domain.calls.get(docname, ()):
            try:
                found = parts(domain.block(call.snippet, call.options))
            except (OptionError, KeyError):
                continue
            for part in found:
                _add(page, domain, env, part, texts)
        for target in domain.references.get(docname, ()):
            rate = domain.library.rate(target)
            cited = domain.cited.get(rate.source) if rate else None
            page.update(repr((identity(domain, env, RecordLink(target)), rate, cited)).encode())
        page.update("\0".join(bibliography_text(env, docname)).encode())
        yield docname, page.hexdigest()


def _add(page: Any, domain: ClinicDomain, env: BuildEnvironment, part: Row | Card, texts: dict[int, bytes]) -> None:
    pieces = fragment(domain, part, 0)
    if id(part) not in texts:
        texts[id(part)] = hashlib.sha256("\0".join(p for p in pieces if isinstance(p, str)).encode()).digest()
    page.update(texts[id(part)])
    for piece in pieces:
        if not isinstance(piece, str):
            page.update(repr(identity(domain, env, piece)).encode())


def setup(app: Sphinx) -> None:
    """Connect to Sphinx's build."""
    app.connect("env-get-outdated", pages_to_read)
    # After bibtex has worked out labels and places, which connects with the usual 500.
    app.connect("env-updated", pages_to_write, priority=600)
    app.connect("build-finished", build_finished)
