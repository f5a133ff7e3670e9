"""The handbook without a network: the copy that a browser saves and says so, and the zip that opens from a folder."""

from __future__ import annotations

import functools
import http.server
import re
import shutil
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error, expect

from clinic_snippets.export.offline import refresh_worker
from clinic_snippets.publishing.site_zip import pack

POLICY = "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'"
SITE = {
    "conf.py": """
        project = "Needles"
        release = version = "7.8.9"
        extensions = ["myst_parser", "clinic_snippets"]
        exclude_patterns = ["records"]
        html_theme = "basic"
        html_copy_source = True
    """,
    "index.md": "# Needles\n\n```{toctree}\nsecond\ndeep/third\n```\n\n## Offline copy\n\nA switch.\n",
    "second.md": "# Second\n\nThe old text about haematoma.\n\n![A dot](dot.png)\n",
    "deep/third.md": "# Third\n\n```{clinic:precaution-cards}\n```\n",
    "records/a.yaml": "topic: bleeding\nowner: safety lead\nwritten: 2026-01-01\nreview_by: 2027-01-10\nrecords:\n"
    + "".join(
        f"- {{kind: precaution, id: {name}, name: Case {name}, level: precaution, applies_to: person, rule: refer, "
        f"regions: all, techniques: all, action: Ask., why: It bleeds., synthesis: yes, review_by: {due}}}\n"
        for name, due in (("early", "2027-01-01"), ("late", "2028-12-01"))
    ),
}
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6364f8cf500f0003860180"
    "5a34327b0000000049454e44ae426082"
)
NOT_OURS = (
    "/favicon.ico",
    "sphinx_highlight.js",  # of Sphinx, asks blocked storage without a care
    "'appendChild' on 'Node'",  # Sphinx's search, where a found page has no text for an excerpt
    "inline s",  # scripts and styles of Sphinx's basic theme
)
NOTE = ".clinic-saved-copy"


class Host:
    """A web server that can be told to fail, and that notes what it was asked."""

    def __init__(self, root: Path) -> None:
        self.root, self.asked = root, []
        self.behave: Callable[[str], int | float | None] = lambda path: None
        """For a path: a status to answer with, seconds to wait before answering, or None."""
        self.headers: dict[str, str] = {}
        host = self

        class Handler(http.server.SimpleHTTPRequestHandler):
            def do_GET(self) -> None:
                path = self.path.partition("?")[0]
                host.asked.append(path)
                if path == "/favicon.ico":
                    self.send_response(204)
                    self.end_headers()
                    return
                match host.behave(path):
                    case int(status):
                        self.send_error(status)
                    case float(seconds):
                        time.sleep(seconds)
                        super().do_GET()
                    case _:
                        super().do_GET()

            def end_headers(self) -> None:
                for name, value in host.headers.items():
                    self.send_header(name, value)
                super().end_headers()

            def log_message(self, format: str, *arguments: object) -> None:
                """Say nothing."""

        handler = functools.partial(Handler, directory=str(root))
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/"

    def close(self) -> None:
        """Stop answering."""
        self.server.shutdown()
        self.server.server_close()


class Reader:
    """A browser with storage of its own, and everything that its pages complained of."""

    def __init__(self, browser: Any, **options: Any) -> None:
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self._note(message.type, f"{message.text} {message.location['url']}"))
        self.page.on("pageerror", lambda error: self._note("error", error.stack or str(error)))

    def _note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not any(words in text for words in NOT_OURS):
            self.complaints.append(text)

    def save(self, address: str) -> None:
        """Open a page, and wait until the browser has saved the site."""
        self.page.clock.install()
        self.page.goto(address)
        self.page.clock.fast_forward(4000)
        self.page.evaluate("() => navigator.serviceWorker.ready")
        self.page.wait_for_function("async () => (await navigator.serviceWorker.ready).active.state === 'activated'")

    def caches(self) -> list[str]:
        """The names of what the browser keeps for this origin."""
        return self.page.evaluate("() => caches.keys()")

    def update(self) -> None:
        """Wait until the browser has looked for a newer version and, if there is one, has saved it or failed to."""
        self.page.evaluate(
            """async () => {
              const registration = await navigator.serviceWorker.getRegistration();
              await registration.update().catch(() => {});
              const worker = registration.installing;
              if (worker) await new Promise((done) => {
                worker.onstatechange = () => ["activated", "redundant"].includes(worker.state) && done();
              });
            }"""
        )

    def offline(self, address: str, away: bool = True) -> Any:
        """Open a page without a network."""
        self.context.set_offline(away)
        self.page.goto(address)
        return self.page


@pytest.fixture(scope="module")
def built(project: Any, build_project: Any) -> Path:
    source = project(SITE)
    (source / "dot.png").write_bytes(DOT)
    build = build_project(source)
    assert build.warnings == ""
    return build.outdir


@pytest.fixture
def hosts() -> Iterator[Callable[[Path], Host]]:
    """A function that serves a folder."""
    running: list[Host] = []

    def start(root: Path) -> Host:
        running.append(Host(root))
        return running[-1]

    yield start
    for host in running:
        host.close()


@pytest.fixture
def host(built: Path, tmp_path: Path, hosts: Callable[[Path], Host]) -> Host:
    """A site in a folder below the top of its host, as a copy that may be changed."""
    shutil.copytree(built, tmp_path / "www" / "book")
    return hosts(tmp_path / "www")


@pytest.fixture
def reader(browser: Any) -> Iterator[Reader]:
    reader = Reader(browser)
    yield reader
    reader.context.close()


def change(host: Host, folder: str = "book") -> None:
    """Publish another text."""
    page = host.root / folder / "second.html"
    page.write_text(page.read_text("utf-8").replace("old text", "new text"), "utf-8")
    refresh_worker(host.root / folder)


# --- the copy --------------------------------------------------------------------------------------------


def test_without_a_network_every_page_is_there_with_style_and_pictures_and_says_so(host: Host, reader: Reader) -> None:
    host.headers = {"Content-Security-Policy": POLICY}
    reader.save(f"{host.url}book/index.html")
    assert reader.page.locator(NOTE).count() == 0
    page = reader.offline(f"{host.url}book/deep/third.html")
    words = f"Saved copy of {date.today()}, version 7.8.9"
    expect(page.locator(f"h1 + {NOTE} .admonition-title")).to_have_text(words)
    assert page.evaluate("[...document.styleSheets].every(sheet => sheet.cssRules.length > 0)")
    page.goto(f"{host.url}book/second.html")
    assert page.evaluate("document.images[0].naturalWidth") == 1
    page.goto(f"{host.url}book/search.html?q=haematoma")
    expect(page.locator("#search-results li")).to_have_count(1)
    page.goto(f"{host.url}book/")
    expect(page.locator(f"{NOTE} .admonition-title")).to_have_text(words)
    assert reader.complaints == [], "also under a strict policy"
    page = reader.offline(f"{host.url}book/second.html", away=False)
    assert page.locator(NOTE).count() == 0, "with a network again, the site itself"


def test_with_a_network_the_newest_page_is_shown_and_the_copy_follows_at_the_next_visit(
    host: Host, reader: Reader
) -> None:
    address = f"{host.url}book/second.html"
    reader.save(address)
    [before] = reader.caches()
    change(host)
    reader.page.goto(address)
    assert "new text" in reader.page.inner_text("body")
    reader.update()
    [after] = reader.caches()
    assert after != before, "the old copy is gone"
    assert "new text" in reader.offline(address).inner_text("body")


@pytest.mark.parametrize("trouble", ["a file is missing", "the site changes meanwhile"])
def test_an_interrupted_update_leaves_the_old_copy_whole(host: Host, reader: Reader, trouble: str) -> None:
    address = f"{host.url}book/second.html"
    reader.save(address)
    before = reader.caches()
    change(host)
    if trouble == "a file is missing":
        host.behave = lambda path: 404 if path.endswith("search.html") else None
    else:

        def change_again(path: str) -> None:
            if path.endswith("search.html"):
                (host.root / "book" / "index.html").write_text("<html><h1>Other</h1></html>", "utf-8")
                refresh_worker(host.root / "book")

        host.behave = change_again
    reader.update()
    assert reader.caches() == before
    host.behave = lambda path: None
    assert "old text" in reader.offline(address).inner_text("body")


def test_a_page_never_enters_the_copy_by_being_read(host: Host, reader: Reader) -> None:
    """One newer page among older ones would contradict them."""
    reader.save(f"{host.url}book/index.html")
    page = host.root / "book" / "second.html"
    page.write_text(page.read_text("utf-8").replace("old text", "new text"), "utf-8")
    reader.page.goto(f"{host.url}book/second.html")
    assert "new text" in reader.page.inner_text("body")
    assert "old text" in reader.offline(f"{host.url}book/second.html").inner_text("body")


@pytest.mark.parametrize("status", [502, 30.0])
def test_a_host_that_fails_or_is_silent_gives_way_to_the_copy(host: Host, reader: Reader, status: float) -> None:
    reader.save(f"{host.url}book/index.html")
    host.behave = lambda path: status
    host.asked.clear()
    reader.page.goto(f"{host.url}book/second.html", wait_until="load")
    expect(reader.page.locator(NOTE)).to_be_visible()
    waited = [path for path in host.asked if "/_" in path]
    assert waited == [], "page, style and pictures wait once, not each for itself"
    assert reader.page.evaluate("document.images[0].naturalWidth") == 1


def test_the_host_answers_for_what_is_not_in_the_copy(host: Host, reader: Reader) -> None:
    reader.save(f"{host.url}book/index.html")
    assert reader.page.goto(f"{host.url}book/nothing.html").status == 404
    reader.page.goto(f"{host.url}book/index.html")
    answers = reader.page.evaluate(
        """async () => [
          (await fetch("second.html", {cache: "no-store", headers: {Range: "bytes=0-3"}})).status,
          (await fetch("second.html", {cache: "no-store", method: "HEAD"})).status,
          (await fetch("nothing.html")).status,
        ]"""
    )
    assert answers == [200, 200, 404]
    reader.context.set_offline(True)
    for name, options in (
        ("second.html", {"method": "HEAD"}),
        ("second.html", {"headers": {"Range": "bytes=0-3"}}),
        ("objects.inv", {}),
    ):
        ask = "([name, options]) => fetch(name, {cache: 'no-store', ...options}).then(() => true, () => false)"
        assert reader.page.evaluate(ask, [name, options]) is False, (name, options)
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        reader.page.goto(f"{host.url}book/nothing.html")


def test_a_page_that_was_withdrawn_is_gone_while_the_host_says_so(host: Host, reader: Reader) -> None:
    reader.save(f"{host.url}book/index.html")
    (host.root / "book" / "second.html").unlink()
    assert reader.page.goto(f"{host.url}book/second.html").status == 404


def test_sites_on_one_host_keep_apart_and_leave_others_alone(host: Host, reader: Reader) -> None:
    shutil.copytree(host.root / "book", host.root / "book" / "stable")
    shutil.rmtree(host.root / "book" / "stable" / "deep")
    change(host, "book/stable")
    reader.page.goto(f"{host.url}book/objects.inv.none")
    reader.page.evaluate("() => caches.open('another program')")
    reader.save(f"{host.url}book/index.html")
    reader.save(f"{host.url}book/stable/index.html")
    assert len(reader.caches()) == 3
    assert "new text" in reader.offline(f"{host.url}book/stable/second.html").inner_text("body")
    assert "old text" in reader.offline(f"{host.url}book/second.html").inner_text("body")
    shutil.rmtree(host.root / "book" / "stable")
    reader.context.set_offline(False)
    assert reader.page.goto(f"{host.url}book/stable/second.html").status == 404, "a removed version is removed"
    change(host)
    reader.page.goto(f"{host.url}book/index.html")
    reader.update()
    assert "another program" in reader.caches()


# --- the switches ----------------------------------------------------------------------------------------


def test_a_reader_can_switch_it_off_and_on_again(host: Host, reader: Reader) -> None:
    host.headers = {"Cache-Control": "no-cache"}
    address = f"{host.url}book/index.html"
    reader.save(address)
    page = reader.page
    state, switch = page.locator("#offline-copy [role=status]"), page.locator("#offline-copy button")
    expect(state).to_have_text(f"Saved in this browser: copy of {date.today()}, version 7.8.9.")
    assert switch.bounding_box()["height"] >= 44
    switch.click()
    expect(state).to_have_text("Switched off: this browser saves no copy.")
    assert reader.caches() == []
    page.reload()
    page.clock.fast_forward(4000)
    expect(state).to_have_text("Switched off: this browser saves no copy.")
    assert page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        reader.offline(address)
    reader.offline(address, away=False)
    switch.press("Enter")
    expect(state).to_have_text(re.compile("^Saved in this browser"))
    assert reader.offline(address).locator(NOTE).count() == 1
    assert reader.complaints == []


def test_a_publisher_can_take_it_back_from_browsers_that_have_it(
    host: Host, reader: Reader, project: Any, build_project: Any
) -> None:
    host.headers = {"Cache-Control": "no-cache"}
    reader.save(f"{host.url}book/index.html")
    reader.page.evaluate("() => caches.open('another program')")
    source = project(SITE)
    (source / "dot.png").write_bytes(DOT)
    without = build_project(source, confoverrides={"clinic_offline": False}).outdir
    shutil.rmtree(host.root / "book")
    shutil.copytree(without, host.root / "book")
    reader.page.goto(f"{host.url}book/index.html")
    reader.update()
    reader.page.goto(f"{host.url}book/second.html")
    assert reader.caches() == ["another program"]
    assert reader.page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0
    assert "saved-copy" not in reader.page.content()


# --- browsers that save nothing --------------------------------------------------------------------------

BLOCKED = {
    "no workers (a private window, plain http)": "delete Navigator.prototype.serviceWorker",
    "registering is refused": "ServiceWorkerContainer.prototype.register = () => Promise.reject(new Error('blocked'))",
    "registering is refused while the caches are slow to answer": """
      ServiceWorkerContainer.prototype.register = () => Promise.reject(new Error('blocked'));
      const match = CacheStorage.prototype.match;
      CacheStorage.prototype.match = async function (...asked) {
        await new Promise(answer => setTimeout(answer, 5000));
        return match.apply(this, asked);
      };
    """,
    "storage is blocked": """
      for (const name of ['localStorage', 'caches'])
        Object.defineProperty(window, name, {get() { throw new Error('blocked'); }});
    """,
    "an old browser": "delete window.CompressionStream",
    "the disk is full": "",
}


@pytest.mark.parametrize("reason", BLOCKED)
def test_where_nothing_can_be_saved_the_plain_site_works_without_a_complaint(
    host: Host, reader: Reader, reason: str
) -> None:
    page = reader.page
    page.add_init_script(BLOCKED[reason])
    if reason == "the disk is full":
        session = reader.context.new_cdp_session(page)
        session.send("Storage.overrideQuotaForOrigin", {"origin": host.url.rstrip("/"), "quotaSize": 100})
    page.clock.install()
    page.goto(f"{host.url}book/index.html")
    page.clock.fast_forward(6000)
    expect(page.locator("#offline-copy [role=status]")).to_have_text("This browser saves no copy of this site.")
    expect(page.locator("#offline-copy button")).to_be_hidden()
    page.goto(f"{host.url}book/second.html")
    assert "old text" in page.inner_text("body")
    assert reader.complaints == []


# --- dates -----------------------------------------------------------------------------------------------


def test_the_copy_says_what_is_overdue_on_the_readers_day(host: Host, browser: Any) -> None:
    address = f"{host.url}book/deep/third.html"
    for day, boxes, marked in (
        ("2027-06-01", ["Review overdue"], ["Case early"]),
        ("2025-06-01", ["Check this device's clock"], []),
        ("2026-06-01", [], []),
    ):
        reader = Reader(browser)
        reader.save(address)
        reader.page.clock.set_fixed_time(f"{day}T12:00:00")
        page = reader.offline(address)
        expect(page.locator(NOTE)).to_be_visible()
        assert page.locator(".clinic-overdue .admonition-title").all_inner_texts() == boxes
        found = page.locator("section:has(> p > .clinic-badge-overdue) > :is(h2, h3)").all_inner_texts()
        assert [name.strip("¶# \n") for name in found] == marked
        reader.context.close()


def test_a_copy_that_was_saved_later_than_today_asks_for_the_clock_on_any_page(host: Host, browser: Any) -> None:
    address, saved = f"{host.url}book/second.html", date.today()
    for days, asks in ((-400, True), (-2, True), (0, False), (400, False)):
        reader = Reader(browser)
        reader.save(address)
        reader.page.clock.set_fixed_time(f"{saved + timedelta(days=days)}T12:00:00")
        page = reader.offline(address)
        expect(page.locator(NOTE)).to_be_visible()
        assert ("Check this device's clock" in page.locator(NOTE).inner_text()) == asks, days
        reader.context.close()


# --- the handbook itself ---------------------------------------------------------------------------------


def test_the_handbook_is_saved_whole_and_searched_offline(handbook_site: Any, reader: Reader) -> None:
    reader.save(f"{handbook_site.url}index.html")
    kept = reader.page.evaluate(
        """async () => {
          let bytes = 0, addresses = [];
          const cache = await caches.open((await caches.keys())[0]);
          for (const request of await cache.keys()) {
            addresses.push(new URL(request.url).pathname);
            bytes += (await (await cache.match(request)).arrayBuffer()).byteLength;
          }
          return {bytes, addresses};
        }"""
    )
    pages = {f"/{path.relative_to(handbook_site.root).as_posix()}" for path in handbook_site.root.rglob("*.html")}
    assert pages <= set(kept["addresses"])
    assert not [address for address in kept["addresses"] if re.search(r"_sources|\.pdf$|\.map$|sw\.js$", address)]
    assert 100_000 < kept["bytes"] < 5_000_000
    print(f"\n  the saved handbook: {len(kept['addresses'])} files, {kept['bytes'] / 1e6:.2f} MB", file=sys.stderr)
    page = reader.offline(f"{handbook_site.url}when-something-goes-wrong.html")
    expect(page.locator(NOTE)).to_be_visible()
    page.goto(f"{handbook_site.url}search.html?q=pneumothorax")
    expect(page.locator("[role=main] a[href*='pneumothorax']").first).to_be_visible()
    page.goto(f"{handbook_site.url}about.html")
    expect(page.locator("#offline-copy [role=status]")).to_have_text(re.compile("^Saved in this browser"))
    assert reader.complaints == []


def test_the_zip_opens_from_a_folder_with_everything_working(
    handbook_site: Any, reader: Reader, tmp_path: Path
) -> None:
    with zipfile.ZipFile(pack(handbook_site.root, tmp_path, name="dry-needling-handbook")) as archive:
        archive.extractall(tmp_path / "a stick")
    [folder] = (tmp_path / "a stick").iterdir()
    asked: list[str] = []
    reader.context.on("request", lambda request: asked.append(request.url))
    page = reader.page
    for path in sorted(folder.glob("**/*.html"))[::5]:
        page.goto(path.as_uri())
    page.goto((folder / "contraindications-in-detail.html").as_uri())
    assert page.evaluate("getComputedStyle(document.querySelector('.emergency')).position") == "fixed"
    page.clock.set_fixed_time("2040-01-01T12:00:00")
    page.reload()
    expect(page.locator(".clinic-overdue")).to_be_visible()
    page.goto((folder / "is-my-copy-current.html").as_uri())
    code = page.locator("table.clinic-code-list td:nth-of-type(1) code").first.inner_text()
    page.get_by_label("Code on your copy").fill(code)
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".clinic-answer")).to_have_text(re.compile("^Current: "))
    page.goto((folder / "about.html").as_uri())
    expect(page.locator("#offline-copy [role=status]")).to_have_text("This browser saves no copy of this site.")
    page.goto((folder / "index.html").as_uri())
    page.locator("input[name=q]").first.fill("pneumothorax")
    page.locator("input[name=q]").first.press("Enter")
    expect(page.locator("[role=main] a[href*='pneumothorax']").first).to_be_visible()
    assert [url for url in asked if not url.startswith((folder.as_uri(), "data:"))] == []
    assert reader.complaints == []
