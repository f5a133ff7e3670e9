"""Any page prints well: everything is on the paper, nothing that only a screen can use, and tables can be read on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pypdfium2
import pytest


@pytest.fixture(scope="module")
def printed(browser: Any, handbook_site: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A function that prints a page on A4 from a screen in dark colours, and returns it as a PDF."""
    folder, context = tmp_path_factory.mktemp("print"), browser.new_context(color_scheme="dark")
    page = context.new_page()

    def sheet(name: str) -> pypdfium2.PdfDocument:
        target = folder / f"{Path(name).stem}.pdf"
        if not target.exists():
            page.goto(f"{handbook_site.url}/{name}")
            page.pdf(path=target, format="A4", margin=dict.fromkeys(("top", "right", "bottom", "left"), "15mm"))
        return pypdfium2.PdfDocument(target)

    yield sheet
    context.close()


def texts(sheet: pypdfium2.PdfDocument) -> list[str]:
    """Return the text of each sheet, blanks made single."""
    pages = (sheet[number].get_textpage().get_text_range() for number in range(len(sheet)))
    return [re.sub(r"[\s￾]+", " ", text) for text in pages]


def test_folds_are_open_on_paper(printed: Any, browser: Any, handbook_site: Any) -> None:
    page = browser.new_page()
    page.goto(f"{handbook_site.url}/contraindications-in-detail.html")
    folded = page.locator("details.clinic-fold :is(p, dd)").all_text_contents()
    page.close()
    words = {" ".join(text.split()[:6]) for text in folded if len(text.split()) >= 6}
    text = " ".join(texts(printed("contraindications-in-detail.html")))
    assert len(words) > 20
    # Words may be torn at the end of a line; nearly all are whole.
    assert sum(some in text for some in words) > 0.8 * len(words)


def test_a_long_table_repeats_its_header_on_each_sheet(printed: Any) -> None:
    sheets = texts(printed("contraindications-and-precautions.html"))
    assert len(sheets) > 5
    assert [sheet[:80] for sheet in sheets[1:] if "What to do Why Sources" not in sheet] == []


@pytest.mark.parametrize(
    "name", ["contraindications-and-precautions.html", "claim-by-claim.html", "adverse-events.html"]
)
def test_a_header_row_never_ends_a_sheet(printed: Any, browser: Any, handbook_site: Any, name: str) -> None:
    page = browser.new_page()
    page.goto(f"{handbook_site.url}/{name}")
    heads = {re.sub(r"[^A-Za-z]", "", text) for text in page.locator("article thead").all_text_contents()}
    page.close()
    sheets = [re.sub(r"[^A-Za-z]", "", text) for text in texts(printed(name))]
    assert heads and any(head in sheet for head in heads for sheet in sheets)
    assert [head for head in heads for sheet in sheets[:-1] if sheet.endswith(head)] == []


# Of those that are one leaf as PDF; the build of the PDF holds them to it.
ONE_LEAF = [
    path.stem
    for path in sorted((Path(__file__).parents[2] / "source/sheets").glob("*.md"))
    if "\nsheet: 1\n" in path.read_text("utf-8")
]


def test_a_sheet_printed_from_its_page_is_one_leaf_too_and_legible(
    browser: Any, handbook_site: Any, tmp_path: Path
) -> None:
    """From a phone in dark colours; nothing is smaller than 9 points."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark")
    page = context.new_page()
    page.emulate_media(media="print")
    leaves, small = {}, {}
    for name in ONE_LEAF:
        page.goto(f"{handbook_site.url}sheets/{name}.html")
        target = tmp_path / f"{name}.pdf"
        page.pdf(path=target, format="A4", prefer_css_page_size=True)
        leaves[name] = len(pypdfium2.PdfDocument(target))
        small[name] = page.locator("article *").evaluate_all(
            "all => all.filter(e => e.checkVisibility() && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())"
            " && parseFloat(getComputedStyle(e).fontSize) * .75 < 9).map(e => e.outerHTML)"
        )
    context.close()
    assert len(ONE_LEAF) > 10
    assert leaves == dict.fromkeys(ONE_LEAF, 1)
    assert small == {name: [] for name in ONE_LEAF}


@pytest.mark.parametrize("name", ["contraindications-and-precautions.html", "hazards-by-region.html"])
def test_a_row_is_on_one_sheet(printed: Any, browser: Any, handbook_site: Any, name: str) -> None:
    """The last words of a cell are on the sheet of the row's first; the second table is in a fold."""
    page = browser.new_page()
    page.goto(f"{handbook_site.url}/{name}")
    rows = [
        (row.locator("th").inner_text().split("\n")[0], row.locator("td").first.inner_text())
        for row in page.locator("table.clinic-table").first.locator("tbody tr").all()
    ]
    page.close()
    sheets = [re.sub(r"[^A-Za-z]", "", text) for text in texts(printed(name))]
    squeezed = [tuple(re.sub(r"[^A-Za-z]", "", part) for part in row) for row in rows]
    torn = [name for name, action in squeezed if not any(name in sheet and action[-30:] in sheet for sheet in sheets)]
    assert len(rows) > 10
    assert torn == []


def test_links_out_of_the_handbook_are_written_out(printed: Any) -> None:
    squeezed = re.sub(r"\s", "", " ".join(texts(printed("bibliography.html"))))
    assert "<https://pubmed.ncbi.nlm.nih.gov/" in squeezed
    # An address that stands there already is not said twice.
    assert not re.search(r"(https?://[^<>\s]+?)<\1>", squeezed)


@pytest.mark.parametrize("name", ["about.html", "hazards-by-region.html", "when-something-goes-wrong.html"])
def test_nothing_is_printed_that_only_a_screen_can_use(printed: Any, name: str) -> None:
    sheets = texts(printed(name))
    text = " ".join(sheets)
    for control in ("Skip to content", "On this page", "Back to top", "Toggle", "Next Previous"):
        assert control not in text
    assert not any("If something goes wrong" in sheet[-60:] for sheet in sheets)
    assert "Draft. Not clinically signed off." in sheets[0]


@pytest.mark.parametrize("name", ["is-it-safe.html", "contraindications-and-precautions.html"])
def test_paper_stays_white_whatever_the_screen_shows(printed: Any, name: str) -> None:
    image = printed(name)[0].render(scale=0.5).to_pil().convert("L")
    histogram = image.histogram()
    assert sum(histogram[240:]) > 0.8 * sum(histogram)
    assert sum(histogram[:80]) < 0.1 * sum(histogram)


def test_the_words_fill_the_width_of_the_sheet(printed: Any) -> None:
    """No room is kept for a sidebar, and nothing is cut off at the edge."""
    sheet = printed("contraindications-and-precautions.html")
    text = sheet[1].get_textpage()
    edges = [text.get_charbox(index) for index in range(text.count_chars())]
    left, right = min(box[0] for box in edges), max(box[2] for box in edges)
    width = sheet[1].get_width()
    assert left < 0.12 * width
    assert 0.85 * width < right <= width
