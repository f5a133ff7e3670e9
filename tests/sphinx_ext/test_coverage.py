"""The coverage matrix on a page, and the gate that it sets for a build."""

from __future__ import annotations

from typing import Any

import lxml.html
import pytest

from clinic_snippets.snippets import SNIPPETS
from clinic_snippets.snippets.blocks import Table

RECORDS = """
topic: alarms
owner: safety lead
written: 2026-01-01
review_by: 2027-01-01
records:

- kind: region
  id: neck
  name: Neck

- kind: region
  id: nape
  name: Nape
  within: neck

- kind: region
  id: arm
  name: Arm

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
  synthesis: yes

- kind: precaution
  id: stiff-neck
  name: Stiff neck
  level: contraindication
  applies_to: site
  rule: never
  regions: nape
  techniques: all
  action: Do not needle.
  why: It may be an infection.
  synthesis: yes
  left_out_of:
    - output: table
      because: A reason <of> ours.
"""
CARD = "# Card {0}\n\n```{{clinic:couch-precautions}}\n:region: {0}\n```\n\n```{{clinic:couch-incidents}}\n```\n"
TABLE = "# Arm\n\n```{clinic:precaution-table}\n:region: arm\n```\n"
MATRIX = "# What stands where\n\n```{clinic:coverage-matrix}\n:outputs: table, card\n```\n"
FILES = {
    "index.md": "# Handbook\n\n```{toctree}\ntable\nneck\narm\ncoverage\n```\n",
    "table.md": TABLE,
    "neck.md": CARD.format("neck"),
    "arm.md": CARD.format("arm"),
    "coverage.md": MATRIX,
    "records/alarms.yaml": RECORDS,
    "conf.py": (
        'extensions = ["myst_parser", "clinic_snippets"]\nexclude_patterns = ["records"]\nhtml_theme = "basic"\n'
        'suppress_warnings = ["clinic.empty"]\n'
    ),
}


@pytest.fixture
def built(project: Any, build_project: Any) -> Any:
    """Build the small handbook with some of its files changed."""

    def build(files: dict[str, str] | None = None, **options: Any) -> Any:
        return build_project(project(FILES | (files or {})), **options)

    return build


def told(build: Any) -> list[str]:
    """The warnings, their paths as seen from the source folder."""
    return [line.partition(f"{build.app.srcdir}/")[2] or line for line in build.warnings.splitlines()]


def test_the_matrix_links_each_cell_to_its_page_and_gives_the_reasons(built: Any) -> None:
    build = built()
    assert build.warnings == ""
    page = lxml.html.fromstring(build.read("coverage.html"))
    table, incidents = page.xpath("//table")
    assert [head.text_content().strip() for head in table.xpath(".//thead//th")] == [
        "Contraindication",
        "Table",
        "Couch card",
    ]
    cells = [[cell.text_content().strip() for cell in row.xpath("./th | ./td")] for row in table.xpath("./tbody/tr")]
    assert cells == [["Fever", "yes", "both"], ["Stiff neck", "left out", "Neck"]]
    assert table.xpath("./tbody//a/@href") == ["table.html", "neck.html"]
    assert incidents.xpath("./tbody")[0].text_content().strip() == "No incident is recorded."
    assert "Stiff neck, table: A reason <of> ours." in [item.text_content().strip() for item in page.xpath("//li")]


@pytest.mark.parametrize("builder", ["text", "latex", "typstpdf"])
def test_every_output_has_the_matrix(built: Any, builder: str) -> None:
    extra = "" if builder != "typstpdf" else 'extensions += ["clinic_snippets.pdf"]\n'
    build = built({"conf.py": FILES["conf.py"] + extra}, builder=builder)
    assert "coverage" not in build.warnings
    assert build.ok


def test_a_hole_is_a_warning_at_its_place(built: Any) -> None:
    build = built({"neck.md": "# Card neck\n", "table.md": TABLE.replace("arm", "neck\n:level: precaution")})
    assert told(build) == [
        "table.md:3: WARNING: fever: missing from the table; take out the option that hides it, or give the reason in "
        "'left_out_of:' with 'output: table' [clinic.coverage]",
        "coverage.md:3: WARNING: card: no page holds the couch card (Neck), so these are missing: fever, stiff-neck; place "
        "{clinic:couch-precautions} and {clinic:couch-incidents} on a page [clinic.coverage]",
    ]
    assert "MISSING" in build.read("coverage.html")
    assert not built({"neck.md": "# Card neck\n"}, warningiserror=True).ok


def test_every_build_tells_it_again(project: Any, build_project: Any) -> None:
    folder = project(FILES | {"neck.md": "# Card neck\n"})
    first, second = build_project(folder), build_project(folder)
    assert "no page holds the couch card (Neck)" in first.warnings
    assert second.warnings == first.warnings


def test_a_snippet_that_forgets_a_row_is_found_out(built: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is judged are the rows themselves, not what should have been in them."""
    snippet = SNIPPETS["couch-precautions"]

    def forgetful(library: Any, **options: Any) -> Table:
        whole = snippet.function(library, **options)
        assert isinstance(whole, Table)
        return Table(whole.title, whole.columns, tuple(r for r in whole.rows if r.record != "fever"), whole.empty)

    changed = type(snippet)(snippet.name, forgetful, snippet.options)
    monkeypatch.setitem(SNIPPETS, "couch-precautions", changed)
    lines = told(built())
    assert [line.partition(";")[0] for line in lines] == [
        "arm.md:3: WARNING: fever: missing from the couch card (Arm)",
        "neck.md:3: WARNING: fever: missing from the couch card (Neck)",
    ]


def test_an_exception_that_excepts_nothing_is_a_warning_at_its_line(built: Any) -> None:
    build = built({"table.md": TABLE.replace("arm", "neck")})
    line = RECORDS.strip().splitlines().index("    - output: table") + 1
    assert told(build) == [
        f"records/alarms.yaml:{line}:15: WARNING: stiff-neck.left_out_of[1].output: it stands in the table; "
        "take this exception out [clinic.coverage]"
    ]


def test_a_wrong_output_is_a_warning(built: Any) -> None:
    build = built({"coverage.md": MATRIX.replace("table, card", "tabel")})
    assert "'tabel' is not a value of 'outputs'" in build.warnings
    assert "did you mean 'table'?" in build.warnings


def test_a_handbook_without_the_matrix_has_no_gate(built: Any) -> None:
    assert built({"coverage.md": "# Nothing\n", "neck.md": "# Card neck\n"}).warnings == ""
