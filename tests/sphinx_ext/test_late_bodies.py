"""Bodies that are filled in when a page is written: what search finds, what a page holds, what stays out of it."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from sphinx.search import IndexBuilder

from clinic_snippets.records.text import Abbreviation, Badge, Code, Words
from clinic_snippets.rendering.html import HtmlRenderer, words_in
from clinic_snippets.snippets.blocks import parts, pieces


def search_index(build: Any) -> dict[str, Any]:
    text = build.read("searchindex.js")
    return json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))


def pages_with(build: Any, index: dict[str, Any], word: str) -> set[str]:
    """Return the pages that a search for a word finds in their text."""
    stem = IndexBuilder(build.app.env, "en", {}, "").lang.stem(word.lower())
    found = index["terms"].get(stem, [])
    return {index["docnames"][number] for number in (found if isinstance(found, list) else [found])}


# --- search ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "pages"),
    [
        ("rhomboids", {"hazards", "tables"}),  # a row's own words
        ("Pneumothorax", {"hazards"}),  # a card alone says it
        ("innermost", {"cards", "harm", "tables", "deep/again", "restructured"}),
        ("dorsalis", {"restructured", "tables"}),  # another name
        ("gauze", {"harm"}),
        ("Think", {"own"}),  # a snippet of the project's own
        ("Nothing", set()),  # the sentence for an empty table that is not empty
    ],
)
def test_search_finds_the_words_of_bodies(features: Callable[[str], Any], word: str, pages: set[str]) -> None:
    build = features("html")
    assert pages_with(build, search_index(build), word) == pages


def test_search_finds_what_a_card_opens_and_the_headings_of_its_facts(features: Callable[[str], Any]) -> None:
    build = features("html")
    for heading in ("Evidence", "History"):  # of a fact, and of a fold
        assert "cards" in pages_with(build, search_index(build), heading), heading


def test_html_has_the_words_and_the_links_of_every_row_and_card(features: Callable[[str], Any]) -> None:
    """Where bodies are HTML, words and links are taken from there; every other output takes them from the pieces."""
    domain = features("text").app.env.get_domain("clinic")
    renderer, seen = HtmlRenderer(domain.typography), 0
    for page in domain.calls:
        for _call, block in domain.shown_on(page):
            for part in parts(block):
                fragment = renderer.fragment(part)
                assert [piece for piece in fragment if not isinstance(piece, str)] == domain.slots_in(part)
                words = [piece.text for piece in pieces(part) if isinstance(piece, Words | Code | Badge | Abbreviation)]
                written = re.sub(r"\W+", " ", words_in(fragment))
                for text in map(domain.typography.text, words):
                    assert re.sub(r"\W+", " ", text).strip() in written, text
                seen += 1
    assert seen > 100


def test_search_leads_to_the_place_of_each_record(features: Callable[[str], Any]) -> None:
    """The name that search shows is not the one that its place is made of."""
    build = features("html")
    index = search_index(build)
    found = {
        entry[4]: (index["docnames"][entry[0]], entry[3]) for entries in index["objects"].values() for entry in entries
    }
    homes = build.app.env.get_domain("clinic").placement.homes
    records = build.app.env.get_domain("clinic").library.records
    assert {found[html.escape(records[i].name.replace(".", " "))] for i in homes} == set(map(tuple, homes.values()))


def test_search_finds_a_page_by_the_names_of_records_it_links_to(features: Callable[[str], Any]) -> None:
    build = features("html")
    assert "deep/again" in pages_with(build, search_index(build), "haematoma")  # the name of the event in its table


def test_titles_of_records_are_titles_in_search(features: Callable[[str], Any]) -> None:
    build = features("html")
    index = search_index(build)
    ((page, anchor),) = index["alltitles"]["Gap between needles"]
    assert (index["docnames"][page], anchor) == ("cards", "precaution-needle-gap")
    assert "Artery of the foot" in index["alltitles"]


def test_search_offers_records_as_objects_and_index_entries(features: Callable[[str], Any]) -> None:
    build = features("html")
    index = search_index(build)
    names = {entry[4] for entries in index["objects"].values() for entry in entries}
    assert {"Gap between needles", "Wash hands"} <= names
    assert "dorsalis pedis" in index["indexentries"]


# --- what a page holds -----------------------------------------------------------------------------------


@pytest.mark.parametrize("builder", ["html", "singlehtml", "epub"])
def test_the_words_for_search_are_not_on_the_page(features: Callable[[str], Any], builder: str) -> None:
    name = {"html": "own.html", "singlehtml": "index.html", "epub": "own.xhtml"}[builder]
    text = lxml.html.fromstring(features(builder).read(name).encode()).text_content()
    # Two records are listed, so the sentence stands there twice and its words in alphabetical order never.
    assert text.count("Think about it:") == 2
    assert "Think about" in text and "about it" in text
    assert "Gap Think about" not in text and "about between" not in text


def test_a_sentence_of_a_card_stands_on_its_page_once(features: Callable[[str], Any]) -> None:
    text = lxml.html.fromstring(features("html").read("cards.html")).text_content()
    assert text.count("Leave a gap.") == 1
    assert text.count("A note on the row.") == 1


def test_no_row_is_kept_in_the_doctrees(features: Callable[[str], Any]) -> None:
    build = features("html")
    kept = [Path(build.app.doctreedir, name) for name in ("tables.doctree", "cards.doctree", "environment.pickle")]
    assert [path.name for path in kept if b"Leave a gap" in path.read_bytes()] == []


def test_links_of_a_body_are_right_from_every_folder(features: Callable[[str], Any]) -> None:
    for builder, name, expected in (
        ("html", "deep/again.html", "../cards.html#precaution-every-feature"),
        ("dirhtml", "deep/again/index.html", "../../cards/#precaution-every-feature"),
        ("singlehtml", "index.html", "#precaution-every-feature"),
    ):
        page = lxml.html.fromstring(features(builder).read(name))
        links = page.xpath("//table[starts-with(@id, 'precaution-table-contraindication')]//th//a/@href")
        assert expected in links


def test_the_first_cell_of_a_row_is_its_heading(features: Callable[[str], Any]) -> None:
    page = lxml.html.fromstring(features("html").read("tables.html"))
    (head,) = page.xpath("//table[@id='the-table']//th[@scope='row'][.//a[.='Gap between needles']]")
    assert len(head.getparent().xpath("./td")) == 3


@pytest.mark.parametrize("file", ["clinic.css", "review.js"])
def test_stylesheet_and_script_are_loaded_where_records_are_shown_and_nowhere_else(
    features: Callable[[str], Any], file: str
) -> None:
    build = features("html")
    loaded = {p for p in build.app.env.found_docs if file in build.read(f"{p}.html")}
    assert loaded == {
        "tables", "cards", "hazards", "harm", "deep/again", "own", "pictures", "practice", "restructured", "what-changed",
    }  # fmt: skip
    assert (build.outdir / "_static" / file).is_file()


# --- the foot of a card ----------------------------------------------------------------------------------


def foot(features: Callable[[str], Any], record: str, page: str = "cards") -> list[Any]:
    tree = lxml.html.fromstring(features("html").read(f"{page}.html"))
    return tree.xpath(f"//section[contains(@id, '{record}')]/p[@class='clinic-small']")


def test_a_card_names_the_pages_that_use_its_record(features: Callable[[str], Any]) -> None:
    (used,) = [p for p in foot(features, "needle-gap") if p.text_content().startswith("Used in")]
    pages = {a.text_content(): a.get("href") for a in used.xpath("./a")}
    assert pages == {
        "Features": "index.html",  # a link in its text
        "Harm": "harm.html",
        "An own snippet": "own.html",
        "reStructuredText": "restructured.html",
        "Tables": "tables.html",
        "What changed": "what-changed.html",
    }


def test_a_card_links_to_its_line_in_the_record_file(features: Callable[[str], Any], repository: Path) -> None:
    (links,) = [p for p in foot(features, "needle-gap") if "Edit this record" in p.text_content()]
    edit, report = links.xpath("./a/@href")
    lines = (repository / "tests/roots/features/records/precautions.yaml").read_text("utf-8").splitlines()
    line = next(n for n, text in enumerate(lines) if text.strip() == "id: needle-gap")  # its record starts above
    assert edit == f"https://code.example/edit/records/precautions.yaml?at=1&line={line}"
    assert report == "https://code.example/report?title=needle-gap"


def test_records_outside_the_source_folder_have_links_too(small_project: Any, project: Any, build_project: Any) -> None:
    parent = project({}, base=small_project("# Page\n\n```{clinic:hazard-cards}\n```\n"))
    srcdir = parent / "source"
    srcdir.mkdir()
    for name in ("conf.py", "index.md", "bibliography.md", "labels.md", "references.bib"):
        (parent / name).rename(srcdir / name)
    settings = {"clinic_records": "../records", "clinic_edit_url": "https://code.example/{path}#L{line}"}
    build = build_project(srcdir, confoverrides=settings)
    assert build.warnings == ""
    assert 'href="https://code.example/../records/hazards.yaml#L8"' in build.read("index.html")
