"""Pages as people with any device and any sight meet them: no accessibility violation, nothing that scrolls sideways."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

PAGES = [
    "index.html", "when-something-goes-wrong.html", "screening-before-treatment.html",
    "contraindications-and-precautions.html", "contraindications-in-detail.html", "hazards-by-region.html",
    "is-it-safe.html", "adverse-events.html", "consent.html", "hygiene-and-sharps.html", "before-you-adopt.html", "how-this-handbook-can-harm.html", "coverage.html",
    "sheets/screening-first.html", "sheets/consent.html", "sheets/aftercare.html", "sheets/read-and-sign-changes.html",
    "start-here.html", "self-check.html", "self-check-technique.html", "technique.html", "muscle-by-muscle.html", "what-to-expect.html", "findings-in-detail.html",
    "glossary.html", "claim-by-claim.html", "where-sources-disagree.html", "about.html", "what-changed.html", "reviews.html", "bibliography.html", "genindex.html", "clinic-records.html", "search.html",
]  # fmt: skip

# Thousands of times the same few things, which shorter pages have too; `make test-full` looks at these in the dark as well.
LONG = {
    "adverse-events.html", "before-you-adopt.html", "technique.html", "muscle-by-muscle.html", "what-to-expect.html",
    "findings-in-detail.html", "what-changed.html", "bibliography.html", "genindex.html",
}  # fmt: skip


# WCAG 2.2 at level AA, and what axe's makers advise beyond it.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
# Whatever can be scrolled sideways by itself, or sticks out where it cannot be scrolled to.
SIDEWAYS = """
() => [...document.querySelectorAll("body, body *")].filter(e => {
  if (!e.checkVisibility({ visibilityProperty: true }) || e.closest("pre, thead, .sidebar-drawer, .toc-drawer")) return false;
  const scrolls = e.scrollWidth > e.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(e).overflowX);
  const box = e.getBoundingClientRect();
  return scrolls || (box.width > 1 && box.right > innerWidth + 1);
}).map(e => e.outerHTML.slice(0, 100)).slice(0, 3)
"""


def all_pages(site: Any) -> list[str]:
    """Return the name of every page of a site."""
    names = (path.relative_to(site.root).as_posix() for path in sorted(Path(site.root).rglob("*.html")))
    return [name for name in names if not name.startswith("_static/")]


def violations(page: Any) -> list[Any]:
    """Return what axe finds on a page: rule, place and text of up to three places each."""
    # Without "resultTypes" axe describes thousands of places in which it found nothing, which takes most of its time.
    found = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]}).response["violations"]
    return [(rule["id"], node["target"], node["html"][:200]) for rule in found for node in rule["nodes"][:3]]


@pytest.mark.parametrize(
    ("name", "scheme"), [*((name, "light") for name in PAGES), *((name, "dark") for name in PAGES if name not in LONG)]
)
def test_axe_finds_nothing(browser: Any, handbook_site: Any, name: str, scheme: str) -> None:
    context = browser.new_context(
        viewport={"width": 390 if scheme == "dark" else 1280, "height": 844}, color_scheme=scheme
    )
    page = context.new_page()
    page.goto(f"{handbook_site.url}/{name}")
    found = violations(page)
    context.close()
    assert found == []


@pytest.mark.full
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280, 1440])
def test_axe_finds_nothing_on_any_page(browser: Any, handbook_site: Any, width: int, scheme: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)
    page = context.new_page()
    found = {}
    for name in all_pages(handbook_site):
        page.goto(f"{handbook_site.url}/{name}")
        found[name] = violations(page)
    context.close()
    assert {name: what for name, what in found.items() if what} == {}


def sideways(browser: Any, site: Any, names: list[str], width: int) -> dict[str, list[str]]:
    """Return the pages that are wider than a screen, or hold something that is, with what it is."""
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    found = {}
    for name in names:
        page.goto(f"{site.url}/{name}")
        assert page.evaluate("document.documentElement.clientWidth") <= width
        wide = page.evaluate("document.documentElement.scrollWidth") > width
        found[name] = ["the page"] * wide + page.evaluate(SIDEWAYS)
    context.close()
    return {name: what for name, what in found.items() if what}


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_scrolls_sideways_on_a_phone(browser: Any, handbook_site: Any, width: int) -> None:
    assert sideways(browser, handbook_site, PAGES, width) == {}


@pytest.mark.full
@pytest.mark.parametrize("width", [320, 390])
def test_no_page_at_all_scrolls_sideways_on_a_phone(browser: Any, handbook_site: Any, width: int) -> None:
    assert sideways(browser, handbook_site, all_pages(handbook_site), width) == {}


def test_the_first_screen_of_a_chapter_holds_its_key_points(browser: Any, handbook_site: Any) -> None:
    """At least the heading and the first point, above the way to the emergencies."""
    chapters = [
        name for name in all_pages(handbook_site) if "key-points" in Path(handbook_site.root, name).read_text("utf-8")
    ]
    assert len(chapters) > 20
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    below = []
    for name in chapters:
        page.goto(f"{handbook_site.url}/{name}")
        point, bar = page.locator(".key-points li").first.bounding_box(), page.locator(".emergency").bounding_box()
        if point["y"] + point["height"] > bar["y"]:
            below.append(name)
    context.close()
    assert below == []


def test_a_row_on_a_phone_keeps_name_rule_and_action_together_and_labelled(browser: Any, handbook_site: Any) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{handbook_site.url}/contraindications-and-precautions.html")
    row = page.locator("table.clinic-table tbody tr").first
    heading, action = row.locator("th"), row.locator("td").first
    assert heading.bounding_box()["y"] < action.bounding_box()["y"]
    assert action.evaluate("cell => getComputedStyle(cell, '::before').content") == '"What to do"'
    context.close()


def test_folds_print_open(browser: Any, handbook_site: Any) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{handbook_site.url}/contraindications-in-detail.html")
    body = page.locator("details.clinic-fold").first.locator("dl, p, ul").first
    assert not body.is_visible()
    page.emulate_media(media="print")
    assert body.is_visible()
    context.close()


def test_answers_open_without_a_script_and_print_in_the_key_alone(browser: Any, handbook_site: Any) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{handbook_site.url}/self-check-technique.html")
    answer = page.locator("section.clinic-card details.clinic-screen-only").first
    assert not answer.locator("p").first.is_visible()
    answer.locator("summary").click()
    assert answer.locator("p").first.is_visible()
    key = page.locator("table.clinic-self-check-key")
    assert not key.is_visible()
    page.emulate_media(media="print")
    assert not answer.is_visible()
    assert key.is_visible()
    context.close()
