"""Three releases and a draft as a reader meets them: from a folder, from a server, on a phone, without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.slow
OLD = "0.1.0/deep/page.html"


@pytest.fixture(params=["folder", "server"])
def base(request: pytest.FixtureRequest, published: Any, serve: Callable[..., Any]) -> str:
    """The site's address: as a folder, and below a path of a server."""
    if request.param == "folder":
        return f"{published.site.as_uri()}/"
    return f"{serve(published.site.parent).url}site/"


@pytest.fixture
def served(published: Any, serve: Callable[..., Any]) -> str:
    return serve(published.site).url


@pytest.fixture
def without_scripts(browser: Any) -> Iterator[Any]:
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_the_root_leads_to_the_current_release(without_scripts: Any, base: str) -> None:
    without_scripts.goto(f"{base}index.html")
    without_scripts.wait_for_url(f"{base}stable/index.html")
    assert "Code: third code." in without_scripts.inner_text("article")


def test_the_menu_leads_through_every_version_of_a_page(without_scripts: Any, base: str) -> None:
    page = without_scripts
    page.goto(f"{base}stable/deep/page.html")
    for name, folder in (
        ("0.1.0 (superseded)", "0.1.0"), ("0.2.0 (superseded)", "0.2.0"), ("0.3.0 (current)", "0.3.0"),
        ("Unreleased draft", "latest"),
    ):  # fmt: skip
        page.click(".clinic-versions summary")
        page.click(f".clinic-versions a:text-is('{name}')")
        page.wait_for_url(f"{base}{folder}/deep/page.html")
        assert page.inner_text("h1").startswith("A page in a folder")
        assert page.locator(".clinic-versions [aria-current=page]").all_text_contents() == [name]


def test_the_banner_leads_to_the_same_page_of_the_current_release(without_scripts: Any, base: str) -> None:
    page = without_scripts
    for folder, words in (("0.1.0", "Superseded on 2026-02-20"), ("0.2.0", "Superseded on 2026-03-30"),
                          ("latest", "Unreleased draft")):  # fmt: skip
        page.goto(f"{base}{folder}/deep/page.html")
        banner = page.locator(".clinic-version-banner")
        assert words in banner.inner_text()
        banner.get_by_role("link").click()
        page.wait_for_url(f"{base}stable/deep/page.html")
        assert page.locator(".clinic-version-banner").count() == 0


def test_a_page_that_is_gone_leads_to_the_start(without_scripts: Any, base: str) -> None:
    without_scripts.goto(f"{base}0.2.0/gone.html")
    banner = without_scripts.locator(".clinic-version-banner")
    assert "This page is not in the current version." in banner.inner_text()
    banner.get_by_role("link").click()
    without_scripts.wait_for_url(f"{base}stable/index.html")


def test_every_link_that_was_added_leads_somewhere(published: Any, page: Any, base: str) -> None:
    checked = set()
    pages = [path for path in published.site.glob("*/**/*.html") if "_static" not in path.parts]
    for path in pages:
        page.goto(f"{base}{path.relative_to(published.site).as_posix()}")
        found = page.eval_on_selector_all(
            ".clinic-versions a, .clinic-version-banner a, link[href*='versions.css']",
            "all => all.map(one => one.href)",
        )
        assert len(found) >= 6, path
        for address in found:
            assert address.startswith(base)
            assert (published.site / re.split("[?]", address.removeprefix(base))[0]).is_file(), address
            checked.add(address)
    assert len(pages) > 25 and len(checked) > len(pages)


def test_the_pdf_of_each_version_is_in_its_menu(published: Any, page: Any, base: str) -> None:
    for folder in ("0.1.0", "0.2.0", "0.3.0", "latest", "stable"):
        page.goto(f"{base}{folder}/deep/page.html")
        [address] = page.eval_on_selector_all(".clinic-versions a[href$='.pdf']", "all => all.map(one => one.href)")
        assert address == f"{base}{folder}/little-handbook.pdf"


def test_search_engines_are_led_to_the_current_release(page: Any, base: str) -> None:
    for folder in ("0.1.0", "0.2.0", "0.3.0", "latest", "stable"):
        page.goto(f"{base}{folder}/deep/page.html")
        canonical = page.eval_on_selector_all("link[rel=canonical]", "all => all.map(one => one.href)")
        assert canonical == ["https://handbook.example/sub/stable/deep/page.html"]
        robots = page.eval_on_selector_all("meta[name=robots]", "all => all.map(one => one.content)")
        assert robots == ([] if folder in ("0.3.0", "stable") else ["noindex"])


def test_search_works_from_a_folder_and_from_a_server(page: Any, base: str) -> None:
    page.goto(f"{base}0.1.0/search.html?q=handbook")
    page.wait_for_selector("#search-results li a")
    assert page.locator(".clinic-version-banner").is_visible()


def test_the_skip_link_is_still_first(page: Any, served: str) -> None:
    page.goto(served + OLD)
    page.keyboard.press("Tab")
    assert "skip-to-content" in page.evaluate("document.activeElement.className")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.clinic-version-banner') !== null")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", [OLD, "latest/index.html", "stable/index.html"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_in_what_was_added(browser: Any, served: str, name: str, scheme: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)
    page = context.new_page()
    page.goto(served + name)
    page.eval_on_selector(".clinic-versions details", "menu => menu.open = true")
    if width == 390:
        page.click("label.nav-overlay-icon")
    ours = {"include": [[".clinic-versions"], *([[".clinic-version-banner"]] if name != "stable/index.html" else [])]}
    response = Axe().run(page, context=ours).response
    context.close()
    assert response["passes"]
    assert [(violation["id"], violation["nodes"][0]["html"]) for violation in response["violations"]] == []


def test_the_banner_follows_the_readers_choice_of_light_and_dark(browser: Any, served: str) -> None:
    def colour(page: Any) -> str:
        return page.eval_on_selector(".clinic-version-banner", "box => getComputedStyle(box).backgroundColor")

    seen = {}
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)
        page = context.new_page()
        page.goto(served + OLD)
        seen[scheme] = colour(page)
        other = "dark" if scheme == "light" else "light"
        page.evaluate(f"document.body.dataset.theme = '{other}'")
        seen[f"{scheme}, chosen {other}"] = colour(page)
        context.close()
    assert seen["light"] != seen["dark"]
    assert seen["light, chosen dark"] == seen["dark"]
    assert seen["dark, chosen light"] == seen["light"]


def test_on_a_phone_the_menu_is_in_the_drawer_and_nothing_scrolls_sideways(browser: Any, served: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 700})
    page = context.new_page()
    page.goto(served + OLD)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert page.locator(".clinic-version-banner").bounding_box()["height"] < 140
    menu = page.locator(".clinic-versions summary")
    assert menu.bounding_box()["x"] < 0, "out of the way until it is asked for"
    page.click("label.nav-overlay-icon")
    page.wait_for_function("document.querySelector('.clinic-versions').getBoundingClientRect().x >= 0")
    menu.click()
    page.click(".clinic-versions a:text-is('0.3.0 (current)')")
    page.wait_for_url(f"{served}0.3.0/deep/page.html")
    context.close()


def test_on_a_desktop_the_menu_is_seen_when_a_page_opens(browser: Any, served: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.goto(served + OLD)
    box = page.locator(".clinic-versions summary").bounding_box()
    assert 0 <= box["y"] and box["y"] + box["height"] <= 720
    context.close()


def test_on_paper_the_banner_stays_and_the_menu_goes(page: Any, served: str) -> None:
    page.goto(served + OLD)
    page.emulate_media(media="print")
    assert page.locator(".clinic-version-banner").is_visible()
    assert not page.locator(".clinic-versions").is_visible()
