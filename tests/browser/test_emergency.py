"""The way to the emergencies is in view on every page, wherever one has scrolled to, and one tap away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

HERE = "when-something-goes-wrong.html"


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_it_is_in_view_large_enough_and_leads_to_the_emergencies(browser: Any, handbook_site: Any, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 640})
    page = context.new_page()
    for name in ("index.html", "technique.html", "search.html", "genindex.html", "clinic-records.html"):
        page.goto(f"{handbook_site.url}/{name}")
        page.evaluate("window.scrollTo(0, document.body.scrollHeight / 2)")
        box = page.get_by_role("link", name="If something goes wrong", exact=True).bounding_box()
        assert box["y"] >= 0 and box["y"] + box["height"] <= 640
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
        assert box["height"] >= 44
    page.get_by_role("link", name="If something goes wrong", exact=True).click()
    assert page.url.endswith(HERE)
    context.close()


def test_every_page_has_it(handbook_site: Any) -> None:
    pages = [path.relative_to(handbook_site.root) for path in sorted(Path(handbook_site.root).rglob("*.html"))]
    without = [
        page.as_posix()
        for page in pages
        if page.parts[0] != "_static" and 'class="emergency"' not in Path(handbook_site.root, page).read_text("utf-8")
    ]
    assert without == []


def test_from_an_emergency_it_leads_back_to_the_list_of_them(browser: Any, handbook_site: Any) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{handbook_site.url}{HERE}#incident-bent-needle")
    page.get_by_role("link", name="If something goes wrong", exact=True).click()
    page.wait_for_function("scrollY === 0")
    first = page.locator("article a[href='#incident-suspected-pneumothorax']").first.bounding_box()
    context.close()
    assert first["y"] + first["height"] < 844


def test_it_hides_no_words_at_the_end_of_a_page(browser: Any, handbook_site: Any) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 640})
    page = context.new_page()
    page.goto(f"{handbook_site.url}/about.html")
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    footer, control = page.locator("footer").last.bounding_box(), page.locator(".emergency").bounding_box()
    assert footer["y"] + footer["height"] <= control["y"] + 1
    context.close()


def test_paper_does_not_show_it(browser: Any, handbook_site: Any) -> None:
    page = browser.new_page()
    page.goto(f"{handbook_site.url}/about.html")
    page.emulate_media(media="print")
    assert not page.locator(".emergency").is_visible()
    page.close()
