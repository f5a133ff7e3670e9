"""A browser that lets a page store nothing shows the handbook with all it can do, and no script stops half-way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

# As browsers do it that block all site data.
BLOCKED = """
for (const name of ["localStorage", "sessionStorage", "caches", "indexedDB"]) {
  Object.defineProperty(window, name, {
    configurable: true,
    get() { throw new DOMException("Access is denied for this document.", "SecurityError"); },
  });
}
"""


@pytest.fixture
def reader(browser: Any) -> Iterator[tuple[Any, list[str]]]:
    """A page without storage, and what its scripts complained of."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page, errors = context.new_page(), []
    page.add_init_script(BLOCKED)
    page.on("pageerror", lambda error: errors.append(error.stack or str(error)))
    yield page, errors
    context.close()


def test_search_finds_records_and_pages(reader: tuple[Any, list[str]], handbook_site: Any) -> None:
    page, errors = reader
    page.goto(f"{handbook_site.url}search.html?q=haematoma")
    expect(page.locator("#search-results li .context").first).to_be_visible()
    assert page.locator("ol.clinic-hits > li").count() > 0
    page.locator("#search-results li a").first.click()
    page.wait_for_load_state()
    assert errors == []


def test_colours_change_until_the_page_is_left(reader: tuple[Any, list[str]], handbook_site: Any) -> None:
    page, errors = reader
    page.goto(f"{handbook_site.url}technique.html")
    assert page.evaluate("document.body.dataset.theme") == "auto"
    page.locator(".theme-toggle:visible").first.click()
    assert page.evaluate("document.body.dataset.theme") in ("light", "dark")
    assert errors == []


def test_the_switch_of_the_copy_says_that_nothing_is_saved(reader: tuple[Any, list[str]], handbook_site: Any) -> None:
    page, errors = reader
    page.clock.install()
    page.goto(f"{handbook_site.url}about.html")
    page.clock.fast_forward(4000)
    expect(page.locator("#offline-copy [role=status]")).to_have_text("This browser saves no copy of this site.")
    expect(page.locator("#offline-copy button")).to_be_hidden()
    assert errors == []


def test_a_storage_that_works_is_left_alone(page: Any, handbook_site: Any) -> None:
    page.goto(f"{handbook_site.url}about.html")
    page.locator(".theme-toggle:visible").first.click()
    chosen = page.evaluate("document.body.dataset.theme")
    page.goto(f"{handbook_site.url}technique.html")
    assert page.evaluate("document.body.dataset.theme") == chosen != "auto"
