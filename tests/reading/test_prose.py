"""Record prose: the closed part of MyST that it is, and that nothing else slips through or gets lost."""

from __future__ import annotations

import time

import pytest

from clinic_snippets.reading.prose import read_prose
from clinic_snippets.records import KINDS
from clinic_snippets.records.text import (
    Abbreviation,
    Citation,
    Code,
    Emphasis,
    Inline,
    ListBlock,
    PageLink,
    Paragraph,
    RecordLink,
    Strong,
    Subscript,
    Superscript,
    Term,
    WebLink,
    Words,
    plain,
)


def inline(text: str) -> tuple[Inline, ...]:
    """The pieces of a text that is one sound paragraph."""
    blocks, troubles = read_prose(text)
    assert not troubles
    (paragraph,) = blocks
    assert isinstance(paragraph, Paragraph)
    return paragraph.children


def troubles(text: str) -> list[tuple[int, int, str, str]]:
    """Line, column (from 1), message and code of each trouble in a text."""
    return [
        (text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset), message, code)
        for offset, message, _hint, code in read_prose(text)[1]
    ]


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("words", Words("words")),
        ("**words**", Strong((Words("words"),))),
        ("*words*", Emphasis((Words("words"),))),
        ("`words`", Code("words")),
        ("***both***", Emphasis((Strong((Words("both"),)),))),
        ("[words](https://example.org/a_b)", WebLink("https://example.org/a_b", (Words("words"),))),
        ("<mailto:a@example.org>", WebLink("mailto:a@example.org", (Words("mailto:a@example.org"),))),
        ("{clinic:ref}`bleeding`", RecordLink("bleeding")),
        ("{clinic:precaution}`bleeding`", RecordLink("bleeding", "precaution")),
        ("{clinic:hazard}`the lung <lung>`", RecordLink("lung", "hazard", "the lung")),
        ("{cite:p}`a, b`", Citation(("a", "b"))),
        ("{cite:t}`a`", Citation(("a",), textual=True)),
        ("{ref}`words <label>`", PageLink("label", "words")),
        ("{term}`dry needling`", Term("dry needling")),
        ("{abbr}`INR (international ratio)`", Abbreviation("INR", "international ratio")),
        ("{sub}`2`", Subscript("2")),
        ("{sup}`2`", Superscript("2")),
    ],
)
def test_every_allowed_piece(text: str, piece: Inline) -> None:
    assert inline(text) == (piece,)


def test_every_kind_of_record_has_a_role() -> None:
    for kind in KINDS:
        assert inline(f"{{clinic:{kind}}}`a`") == (RecordLink("a", kind),)


def test_lists_and_paragraphs() -> None:
    blocks, found = read_prose("One.\n\n1. First\n2. Second\n   - *inner*\n\nTwo\nlines.")
    assert not found
    inner = ListBlock(((Paragraph((Emphasis((Words("inner"),)),)),),))
    assert blocks == (
        Paragraph((Words("One."),)),
        ListBlock(
            ((Paragraph((Words("First"),)),), (Paragraph((Words("Second"),)), inner)),
            ordered=True,
        ),
        Paragraph((Words("Two lines."),)),
    )


@pytest.mark.parametrize(
    "text",
    [
        "5 * 3 * 2", "2 < 3 > 1", "20 & 30", "a_b_c", "(~5 mm)", "50 %", "a | b", "[sic]", "see [x]: y", "#1 of 2",
        "5.5 is not a list", "it's \"quoted\" -- so", "é ü ≥ 2 — 3", "\\{ref}", "1\\. at the start",
    ],
)  # fmt: skip
def test_ordinary_words_stay_what_they_are(text: str) -> None:
    assert inline(text) == (Words(text.replace("\\", "")),)


@pytest.mark.parametrize("text", ["one\ntwo", "one  \ntwo", "one \n  two", "\n\none\ntwo\n"])
def test_a_line_end_is_a_space_whatever_blanks_are_around_it(text: str) -> None:
    """With markup or without: the short way for plain words gives the same as the parser."""
    assert inline(text) == (Words("one two"),)
    assert inline(text.replace("two", "*two*")) == (Words("one "), Emphasis((Words("two"),)))


@pytest.mark.parametrize(
    ("text", "message", "code"),
    [
        ("§<b>x", "raw HTML is not allowed in record text", "prose-markup"),
        ("a §<!-- b --> c", "raw HTML is not allowed in record text", "prose-markup"),
        ("§<div>\nx\n</div>", "raw HTML is not allowed in record text", "prose-markup"),
        ("a\n\n§# b", "a heading is not allowed in record text", "prose-markup"),
        ("§a\n===", "a heading is not allowed in record text", "prose-markup"),
        ("a\n\n§> b", "a quotation block is not allowed in record text", "prose-markup"),
        ("§```\na\n```", "a code block is not allowed in record text", "prose-markup"),
        ("§~~~\na\n~~~", "a code block is not allowed in record text", "prose-markup"),
        ("a\n\n    §b", "an indented block is not allowed in record text", "prose-markup"),
        ("a\n\n§***", "a rule is not allowed in record text", "prose-markup"),
        ("a §![b](c.png)", "an image is not allowed in record text", "prose-markup"),
        ("a§\\\nb", "a forced line break is not allowed in record text", "prose-markup"),
        ("a §[b](page.md)", "link to 'page.md' is not allowed in record text", "prose-link"),
        ("a §[b](javascript:x)", "link to 'javascript:x' is not allowed in record text", "prose-link"),
        ("a §[](https://x.org)", "this link has no words", "prose-link"),
        ("a §{doc}`b`", "unknown role 'doc'", "prose-role"),
        ("a §{ref}` `", "role 'ref' is empty", "prose-role"),
        ("a §{ref} `b`", "'{ref}' stands alone and would be shown as it is", "prose-literal"),
        ("a §**b", "'**' stands alone and would be shown as it is", "prose-literal"),
        ("a §`b", "'`' stands alone and would be shown as it is", "prose-literal"),
        ("a [b§][c] d", "'][' stands alone and would be shown as it is", "prose-literal"),
        ("§3. a", "a numbered list starts with 3, and would be shown from 1", "prose-list"),
        ("- a\n§-\n- b", "an item of this list is empty", "prose-list"),
    ],
)
def test_anything_else_is_a_trouble_at_its_place(text: str, message: str, code: str) -> None:
    """The place is marked by § in the text."""
    before = text.partition("§")[0]
    text = text.replace("§", "")
    line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
    assert troubles(text) == [(line, column, message, code)]


def test_each_of_several_troubles_has_its_own_place() -> None:
    text = "A `<b>\nc` <i>,\n- {nope}`x` and <u>\n- **{nope}`x`** and <i>"
    assert [place[:2] for place in troubles(text)] == [(2, 4), (3, 3), (3, 17), (4, 5), (4, 21)]


def test_a_link_defined_elsewhere_does_not_vanish() -> None:
    assert plain(read_prose("Ask.\n\n[never]: https://example.org")[0]) == "Ask. [never]: https://example.org"


def test_deep_nesting_loses_nothing() -> None:
    depth = 6
    blocks, found = read_prose("\n".join("  " * n + f"- level{n}" for n in range(depth)))
    assert not found
    assert plain(blocks).split() == [f"level{n}" for n in range(depth)]


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("First.\n\n" + "\n".join("  " * n + "- a" for n in range(60)), 9, "lists"),
        ("First.\n\n" + "- " * 900 + "a", 3, "lists"),
        ("First.\n\n" + "*" * 6000 + "a" + "*" * 6000, 3, "marks"),
        ("**a " * 2000 + "b**" * 2000, 1, "marks"),
    ],
    ids=["one below the other", "on one line", "marks at once", "marks within marks"],
)
def test_nesting_that_nothing_can_show_is_refused_where_it_begins(text: str, line: int, what: str) -> None:
    message = f"more than 6 {what} stand within one another here"
    assert troubles(text) == [(line, 1, message, "prose-depth")]


@pytest.mark.parametrize(
    "text",
    [
        "{ref}`" + "a" * 100_000,
        "{ref}`a" + " " * 100_000 + "b`",
        "{ref}`" + "a " * 50_000 + "`",
        "{abbr}`a" + " " * 100_000 + "(b`",
        "[" * 100_000,
        "[" * 50_000 + "]" * 50_000,
        "- **a\n" * 16_000,
        "**" * 50_000,
        "`" * 100_000,
        "".join("`" * n + " " for n in range(1, 440)),
        "<b>" * 33_000,
    ],
    ids=lambda text: text[:12],
)
def test_no_text_keeps_the_reader_busy(text: str) -> None:
    """Each of these took minutes, or the square of its length, in some reader of such markup."""
    start = time.process_time()
    blocks, found = read_prose(text)
    assert blocks or found
    # A hundredfold of what the slowest takes, and CPU time: only what does not end comes so far.
    assert time.process_time() - start < 20


def test_a_long_text_is_read_as_any_other() -> None:
    text = "word " * 20_000 + "end"
    assert plain(read_prose(text)[0]) == text and not read_prose(text)[1]
    marked = text + " **strong** and {cite:p}`brady2014`"
    assert plain(read_prose(marked)[0]).endswith("end strong and") and not read_prose(marked)[1]


def test_a_long_text_with_markup_that_takes_long_is_refused() -> None:
    text = "word " * 20_000 + "*open"
    assert troubles(text) == [
        (1, 1, f"a text with this markup has {len(text)} characters, and may have 20000", "prose-size")
    ]
