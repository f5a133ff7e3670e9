"""``clinic-snippets coverage``: the matrix in the terminal, holes with their places, and exceptions with their reasons."""

from __future__ import annotations

from typing import Any

import pytest

RECORDS = """
    topic: alarms
    owner: safety lead
    written: 2026-01-01
    review_by: 2027-01-01
    records:

    - kind: precaution
      id: fever
      name: Fever
      level: contraindication
      applies_to: person
      rule: never
      regions: all
      techniques: all
      action: Do not needle.
      why: It may be an infection.
      sources: [brady2014]

    - kind: incident
      id: faint
      name: Faint
      urgency: urgent
      signs: Pale.
      steps:
        - do: Lay flat.
          synthesis: yes
      synthesis: yes
"""
PAGE = """
    # Safety

    ```{clinic:precaution-table}
    ```

    ```{clinic:incident-table}
    ```

    ```{clinic:coverage-matrix}
    :outputs: table, aftercare
    ```
"""
LEFT_OUT = "\n      left_out_of:\n        - output: aftercare\n          because: Staff see to it.\n"


def with_reason(text: str = LEFT_OUT) -> dict[str, str]:
    return {"source/records/alarms.yaml": RECORDS.rstrip() + text, "source/safety.md": PAGE}


def test_all_stands_where_it_must(handbook: Any, clinic: Any) -> None:
    handbook(with_reason())
    run = clinic("coverage")
    assert (run.exit_code, run.stderr) == (0, "everything stands where it must\n")
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in run.stdout.splitlines() if "│" in line]
    assert rows == [["fever", "yes"], ["faint", "yes", "left out"]]
    assert "left out: faint, aftercare: Staff see to it.\n" in run.stdout
    assert clinic("check").exit_code == 0


@pytest.mark.parametrize("command", ["coverage", "check"])
def test_a_hole_is_told_with_its_place_and_the_way_out(handbook: Any, clinic: Any, edit: Any, command: str) -> None:
    handbook(with_reason())
    edit("source/safety.md", "{clinic:precaution-table}\n", "{clinic:precaution-table}\n:level: precaution\n")
    run = clinic(command)
    assert run.exit_code == 1
    assert (
        "source/safety.md:3: fever: missing from the table; take out the option that hides it, or give the reason in "
        "'left_out_of:' with 'output: table'\n" in run.stdout
    )


def test_an_output_that_no_page_holds_is_told_where_it_is_asked_for(handbook: Any, clinic: Any) -> None:
    handbook(with_reason("\n"))
    run = clinic("coverage")
    assert run.exit_code == 1
    assert (
        "source/safety.md:9: aftercare: no page holds the aftercare sheet, so these are missing: faint; place "
        "{clinic:aftercare-signs} and {clinic:aftercare-advice} on a page\n" in run.stdout
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LEFT_OUT.replace("because: Staff see to it.", "because:"), "because: the field is empty; fill it in"),
        (LEFT_OUT.replace("          because: Staff see to it.\n", ""), "because: missing; add 'because:'"),
        (LEFT_OUT.replace("aftercare", "tables"), "output: 'tables' is not a word for 'output'; allowed: table, entry"),
        (LEFT_OUT + LEFT_OUT.partition("of:")[2].lstrip("\n"), "'aftercare' is named twice; give it one reason"),
    ],
)
def test_an_exception_needs_a_reason(handbook: Any, clinic: Any, text: str, said: str) -> None:
    handbook(with_reason(text))
    run = clinic("check")
    assert run.exit_code == 1
    assert said in run.stdout
    assert "source/records/alarms.yaml:" in run.stdout
    assert "Nothing is judged, because the records have problems" in clinic("coverage").stderr


@pytest.mark.parametrize(
    ("output", "said"),
    [("table", "it stands in the table"), ("card", None)],
)
def test_an_exception_that_excepts_nothing_is_told(handbook: Any, clinic: Any, output: str, said: str | None) -> None:
    """An output that nobody asks for is not judged."""
    handbook(with_reason(LEFT_OUT + f"        - output: {output}\n          because: No room.\n"))
    run = clinic("check")
    told = f"source/records/alarms.yaml:31:15: faint.left_out_of[2].output: {said}; take this exception out\n"
    assert (run.stdout, run.exit_code) == ((told, 1) if said else ("", 0))


def test_an_output_that_is_not_for_the_kind_needs_no_exception(handbook: Any, clinic: Any, edit: Any) -> None:
    text = RECORDS.replace("why: It may be an infection.", "why: It may be an infection." + LEFT_OUT.rstrip())
    handbook(with_reason() | {"source/records/alarms.yaml": text.rstrip() + LEFT_OUT})
    assert "fever.left_out_of[1].output: the aftercare sheet is not for it; take" in clinic("check").stdout


def test_a_handbook_without_the_matrix_is_not_judged(handbook: Any, clinic: Any, edit: Any) -> None:
    handbook({"source/records/alarms.yaml": RECORDS, "source/safety.md": "# Safety\n"})
    assert clinic("check").exit_code == 0
    run = clinic("coverage")
    assert run.exit_code == 1
    assert run.stdout == "source: coverage: no page asks for the gate; place {clinic:coverage-matrix} on one\n"


def test_a_wrong_output_is_told(handbook: Any, clinic: Any, edit: Any) -> None:
    handbook(with_reason())
    edit("source/safety.md", "table, aftercare", "tabel")
    told = "source/safety.md:9: coverage-matrix: 'tabel' is not a value of 'outputs'; allowed: table, entry, "
    assert told in clinic("check").stdout
    assert told in clinic("coverage").stdout
