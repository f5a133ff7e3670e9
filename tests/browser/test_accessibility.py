"""Pages as people with any device and any sight meet them: no accessibility violation, nothing that scrolls sideways."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

PAGES = [
    "index.html", "when-something-goes-wrong.html", "screening-before-treatment.html",
    "contraindications-and-precautions.html", "contraindications-in-detail.html", "hazards-by-region.html",
    "is-it-safe.html", "adverse-events.html", "consent.html", "hygiene-and-sharps.html", "before-you-adopt.html",
    "start-here.html", "technique.html", "muscle-by-muscle.html", "what-to-expect.html", "findings-in-detail.html",
    "glossary.html", "claim-by-claim.html", "where-sources-disagree.html", "about.html", "what-changed.html", "reviews.html", "bibliography.html", "genindex.html", "clinic-records.html", "search.html",
]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(browser: Any, handbook_site: Any, name: str, scheme: str) -> None:
    context = browser.new_context(
        viewport={"width": 390 if scheme == "dark" else 1280, "height": 844}, color_scheme=scheme
    )
    page = context.new_page()
    page.goto(f"{handbook_site.url}/{name}")
    results = Axe().run(page)
    found = [
        (violation["id"], node["target"], node["html"][:200])
        for violation in results.response["violations"]
        for node in violation["nodes"][:3]
    ]
    context.close()
    assert found == []


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_scrolls_sideways_on_a_phone(browser: Any, handbook_site: Any, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    wide = []
    for name in PAGES:
        page.goto(f"{handbook_site.url}/{name}")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(name)
    context.close()
    assert wide == []


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


def test_the_handbook_asks_no_other_host_for_anything(browser: Any, handbook_site: Any) -> None:
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for name in PAGES[:5]:
        page.goto(f"{handbook_site.url}/{name}")
    assert asked
    assert [url for url in asked if not url.startswith((handbook_site.url, "data:"))] == []
    context.close()
