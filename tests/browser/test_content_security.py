"""The site works under the strictest policy: nothing but files of its own, no script and no style inside a page."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
# One of each kind: cards, tables, pictures, folds, forms, indexes, search.
SAMPLE = [
    "index.html", "when-something-goes-wrong.html", "contraindications-and-precautions.html", "is-it-safe.html",
    "contraindications-in-detail.html", "hazards-by-region.html", "start-here.html", "is-my-copy-current.html",
    "findings-in-detail.html", "reviews.html", "bibliography.html", "genindex.html", "clinic-records.html",
    "search.html",
]  # fmt: skip
# Runs before any script of the page, and is not a part of it.
TELL = """
addEventListener("securitypolicyviolation", e => tell(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}`));
"""


class StrictHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files with the policy."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def strict_site(handbook_site: Any) -> Iterator[str]:
    """The address of the handbook as a server with the policy gives it."""
    handler = functools.partial(StrictHandler, directory=str(handbook_site.root))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def strict_page(browser: Any) -> Iterator[Any]:
    """A page that remembers what was refused, and what was asked for, as ``refused`` and ``asked``."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.asked, page.refused = [], []
    page.expose_function("tell", lambda what: page.refused.append(what))
    page.add_init_script(TELL)
    page.on("request", lambda request: page.asked.append(request.url))
    yield page
    context.close()


def faults(page: Any, address: str) -> list[str]:
    """Load a page, in the light and in the dark, and on paper; return what was refused and who else was asked."""
    page.asked.clear()
    page.refused.clear()
    page.goto(address, wait_until="load")
    for media in ({"color_scheme": "dark"}, {"color_scheme": "light"}, {"media": "print"}, {"media": "screen"}):
        page.emulate_media(**media)
        page.wait_for_timeout(20)
    site = urlsplit(address).netloc
    return [*page.refused, *(url for url in page.asked if urlsplit(url).netloc != site)]


@pytest.mark.parametrize("name", SAMPLE)
def test_nothing_is_refused_and_nobody_else_asked(strict_page: Any, strict_site: str, name: str) -> None:
    assert faults(strict_page, f"{strict_site}/{name}") == []
    assert f"{strict_site}/{name}" in strict_page.asked


@pytest.mark.full
def test_nothing_is_refused_on_any_page(strict_page: Any, strict_site: str, handbook_site: Any) -> None:
    pages = sorted(path.relative_to(handbook_site.root).as_posix() for path in Path(handbook_site.root).rglob("*.html"))
    found = {name: faults(strict_page, f"{strict_site}/{name}") for name in pages if not name.startswith("_static/")}
    assert {name: what for name, what in found.items() if what} == {}


def test_a_smuggled_script_and_picture_would_be_refused(strict_page: Any, strict_site: str) -> None:
    """So the tests above look at a policy that works."""
    strict_page.goto(f"{strict_site}/about.html")
    strict_page.locator("body").evaluate("""body => {
        body.append(Object.assign(document.createElement("script"), { text: "document.title = 'bad'" }));
        body.append(Object.assign(new Image(), { src: "https://elsewhere.example/picture.png" }));
    }""")
    for _ in range(100):
        if sum("eval" not in what for what in strict_page.refused) >= 2:
            break
        strict_page.wait_for_timeout(100)
    assert strict_page.title() != "bad"
    # Playwright's own "evaluate" is refused before it finds another way.
    assert [what.split()[0] for what in strict_page.refused if "eval" not in what] == ["script-src-elem", "img-src"]


def test_pages_hold_no_script_no_style_and_no_handler(handbook_site: Any) -> None:
    """Whatever a browser would make of them, in the text of every page."""
    bad = [
        f"{path.name}: {mark}"
        for path in sorted(Path(handbook_site.root).glob("*.html"))
        for mark in ("<script>", "<style", ' style="', " onclick=", " onload=", 'href="javascript:')
        if mark in path.read_text("utf-8")
    ]
    assert bad == []


def test_the_colours_can_be_switched_and_stay_as_chosen(strict_page: Any, strict_site: str) -> None:
    strict_page.goto(f"{strict_site}/about.html")
    assert strict_page.evaluate("document.body.dataset.theme") == "auto"
    strict_page.get_by_role("button", name="Toggle Light").first.click()
    chosen = strict_page.evaluate("document.body.dataset.theme")
    assert chosen in ("light", "dark")
    strict_page.goto(f"{strict_site}/index.html")
    assert strict_page.evaluate("document.body.dataset.theme") == chosen


def test_words_in_the_language_of_the_page_have_its_plural(strict_page: Any, strict_site: str) -> None:
    strict_page.goto(f"{strict_site}/about.html")
    plurals = strict_page.evaluate("[Documentation.LOCALE, Documentation.PLURAL_EXPR(1), Documentation.PLURAL_EXPR(2)]")
    assert plurals == ["en_GB", 0, 1]


def test_columns_keep_their_widths_and_cells_their_headings(strict_page: Any, strict_site: str) -> None:
    strict_page.goto(f"{strict_site}/contraindications-and-precautions.html")
    cell = strict_page.locator("table.clinic-table tbody td").first
    assert cell.evaluate("cell => getComputedStyle(cell, '::before').content") == '"What to do"'
    strict_page.set_viewport_size({"width": 1280, "height": 900})
    widths = [
        head.bounding_box()["width"]
        for head in strict_page.locator("table.clinic-table").first.locator("thead th").all()
    ]
    assert max(widths) > 1.5 * min(widths)
