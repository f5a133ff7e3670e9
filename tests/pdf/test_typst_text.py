"""Typst's spelling of strings and lengths, and which words need help to fit."""

from __future__ import annotations

import pytest

from clinic_snippets.pdf.typst_text import Fit, array, by_fit, fit, length, pieces, quoted


def test_quoted_escapes_what_would_end_or_change_the_string():
    assert quoted('a "b" \\ c\nd\te') == r'"a \"b\" \\ c\nd\te"'


def test_array_of_one_is_an_array():
    assert array(["1"]) == "(1, )"
    assert array([]) == "()"


@pytest.mark.parametrize(
    ("given", "typst"),
    [("96px", "72pt"), ("100", "75pt"), ("2.5 cm", "2.5cm"), ("50%", "50%"), (".5em", ".5em"), ("wide", None), ("", None), (None, None)],
)  # fmt: skip
def test_lengths(given, typst):
    assert length(given) == typst


@pytest.mark.parametrize(
    ("word", "room", "how"),
    [
        ("Contraindication", 40, Fit.FITS),
        ("Contraindication", 7, Fit.HYPHENATES),
        ("Contraindication.", 7, Fit.HYPHENATES),
        ("supervisor:", 10, Fit.FITS),
        ("antiplatelet/anticoagulant", 12, Fit.FITS),
        ("some.module.name", 12, Fit.BREAKS),
        ("CamelCaseIdentifier", 12, Fit.BREAKS),
        ("x" * 41, 40, Fit.BREAKS),
    ],
)
def test_words_that_do_not_fit(word, room, how):
    assert fit(word, room) is how


def test_runs_keep_every_letter_in_order():
    text = "  see some.module.name here,  and Contraindication "
    assert "".join(run for run, _how in by_fit(text, 7)) == text


def test_a_word_breaks_into_pieces_behind_signs_and_where_there_are_none():
    assert pieces("10.5555/author49", 7) == '"", "10.", "5555/", "author4", "9"'
    assert pieces("//a\ufe0fbcd__ef", 3) == '"//", "abc", "d__", "ef"'
    assert pieces("//", 3) == '"//"'
