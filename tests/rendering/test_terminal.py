"""Blocks in the terminal: every word of the page is there, also through a pipe, where there is no style."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from clinic_snippets.library import Library
from clinic_snippets.problems import Place
from clinic_snippets.reading.origin import Origin
from clinic_snippets.records import Region, Source
from clinic_snippets.records.text import (
    Abbreviation,
    Added,
    Badge,
    Citation,
    Code,
    Day,
    DocumentLink,
    Emphasis,
    Inline,
    ListBlock,
    PageLink,
    Paragraph,
    RecordLink,
    Removed,
    Strong,
    Subscript,
    Superscript,
    Term,
    WebLink,
    Words,
)
from clinic_snippets.rendering.terminal import TerminalRenderer
from clinic_snippets.snippets import Block, Card, Cards, Column, Picture, Row, Table
from clinic_snippets.snippets.blocks import CardBlock, Facts, Fold, RecordFoot
from clinic_snippets.snippets.drawing import Drawing

NECK = Region.model_validate({
    "kind": "region", "id": "neck", "name": "Neck [front]", "topic": "t", "owner": "o", "written": "2026-01-01",
    "review_by": "2027-01-01",
})  # fmt: skip
LIBRARY = Library(
    [NECK],
    {"a": Source("a", "Brady 2014", "Events"), "b": Source("b", "NHS [draft]", "A page")},
    {"neck": Origin("records/a.yaml", (7, 2, 7, 2, -1, {}))},
)


def shown(block: Block, width: int = 60) -> str:
    """What a block looks like through a pipe."""
    out = io.StringIO()
    Console(file=out, width=width).print(TerminalRenderer(LIBRARY).block(block))
    return out.getvalue()


def card(*body: CardBlock) -> str:
    """A card with this body, without its frame."""
    lines = shown(Cards((Card("neck", "Title", body),), "nothing")).splitlines()
    return "\n".join(line.strip("│ ") for line in lines[1:-1])


def text(*pieces: Inline) -> str:
    return card(Paragraph(pieces))


@pytest.mark.parametrize(
    ("piece", "words"),
    [
        (Words("plain [words]"), "plain [words]"),
        (Strong((Words("never"),)), "never"),
        (Emphasis((Strong((Words("both"),)),)), "both"),
        (Code("id"), "id"),
        (Subscript("2"), "2"),
        (Superscript("2"), "2"),
        (Abbreviation("INR", "international ratio"), "INR (international ratio)"),
        (Badge("our synthesis", "synthesis"), "(our synthesis)"),
        (WebLink("https://example.org", (Words("a page"),)), "a page <https://example.org>"),
        (WebLink("https://example.org", (Words("https://example.org"),)), "https://example.org"),
        (RecordLink("neck"), "Neck [front]"),
        (RecordLink("neck", words="the throat"), "the throat"),
        (Citation(("a", "b")), "[Brady 2014, NHS [draft]]"),
        (Citation(("a",), textual=True), "Brady 2014"),
        (PageLink("label", "the page"), "the page"),
        (PageLink("label"), "label"),
        (Term("dry needling"), "dry needling"),
        (DocumentLink("hazards"), "hazards"),
        (Day("2027-01-10", review=True), "2027-01-10"),
        (Removed((Words("[old]"),)), "[removed: [old]]"),
        (Added((Words("new"),)), "[added: new]"),
    ],
)
def test_every_piece_has_its_words(piece: Inline, words: str) -> None:
    assert text(Words("a "), piece, Words(" b")) == f"a {words} b"


def test_a_table_has_its_title_headings_and_cells_with_brackets_as_they_are() -> None:
    cells = ((Paragraph((Words("[one]"),)), Paragraph((Words("below"),))), (Paragraph((Words("two"),)),))
    said = shown(Table("Hazards [all]", (Column("Where [x]", 2), Column("What", 1)), (Row("neck", cells),), "nothing"))
    for words in ("Hazards [all]", "Where [x]", "What", "[one]", "below", "two"):
        assert words in said
    assert "nothing" not in said


@pytest.mark.parametrize(
    "block", [Table("T", (Column("a"),), (), "Nothing. Not safe."), Cards((), "Nothing. Not safe.")]
)
def test_an_empty_block_is_its_sentence(block: Block) -> None:
    assert shown(block) == "Nothing. Not safe.\n"


def test_a_picture_is_its_words_and_its_table() -> None:
    table = Table("T", (Column("What"),), (Row("neck", ((Paragraph((Words("two [x]"),)),),)),), "nothing")
    drawings = (Drawing(360, 9, (), "One [of] three."), Drawing(360, 9, (), "Three."))
    said = shown(Picture("The picture [1]", drawings, table))
    for words in ("The picture [1]", "One [of] three.", "Three.", "two [x]"):
        assert words in said
    assert shown(Picture("T", drawings, Table("T", (), (), "Nothing. Not safe."))) == "Nothing. Not safe.\n"


def test_lists_keep_their_marks_numbers_and_nesting() -> None:
    inner = ListBlock(((Paragraph((Words("inner"),)),),))
    items = ((Paragraph((Words("first"),)), inner), (Paragraph((Words("second"),)),))
    assert card(ListBlock(items, ordered=True)).splitlines() == ["1. first", "• inner", "2. second"]


def test_choices_have_letters() -> None:
    items = tuple((Paragraph((Words(word),)),) for word in ("first", "second"))
    assert card(ListBlock(items, ordered=True, letters=True)).splitlines() == ["A. first", "B. second"]


def test_a_long_item_is_indented_below_its_mark() -> None:
    item = (Paragraph((Words("word " * 30),)),)
    lines = shown(Cards((Card("neck", "T", (ListBlock((item,)),)),), "")).splitlines()[1:-1]
    assert lines[0].startswith("│ • word")
    assert all(line.startswith("│   word") for line in lines[1:])
    assert " ".join(lines).count("word") == 30


def test_facts_folds_and_the_foot_are_all_open() -> None:
    said = card(
        Facts((("What to do", (Paragraph((Words("Ask."),)),)),)),
        Fold("Evidence", (Paragraph((Words("One study."),)),)),
        RecordFoot("neck"),
    )
    assert said.splitlines() == ["What to do", "Ask.", "Evidence", "One study.", str(Place("records/a.yaml", 8, 3))]


def test_what_is_for_the_screen_alone_is_left_out() -> None:
    """In a terminal it could not be closed: an answer would stand below its question."""
    fold = Fold("Answer", (Paragraph((Words("It is B."),)),), screen_only=True)
    assert card(Paragraph((Words("Is it?"),)), fold).split() == ["Is", "it?"]


def test_a_card_has_its_title() -> None:
    assert "Title [x]" in shown(Cards((Card("neck", "Title [x]", ()),), ""))


def test_a_word_too_long_for_its_column_is_not_cut() -> None:
    row = Row("neck", ((ListBlock(((Paragraph((Words("x" * 50),)),),)),), (Paragraph((Words("y" * 50),)),)))
    said = shown(Table("T", (Column("a"), Column("b")), (row,), ""), width=30)
    assert (said.count("x"), said.count("y")) == (50, 50)
