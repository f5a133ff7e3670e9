"""Pages read without Sphinx: what they place and name, at which line, and what is only code."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from clinic_snippets.reading.page_calls import Mention, PageCall, SnippetCall, page_calls


def calls(text: str, rst: bool = False) -> list[PageCall]:
    return page_calls(textwrap.dedent(text).lstrip("\n"), rst)


@pytest.mark.parametrize(
    "text",
    [
        "```{clinic:cards}\n:level: high\n:flag:\n```",
        "~~~{clinic:cards} A title\n---\nlevel: 'high'\nflag:\n---\n~~~",
        ":::{clinic:cards}\n\n:level: high\n:flag:\n:::",
        "````{tab-item} A\n```{clinic:cards}\n:level: high\n:flag:\n```\n````",
        "- in a list\n\n  ```{clinic:cards}\n  :level: high\n  :flag:\n  ```",
        "```{eval-rst}\n.. clinic:cards:: A title\n   :level: high\n   :flag:\n```",
    ],
)
def test_every_way_to_place_a_snippet_in_myst(text: str) -> None:
    line = next(number for number, words in enumerate(text.split("\n"), 1) if "clinic:cards" in words)
    assert page_calls(text) == [SnippetCall(line, "cards", (("level", "high"), ("flag", "")))]


def test_restructured_text() -> None:
    text = """
        Words with :clinic:ref:`this <one>`, :cite:p:`a,b` and ``:clinic:ref:`code` ``.

        .. clinic:cards::
           :level: high

           Text.

        .. note:: See :clinic:hazard:`two`.

        .. A comment with :clinic:ref:`none`.

           :clinic:ref:`none`

        .. code-block:: rst

           .. clinic:cards::

        As follows::

           :clinic:ref:`none`

        Then :any:`three`.
    """
    assert calls(text, rst=True) == [
        Mention(1, "clinic:ref", ("one",)),
        Mention(1, "cite:p", ("a", "b")),
        SnippetCall(3, "cards", (("level", "high"),)),
        Mention(8, "clinic:hazard", ("two",)),
        Mention(22, "any", ("three",)),
    ]


def test_roles_and_links_at_their_lines() -> None:
    text = """
        ---
        title: "{clinic:ref}`front-matter`"
        ---
        # Heading {clinic:ref}`one`

        Words {cite:t}`a` and {cite:p}`{see}b{p. 3},
        c` and [words](#hazard-two), [away](https://example.org/#x),
        {clinic:rate}`some
        words <event@a>`.

        | a | b |
        |---|---|
        | x | {clinic:ref}`cell` |

        % {clinic:ref}`comment`

        Term
        : {clinic:ref}`definition`
    """
    assert calls(text) == [
        Mention(4, "clinic:ref", ("one",)),
        Mention(6, "cite:t", ("a",)),
        Mention(6, "cite:p", ("b", "c")),
        Mention(7, "", ("hazard-two",)),
        Mention(8, "clinic:rate", ("event@a",)),
        Mention(13, "clinic:ref", ("cell",)),
        Mention(18, "clinic:ref", ("definition",)),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "``{clinic:ref}`one` ``",
        "````md\n```{clinic:cards}\n```\n````",
        "```{code-block} md\n{clinic:ref}`one`\n```",
        "<!-- {clinic:ref}`one` -->",
        "{clinic:ref}`!one` {ref}`label` {doc}`page`",
        "",
        "```{clinic",
        ":::{",
        "```{note}\n---",
    ],
)
def test_what_is_no_call(text: str) -> None:
    assert page_calls(text) == []


def test_every_call_of_the_handbook_is_found_at_its_line(repository: Path) -> None:
    pages = sorted((repository / "source").glob("*.md"))
    found = 0
    for page in pages:
        lines = page.read_text(encoding="utf-8").split("\n")
        for call in page_calls("\n".join(lines)):
            word = call.snippet if isinstance(call, SnippetCall) else call.targets[0]
            assert word in lines[call.line - 1], f"{page}:{call.line}"
            found += 1
    assert found >= sum(page.read_text(encoding="utf-8").count("{clinic:") for page in pages)
