"""``review.js``: overdue reviews on the reader's own day, on pages that were built without any day."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PAGES = {
    "conf.py": """
        project = "Needles"
        extensions = ["myst_parser", "clinic_snippets"]
        exclude_patterns = ["records"]
        html_theme = "furo"
    """,
    "index.md": """
        # Needles

        ```{toctree}
        plain
        start
        ```

        ```{clinic:precaution-table}
        ```

        ## In full

        ```{clinic:precaution-cards}
        ```
    """,
    "plain.md": "# Without records\n",
    "start.md": "---\nowner: safety lead\nwritten: 2026-10-01\nreview_by: 2027-10-01\n---\n# Dates of its own\n",
    "records/a.yaml": "topic: bleeding\nowner: safety lead\nwritten: 2026-01-01\nreview_by: 2027-01-10\nrecords:\n"
    + "".join(
        f"""
- kind: precaution
  id: {name}
  name: Case {name}
  level: precaution
  applies_to: person
  rule: refer
  regions: all
  techniques: all
  action: Ask.
  why: It bleeds.
  synthesis: yes
  {more}
"""
        for name, more in (
            ("early", "review_by: 2027-01-01"),
            ("late", "also_known_as: later"),
            ("reworded", "written: 2026-09-01"),
        )
    ),
}
BANNER, MARK = ".clinic-overdue", ".clinic-badge-overdue"
LATEST = "2026-09-01"


@pytest.fixture(scope="module")
def source(project: Any) -> Path:
    return project(PAGES)


@pytest.fixture(scope="module")
def built(source: Path, build_project: Any) -> Path:
    """The site, built without a day."""
    build = build_project(source)
    assert build.warnings == ""
    return build.outdir


@pytest.fixture(params=["file", "http"])
def address(request: Any, built: Path, serve: Callable[[Path], Any]) -> str:
    """The first page, from the disk and from a server."""
    return (built / "index.html").as_uri() if request.param == "file" else serve(built).url + "index.html"


def shown(page: Any, address: str, day: str) -> tuple[list[str], list[str]]:
    """The banners of a page on a day, and the headings of what it marks."""
    page.clock.set_fixed_time(day if "T" in day else f"{day}T12:00:00")
    page.goto(address)
    boxes = [" ".join(text.split()) for text in page.locator(BANNER).all_inner_texts()]
    marked = page.locator(f"tr:has({MARK}) th a, section:has(> p > {MARK}) > h3").all_inner_texts()
    return boxes, [name.strip("¶# \n") for name in marked]


@pytest.mark.parametrize(
    ("day", "banners", "marked"),
    [
        ("2026-12-31", [], []),
        ("2027-01-01", [], []),
        ("2027-01-02", ["1 entry on this page was to be reviewed by 2027-01-01."], ["early"]),
        ("2027-01-10", ["1 entry on this page was to be reviewed by 2027-01-01."], ["early"]),
        ("2031-05-05", ["3 entries on this page were to be reviewed, the first by 2027-01-01."], ["early", "late", "reworded"]),
    ],
)  # fmt: skip
def test_the_readers_day_counts_and_row_and_card_are_one_entry(
    page: Any, address: str, day: str, banners: list[str], marked: list[str]
) -> None:
    boxes, found = shown(page, address, day)
    assert [box.removeprefix("Review overdue ").partition(" What such")[0] for box in boxes] == banners
    assert found == [f"Case {name}" for name in marked] * 2


def test_the_day_begins_where_the_reader_is(browser: Any, built: Path) -> None:
    for zone, count in (("Pacific/Auckland", 1), ("America/Los_Angeles", 0)):
        context = browser.new_context(timezone_id=zone)
        boxes, _ = shown(context.new_page(), (built / "index.html").as_uri(), "2027-01-01T20:00:00Z")
        context.close()
        assert len(boxes) == count


@pytest.mark.parametrize("day", ["2027-01-02", "2031-05-05"])
def test_script_and_build_say_the_same_and_never_both(
    page: Any, source: Path, build_project: Any, built: Path, day: str
) -> None:
    by_script = shown(page, (built / "index.html").as_uri(), day)
    told = build_project(source, outdir=built.parent / day, confoverrides={"clinic_as_of": day}).outdir
    by_build = (told / "index.html").as_uri()
    assert shown(page, by_build, "2026-12-31") == by_script, (
        "a reader whose clock is behind still sees what the build says"
    )
    assert shown(page, by_build, day) == by_script


def test_what_became_overdue_after_the_build_joins_the_builds_banner(
    page: Any, source: Path, build_project: Any, built: Path
) -> None:
    told = build_project(source, outdir=built.parent / "joined", confoverrides={"clinic_as_of": "2027-01-02"}).outdir
    boxes, marked = shown(page, (told / "index.html").as_uri(), "2031-05-05")
    assert (boxes, marked) == shown(page, (built / "index.html").as_uri(), "2031-05-05")
    assert len(boxes) == 1


@pytest.mark.parametrize(("day", "wrong"), [("1970-01-01", True), ("2026-08-31", True), (LATEST, False)])
def test_a_clock_before_the_page_is_told(page: Any, address: str, day: str, wrong: bool) -> None:
    boxes, marked = shown(page, address, day)
    words = (
        f"Check this device's clock It says {day}, but this page was written or reviewed on {LATEST}. "
        "So it cannot tell which reviews are overdue."
    )
    assert (boxes, marked) == ([words] if wrong else [], [])


@pytest.mark.parametrize(("day", "wrong"), [("2026-09-30", True), ("2026-10-01", False)])
def test_a_page_without_records_tells_a_clock_before_its_own_dates(
    page: Any, address: str, day: str, wrong: bool
) -> None:
    boxes, _ = shown(page, address.replace("index.html", "start.html"), day)
    assert [box.startswith("Check this device's clock") for box in boxes] == [True] * wrong


def test_it_works_offline_and_under_a_strict_policy_and_asks_for_nothing(
    page: Any, built: Path, serve: Callable[[Path], Any]
) -> None:
    site, asked, refused = serve(built), [], []

    def answer(route: Any) -> None:
        asked.append(route.request.url)
        response = route.fetch()
        policy = {
            "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:"
        }
        route.fulfill(response=response, headers={**response.headers, **policy})

    page.route("**/*", answer)
    page.on("console", lambda message: refused.append(message.text) if "review.js" in message.text else None)
    page.on("pageerror", lambda error: refused.append(str(error)))
    boxes, marked = shown(page, site.url + "index.html", "2027-01-02")
    assert (len(boxes), len(marked)) == (1, 2)
    assert refused == []
    assert [url for url in asked if url.endswith(".json")] == []


def test_it_is_small_and_only_where_records_are(built: Path) -> None:
    (script,) = (built / "_static").glob("review.js")
    assert script.stat().st_size < 3000
    assert "review.js" in (built / "index.html").read_text("utf-8")
    assert "review.js" not in (built / "plain.html").read_text("utf-8")
