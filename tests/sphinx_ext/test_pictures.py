"""Pictures in pages, books and texts: one drawing for all, its words and its table with it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lxml.etree
import lxml.html
import pikepdf
import pypdfium2
import pytest

from clinic_snippets.snippets.drawing import Tone
from clinic_snippets.sphinx_ext import STATIC

SVG = "{http://www.w3.org/2000/svg}svg"
PLOT = "```{clinic:forest-plot}\n:measure: mean difference\n```\n"
ARRAY = "```{clinic:icon-array}\n:rate: ache@second\n```\n"
TIMELINE = "```{clinic:session-timeline}\n```\n"
BOOK = f"# Page\n\n```{{toctree}}\nbibliography\n```\n\n{PLOT}\n{ARRAY}\n{TIMELINE}"
PDF = 'extensions += ["clinic_snippets.pdf"]\nproject = "Book"\n'


IDS = ("pain-plot", "icon-array-ache-first", "icon-array-ache-second", "session-timeline")
"""The figures of the page ``pictures`` that are looked at here."""


def figures(page: str) -> list[Any]:
    """The pictures of a page, in its order."""
    found = lxml.html.fromstring(page).xpath("//figure[contains(@class, 'clinic-picture')]")
    return [figure for figure in found if figure.get("id") in (*IDS, "forest-plot-mean-difference")]


# --- HTML ------------------------------------------------------------------------------------------------


def test_a_picture_is_a_numbered_figure_with_a_caption_that_can_be_linked_to(features: Callable[[str], Any]) -> None:
    page = features("html").read("pictures.html")
    first, *others = figures(page)
    assert (first.get("id"), *(figure.get("id") for figure in others)) == IDS
    captions = [" ".join(figure.xpath("string(figcaption)").split()) for figure in (first, *others)]
    assert re.match(r"Fig\. \d+ Pain in a caption of its own", captions[0])
    assert re.match(r"Fig\. \d+ A session from start to end", captions[3])
    assert lxml.html.fromstring(page).xpath("//figure//figcaption//em/text()") == ["its own"]
    number = re.match(r"Fig\. \d+", captions[0])
    assert number
    links = [
        link.text_content()
        for link in lxml.html.fromstring(page).xpath("//p/a[@href='#pain-plot'][@class='reference internal']")
    ]
    assert links == [number[0], "Pain in a caption of its own"]


def test_the_drawing_has_words_and_the_table_is_folded_below_it(features: Callable[[str], Any]) -> None:
    for figure in figures(features("html").read("pictures.html")):
        drawings = figure.xpath("./svg")
        assert drawings
        assert all(drawing.get("aria-label") for drawing in drawings)
        fold = figure.getnext()
        assert fold.tag == "details"
        assert fold.get("open") is None
        assert fold.findtext("summary") == "The same as a table"
        (table,) = fold.xpath("./table")
        assert table.xpath("./tbody/tr")
        assert table.xpath("./thead//th")
        assert not table.xpath("./caption"), "the figure is numbered, and its table is not another thing"


def test_the_links_of_a_drawing_lead_to_the_homes_of_records(features: Callable[[str], Any]) -> None:
    timeline = figures(features("html").read("pictures.html"))[-1]
    links = [(link.get("href"), link.get("aria-label")) for link in timeline.xpath("./svg//a")]
    steps = "practice.html#technique-step"
    assert links[0] == (f"{steps}-look-first", "Look first")
    assert links[-1] == (f"{steps}-press-after", "Press")
    in_table = timeline.getnext().xpath(".//tbody//th//a/@href")
    assert [href for href, _ in links] == in_table


def test_every_link_in_every_drawing_leads_somewhere(
    features: Callable[[str], Any], site_problems: Callable[[Path], list[str]]
) -> None:
    assert site_problems(features("html").outdir) == []


def test_a_record_without_a_home_is_drawn_without_a_link(small_project: Any, build_project: Any) -> None:
    build = build_project(small_project(f"# Page\n\n{TIMELINE}"))
    (timeline,) = figures(build.read("index.html"))
    assert not timeline.xpath(".//a[@href != '#session-timeline']")
    assert "Look first" in timeline.text_content()


def test_nothing_in_a_page_needs_styles_or_scripts_in_place(features: Callable[[str], Any]) -> None:
    """Under the policy ``default-src 'self'`` a browser drops style attributes, scripts and handlers in place."""
    for figure in figures(features("html").read("pictures.html")):
        drawings = figure.xpath("./svg | ./svg//*")
        assert not [name for part in drawings for name in part.attrib if name == "style" or name.startswith("on")]
        assert not figure.xpath(".//script | .//style | .//image | .//use")


def test_the_stylesheet_has_every_tone_in_light_and_dark() -> None:
    css = (STATIC / "clinic.css").read_text("utf-8")
    rules = dict(re.findall(r"^\.clinic-fill-([\w-]+) \{ fill: ([^}]+); \}", css, re.MULTILINE))
    assert rules.keys() == {tone.value for tone in Tone} - {"ink"}, "ink is the colour of the page's text"
    own = {name for rule in rules.values() for name in re.findall(r"--clinic-[\w-]+", rule)}
    roots = re.findall(r"(?::root|body[^{]*) \{ (--clinic-[^}]+)\}", css)
    assert len(roots) == 4, "light, dark by the system, dark by choice, paper"
    for root in roots:
        assert own <= set(re.findall(r"(--clinic-[\w-]+):", root))


@pytest.mark.parametrize("builder", ["singlehtml", "epub"])
def test_other_html_has_the_same_drawings_as_xml(features: Callable[[str], Any], builder: str) -> None:
    build = features(builder)
    if builder == "epub":
        (book,) = build.outdir.glob("*.epub")
        with zipfile.ZipFile(book) as archive:
            page = archive.read("pictures.xhtml").decode("utf-8")
        lxml.etree.fromstring(page.encode("utf-8"))  # the whole page is XML
    else:
        page = build.read("index.html")
        assert "clinic.css" in page
    drawings = [lxml.etree.fromstring(drawing) for drawing in re.findall(r"<svg xmlns=.*?</svg>", page, re.DOTALL)]
    assert {drawing.tag for drawing in drawings} == {SVG}
    words = [drawing.get("aria-label") for drawing in drawings]
    for start in ("Neck pain: 3", "100 squares", "A figure from acupuncture", "A session in 3"):
        assert sum(said.startswith(start) for said in words) == 1


def test_a_picture_without_rows_says_so_and_warns(small_project: Any, build_project: Any) -> None:
    page = "# Page\n\n```{clinic:forest-plot}\n:measure: Cohen's d\n```\n"
    build = build_project(small_project(page))
    assert not figures(build.read("index.html"))
    sentence = "No effect on pain is recorded as Cohen's d. This does not mean that it works, or does not."
    assert sentence in build.warnings
    assert "No effect on pain is recorded" in build.read("index.html")


def test_a_figure_that_cannot_be_drawn_is_reported_with_the_reason(small_project: Any, build_project: Any) -> None:
    build = build_project(small_project("# Page\n\n```{clinic:icon-array}\n:rate: ache@first-rare\n```\n"))
    assert "ache@first-rare: this figure cannot be drawn: it is rarer than 1 in 2,000" in build.warnings
    assert not figures(build.read("index.html"))


# --- what is rebuilt -------------------------------------------------------------------------------------

OWN = """
from clinic_snippets.records.text import Paragraph, RecordLink
from clinic_snippets.snippets import Column, Picture, Row, Table, snippet
from clinic_snippets.snippets.drawing import Drawing, Label


@snippet
def what_is_done(library) -> Picture:
    \"\"\"What is done first, only in a drawing.\"\"\"
    step = library.get("look-first")
    drawing = Drawing(360, 20, (Label(0, 15, step.do[0].text),), "What is done first.")
    row = Row(step.id, ((Paragraph((RecordLink(step.id),)),),))
    return Picture("Done", (drawing,), Table("Done", (Column("Step"),), (row,), "Nothing."))
"""


def test_a_page_is_written_again_when_only_a_drawing_changes(small_project: Any, build_project: Any) -> None:
    srcdir = small_project(
        "# Page\n\n```{clinic:what-is-done}\n```\n", 'clinic_snippet_files = ["own.py"]\n', {"own.py": OWN}
    )
    first = build_project(srcdir)
    assert "Look at the skin &amp; mark the rib." in first.read("index.html")
    records = srcdir / "records" / "practice.yaml"
    records.write_text(records.read_text("utf-8").replace("Look at the skin & mark the rib.", "Look twice."), "utf-8")
    second = build_project(srcdir)
    assert "Look twice." in second.read("index.html")
    assert "reading sources... [100%]" not in second.status, "the page's own shape is as it was"
    third = build_project(srcdir)
    assert "no targets are out of date" in third.status or "0 source files" in third.status


def test_a_page_is_written_again_when_the_home_behind_a_drawn_link_moves(
    small_project: Any, build_project: Any
) -> None:
    home = "---\norphan: true\n---\n# Steps\n\n```{clinic:technique-cards}\n```\n"
    srcdir = small_project(f"# Page\n\n{TIMELINE}", files={"steps.md": home})
    assert 'href="steps.html#technique-step-press-after" aria-label="Press"' in build_project(srcdir).read("index.html")
    (srcdir / "steps.md").rename(srcdir / "moved.md")
    assert 'href="moved.html#technique-step-press-after" aria-label="Press"' in build_project(srcdir).read("index.html")


# --- text and PDF ----------------------------------------------------------------------------------------


def test_text_has_the_words_of_the_drawing_and_the_table(features: Callable[[str], Any]) -> None:
    text = " ".join(features("text").read("pictures.txt").split())
    for part in (
        "Neck pain: 3 results on pain with 95 % intervals: 2 favour needling, 1 no clear difference.",
        "Pain in a caption of *its own*",
        "The same as a table",
        "100 squares, 8 of them with a filled circle",
        "A session in 3 steps from top to bottom",
    ):
        assert part in text


@pytest.fixture(scope="module")
def book(small_project: Any, build_project: Any) -> Path:
    """A book of three pictures; Typst checks it against PDF/UA-1 while it is made."""
    build = build_project(small_project(BOOK, PDF), "typstpdf")
    assert build.warnings == ""
    return Path(build.outdir, "book.pdf")


def tags(element: Any, name: str) -> list[Any]:
    """Every element of a PDF's structure with this name, in reading order."""
    kids = element.get("/K", [])
    kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    inside = [tag for kid in kids if isinstance(kid, pikepdf.Dictionary) for tag in tags(kid, name)]
    return [*([element] if element.get("/S") == f"/{name}" else []), *inside]


def test_the_pdf_has_the_same_drawings_with_the_same_words(book: Path) -> None:
    with pikepdf.open(book) as pdf:
        drawn = [str(tag.Alt) for tag in tags(pdf.Root.StructTreeRoot, "Figure") if "/Alt" in tag]
    starts = ["Neck pain: 3 results", "Neck pain: 1 result on", "A figure from acupuncture", "A session in 3 steps"]
    assert [alt[: len(start)] for alt, start in zip(drawn, starts, strict=True)] == starts


def test_the_pdf_shows_the_letters_and_the_whole_table(book: Path) -> None:
    pdf = pypdfium2.PdfDocument(book)
    text = " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pdf)
    for part in (
        "favours needling",
        "−0.20 (−0.90 to 0.50)",
        "Before the needle",
        "The same as a table",
        "about 3 in 1,000",
    ):
        assert part in text
    with pikepdf.open(book) as opened:
        tables = tags(opened.Root.StructTreeRoot, "Table")
        assert [len(tags(table, "TR")) for table in tables] == [5, 2, 4], "a heading and a row for each record"


def test_the_pdf_has_the_same_bytes_again(book: Path, small_project: Any, build_project: Any) -> None:
    again = build_project(small_project(BOOK, PDF), "typstpdf")
    assert Path(again.outdir, "book.pdf").read_bytes() == book.read_bytes()


# --- in a browser ----------------------------------------------------------------------------------------

OVERFLOWING = """
[...document.querySelectorAll("svg.clinic-drawing")].flatMap(svg => {
  const frame = svg.getBoundingClientRect();
  return [...svg.querySelectorAll("text")].filter(text => {
    const box = text.getBoundingClientRect();
    return box.left < frame.left - 1 || box.right > frame.right + 1 || box.height < 10;
  }).map(text => text.textContent);
})
"""


def test_on_a_phone_every_word_is_inside_its_picture_and_large_enough(
    features: Callable[[str], Any], serve: Any, page: Any
) -> None:
    site = serve(features("html").outdir)
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{site.url}pictures.html")
    assert page.evaluate("document.querySelectorAll('svg.clinic-drawing text').length") > 20
    assert page.evaluate(OVERFLOWING) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(("theme", "colours"), [("one with dark colours", 2), ("one that stays light", 1)])
def test_colours_follow_the_reader_s_scheme_where_the_theme_does(
    features: Callable[[str], Any], serve: Any, page: Any, handbook_site: Any, theme: str, colours: int
) -> None:
    dark = f"{handbook_site.url}/what-to-expect.html"
    address = dark if colours == 2 else f"{serve(features('html').outdir).url}pictures.html"
    seen = set()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(address)
        mark = "getComputedStyle(document.querySelector('.clinic-fill-accent')).fill"
        seen.add(page.evaluate(mark))
    assert len(seen) == colours
