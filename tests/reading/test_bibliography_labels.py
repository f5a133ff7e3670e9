"""What a source is cited by: made from its shorthand, or from author, year and title."""

from __future__ import annotations

import pytest
from pybtex.database import parse_string

from clinic_snippets.reading.bibliography import labels

BOARD = "author = {{Allied Health Professions Council of South Africa}}, title = {Safety Guidelines: Dry Needling}"


def label(fields: str) -> str:
    """The label of the only entry of a bibliography."""
    return labels(dict(parse_string(f"@misc{{key, {fields}}}", "bibtex").entries))["key"]


def test_a_shorthand_stands_alone_where_there_is_no_year() -> None:
    assert label(f"shorthand = {{AHPCSA}}, {BOARD}") == "AHPCSA"


def test_the_year_is_added_to_a_shorthand() -> None:
    assert label("shorthand = {AHPCSA}, title = {Safety Guidelines}, year = {2014}") == "AHPCSA 2014"


def test_a_shorthand_goes_before_the_author() -> None:
    assert (
        label("shorthand = {Hinds slides}, author = {Hinds, Stuart}, title = {Needling}, year = {2010}")
        == "Hinds slides 2010"
    )


def test_a_long_shorthand_is_not_cut() -> None:
    assert label(f"shorthand = {{Physio Alberta events of needling}}, {BOARD}") == "Physio Alberta events of needling"


@pytest.mark.parametrize("written", ["{{NHS} GGC}", "{{NHS GGC}}", "{ NHS\n  GGC }"])
def test_braces_and_line_breaks_of_a_shorthand_are_not_shown(written: str) -> None:
    assert label(f"shorthand = {written}, title = {{Needlestick injuries}}") == "NHS GGC"


@pytest.mark.parametrize("empty", ["{}", "{ }", "{{}}"])
def test_an_empty_shorthand_is_none(empty: str) -> None:
    assert (
        label(f"shorthand = {empty}, author = {{Brady, Sarah}}, title = {{Needling}}, year = {{2014}}") == "Brady 2014"
    )


def test_equal_labels_are_told_apart_and_stay_readable() -> None:
    """A letter belongs to a year; behind a word it would be read as part of it."""
    entries = parse_string(
        """
        @misc{one, shorthand = {WHO}, title = {First}, year = {1999}}
        @misc{two, shorthand = {WHO}, title = {Second}, year = {1999}}
        @misc{three, shorthand = {Myopain}, title = {Third}}
        @misc{four, shorthand = {Myopain}, title = {Fourth}}
        """,
        "bibtex",
    ).entries
    assert labels(dict(entries)) == {
        "one": "WHO 1999a",
        "two": "WHO 1999b",
        "four": "Myopain-a",
        "three": "Myopain-b",
    }
