"""Fixtures every test may use.

``project``        write a small Sphinx project (or any folder of files) and get its path
``build_project``  run Sphinx on a folder inside this process, leaving nothing behind
``run_sphinx``     run ``sphinx-build`` in a process of its own, as a user does
``sphinx_build``   the same with the same result inside this process, which takes a tenth of the time
``handbook_site``  the real handbook as HTML, built once, served on this machine
``handbook_pdf``   the real handbook as PDF, built once
``handbook_library``  its records, read once
``letter_sizes``   a function for the sizes of all letters of a PDF
``browser``        Debian's Chromium through Playwright; ``page`` is a fresh page in it

A test that asks for ``browser`` or ``page`` carries the mark ``browser`` by itself. Without Chromium such a
test is skipped and the last lines of the run say so; with ``CI`` set it fails instead, because a green run
that looked at no page proves nothing about pages.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import http.server
import os
import shutil
import subprocess
import textwrap
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from clinic_snippets.library import Library, load_library
from clinic_snippets.records import KINDS
from clinic_snippets.snippets import SNIPPETS
from tests import building
from tests.building import REPOSITORY, Build

PATIENCE = 30_000
"""Milliseconds that ``expect`` waits for a page."""
NO_BROWSER = "no Chromium on this machine (Debian: apt-get install chromium)"
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Pages must work without any other host; a name that does not resolve makes such a request fail at once.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


# --- where things are ------------------------------------------------------------------------------------


@contextlib.contextmanager
def own_declarations_end() -> Iterator[None]:
    """Take back the snippets and kinds that a project has registered."""
    before, kinds = dict(SNIPPETS), dict(KINDS)
    yield
    for there, was in ((SNIPPETS, before), (KINDS, kinds)):
        there.clear()
        there.update(was)


@pytest.fixture(scope="module", autouse=True)
def _own_declarations_end_with_the_file() -> Iterator[None]:
    """So files may run in any order."""
    with own_declarations_end():
        yield


@pytest.fixture
def forget_own_declarations() -> Iterator[None]:
    """For files whose tests each declare something of the same name."""
    with own_declarations_end():
        yield


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root folder of this repository."""
    return REPOSITORY


# --- small projects --------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """A maker of folders: ``project({"conf.py": "...", "index.md": "..."})`` returns the new folder's path.

    Texts lose their common indentation and leading blank lines, so they can be written in place. With
    ``base=`` the folder starts as a copy of another one. Each call makes another folder, so a test may change
    what it gets.
    """

    def make(files: dict[str, str], base: Path | None = None) -> Path:
        folder = tmp_path_factory.mktemp("project")
        if base is not None:
            shutil.copytree(base, folder, dirs_exist_ok=True)
        for name, text in files.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        return folder

    return make


@pytest.fixture(scope="session")
def _builds_share() -> Iterator[None]:
    """Let builds inside this process share what would come out the same; see :func:`tests.building.sharing`."""
    with building.sharing():
        yield


@pytest.fixture(scope="session")
def build_project(tmp_path_factory: pytest.TempPathFactory, _builds_share: None) -> Callable[..., Build]:
    """A function that runs Sphinx on a folder inside this process.

    ``build_project(srcdir, builder="html", outdir=None, doctreedir=None, parallel=0, warningiserror=False,
    confoverrides=None, freshenv=False)`` returns a :class:`Build`.

    Unless told otherwise, output and doctrees go to a temporary folder that belongs to ``srcdir``, so a second
    call on the same ``srcdir`` is an incremental build.
    """

    @functools.cache
    def folder_for(srcdir: Path) -> Path:
        return tmp_path_factory.mktemp("build")

    def build(srcdir: Path, builder: str = "html", **options: Any) -> Build:
        folder = folder_for(Path(srcdir))
        options.setdefault("outdir", folder / builder)
        options.setdefault("doctreedir", folder / "doctrees")
        return building.build_project(Path(srcdir), builder, **options)

    return build


# --- Sphinx as a user runs it ----------------------------------------------------------------------------


@pytest.fixture(scope="session")
def run_sphinx() -> Callable[..., subprocess.CompletedProcess[str]]:
    """A function that runs ``sphinx-build`` with the given arguments in a process of its own."""
    return building.run_sphinx


@pytest.fixture(scope="session")
def sphinx_build(_builds_share: None) -> Callable[..., subprocess.CompletedProcess[str]]:
    """The same program inside this process; see :func:`tests.building.sphinx_build`."""
    return building.sphinx_build


@pytest.fixture(scope="session")
def once_in_a_run(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Callable[[str, Callable[[Path], object]], Path]:
    """A function that returns a folder which the first worker process to ask for it has filled, for all of them.

    ``once_in_a_run("group/name", make)`` calls ``make(folder)`` where nobody has. Of a group one is made at a time.
    """
    shared = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):  # a worker's own folder is in that of the run
        shared = shared.parent

    def get(name: str, make: Callable[[Path], object]) -> Path:
        folder = shared / "once" / name
        made = folder.with_name(f"{folder.name}.made")
        folder.parent.mkdir(parents=True, exist_ok=True)
        with (folder.parent / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not made.exists():
                shutil.rmtree(folder, ignore_errors=True)  # what a worker that failed may have left
                make(folder)
                made.touch()
        return folder

    return get


# --- the real handbook -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Site:
    """A folder of HTML that is being served: its address, ending in ``/``, and the folder."""

    url: str
    root: Path


@pytest.fixture(scope="session")
def _handbook_builds(once_in_a_run: Callable[..., Path]) -> Callable[[str], Path]:
    """Builds the handbook with one builder, once in a run; all share their doctrees, as ``make handbook`` does."""

    def build(builder: str) -> Path:
        def make(outdir: Path) -> None:
            doctrees = ("-d", outdir.with_name("doctrees"))
            run = building.run_sphinx("-W", "--keep-going", "-b", builder, *doctrees, REPOSITORY / "source", outdir)
            if run.returncode:
                pytest.fail(f"the handbook does not build ({builder}):\n{run.stdout}", pytrace=False)

        return once_in_a_run(f"handbook/{builder}", make)

    return functools.cache(build)


@pytest.fixture(scope="session")
def handbook_site(_handbook_builds: Callable[[str], Path]) -> Iterator[Site]:
    """The handbook as HTML, warnings being errors, served on 127.0.0.1: ``.url`` and ``.root``."""
    yield from _serve(_handbook_builds("html"))


@pytest.fixture(scope="session")
def handbook_pdf(_handbook_builds: Callable[[str], Path]) -> Path:
    """The path of the handbook as PDF, warnings being errors."""
    return _handbook_builds("typstpdf") / "dry-needling-handbook.pdf"


@pytest.fixture(scope="session")
def letter_sizes() -> Callable[[Path], list[float]]:
    """A function that returns the size in points of every visible letter of a PDF."""
    import pypdfium2

    def sizes(path: Path) -> list[float]:
        texts = [page.get_textpage() for page in pypdfium2.PdfDocument(path)]
        return [
            round(pypdfium2.raw.FPDFText_GetFontSize(text.raw, index), 1)
            for text in texts
            for index in range(text.count_chars())
            if text.get_text_range(index, 1).strip()
        ]

    return sizes


@pytest.fixture(scope="session")
def handbook_library(repository: Path) -> Library:
    """The records of the real handbook, which are without problems."""
    library, problems = load_library(repository / "source/records", [repository / "source/references.bib"])
    assert problems == []
    return library


class _QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing: request lines would drown pytest's own output."""


def _serve(root: Path) -> Iterator[Site]:
    handler = functools.partial(_QuietHandler, directory=str(root))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Site(f"http://127.0.0.1:{server.server_port}/", root)
        server.shutdown()
        thread.join()


@pytest.fixture
def serve() -> Iterator[Callable[[Path], Site]]:
    """A function that serves a folder on 127.0.0.1 until the test ends and returns its :class:`Site`."""
    running: list[Iterator[Site]] = []

    def start(root: Path) -> Site:
        running.append(_serve(root))
        return next(running[-1])

    yield start
    for server in running:
        next(server, None)


# --- the browser -----------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's Chromium, started once. Playwright's own downloaded browsers are never used."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        if os.environ.get("CI"):
            pytest.fail(NO_BROWSER, pytrace=False)
        pytest.skip(NO_BROWSER)
    from playwright.sync_api import expect, sync_playwright

    # What comes late on a busy machine is no fault of a page, and a test that passes waits no longer for it.
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        instance = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_OPTIONS)
        yield instance
        instance.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A fresh page with storage of its own, closed after the test."""
    context = browser.new_context()
    page = context.new_page()
    yield page
    page.unroute_all(behavior="ignoreErrors")  # a picture may be on its way through a test's own route
    context.close()


# --- the run as a whole ----------------------------------------------------------------------------------


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs the browser, before ``-m`` chooses, and put files with long tests first.

    Workers take a file at a time; begun last, a long one would keep one of them at work while the others have ended.
    """
    rank: dict[Path, int] = {}
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
        own = next((n for n, mark in enumerate(("slow", "browser")) if item.get_closest_marker(mark)), 2)
        rank[item.path] = min(own, rank.get(item.path, own))
    items.sort(key=lambda item: rank[item.path])


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say at the very end, where it is read, what tests measured, and how many saw no browser.

    A test measures with ``record_property("in short", "one line")``; such a line comes from other processes too.
    """
    ran = [report for outcome in ("passed", "failed") for report in terminalreporter.stats.get(outcome, [])]
    measured = sorted(
        line for report in ran if report.when == "call" for name, line in report.user_properties if name == "in short"
    )
    if measured:
        terminalreporter.section("measured")
        for line in measured:
            terminalreporter.line(line)
    unseen = [
        report
        for report in terminalreporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple) and NO_BROWSER in report.longrepr[2]
    ]
    if unseen:
        terminalreporter.section("BROWSER TESTS DID NOT RUN", sep="!", red=True, bold=True)
        count = "1 test was" if len(unseen) == 1 else f"{len(unseen)} tests were"
        terminalreporter.line(f"{count} skipped: {NO_BROWSER}")
