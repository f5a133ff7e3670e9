"""``clinic-snippets impact``: every record, figure and place in a page that rests on a source or a record."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from clinic_snippets.snippets import SNIPPETS

HARM = """
    topic: harm
    owner: safety lead
    written: 2026-01-01
    review_by: 2027-01-01
    records:

    - kind: severity-class
      id: mild
      name: Mild
      meaning: It passes.
      sources: [brady2014]

    - kind: adverse-event
      id: bruising
      name: Bruising
      severity: [mild]
      rates:
      - source: brady2014
        needling: dry needling
        reported_by: clinicians
        setting: clinics
        unit: treatments
        total: 100
        events: 5
        counted: affected
      - source: hsieh2023
        needling: dry needling
        reported_by: patients
        setting: clinics
        cases: 3
"""
PAGE = """
    # A page

    See {clinic:ref}`this <warfarin>` and {cite:p}`hsieh2023,brady2014`.
    {clinic:rate}`bruises <bruising@hsieh2023>`, [here](#precaution-warfarin), {clinic:ref}`!warfarin`.

    ```{clinic:precaution-table}
    :level: precaution
    ```

    ::::{note}
    :::{clinic:hazard-table}
    :region: neck
    :::
    ::::

    `{clinic:ref}` and ``{clinic:ref}`warfarin` `` are code.

    ````md
    ```{clinic:precaution-table}
    ```
    ````
"""
RST = """
    A page
    ======

    See :clinic:precaution:`warfarin`.

    .. clinic:adverse-event-cards::
       :severity: mild

    .. code-block:: rst

       :clinic:ref:`warfarin`
"""
FILES = {"source/records/harm.yaml": HARM, "source/page.md": PAGE, "source/other.rst": RST}


@pytest.fixture
def impact(handbook: Callable[..., Path], clinic: Callable[..., Result]) -> Callable[..., dict[str, object]]:
    """Write a handbook with pages and return what the command says as data."""

    def run(key: str) -> dict[str, object]:
        handbook(FILES)
        told = clinic("impact", key, "--format", "json")
        assert (told.exit_code, told.stderr) == (0, "")
        content: dict[str, object] = json.loads(told.stdout)
        return content

    return run


def used(content: dict[str, object]) -> dict[str, list[str]]:
    return {record["id"]: [use["field"] for use in record["uses"]] for record in content["records"]}  # type: ignore[attr-defined]


def places(content: dict[str, object]) -> list[tuple[str, int, str]]:
    return [(page["file"], page["line"], page["what"]) for page in content["pages"]]  # type: ignore[attr-defined]


def test_what_rests_on_a_source(impact: Callable[..., dict[str, object]]) -> None:
    content = impact("hsieh2023")
    assert content["name"] == "Hsieh 2023, Bleeding"
    assert used(content) == {
        "bruises": ["why.sources[1]"],
        "bruising": ["rates[2].source"],
        "pleura": ["harm"],
    }
    assert content["figures"] == ["bruising@hsieh2023"]
    assert places(content) == [
        ("source/other.rst", 6, "shows bruising"),
        ("source/page.md", 3, "cites hsieh2023"),
        ("source/page.md", 4, "names bruising@hsieh2023"),
        ("source/page.md", 6, "shows bruises"),
        ("source/page.md", 11, "shows pleura"),
    ]


def test_what_rests_on_a_record(impact: Callable[..., dict[str, object]]) -> None:
    content = impact("warfarin")
    assert used(content) == {"bruises": ["see_also[1]"], "pleura": ["avoid"]}
    assert places(content) == [
        ("source/other.rst", 4, "names warfarin"),
        ("source/page.md", 3, "names warfarin"),
        ("source/page.md", 4, "names precaution-warfarin"),
        ("source/page.md", 6, "shows warfarin, bruises"),
        ("source/page.md", 11, "shows pleura"),
    ]


def test_what_rests_on_an_event_are_its_figures_too(impact: Callable[..., dict[str, object]]) -> None:
    content = impact("bruising")
    assert content["figures"] == ["bruising@brady2014", "bruising@hsieh2023"]
    assert ("source/page.md", 4, "names bruising@hsieh2023") in places(content)


def test_a_region_is_named_by_what_lies_there(impact: Callable[..., dict[str, object]]) -> None:
    assert used(impact("neck")) == {"bruises": ["regions[1]"], "pleura": ["region"]}


def test_text_gives_places_that_can_be_opened(handbook: Callable[..., Path], clinic: Callable[..., Result]) -> None:
    handbook(FILES)
    assert clinic("impact", "hsieh2023", "source").stdout == (
        "hsieh2023: Hsieh 2023, Bleeding\n\n"
        "Records: 3\n"
        "  source/records/bleeding.yaml:30:15: bruises (precaution): why.sources[1]\n"
        "  source/records/harm.yaml:26:13: bruising (adverse-event): rates[2].source\n"
        "  source/records/lung.yaml:15:9: pleura (hazard): harm\n\n"
        "Figures: 1\n"
        "  bruising@hsieh2023\n\n"
        "Places in pages: 5\n"
        "  source/other.rst:6: shows bruising\n"
        "  source/page.md:3: cites hsieh2023\n"
        "  source/page.md:4: names bruising@hsieh2023\n"
        "  source/page.md:6: shows bruises\n"
        "  source/page.md:11: shows pleura\n"
    )


def test_a_withdrawn_record_is_told_as_such(
    handbook: Callable[..., Path], clinic: Callable[..., Result], edit: Callable[..., None]
) -> None:
    handbook()
    gone = (
        "  status: withdrawn\n  withdrawn:\n    date: 2026-06-01\n    reason: It is one.\n    replaced_by: [warfarin]\n"
    )
    edit("source/records/bleeding.yaml", "id: bruises\n", f"id: bruises\n{gone}")
    run = clinic("impact", "warfarin")
    assert "bruises (withdrawn precaution): see_also[1], withdrawn.replaced_by[1]" in run.stdout


@pytest.mark.parametrize(("key", "near"), [("hsieh2032", "hsieh2023"), ("warfarine", "warfarin")])
def test_a_key_that_is_not_there_is_told_with_the_nearest(
    handbook: Callable[..., Path], clinic: Callable[..., Result], key: str, near: str
) -> None:
    handbook()
    run = clinic("impact", key)
    assert (run.exit_code, run.stdout) == (2, "")
    assert f"no source has the key and no record the id '{key}'; did you mean '{near}'?" in run.stderr


@pytest.mark.parametrize(
    ("directive", "words"),
    [
        ("precaution-tabel", "there is no snippet 'precaution-tabel'; allowed: "),
        ("precaution-table\n:level: high", "'high' is not a value of 'level'; allowed: contraindication, precaution"),
        ("broken", "own.py:5: broken: this code fails with ZeroDivisionError: division by zero"),
    ],
)
def test_a_place_that_cannot_be_judged_is_said_and_the_rest_is_listed(
    handbook: Callable[..., Path], clinic: Callable[..., Result], directive: str, words: str
) -> None:
    own = "from clinic_snippets.snippets import snippet\n\n@snippet\ndef broken(library):\n    return 1 / 0\n"
    handbook({
        "source/page.md": f"# A\n\n```{{clinic:{directive}}}\n```\n".replace("\n:level: high}", "}\n:level: high"),
        "source/other.md": "{clinic:ref}`warfarin`\n",
        "source/conf.py": 'clinic_snippet_files = ["own.py"]\n',
        "source/own.py": own,
    })  # fmt: skip
    run = clinic("impact", "warfarin")
    assert f"warning: source/page.md:3: what stands here is not listed: {words}".replace("own.py", "source/own.py") in (
        run.stderr
    )
    assert "source/other.md:1: names warfarin" in run.stdout
    assert run.exit_code == 0


def test_directives_that_show_no_records_are_passed_over(
    handbook: Callable[..., Path], clinic: Callable[..., Result], project: Any, build_project: Any
) -> None:
    folder = project({"conf.py": 'extensions = ["clinic_snippets"]\n', "index.rst": "Title\n=====\n"})
    there = set(build_project(folder, "dummy").app.env.get_domain("clinic").directives) - set(SNIPPETS)
    assert there
    handbook({"source/page.md": "".join(f"```{{clinic:{name}}}\n```\n" for name in sorted(there))})
    assert clinic("impact", "warfarin").stderr == ""


def test_nothing_is_listed_while_records_have_problems(
    handbook: Callable[..., Path], clinic: Callable[..., Result], edit: Callable[..., None]
) -> None:
    handbook()
    edit("source/records/bleeding.yaml", "rule: refer", "rule: refre")
    run = clinic("impact", "brady2014")
    assert (run.exit_code, run.stdout) == (1, "")
    assert run.stderr == "Nothing is listed, because the records have problems. See: clinic-snippets check source\n"
