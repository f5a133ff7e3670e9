"""What is known of the pages of a book before any is set."""

from __future__ import annotations

from docutils import nodes
from docutils.utils import new_document

from clinic_snippets.pdf.labels import Labels


def _section(name: str, *inside: nodes.Node) -> nodes.section:
    return nodes.section("", nodes.title("", name.title()), *inside, ids=[name])


def _labels(*sections: nodes.section) -> Labels:
    tree = new_document("book")
    tree["docname"] = "book"
    tree.extend(sections)
    return Labels(tree)


def _text(letters: int) -> nodes.paragraph:
    return nodes.paragraph("", "x" * letters)


def test_a_place_far_on_in_the_book_gets_room_for_more_digits():
    labels = _labels(_section("near"), _section("long", _text(400_000)), _section("far"))
    assert (labels.digits_of_page("book:near"), labels.digits_of_page("book:far")) == (1, 3)


def test_each_chapter_starts_a_page():
    labels = _labels(*(_section(f"chapter-{number}", _text(10)) for number in range(20)), _section("last"))
    assert labels.digits_of_page("book:last") == 2


def test_a_place_without_a_page_gets_no_room():
    labels = _labels(_section("words", nodes.term("", "needle", ids=["needle"])))
    assert labels.digits_of_page("book:needle") == 0


def test_the_contents_name_two_levels_of_titles():
    labels = _labels(_section("one", _section("two", _section("three"))), _section("four"))
    assert labels.contents == [(1, "One"), (2, "Two"), (1, "Four")]
