"""Whether anything has changed since the last build into the same folder ended well.

Where nothing has, there is nothing to do, and records are not even loaded. What a build depends on is compared by content:
settings, record files and what stands beside them, bibliographies, own snippets and what they import, templates and static
files, and what a builder says it needs besides; the package, the theme, the environment and the output folder by size and
time. A snippet that reads other files by itself is not seen: what it shows belongs into records.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol, TypeGuard

import docutils
import pybtex
import sphinx
from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.builders import Builder

import clinic_snippets
from clinic_snippets.library.hazard_log import named_tests
from clinic_snippets.library.load_governance import governance_files
from clinic_snippets.library.translation import catalogues
from clinic_snippets.records import HandbookHazard
from clinic_snippets.sphinx_ext.domain import clinic_domain
from clinic_snippets.sphinx_ext.state import load_state, save_state

_UNCHANGED = "unchanged"
PACKAGE = Path(clinic_snippets.__file__).parent


class InputTeller(Protocol):
    """A builder that need not work where nothing has changed, though Sphinx always asks it to."""

    name: str

    def told_inputs(self) -> tuple[object, Iterable[Path]]:
        """Return what the output needs besides pages, records and settings: something to compare by ``repr``, and files."""


def is_unchanged(app: Sphinx) -> bool:
    """Say whether nothing has changed since the last build into the same folder ended well and had nothing to warn of."""
    needs, files = app.builder.told_inputs() if tells_inputs(app.builder) else (None, ())
    clinic_domain(app.env).inputs = inputs = _digest((*_settings(app), needs), (*_files(app), *files))
    before = load_state(app, _UNCHANGED)
    return (
        bool(inputs)
        and before.get("inputs") == inputs
        and before.get("proofs") == _proofs(app, before.get("tests", ""))
        and before.get("pictures") == _pictures(app)
        and before.get("left") == _left(app)
    )


def tells_inputs(builder: Builder) -> TypeGuard[InputTeller]:
    """Tell whether a builder makes one thing of all pages, and says what that needs besides pages and settings."""
    return hasattr(builder, "told_inputs")


def forget(app: Sphinx) -> None:
    """Forget the last build: from here on it may be neither what is there nor what should be."""
    save_state(app, _UNCHANGED, {})


def remember(app: Sphinx, exception: Exception | None) -> None:
    """Keep what this build depended on and what it left, if it ended well and wrote all pages."""
    domain = clinic_domain(app.env)
    if exception is not None or app._warncount or domain.written != domain.digests:
        return
    if domain.idle:  # a theme may write even where nothing has changed; furo does
        tests = load_state(app, _UNCHANGED)["tests"]
    else:
        hazards = domain.library.of(HandbookHazard)
        tests = "\n".join(sorted({test.partition("::")[0] for hazard in hazards for _, test in named_tests(hazard)}))
    found = {"proofs": _proofs(app, tests), "pictures": _pictures(app), "left": _left(app)}
    save_state(app, _UNCHANGED, {"inputs": domain.inputs, "tests": tests, **found})


def _digest(start: object, paths: Iterable[Path]) -> str:
    """Return a digest of ``start`` and of what the files hold; empty where one cannot be read."""
    digest = hashlib.sha256(repr(start).encode())
    try:
        for path in paths:
            # A folder, a pipe or a link to nowhere counts by its name.
            content = hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b""
            digest.update(os.fsencode(path) + b"\0" + bytes([path.is_symlink()]) + content)
    except OSError:
        return ""
    return digest.hexdigest()


def _proofs(app: Sphinx, tests: str) -> str:
    """Return a digest of the files of tests that records name, one in a line, from the folder above the handbook's source."""
    return _digest("", (Path(app.srcdir).resolve().parent / test for test in tests.splitlines()))


def _pictures(app: Sphinx) -> str:
    """Return a digest of the files that pages name, of which a builder of one thing takes the pictures in.

    Sphinx compares times only, and a picture may be replaced by an older one.
    """
    named = (
        {str(path) for paths in app.env.dependencies.values() for path in paths} if tells_inputs(app.builder) else ()
    )
    return _digest("", (Path(app.srcdir, path) for path in sorted(named)))


def _settings(app: Sphinx) -> tuple[object, ...]:
    values = sorted((value.name, _plain(value.value)) for value in app.config)
    versions = sorted((name, extension.version) for name, extension in app.extensions.items())
    versions += [(module.__name__, module.__version__) for module in (sphinx, docutils, pybtex)]
    return app.builder.name, str(app.outdir), values, sorted(app.tags), versions


def _plain(value: object) -> object:
    """Return a setting so that its ``repr`` is the same in every process; a function is told by its name alone."""
    if isinstance(value, dict):
        return sorted((repr(_plain(key)), _plain(inner)) for key, inner in value.items())
    if isinstance(value, set | frozenset):
        return sorted(repr(_plain(inner)) for inner in value)
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if value is None or isinstance(value, str | bytes | int | float):
        return value
    return getattr(value, "__qualname__", type(value).__qualname__)


def _left(app: Sphinx) -> str:
    """Return a digest of the files of the package, the environment, and the output folder, with their sizes and times."""
    theme = getattr(app.builder, "theme", None)
    doctrees = os.fspath(app.doctreedir)
    # Names as text: there are hundreds, and each build looks at them twice.
    paths = [os.path.join(doctrees, ENV_PICKLE_FILENAME)]
    for whole in (PACKAGE, app.outdir, *(theme.get_theme_dirs() if theme else ())):
        for top, folders, names in os.walk(whole):
            folders[:] = [name for name in folders if name != "__pycache__" and os.path.join(top, name) != doctrees]
            paths += [os.path.join(top, name) for name in names]
    found = []
    for path in sorted(paths):
        with contextlib.suppress(FileNotFoundError):  # a link to nowhere
            stat = os.stat(path)
            found.append((path, stat.st_size, stat.st_mtime_ns))
    return hashlib.sha256(repr(found).encode()).hexdigest()


def _files(app: Sphinx) -> Iterator[Path]:
    source, config = Path(app.srcdir), app.config
    yield Path(app.confdir, "conf.py")
    yield from sorted(Path(source, config.clinic_records).rglob("*"))
    yield from governance_files(source)
    yield from catalogues(source, config.locale_dirs, config.language)
    yield from (Path(app.confdir, name) for name in config.bibtex_bibfiles or ())
    for name in ("templates_path", "html_static_path", "html_extra_path", "html_logo", "html_favicon"):
        given = config[name] or []
        for path in [given] if isinstance(given, str) else given:
            yield from (Path(app.confdir, path), *sorted(Path(app.confdir, path).rglob("*")))
    if config.clinic_pdfs:
        yield from sorted(Path(source, config.clinic_pdfs).rglob("*.pdf"))
    if config.clinic_snippet_files:
        yield from _own_code(app)


def _own_code(app: Sphinx) -> list[Path]:
    """Return the project's own modules that are loaded: snippet files, and what they import."""
    folders = {Path(app.srcdir, name).resolve().parent for name in app.config.clinic_snippet_files}
    files = {Path(app.srcdir, name).resolve() for name in app.config.clinic_snippet_files}
    loaded = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    files.update(path for file in loaded if file and any(map((path := Path(file)).is_relative_to, folders)))
    return sorted(files)
