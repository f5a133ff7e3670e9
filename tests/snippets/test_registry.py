"""``@snippet``: what a signature declares becomes options, and what does not fit is refused at once."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from clinic_snippets.library import Library
from clinic_snippets.records import Hazard, Level, Record, Region
from clinic_snippets.records.text import Paragraph, Words
from clinic_snippets.snippets import (
    SNIPPETS,
    Card,
    Cards,
    Column,
    OptionError,
    Picture,
    Row,
    Snippet,
    Table,
    snippet,
)
from clinic_snippets.snippets.drawing import Drawing, Link
from clinic_snippets.snippets.registry import Option

HEADER = {"topic": "t", "owner": "o", "written": "2026-01-01", "review_by": "2027-01-01"}
NECK = Region.model_validate({**HEADER, "kind": "region", "id": "neck", "name": "Neck"})
LIBRARY = Library([NECK])


class Size(enum.StrEnum):
    """An enum of a handbook's own."""

    SMALL = "small"
    LARGE = "large"


@pytest.fixture(autouse=True)
def _registered_snippets_end_with_the_test() -> Iterator[None]:
    before = dict(SNIPPETS)
    yield
    SNIPPETS.clear()
    SNIPPETS.update(before)


def test_a_snippet_of_fifteen_lines_works() -> None:
    @snippet
    def record_names(library: Library, *, region: Region | None = None, size: Size = Size.SMALL) -> Table:
        """The names of all records."""
        rows = [
            Row(record.id, ((Paragraph((Words(record.name),)),),))
            for record in library.of()
            if region is None or record is region
        ]
        return Table(f"{size.value} names", (Column("Name"),), tuple(rows), "There are no names.")

    made = SNIPPETS["record-names"]
    assert made.summary == "The names of all records."
    table = made(LIBRARY, {"region": "neck", "size": "large"})
    assert isinstance(table, Table)
    assert table.title == "large names"
    assert [row.record for row in table.rows] == ["neck"]
    assert record_names(Library()).rows == (), "the decorated function is still a plain function"


@pytest.mark.parametrize(
    ("option", "words", "description"),
    [
        (Option("size", Size), ["small", "large"], "one of: small, large"),
        (Option("level", Level), ["contraindication", "precaution"], "one of: contraindication, precaution"),
        (Option("region", Region), ["neck"], "the id of a region"),
        (Option("hazard", Hazard), [], "the id of a hazard"),
        (Option("record", Record), ["neck"], "the id of a record"),
        (Option("short", bool), [], "a flag; it takes no value"),
        (Option("technique", str), [], "text"),
    ],
)
def test_an_option_says_what_it_takes(option: Option, words: list[str], description: str) -> None:
    assert option.words(LIBRARY) == words
    assert option.description == description


@pytest.mark.parametrize(
    ("option", "given", "value"),
    [
        (Option("size", Size), " large ", Size.LARGE),
        (Option("region", Region), "neck", NECK),
        (Option("short", bool), "", True),
        (Option("short", bool), "yes", True),
        (Option("short", bool), "no", False),
        (Option("technique", str), " deep needling ", "deep needling"),
    ],
)
def test_a_value_is_read_as_its_type(option: Option, given: str, value: object) -> None:
    assert option.read(given, LIBRARY) == value


@pytest.mark.parametrize(
    ("option", "given", "message"),
    [
        (
            Option("size", Size),
            "lagre",
            "'lagre' is not a value of 'size'; allowed: small, large; did you mean 'large'?",
        ),
        (Option("size", Size), "", "'' is not a value of 'size'; allowed: small, large"),
        (Option("region", Region), "nek", "'nek' is not a value of 'region'; allowed: neck; did you mean 'neck'?"),
        (Option("short", bool), "maybe", "'short' is a flag; write it without a value or leave it out"),
        (Option("technique", str), " ", "'technique' is empty; write a value or leave the option out"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_the_way_out(option: Option, given: str, message: str) -> None:
    with pytest.raises(OptionError) as raised:
        option.read(given, LIBRARY)
    assert str(raised.value) == message


def test_a_region_is_refused_also_where_there_are_none() -> None:
    """Left unread, it would show the table of every region as the table of this one."""
    with pytest.raises(OptionError, match="'neck' is not a value of 'region'"):
        SNIPPETS["precaution-table"](Library(), {"region": "neck"})


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(OptionError, match="'regoin' is not an option of hazard-table; allowed: region; did you mean"):
        SNIPPETS["hazard-table"](LIBRARY, {"regoin": "neck"})


def positional(library: Library, level: Level | None = None) -> Table: ...
def without_default(library: Library, *, level: Level) -> Table: ...
def untyped(library: Library, *, level=None) -> Table: ...  # type: ignore[no-untyped-def]
def a_number(library: Library, *, count: int = 3) -> Table: ...
def a_list(library: Library, *, names: list[str] | None = None) -> Table: ...
def no_library() -> Table: ...
def only_options(*, level: Level | None = None) -> Table: ...


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (
            positional,
            "positional: option 'level' must be keyword-only and have a default; write '*, level: str | None = None'",
        ),
        (
            without_default,
            "without_default: option 'level' must be keyword-only and have a default; write '*, level: str | None = None'",
        ),
        (untyped, "untyped: option 'level' must be typed as a StrEnum, a kind of record, bool or str"),
        (a_number, "a_number: option 'count' must be typed as a StrEnum, a kind of record, bool or str"),
        (a_list, "a_list: option 'names' must be typed as a StrEnum, a kind of record, bool or str"),
        (no_library, "no_library: the first parameter must be the library; write 'library: Library'"),
        (only_options, "only_options: the first parameter must be the library; write 'library: Library'"),
    ],
)
def test_a_signature_that_does_not_fit_is_refused(function: Callable[..., Any], message: str) -> None:
    with pytest.raises(TypeError) as raised:
        snippet(function)
    assert str(raised.value) == message
    assert function.__name__.replace("_", "-") not in SNIPPETS


def test_a_snippet_of_the_package_cannot_be_replaced_by_accident() -> None:
    """A handbook that calls its own table like one of ours would lose rows without a word."""

    def hazard_table(library: Library) -> Table: ...

    with pytest.raises(TypeError, match="the snippet 'hazard-table' is there already; choose another name"):
        snippet(hazard_table)
    assert SNIPPETS["hazard-table"].function is not hazard_table


CELL = ((Paragraph((Words("x"),)),),)


def picture(row: Row, *shapes: Link, home: bool = False) -> Picture:
    table = Table("t", (Column("a"),), (row,), "e", home)
    return Picture("t", (Drawing(360, 10, shapes, "Nothing."),), table)


@pytest.mark.parametrize(
    ("block", "error", "message"),
    [
        (None, TypeError, "it returns NoneType, not Table, Cards or Picture"),
        (Table("t", (Column("a"),), (Row("nobody", CELL),), "e"), LookupError, "no record has the id 'nobody'"),
        (Table("t", (Column("a"),), (Row("neck", CELL * 2),), "e"), ValueError, "the row of 'neck' has 2 cells, not 1"),
        (Cards((Card("nobody", "t", ()),), "e"), LookupError, "no record has the id 'nobody'"),
        (picture(Row("neck", CELL), Link("nobody", ())), LookupError, "no record has the id 'nobody'"),
        (picture(Row("nobody", CELL)), LookupError, "no record has the id 'nobody'"),
        (picture(Row("neck", CELL * 2)), ValueError, "the row of 'neck' has 2 cells, not 1"),
        (
            picture(Row("neck", CELL), home=True),
            ValueError,
            "the table of a picture is folded away and can be no home; show the home in another table",
        ),
    ],
)
def test_a_block_that_cannot_be_shown_is_refused(block: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as raised:
        Snippet("odd", lambda library: block, {})(LIBRARY, {})
    assert str(raised.value) == message
