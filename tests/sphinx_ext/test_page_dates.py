"""Owner and dates of a page: shown at its foot, checked, and overdue with the records."""

from __future__ import annotations

from typing import Any

import lxml.html
import pytest

FRONT = "---\nowner: evidence lead\nwritten: 2026-01-01\nreview_by: 2027-01-01\n---\n"
PAGE = FRONT + "# Page\n\nText.\n\n## Section\n\nMore.\n"


def test_a_page_says_who_looks_after_it_before_its_sections(small_project: Any, build_project: Any) -> None:
    page = lxml.html.fromstring(build_project(small_project(PAGE)).read("index.html"))
    (foot,) = page.xpath("//p[contains(@class, 'clinic-page-dates')]")
    assert foot.text_content() == "Page owner: evidence lead. Written 2026-01-01. Review by 2027-01-01."
    assert foot.xpath("./time/text()") == ["2026-01-01", "2027-01-01"]
    assert foot.getparent().xpath("./h1") and foot.getnext().xpath("./h2")
    assert page.xpath("//script[contains(@src, 'review.js')]")


@pytest.mark.parametrize(("day", "late"), [("2027-01-01", False), ("2027-01-02", True)])
def test_an_overdue_page_says_so(small_project: Any, build_project: Any, day: str, late: bool) -> None:
    build = build_project(small_project(PAGE, f'clinic_as_of = "{day}"\n'))
    assert ("1 entry on this page was to be reviewed by 2027-01-01." in build.read("index.html")) is late


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("owner: evidence lead\n", ""), "the page's front matter lacks: owner; add it beside the others"),
        (("2027-01-01", "soon"), "'soon' is not a date; write review_by as year-month-day, for example 2026-11-22"),
        (("2027-01-01", "2025-01-01"), "the review is not after 'written'; write the later date"),
        (("2027-01-01", "2029-01-02"), "2029-01-02 is more than 36 months after it was written; write 2029-01-01 or"),
    ],
)
def test_what_cannot_be_is_said_with_the_way_out(
    small_project: Any, build_project: Any, change: tuple[str, str], message: str
) -> None:
    build = build_project(small_project(PAGE.replace(*change)))
    assert f"WARNING: {message}" in build.warnings
    assert "Page owner" not in build.read("index.html")


def test_a_page_without_dates_is_left_as_it_is(small_project: Any, build_project: Any) -> None:
    assert "clinic-page-dates" not in build_project(small_project("# Page\n\nText.\n")).read("index.html")


def test_every_page_of_the_handbook_has_an_owner_and_dates(handbook_site: Any) -> None:
    made = {"genindex", "search", "clinic-records"}
    pages = [page for page in handbook_site.root.glob("*.html") if page.stem not in made]
    assert len(pages) > 30
    assert [page.name for page in pages if "clinic-page-dates" not in page.read_text("utf-8")] == []
