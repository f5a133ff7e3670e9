"""The couch cards of the real handbook: one leaf for each region of the body, with all rows, to be read at the couch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from clinic_snippets.library import Library
from clinic_snippets.reading.page_calls import SnippetCall, page_calls
from clinic_snippets.records import Region

SMALLEST = 9.0
CARD = [
    ("couch-precautions", "contraindication"), ("couch-structures", ""), ("couch-precautions", "precaution"),
    ("couch-incidents", ""),
]  # fmt: skip


@pytest.fixture(scope="module")
def regions(handbook_library: Library) -> list[str]:
    """The regions that lie in no other."""
    return [region.id for region in handbook_library.of(Region) if region.within is None]


def test_every_region_has_a_card_with_all_its_tables(repository: Path, regions: list[str]) -> None:
    assert {path.stem for path in (repository / "source/sheets").glob("couch-card-*.md")} == {
        f"couch-card-{region}" for region in regions
    }
    for region in regions:
        text = (repository / f"source/sheets/couch-card-{region}.md").read_text("utf-8")
        calls = [call for call in page_calls(text) if isinstance(call, SnippetCall)]
        options = [dict(call.options) for call in calls]
        assert [(c.snippet, o.get("level", "")) for c, o in zip(calls, options, strict=True)][: len(CARD)] == CARD
        assert [o.get("region", region) for o in options] == [region] * len(options)


def test_a_card_is_one_leaf_with_all_that_a_copy_must_say(
    handbook_pdf: Path, regions: list[str], letter_sizes: Any
) -> None:
    for region in regions:
        path = handbook_pdf.parent / f"sheets/couch-card-{region}.pdf"
        pdf = pypdfium2.PdfDocument(path)
        assert len(pdf) == 1
        width, height = pdf[0].get_size()
        assert (round(width), round(height)) == (595, 842)
        words = " ".join(pdf[0].get_textpage().get_text_range().split())
        for said in ("Draft, not clinically signed off.", "Uncontrolled when printed.", "Do not use after 2027-11-22."):
            assert said in words
        assert min(letter_sizes(path)) >= SMALLEST


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone_the_level_stays_in_view_above_each_row(browser: Any, handbook_site: Any, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 700})
    page = context.new_page()
    page.goto(f"{handbook_site.url}sheets/couch-card-thorax.html")
    for table in page.locator("article table.clinic-table").all():
        for row in (table.locator("tbody tr").first, table.locator("tbody tr").last):
            # As a finger does it: the row comes to the middle of the screen.
            row.evaluate("row => scrollBy(0, row.getBoundingClientRect().top - 200)")
            heading = table.locator("thead th").first
            box = heading.bounding_box()
            assert box["height"] > 10
            assert 0 <= box["y"] < row.bounding_box()["y"]
            on_top = heading.evaluate(
                "(e, [x, y]) => e.contains(document.elementFromPoint(x, y))",
                [box["x"] + 20, box["y"] + box["height"] / 2],
            )
            assert on_top, heading.inner_text()
    context.close()
