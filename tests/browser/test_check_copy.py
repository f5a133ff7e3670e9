"""Is my copy current? The page answers for a code that is typed or stands in the address, and without scripts by its list."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

PAGE = "is-my-copy-current.html"


@pytest.fixture(params=["served", "file"])
def address(request: pytest.FixtureRequest, handbook_site: Any) -> str:
    base = handbook_site.url if request.param == "served" else handbook_site.root.as_uri()
    return f"{base}/{PAGE}"


def codes(page: Any) -> tuple[str, str]:
    """A code that is current and one that is superseded."""
    current = page.locator("table.clinic-code-list tbody tr:nth-child(3) td:nth-of-type(1) code").inner_text()
    superseded = page.locator("table.clinic-code-list td:nth-of-type(2) code").first.inner_text()
    return current, superseded


def test_a_typed_code_is_answered(page: Any, address: str) -> None:
    page.goto(address)
    current, superseded = codes(page)
    box, answer = page.get_by_label("Code on your copy"), page.get_by_role("status")
    box.fill(current.lower().replace("-", " "))
    box.press("Enter")
    assert answer.inner_text().startswith("Current: ")
    box.fill(page.locator("table.clinic-copy-marks code").first.inner_text())
    box.press("Enter")
    assert answer.inner_text().startswith("Current: ")
    box.fill(superseded)
    page.get_by_role("button", name="Check").click()
    assert re.match(r"Superseded: .* Do not use this copy\.", answer.inner_text().replace("\n", " "))
    assert "0.1.0" in answer.inner_text()
    box.fill("ZZZZ-ZZZZ")
    box.press("Enter")
    assert answer.inner_text().startswith("Not ours")
    box.fill("12")
    box.press("Enter")
    assert "eight letters and digits" in answer.inner_text()
    assert page.locator("[id]").evaluate_all("all => all.length === new Set(all.map(e => e.id)).size")


def test_a_code_in_the_address_is_answered(page: Any, address: str) -> None:
    page.goto(address)
    current, _ = codes(page)
    page.goto(f"{address}#{current}")
    page.reload()
    expect(page.get_by_role("status")).to_have_text(re.compile("^Current: "))
    expect(page.get_by_role("status")).to_be_in_viewport()


def test_on_a_phone_the_box_is_in_the_first_screen(browser: Any, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(address)
    button, bar = page.get_by_role("button", name="Check").bounding_box(), page.locator(".emergency").bounding_box()
    assert button["y"] + button["height"] < bar["y"]
    context.close()


def test_without_scripts_the_list_says_the_same(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    current, superseded = codes(page)
    page.goto(f"{address}#{superseded}")
    assert page.locator(f"[id='{superseded}']").count() == 1
    assert page.locator(f"[id='{current}']").count() == 1
    assert page.locator("form.clinic-check").count() == 0
    context.close()
