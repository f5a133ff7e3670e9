"""The book as a whole: cover, contents, running lines, cross references, index, bibliography."""

from __future__ import annotations

import re

import pikepdf
import pytest


def test_cover_names_title_author_version_and_notes(book):
    cover = book.pages[0]
    for line in (
        "Needle Book",
        "The Clinic",
        "Version 1.4",
        "Do not use after 2031-01-31",
        "Draft. Not clinically signed off.",
        "© The Clinic",
    ):
        assert line in cover
    assert "1 /" not in cover


def test_other_extensions_may_add_to_the_cover(make_pdf):
    pdf = make_pdf(
        conf="""
typstpdf_cover_notes = ["First line."]

def add_line(app, env):
    app.config.typstpdf_cover_notes.append("Data digest 12345.")

def setup(app):
    app.connect("env-updated", add_line)
"""
    )
    assert "First line. Data digest 12345." in pdf.pages[0]


def test_cover_leaves_out_what_the_configuration_does_not_say(make_pdf):
    assert make_pdf().pages[0] == "Book"


def test_file_name_comes_from_the_project_or_the_configuration(book, make_pdf):
    assert book.path.name == "needle-book.pdf"
    assert make_pdf(conf="typstpdf_filename = 'clinic-2031'").path.name == "clinic-2031.pdf"


def test_contents_give_the_page_of_each_chapter(book):
    entries = dict(re.findall(r"(\d[\d.]* [A-Z][A-Za-z ]+?) [. ]+\W?(\d+)", book.pages[1]))
    assert list(entries) == [
        "1 Safety", "1.1 Precautions", "1.2 Emergencies", "2 Practice", "2.1 Clean hands", "2.2 Words with signs",
        "3 Glossary", "4 References",
    ]  # fmt: skip
    for title, page in entries.items():
        assert title in book.pages[int(page) - 1]


def test_bookmarks_mirror_the_sections(book):
    assert book.bookmarks == [
        (1, "Contents"), (1, "1 Safety"), (2, "1.1 Precautions"), (2, "1.2 Emergencies"), (1, "2 Practice"),
        (2, "2.1 Clean hands"), (2, "2.2 Words with signs"), (1, "3 Glossary"), (1, "4 References"), (1, "Index"),
    ]  # fmt: skip


def test_running_head_has_title_and_chapter(book):
    assert book.pages[book.page_with("1.2 Emergencies") - 1].startswith("Needle Book 1 Safety")
    assert book.pages[book.page_with("A brisk contraction.") - 1].startswith("Needle Book 3 Glossary")


def test_foot_has_version_review_date_and_page_of_total(book):
    total = len(book.pages)
    page = book.page_with("A brisk contraction.")
    assert book.pages[page - 1].endswith(f"Version 1.4 · Do not use after 2031-01-31 {page} / {total}")


def test_review_date_of_a_page_wins_on_its_own_pages(make_pdf):
    pdf = make_pdf(conf="typstpdf_review_by = '2040-01-01'", files={
        "page.rst": ":review_by: 2033-03-03\n\nPage\n====\n\nFirst words.\n\n.. toctree::\n\n   sub\n\n"
                    "Own section\n-----------\n\n" + "Filling words. " * 3000,
        "page2.rst": "Page two\n========\n\nSecond words.\n",
        "sub.rst": ":review_by: 2035-05-05\n\nSub\n===\n\n" + "Words below. " * 2000,
    })  # fmt: skip
    dates = [re.search(r"Do not use after ([\d-]+)", page) for page in pdf.pages]
    found = [date.group(1) if date else "" for date in dates]
    assert found[2] == "2033-03-03"  # the page at whose foot the next document starts keeps its own date
    assert found[3] == "2035-05-05"
    assert found[pdf.page_with("Second words.") - 2] == "2033-03-03"
    assert found[pdf.page_with("Second words.") - 1] == "2040-01-01"


def test_review_date_of_a_page_below_another_shows_from_its_own_first_page(make_pdf):
    files = {
        "page.rst": "Page\n====\n\n" + "Filling words. " * 100 + "\n\n.. toctree::\n\n   sub\n",
        "sub.rst": ":review_by: 2035-05-05\n\nSub\n===\n\n.. list-table::\n   :class: wide\n\n   * - cell\n",
    }
    pdf = make_pdf(conf="typstpdf_review_by = '2040-01-01'", files=files)
    assert "2040-01-01" in pdf.pages[pdf.page_with("Filling words.") - 1]
    assert "2035-05-05" in pdf.pages[pdf.page_with("cell") - 1]


def test_own_text_of_a_page_stands_before_the_pages_below_it(book):
    text = book.text
    assert text.index("own last paragraph") < text.index("Most restrictive first.")


@pytest.mark.parametrize(
    ("words", "target"),
    [
        ("Emergencies", "1.2 Emergencies"),
        ("Table 1.1", "Fear of needles"),
        ("Fig. 1.1", "The needle and the skin"),
        ("clean hands", "2.1 Clean hands"),
    ],
)
def test_cross_references_print_the_page_of_their_target(book, words, target):
    page = book.pages[book.page_with("Read about dry needling") - 1]
    assert f"{words} (p. {book.page_with(target)})" in page


def test_citations_and_terms_print_no_page(book):
    assert "Read about dry needling first" in book.text
    assert "Ash and Birch [2021]; see also [Elm, 1999]." in book.text


def test_links_lead_to_pages_of_the_book(book):
    numbers = {page.obj.objgen: number for number, page in enumerate(book.file.pages, 1)}
    names = pikepdf.NameTree(book.file.Root.Names.Dests) if "/Names" in book.file.Root else {}
    inside = 0
    for _page, link in book.links():
        action = link.get("/A")
        if action is not None and action.S == pikepdf.Name.URI:
            assert str(action.URI).startswith("https://")
            continue
        target = action.D if action is not None else link.Dest
        if isinstance(target, pikepdf.String):
            target = names[str(target)]
        target = target.D if isinstance(target, pikepdf.Dictionary) else target
        assert target[0].objgen in numbers
        inside += 1
    assert inside > 20


def test_index_gives_pages_that_have_the_word(book):
    index = book.pages[-1]
    (entry,) = re.findall(r"Pleura, ([\d, ]+\d)", index)
    pages = [int(page) for page in entry.split(", ")]
    assert len(pages) == 2
    assert all("leura" in book.pages[page - 1] for page in pages)
    assert f"twitch, {book.page_with('A brisk contraction.')}" in index


def test_index_gives_each_page_once_and_in_order(make_pdf):
    far = "Filling words. " * 1500
    pdf = make_pdf(f":index:`Word` and :index:`Word`\n\n{far}\n\nMore :index:`Word`.\n")
    assert f"Word, 3, {pdf.page_with('More Word.')} " in pdf.pages[-1]


def test_index_knows_see_and_entries_below_entries(nodes):
    index = nodes.pages[-1]
    assert re.search(r"needle module, \d+ thin, \d+", index)
    assert "spike see needle" in index


def test_bibliography_has_each_source_once(book):
    page = book.pages[book.page_with("Bruises counted.") - 1]
    assert "4 References" in page
    assert "Jo Elm. Needles and Care. Grove, 1999." in page
    assert "bruises-counted-in-one-clinic-over-two-years.html" in book.squeezed


def test_text_of_the_first_page_is_a_chapter_before_the_others(make_pdf):
    pdf = make_pdf(
        files={"index.rst": "Start here\n==========\n\nWelcome to it, see :doc:`page`.\n\n.. toctree::\n\n   page\n"}
    )
    assert pdf.bookmarks == [(1, "Contents"), (1, "Start here"), (1, "Page")]
    assert pdf.page_with("Welcome to it") < pdf.page_with("Page Page")


def test_chapter_list_of_a_site_index_is_no_chapter(book):
    assert [title for depth, title in book.bookmarks if depth == 1][1] == "1 Safety"


def test_link_to_the_first_page_leads_to_the_contents(make_pdf):
    assert "Back to Book (p. 2)" in make_pdf("Back to :doc:`index`.").text


def test_toctree_inside_another_element_gives_chapters(make_pdf):
    pdf = make_pdf(files={
        "index.rst": "Start\n=====\n\n.. admonition:: Pages\n\n   .. toctree::\n\n      page\n      genindex\n",
        "page.rst": "Page\n====\n\n.. index:: word\n\nWord.\n",
    })  # fmt: skip
    assert [title for _depth, title in pdf.bookmarks] == ["Contents", "Start", "Page", "Index"]


def test_language_of_the_book_is_the_language_of_its_words(make_pdf, monkeypatch):
    # Sphinx keeps the first language of a process for all later builds in it.
    monkeypatch.setattr("sphinx.locale.translators", {})
    pdf = make_pdf(".. warning:: Vorsicht.\n\n.. index:: Wort\n\nWort", conf="language = 'de'")
    assert str(pdf.file.Root.Lang) == "de"
    assert "Warnung" in pdf.text
    assert (1, "Stichwortverzeichnis") in pdf.bookmarks
