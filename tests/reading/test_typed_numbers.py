"""Results typed by hand in a page are found; words, years and code are not taken for results."""

from __future__ import annotations

from pathlib import Path

import pytest

from clinic_snippets.reading.typed_numbers import pages_with_typed_numbers, typed_numbers


def found(text: str, file: str = "page.md", allowed: dict[str, str] | None = None) -> list[tuple[str, str]]:
    """Return the place within the page and the message of each problem."""
    return [
        (f"{p.place.line}:{p.place.column}", p.message.removesuffix(" typed by hand"))
        for p in typed_numbers(text, file, allowed)
    ]


@pytest.mark.parametrize(
    ("sentence", "words", "kind"),
    [
        ("About 7.55% bruise.", "7.55%", "a percentage"),
        ("About 7.55 % bruise.", "7.55 %", "a percentage"),
        ("About 8 per cent bruise.", "8 per cent", "a percentage"),
        ("Seen in 1 in 1,000 treatments.", "1 in 1,000", "a share"),
        ("Seen in one in ten patients.", "one in ten", "a share"),
        ("It touched 11 out of 14 nerves.", "11 out of 14", "a share"),
        ("Pain fell (SMD -0.81).", "SMD -0.81", "an effect size"),
        ("Pain fell, with a mean difference of 1.5 points.", "mean difference of 1.5", "an effect size"),
        ("The number needed to treat was 4.", "number needed to treat was 4", "an effect size"),
        ("An odds ratio of 3 was printed.", "odds ratio of 3", "an effect size"),
        ("Seen in one in twenty patients.", "one in twenty", "a share"),
        ("Seen in 55 of 100 patients.", "55 of 100 patients", "a share"),
        ("Some twenty-five percent bruise.", "twenty-five percent", "a percentage"),
        ("There were 19.18 bleeds per 100 treatments.", "19.18 bleeds per 100", "a rate"),
        ("There were 5 per 1,000.", "5 per 1,000", "a rate"),
        ("It was 5/1000.", "5/1000", "a rate"),
        ("Pain fell by 2.3 points.", "2.3 points", "an effect size"),
        ("It had a sensitivity of 0.67.", "sensitivity of 0.67", "an effect size"),
        ("It was significant (p < 0.05).", "p < 0.05", "an effect size"),
        ("It lies between (-1.21 to -0.40).", "-1.21 to -0.40", "an interval"),
        ("It lies between \u22121.21 to 0.40.", "\u22121.21 to 0.40", "an interval"),
        ("It lies between 0.3\u20130.5.", "0.3\u20130.5", "an interval"),
    ],
)
def test_a_result_typed_by_hand_is_found(sentence: str, words: str, kind: str) -> None:
    assert [message for _, message in found(sentence)] == [f"'{words}' is {kind}"]


@pytest.mark.parametrize(
    "sentence",
    [
        "In 2014 to 2016, and in weeks 3 to 5.",
        "Two of them are in chapter 3 of 4.",
        "Use version 2.1 of the form.",
        "Seen {clinic:rate}`bruises <bruising@brady2014>`, {clinic:finding}`x@y` and `50 %`.",
        "See [there](https://x.example/50%) and <https://x.example/1%>.",
        "<!-- 5 % -->",
        "% 5 %",
        "One in the morning, one in the evening.",
        "Seven of them, and twenty minutes per patient.",
        "Do it once in two weeks.",
        "At 10:00 and 12:00 on page 3/4.",
    ],
)
def test_what_is_no_result_is_left_alone(sentence: str) -> None:
    assert found(sentence) == []


def test_content_of_boxes_is_text_and_content_of_code_is_not() -> None:
    page = """---
title: 1 %
---
# A
```{note} 2 %
:class: 3 %
4 %
```
:::{admonition} Key points
- 5 %
:::
```python
6 %
```
````{note}
```{code-block} text
7 %
```
8 %
````
"""
    assert found(page) == [
        ("5:11", "'2 %' is a percentage"),
        ("7:1", "'4 %' is a percentage"),
        ("10:3", "'5 %' is a percentage"),
        ("19:1", "'8 %' is a percentage"),
    ]


def test_restructured_text_is_read_as_such() -> None:
    page = """\
1 %
===

.. note:: 2 %
   :class: 3 %

   4 %

.. code-block:: text

   5 %

Text::

   6 %

.. a comment of 7 %

``8 %`` and :clinic:rate:`9 %`
"""
    assert [place for place, _ in found(page, "page.rst")] == ["1:1", "4:11", "7:4"]


def test_an_exception_needs_a_reason_and_must_still_be_there() -> None:
    page = "The 95 % interval, and 7 %.\n"
    assert found(page, allowed={"95 % interval": "names the method"}) == [("1:24", "'7 %' is a percentage")]
    assert found("The 95 % interval.", allowed={"95 % interval": " "}) == [
        ("1:1", "clinic_allowed_numbers gives no reason for '95 % interval'")
    ]
    assert found("Nothing.", allowed={"95 %": "x"}) == [
        ("1:1", "clinic_allowed_numbers names '95 %', which this page does not hold")
    ]


def test_every_problem_says_what_to_write_instead(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("5 %", "utf-8")
    (problem,) = pages_with_typed_numbers(tmp_path, [tmp_path / "a.md"], {})
    assert "{clinic:rate}`event@source` or {clinic:finding}`finding@part`" in str(problem)
    assert "clinic_allowed_numbers" in problem.hint


def test_an_exception_for_no_page_is_reported(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Nothing.", "utf-8")
    (problem,) = pages_with_typed_numbers(tmp_path, [tmp_path / "a.md"], {"b": {"5 %": "x"}})
    assert problem.message == "clinic_allowed_numbers names 'b', which is no page"
