"""Everything can be reached and worked with a keyboard, and one sees where one is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

# Notes every control that is to be seen, so that a walk can tell which it missed. A drawer's box has no look of its own.
EXPECTED = """
() => {
  const controls = document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']");
  window.missed = new Set([...controls].filter(e => e.checkVisibility({ visibilityProperty: true }) && !e.disabled));
  return missed.size;
}
"""
# Says what has the focus; "faults" are no mark of it, or something that lies over all of it.
HERE = """
() => {
  const e = document.activeElement;
  if (e === document.body) return null;
  missed.delete(e);
  const marks = [e, ...(e.labels || []), e.closest(".sd-card")].filter(Boolean);
  if (e.type === "checkbox") marks.push(...document.querySelectorAll(`label[for="${e.id}"]`));
  const shown = [e, ...e.querySelectorAll("*")].some(part => getComputedStyle(part).stroke !== "none" && e.closest("svg"))
    || marks.some(m => getComputedStyle(m).outlineStyle !== "none" && parseFloat(getComputedStyle(m).outlineWidth) >= 2);
  const faults = shown ? [] : ["no mark"];
  const box = e.getBoundingClientRect();
  if (e.type !== "checkbox" && box.width > 1 && !e.classList.contains("sd-stretched-link")) {
    const points = [[.5, .5], [.1, .2], [.9, .2], [.1, .8], [.9, .8]];
    const seen = points.some(([x, y]) => {
      const top = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
      return top && (e.contains(top) || top.contains(e));
    });
    if (!seen) faults.push("hidden");
  }
  return { what: e.outerHTML.slice(0, 90), faults };
}
"""
PAGES = [
    "index.html", "about.html", "contraindications-in-detail.html", "hazards-by-region.html", "is-it-safe.html",
    "search.html", "when-something-goes-wrong.html",
]  # fmt: skip
LONG = {"contraindications-in-detail.html", "hazards-by-region.html"}


@pytest.fixture
def phone(browser: Any) -> Iterator[Any]:
    """A page as wide as a phone."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def walk(page: Any) -> tuple[list[str], list[str]]:
    """Press the tabulator until all controls had the focus; return faults met, and controls missed."""
    # A fold that is closed hides what is in it; open, everything is on the way.
    page.locator("details").evaluate_all("all => all.forEach(fold => fold.open = true)")
    count, faults = page.evaluate(EXPECTED), []
    assert count > 5
    for _ in range(count + 20):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here is None:
            break
        faults += [f"{fault}: {here['what']}" for fault in here["faults"]]
    return faults, page.evaluate("[...missed].map(e => e.outerHTML.slice(0, 120))")


@pytest.mark.parametrize(
    ("name", "width"),
    [(name, 390) for name in PAGES]
    + [pytest.param(name, 1280, marks=[pytest.mark.full] if name in LONG else []) for name in PAGES],
)
def test_a_walk_meets_every_control_and_shows_where_it_is(
    browser: Any, handbook_site: Any, name: str, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{handbook_site.url}/{name}")
    faults, missed = walk(page)
    context.close()
    assert faults[:5] == []
    assert missed[:5] == []


def test_the_first_words_of_the_page_are_one_key_away(page: Any, handbook_site: Any) -> None:
    page.goto(f"{handbook_site.url}/about.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Skip to content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('article') !== null")


@pytest.mark.parametrize(("box", "drawer"), [("#__navigation", ".sidebar-drawer"), ("#__toc", ".toc-drawer")])
def test_drawers_open_and_close_by_keyboard(phone: Any, handbook_site: Any, box: str, drawer: str) -> None:
    phone.goto(f"{handbook_site.url}/hazards-by-region.html")
    link = phone.locator(f"{drawer} a").nth(2)
    assert not link.is_visible()
    phone.focus(box)
    phone.keyboard.press("Space")
    assert link.is_visible()
    assert link.bounding_box()["x"] >= 0
    phone.keyboard.press("Escape")
    assert not link.is_visible()


def test_a_drawer_closes_when_the_walk_goes_on_behind_it(phone: Any, handbook_site: Any) -> None:
    phone.goto(f"{handbook_site.url}/hazards-by-region.html")
    phone.focus("#__navigation")
    phone.keyboard.press("Space")
    phone.locator("article p a").first.focus()
    assert not phone.locator(".sidebar-drawer a").first.is_visible()


def test_folds_colours_and_the_way_to_the_emergencies_work_by_keyboard(page: Any, handbook_site: Any) -> None:
    page.goto(f"{handbook_site.url}/contraindications-in-detail.html")
    fold = page.locator("details.clinic-fold").first
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    assert fold.get_attribute("open") is not None
    page.locator(".theme-toggle:visible").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.body.dataset.theme") != "auto"
    page.get_by_role("link", name="If something goes wrong", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/when-something-goes-wrong.html")
