"""Large text, strong enlargement, thick fingers, no motion, colours of one's own: nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest

PAGES = [
    "index.html", "when-something-goes-wrong.html", "contraindications-and-precautions.html", "hazards-by-region.html",
    "contraindications-in-detail.html", "is-it-safe.html", "is-my-copy-current.html", "technique.html", "search.html",
    "genindex.html", "clinic-records.html", "records.html", "sheets/read-and-sign.html",
]  # fmt: skip
# Words that stick out of the screen, or are cut off by the box they are in.
LOST = """
() => [...document.querySelectorAll("article *, .emergency *, .announcement *, .mobile-header *")].filter(e => {
  if (!e.checkVisibility({ visibilityProperty: true }) || e.closest("pre, thead, svg")) return false;
  const box = e.getBoundingClientRect();
  const cut = getComputedStyle(e).overflow === "hidden" && e.scrollHeight > e.clientHeight + 2 && e.clientHeight > 1;
  return (box.width > 1 && box.right > innerWidth + 1) || cut;
}).map(e => e.outerHTML.slice(0, 120)).slice(0, 3)
"""
# Links and controls under 24 px. A link within a sentence may be as high as its line, and one that has its like on the
# page, large enough, may be small (WCAG 2.2, 2.5.8).
SMALL = """
() => {
  const size = e => { const box = e.getBoundingClientRect(); return Math.min(box.width, box.height); };
  const all = [...document.querySelectorAll("a[href], button, input:not(.sidebar-toggle), summary, label[for], select")]
    .filter(e => e.checkVisibility({ visibilityProperty: true }) && !e.classList.contains("sd-stretched-link"));
  const large = new Set(all.filter(e => e.href && size(e) >= 23.9).map(e => e.href));
  return all.filter(e => {
    const block = e.closest("p, li, dd, dt, td, th, figcaption, h1, h2, h3, h4");
    const within = block && block.textContent.trim().length > e.textContent.trim().length + 3;
    const like = e.closest("svg, details") && (large.has(e.href?.baseVal ? new URL(e.href.baseVal, location).href : e.href));
    return size(e) < 23.9 && size(e) > 0 && !within && !like;
  }).map(e => `${size(e)} ${e.outerHTML.slice(0, 100)}`);
}
"""
# What one taps at the couch.
PRIMARY = (
    ".emergency a, summary, .mobile-header label, .mobile-header button, .sd-card, .letters a, .clinic-check button"
)


@pytest.mark.parametrize("name", PAGES)
def test_targets_are_large_enough(browser: Any, handbook_site: Any, name: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{handbook_site.url}/{name}")
    page.locator("details").evaluate_all("all => all.forEach(fold => fold.open = true)")
    small = page.evaluate(SMALL)
    low = page.locator(PRIMARY).evaluate_all(
        "all => all.filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.9).map(e => e.outerHTML)"
    )
    context.close()
    assert small == []
    assert low == []


@pytest.mark.parametrize("name", PAGES)
def test_text_of_twice_the_size_and_wide_spacing_loses_nothing(browser: Any, handbook_site: Any, name: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 1024})
    page = context.new_page()
    # As a browser's own setting does it: what a page asks of the width is counted in larger letters too.
    context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    page.goto(f"{handbook_site.url}/{name}")
    assert page.evaluate("getComputedStyle(document.querySelector('article')).fontSize") == "32px"
    large = page.evaluate(LOST)
    page.add_style_tag(content="* { line-height: 1.5 !important; letter-spacing: .12em; word-spacing: .16em; }")
    spaced = page.evaluate(LOST)
    context.close()
    assert large == []
    assert spaced == []


@pytest.mark.parametrize("name", PAGES)
def test_four_times_the_size_loses_nothing_and_leaves_room_to_read(browser: Any, handbook_site: Any, name: str) -> None:
    """1280 by 1024 pixels enlarged four times are 320 by 256."""
    context = browser.new_context(viewport={"width": 320, "height": 256})
    page = context.new_page()
    page.goto(f"{handbook_site.url}/{name}")
    lost = page.evaluate(LOST)
    page.evaluate("scrollTo(0, 600)")
    fixed = page.locator(".mobile-header, .emergency").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect()).filter(b => b.bottom > 0 && b.top < innerHeight)"
        ".reduce((sum, b) => sum + b.height, 0)"
    )
    context.close()
    assert lost == []
    assert fixed <= 256 / 4


def test_nothing_moves_for_who_wants_no_motion(browser: Any, handbook_site: Any) -> None:
    context = browser.new_context(reduced_motion="reduce", viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{handbook_site.url}/contraindications-in-detail.html")
    moving = page.locator("html, body, body *").evaluate_all(
        "all => all.filter(e => { const s = getComputedStyle(e); return s.scrollBehavior === 'smooth'"
        " || /[1-9]/.test(s.transitionDuration) || (s.animationName !== 'none' && /[1-9]/.test(s.animationDuration)); })"
        ".map(e => e.outerHTML.slice(0, 80))"
    )
    context.close()
    assert moving == []


def test_colours_of_ones_own_keep_borders_levels_and_pictures(browser: Any, handbook_site: Any) -> None:
    context = browser.new_context(forced_colors="active", color_scheme="dark", viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{handbook_site.url}/contraindications-and-precautions.html")
    edges = ".clinic-badge, .emergency, table.clinic-table tbody tr"
    flat = page.locator(edges).evaluate_all(
        "all => all.filter(e => getComputedStyle(e).borderTopStyle === 'none').length"
    )
    assert flat == 0
    page.goto(f"{handbook_site.url}/hazards-by-region.html")
    drawing = page.locator("svg.clinic-drawing").first
    # A drawing that keeps its own colours keeps the ground they were chosen for.
    assert drawing.evaluate("svg => getComputedStyle(svg.querySelector('text')).forcedColorAdjust") == "none"
    assert drawing.evaluate("svg => getComputedStyle(svg).backgroundColor") not in ("rgba(0, 0, 0, 0)", "transparent")
    context.close()


def test_nothing_lies_on_the_heading_one_has_scrolled_back_to(browser: Any, handbook_site: Any) -> None:
    """Furo shows a button over the text as soon as one scrolls up."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{handbook_site.url}/contraindications-in-detail.html")
    page.mouse.wheel(0, 3000)
    page.wait_for_timeout(200)
    page.mouse.wheel(0, -300)
    page.wait_for_timeout(200)
    assert not page.locator(".back-to-top").is_visible()
    context.close()


def test_notice_and_title_are_whole_with_a_phones_largest_letters(browser: Any, handbook_site: Any) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    page.goto(f"{handbook_site.url}/when-something-goes-wrong.html")
    notice, words = (page.locator(each).bounding_box() for each in (".announcement", ".announcement-content"))
    assert words["y"] >= notice["y"] >= 0 and words["height"] <= notice["height"]
    header, title = (page.locator(each).bounding_box() for each in (".mobile-header", ".mobile-header .brand"))
    assert header["y"] >= notice["y"] + notice["height"] - 1
    assert header["y"] <= title["y"] and title["y"] + title["height"] <= header["y"] + header["height"]
    context.close()
