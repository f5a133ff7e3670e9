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


def test_every_page_has_it_but_the_one_it_leads_to(handbook_site: Any) -> None:
    pages = sorted(Path(handbook_site.root).glob("*.html"))
    without = [page.name for page in pages if 'class="emergency"' not in page.read_text("utf-8")]
    assert without == [HERE]


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
