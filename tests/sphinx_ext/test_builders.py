"""Every builder shows every row, without an exception or a warning, and every link leads somewhere."""

from __future__ import annotations

import dataclasses
import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lxml.etree
import lxml.html
import pytest

from clinic_snippets.library import load_library
from clinic_snippets.records import Region, Status
from clinic_snippets.snippets.blocks import Card, Fold, parts
from clinic_snippets.sphinx_ext.late import words_of

BUILDERS = ("html", "dirhtml", "singlehtml", "epub", "json", "latex", "text", "man", "texinfo", "xml", "pseudoxml")
SCREENS = ("html", "dirhtml", "singlehtml", "epub", "json")


def html_words(page: str) -> str:
    return " ".join(lxml.html.fromstring(page).itertext())


def read_pages(build: Any, builder: str) -> dict[str, str]:
    """Return the text of each page as a builder wrote it; builders of one file give the same text for every page."""
    env, out = build.app.env, build.outdir
    if builder == "html":
        return {page: html_words(build.read(f"{page}.html")) for page in env.found_docs}
    if builder == "dirhtml":
        return {p: html_words(build.read("index.html" if p == "index" else f"{p}/index.html")) for p in env.found_docs}
    if builder == "epub":
        (book,) = out.glob("*.epub")
        with zipfile.ZipFile(book) as archive:
            return {p: " ".join(lxml.etree.fromstring(archive.read(f"{p}.xhtml")).itertext()) for p in env.found_docs}
    if builder == "json":
        return {page: html_words(json.loads(build.read(f"{page}.fjson"))["body"]) for page in env.found_docs}
    if builder in ("text", "xml", "pseudoxml"):
        suffix = {"text": "txt", "xml": "xml", "pseudoxml": "pseudoxml"}[builder]
        return {page: build.read(f"{page}.{suffix}") for page in env.found_docs}
    (file,) = {"singlehtml": out.glob("index.html"), "latex": out.glob("*.tex"), "man": out.glob("*.1"),
               "texinfo": out.glob("*.texi")}[builder]  # fmt: skip
    text = file.read_text("utf-8")
    if builder == "man":
        text = re.sub(r"\\f[A-Z]|\\\(..|\\.", " ", text)  # changes of font, and characters by name
    return dict.fromkeys(env.found_docs, html_words(text) if builder == "singlehtml" else text)


def on_paper(part: Any) -> Any:
    """Return a row or card without what can be opened on screen alone."""
    if isinstance(part, Card):
        return dataclasses.replace(part, body=kept(part.body))
    return dataclasses.replace(part, cells=tuple(map(kept, part.cells)))


def kept(blocks: Any) -> Any:
    """Return blocks without folds that are for screens."""
    return tuple(block for block in blocks if not (isinstance(block, Fold) and block.screen_only))


def missing_words(build: Any, builder: str) -> dict[tuple[str, str], list[str]]:
    """Return, for each record on each page, the words of its rows and cards that the page lacks."""
    domain = build.app.env.get_domain("clinic")
    pages = {page: set(re.findall(r"\w+", text)) for page, text in read_pages(build, builder).items()}
    shown: list[Any] = []  # kept alive: what is known of a part is kept by its identity
    missing = {}
    for page, calls in domain.calls.items():
        for call in calls:
            for part in parts(domain.block(call.snippet, call.options)):
                # Longer words may be broken in narrow columns; a backslash before a letter is markup to many.
                shown.append(part if builder in SCREENS else on_paper(part))
                words = re.findall(r"\b[A-Za-z]{3,15}\b", words_of(domain, shown[-1]))
                if lacking := sorted({*words} - {"path", "name"} - pages[page]):
                    missing[page, part.record] = lacking
    return missing


@pytest.mark.parametrize("builder", BUILDERS)
def test_every_row_without_a_warning(features: Callable[[str], Any], builder: str) -> None:
    build = features(builder)
    assert build.warnings == ""
    assert missing_words(build, builder) == {}


def test_gettext_takes_the_words_of_pages_and_none_of_records(features: Callable[[str], Any]) -> None:
    build = features("gettext")
    assert build.warnings == ""
    messages = "".join(path.read_text("utf-8") for path in build.outdir.glob("*.pot"))
    assert 'msgid "A title of *its own*"' in messages
    assert 'msgid "Before the cards."' in messages
    for words in ("Lung under the ribs", "Gap between needles", "Contraindications and precautions", "Leave a gap"):
        assert words not in messages


def test_pdf_builds(repository: Path, project: Any, build_project: Any) -> None:
    root = repository / "tests" / "roots" / "features"
    # The fonts that come with Typst know no Chinese and no Hebrew; a missing letter stops a PDF/UA build.
    records = re.sub(
        r"[\u0590-\u05ff\u4e00-\u9fff]+", "elsewhere", (root / "records/precautions.yaml").read_text("utf-8")
    )
    srcdir = project({"records/precautions.yaml": records}, base=root)
    extensions = ["myst_parser", "clinic_snippets", "clinic_snippets.pdf"]
    build = build_project(srcdir, "typstpdf", confoverrides={"extensions": extensions})
    assert build.warnings == ""
    (pdf,) = build.outdir.glob("*.pdf")
    assert pdf.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_every_link_leads_somewhere_and_ids_are_unique(
    features: Callable[[str], Any], site_problems: Any, builder: str
) -> None:
    assert site_problems(features(builder).outdir) == []


# Sphinx's own: there is no index and no search beside the one page, and ids that docutils counts start afresh on every page.
SPHINX_SINGLE_PAGE = re.compile(r"'(genindex|search)\.html' leads to no file|id 'id\d+' \d+ times")


def test_every_link_on_one_page_leads_somewhere(features: Callable[[str], Any], site_problems: Any) -> None:
    problems = site_problems(features("singlehtml").outdir)
    assert [problem for problem in problems if not SPHINX_SINGLE_PAGE.search(problem)] == []


@pytest.mark.parametrize("builder", ["html", "singlehtml"])
def test_links_of_records_are_links(features: Callable[[str], Any], builder: str) -> None:
    # A link that is lost leaves its words behind, so a checker of links alone would not see it.
    build = features(builder)
    page = build.read("tables.html" if builder == "html" else "index.html")
    links = {
        (a.text_content(), a.get("href").rpartition("#")[2]) for a in lxml.html.fromstring(page).xpath("//table//a")
    }
    assert {
        ("Gap between needles", "precaution-needle-gap"),
        ("the “gap” record", "precaution-needle-gap"),
        ("Lung under the ribs", "hazard-lung"),
        ("Brady 2014a", "cite-first"),
        ("Tables", "some-label"),
        ("in “words”", "some-label"),
        ("without a title", "bare-label"),
        ("haematoma", "term-haematoma"),
        ("a big one", "term-haematoma"),
        ("Wash hands", "hygiene-rule-wash-hands"),
    } <= links


def test_each_home_is_one_place_in_the_whole_site(features: Callable[[str], Any]) -> None:
    build = features("html")
    homes = build.app.env.get_domain("clinic").placement.homes
    found = Counter(
        (page, str(place))
        for page in build.app.env.found_docs
        for place in lxml.html.fromstring(build.read(f"{page}.html")).xpath("//@id")
    )
    anchors = {anchor: [page for page, place in found.elements() if place == anchor] for _, anchor in homes.values()}
    assert anchors == {anchor: [page] for page, anchor in homes.values()}
    assert len(homes) > 30


def test_epub_is_well_formed_and_its_links_lead_somewhere(
    features: Callable[[str], Any], site_problems: Any, tmp_path: Path
) -> None:
    (book,) = features("epub").outdir.glob("*.epub")
    with zipfile.ZipFile(book) as archive:
        archive.extractall(tmp_path)
    pages = list(tmp_path.rglob("*.xhtml"))
    assert len(pages) > 8
    for page in pages:
        lxml.etree.parse(page)  # raises where it is not XML
        page.rename(page.with_suffix(".xhtml.html"))
    for page in tmp_path.rglob("*.html"):
        page.write_text(re.sub(r'(href="[^":]*\.xhtml)(?=[#"])', r"\1.html", page.read_text("utf-8")), "utf-8")
    assert site_problems(tmp_path) == []


def test_numbers_of_tables_and_links_to_them(features: Callable[[str], Any]) -> None:
    page = lxml.html.fromstring(features("html").read("tables.html"))
    captions = [" ".join(caption.text_content().split()) for caption in page.xpath("//table/caption")]
    assert [caption.partition("¶")[0] for caption in captions] == [
        "Table 1 Contraindications and precautions", "Table 2 A title of its own", "Table 3 Hazards: Chest & back",
        "Table 4 Contraindications and precautions", "Table 5 Records from A to Z",
    ]  # fmt: skip
    assert page.xpath("//table[1]/@id")[0] == "the-table"
    first = page.xpath("//h1/following-sibling::p")[0]
    assert first.text_content() == "See Table 1, Tab. 1 and Contraindications and precautions."
    assert [a.get("href") for a in first.xpath("./a")] == ["#the-table"] * 3


def test_latex_numbers_and_links_tables(features: Callable[[str], Any]) -> None:
    (tex,) = features("latex").outdir.glob("*.tex")
    text = tex.read_text("utf-8")
    assert r"\label{\detokenize{tables:the-table}}" in text
    assert r"\hyperref[\detokenize{tables:the-table}]" in text
    assert r"\label{\detokenize{hazards:hazard-lung}}" in text
    assert r"\hyperref[\detokenize{hazards:hazard-lung}]" in text
    assert r"\label{\detokenize{harm:hygiene-rule-wash-hands}}" in text


def test_a_table_reads_well_as_plain_text_whatever_its_widths(features: Callable[[str], Any]) -> None:
    # The widths of this table are 1 and 2, which a writer of plain text would take as one and two characters.
    assert "| Gap between needles " in features("text").read("own.txt")


def cells(page: str) -> set[str]:
    """Return the cells of a plain text's tables, with the words that a line's end broke both whole and apart."""
    found: set[str] = set()
    for row in re.split(r"^(?:\+[-=]|\|=).*\n", page, flags=re.MULTILINE):
        lines = [line[1:-1].split("|") for line in row.splitlines() if line.startswith("| ") and line.endswith("|")]
        for column in zip(*lines, strict=False):
            parts = [part.strip() for part in column if part.strip()]
            found |= {"".join(parts), " ".join(parts)}
    return found


# --- the handbook ----------------------------------------------------------------------------------------


def test_handbook_links(handbook_site: Any, site_problems: Any) -> None:
    assert site_problems(handbook_site.root) == []


# What is small is built in every form above; the handbook in the forms that nobody is given, in the long run.


@pytest.mark.full
@pytest.mark.parametrize("builder", ["dirhtml", "singlehtml"])
def test_handbook_links_in_other_forms(_handbook_builds: Any, site_problems: Any, builder: str) -> None:
    problems = site_problems(_handbook_builds(builder))
    assert [p for p in problems if builder == "dirhtml" or not SPHINX_SINGLE_PAGE.search(p)] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "builder", ["epub", *(pytest.param(name, marks=pytest.mark.full) for name in ("latex", "man"))]
)
def test_handbook_builds_without_a_warning(_handbook_builds: Any, builder: str) -> None:
    assert any(_handbook_builds(builder).iterdir())


@pytest.mark.full
def test_handbook_message_catalogues(repository: Path, build_project: Any, tmp_path: Path) -> None:
    build = build_project(repository / "source", "gettext", outdir=tmp_path / "pot", doctreedir=tmp_path / "doctrees")
    assert build.warnings == ""
    assert any(build.outdir.glob("*.pot"))


def test_handbook_as_plain_text_holds_every_record(_handbook_builds: Any, repository: Path) -> None:
    pages = [path.read_text("utf-8").replace("’", "'") for path in _handbook_builds("text").rglob("*.txt")]
    text = " ".join(" ".join([page, *cells(page)]) for page in pages)
    text = " ".join(text.split())
    library, problems = load_library(repository / "source/records", [repository / "source/references.bib"])
    assert not problems
    records = [r for r in library.of() if not isinstance(r, Region) and r.status is Status.ACTIVE]
    assert len(records) >= 80
    assert [record.id for record in records if record.name.replace("’", "'") not in text] == []
    # Ids stand in the foot of each card, or in the index of records.
    assert [record.id for record in records if f'"{record.id}"' not in text] == []
