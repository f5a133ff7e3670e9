"""Drawings as SVG: well-formed, coloured by classes on a page and by fixed colours in print, with words for all."""

from __future__ import annotations

import re

import lxml.etree
import pytest

from clinic_snippets.pdf.compile import FONT
from clinic_snippets.rendering.html import HtmlRenderer
from clinic_snippets.rendering.svg import PRINT_FONT, DrawnLink, for_page, for_print
from clinic_snippets.rendering.typography import Typography
from clinic_snippets.snippets.drawing import (
    Circle,
    Drawing,
    Label,
    Line,
    Link,
    Path,
    Rect,
    Shape,
    Tone,
    paragraph,
    text_width,
    wrapped,
)

SHAPES: tuple[Shape, ...] = (
    Line(0, 1, 2.005, 3, Tone.ACCENT, 1.5, dashed=True),
    Rect(1, 2, 3, 4, fill=Tone.BAND, line=Tone.FAINT, round=2),
    Circle(5, 5, 2, line=Tone.HARM),
    Path("M0 0 L1 1 Z", fill=Tone.PAPER),
    Label(0, 20, "a < b & c", "end", Tone.QUIET, 11, bold=True),
    Label(0, 40, "plain"),
)
LINKED = (*SHAPES, Link("lung", (Circle(9, 9, 9, fill=Tone.LEVEL_1), Label(9, 9, "Lung"))), SHAPES[0])


def drawing(*shapes: Shape, alt: str = 'A "small" picture <of> all & sundry.') -> Drawing:
    return Drawing(360, 50.5, shapes, alt)


def page_markup(made: Drawing, words: Typography | None = None) -> str:
    """The picture on a page on which no record has a home."""
    pieces = for_page(made, (words or Typography()).text)
    return "".join(piece.markup if isinstance(piece, DrawnLink) else piece for piece in pieces)


@pytest.mark.parametrize("shapes", [(), SHAPES, LINKED], ids=["empty", "shapes", "links"])
def test_both_are_well_formed_and_have_every_word(shapes: tuple[Shape, ...]) -> None:
    made = drawing(*shapes)
    for markup in (page_markup(made), for_print(made, str)):
        root = lxml.etree.fromstring(markup)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert root.get("viewBox") == "0 0 360 50.5"
        words = [text.text for text in root.iter("{*}text")]
        assert words == [label.text for label in labels(shapes)]


def labels(shapes: tuple[Shape, ...]) -> list[Label]:
    flat = [inner for shape in shapes for inner in (shape.shapes if isinstance(shape, Link) else (shape,))]
    return [shape for shape in flat if isinstance(shape, Label)]


def test_a_page_names_tones_and_no_colours_and_styles_nothing_in_place() -> None:
    markup = page_markup(drawing(*LINKED))
    assert not re.search(r"#[0-9a-f]{3}|rgb|style|url|script", markup)
    (circle,) = lxml.etree.fromstring(page_markup(drawing(Circle(5, 5, 2, line=Tone.HARM)))).iter("{*}circle")
    assert circle.get("class") == "clinic-stroke-harm"
    assert circle.get("fill") == "none", "hollow, whatever the stylesheet"


@pytest.mark.parametrize("tone", list(Tone))
def test_without_the_stylesheet_no_ground_is_black_and_no_word_unseen(tone: Tone) -> None:
    (rect,) = lxml.etree.fromstring(page_markup(drawing(Rect(0, 0, 1, 1, fill=tone)))).iter("{*}rect")
    ground = tone in (Tone.BAND, Tone.PAPER, Tone.LEVEL_1, Tone.LEVEL_3)
    assert rect.get("fill") == ("none" if ground else "currentColor")


def test_print_has_its_own_colours_and_font_and_no_classes() -> None:
    markup = for_print(drawing(*LINKED), str)
    assert "class" not in markup
    assert "currentColor" not in markup
    assert PRINT_FONT == FONT, "a family that the PDF does not bring would be replaced by another"
    assert f'font-family="{FONT}"' in markup


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("tone", [Tone.INK, Tone.QUIET, Tone.ACCENT, Tone.ASK, Tone.HARM])
def test_printed_words_can_be_read_in_greyscale(tone: Tone) -> None:
    (colour,) = re.findall(r'fill="(#\w{6})"', for_print(drawing(Label(0, 0, "x", tone=tone)), str))
    assert 1.05 / (luminance(colour) + 0.05) > 4.5


def test_print_asks_for_normal_letters_by_number() -> None:
    """Typst takes the thinnest letters of a variable font for normal ones unless the axis is set."""
    markup = for_print(drawing(Label(0, 0, "a"), Label(0, 0, "b", bold=True)), str)
    assert re.findall(r"'wght' (\d+)", markup) == ["400", "700"]


def test_a_picture_is_one_image_with_its_words() -> None:
    root = lxml.etree.fromstring(page_markup(drawing(*SHAPES)))
    assert root.get("role") == "img"
    assert root.get("aria-label") == 'A "small" picture <of> all & sundry.'


def test_a_picture_with_links_is_a_group_in_which_only_links_are_read() -> None:
    root = lxml.etree.fromstring(page_markup(drawing(*LINKED)))
    assert root.get("role") == "group"
    assert root.get("aria-label")
    hidden = root.xpath("./*[local-name()='g'][@aria-hidden='true']//*[local-name()='text']/text()")
    assert hidden == ["a < b & c", "plain"]
    (link,) = (piece for piece in for_page(drawing(*LINKED), str) if isinstance(piece, DrawnLink))
    assert (link.id, link.words) == ("lung", "")
    assert "Lung" in link.markup


def test_quotes_follow_the_typography_of_the_page() -> None:
    quoted = drawing(Label(0, 0, '"so"'), alt='It is "so".')
    root = lxml.etree.fromstring(page_markup(quoted, Typography("en")))
    assert root.get("aria-label") == "It is “so”."
    assert root.xpath("string()").strip() == "“so”"


def test_the_same_drawing_gives_the_same_bytes() -> None:
    assert page_markup(drawing(*LINKED)) == page_markup(drawing(*LINKED))
    assert 'x2="2"' in page_markup(drawing(*SHAPES)), "places are rounded, so that they are equal on every machine"


def test_a_renderer_makes_a_drawing_once() -> None:
    renderer, made = HtmlRenderer(Typography()), drawing(*LINKED)
    assert renderer.fragment(made) is renderer.fragment(made)
    assert sum(isinstance(piece, DrawnLink) for piece in renderer.fragment(made)) == 1


# --- words on lines --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one", ["one"]),
        ("one two  three four five", ["one two three", "four five"]),
        ("short-termism and/or", ["short-termism", "and/or"]),
        ("a well-established", ["a well-", "established"]),
        ("Pneumonoultramicroscopic x", ["Pneumonoultr-", "amicroscopic x"]),
        ("", []),
    ],
)
def test_words_are_wrapped_and_long_ones_divided(text: str, lines: list[str]) -> None:
    assert wrapped(text, 100) == lines
    assert all(text_width(line) <= 100 for line in lines)


@pytest.mark.parametrize("width", [1, 30, 77, 200])
def test_wrapping_loses_no_letter(width: float) -> None:
    text = "Against a comparison group, not described/further (in what-was read) — −0.5"
    assert "".join(wrapped(text, width)).replace(" ", "").replace("-", "") == text.replace(" ", "").replace("-", "")


def test_a_paragraph_says_where_the_next_line_goes() -> None:
    said, after = paragraph(5, 20, "one two three four five", 100)
    assert [(label.x, label.y) for label in said] == [(5, 20), (5, 35)]
    assert after == 50
