"""What stylesheets say of table columns: for every table, in any theme, and no more than some page asks for."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PAGE = """# Page

```{list-table} Own
:header-rows: 1
:widths: 20 30 50

* - a
  - b "quoted" \\\\
  - c
* - 1
  - 2
  - 3
```

```{list-table} Without a header
:widths: 25 75

* - 1
  - 2
```

| plain | table |
|---|---|
| 1 | 2 |
"""
TABLE = "```{clinic:precaution-table}\n:level: contraindication\n```\n"


def stylesheets(outdir: Path) -> dict[str, str]:
    """Return the text of each stylesheet of columns, by the class that it is for."""
    return {path.stem: path.read_text("utf-8") for path in (outdir / "_static").glob("clinic-columns-*.css")}


def linked(page: str) -> set[str]:
    """Return the stylesheets of columns that a page loads."""
    return set(re.findall(r'href="_static/(clinic-columns-\w+)\.css', page))


def used(page: str) -> set[str]:
    """Return the classes of columns on a page."""
    return {
        name for names in re.findall(r'class="([^"]*)"', page) for name in names.split() if "clinic-columns-" in name
    }


@pytest.fixture(params=["alabaster", "furo", "basic"])
def built(request: Any, small_project: Callable[..., Path], build_project: Callable[..., Any]) -> Any:
    """A page with tables of a snippet and of the author, in several themes."""
    source = small_project(PAGE + TABLE)
    return build_project(source, confoverrides={"html_theme": request.param})


def test_a_page_loads_the_stylesheets_of_its_tables_and_holds_no_styles(built: Any) -> None:
    page = built.read("index.html")
    assert linked(page) == used(page) == set(stylesheets(built.outdir))
    assert len(linked(page)) == 3
    body = page[page.index("<h1") :]
    assert "<col " not in body and " style=" not in body[: body.rindex("</table>")]


def test_they_say_widths_and_headings(built: Any) -> None:
    rules = "".join(stylesheets(built.outdir).values())
    assert re.search(r"table\.clinic-columns-\w+>thead>tr>:nth-child\(3\)\{width:50%\}", rules)
    assert re.search(r"table\.clinic-columns-\w+>tbody>tr:first-child>:nth-child\(2\)\{width:75%\}", rules)
    assert re.search(r'table\.clinic-columns-\w+>tbody>tr>td:nth-of-type\(1\)\{--heading:"What to do"\}', rules)


def test_a_heading_cannot_end_its_string(build_project: Callable[..., Any], small_project: Callable[..., Path]) -> None:
    source = small_project("# Page\n\n```{clinic:sly}\n```\n")
    (source / "own.py").write_text(
        "from clinic_snippets.snippets import Column, Row, Table, snippet\n"
        "from clinic_snippets.records.text import Words\n"
        "@snippet\n"
        "def sly(library):\n"
        '    """Sly headings."""\n'
        "    record = next(iter(library.records))\n"
        "    cell = ()\n"
        '    return Table("Sly", (Column("a", 1), Column("\\"}*{display:none}\\\\", 1)), (Row(record, (cell, cell)),), "None.")\n'
    )
    conf = (source / "conf.py").read_text()
    (source / "conf.py").write_text(conf + 'clinic_snippet_files = ["own.py"]\n')
    built = build_project(source)
    (rules,) = stylesheets(built.outdir).values()
    assert r'{--heading:"\"}*{display:none}\\"}' in rules


def test_a_stylesheet_goes_with_the_last_table_that_asks_for_it(
    small_project: Callable[..., Path], build_project: Callable[..., Any]
) -> None:
    source = small_project(PAGE + TABLE)
    before = stylesheets(build_project(source).outdir)
    page = next(source.glob("index.*"))
    page.write_text("# Page\n\n" + TABLE, encoding="utf-8")
    after = stylesheets(build_project(source).outdir)
    assert len(before) == 3 and len(after) == 1
    assert after.items() <= before.items()


def test_one_page_of_all_loads_all(small_project: Callable[..., Path], build_project: Callable[..., Any]) -> None:
    built = build_project(small_project(PAGE + TABLE), "singlehtml")
    page = built.read("index.html")
    assert linked(page) == used(page) == set(stylesheets(built.outdir))


def test_other_outputs_keep_their_widths(small_project: Callable[..., Path], build_project: Callable[..., Any]) -> None:
    assert "clinic-columns" not in build_project(small_project(PAGE), "latex").read("projectnamenotset.tex")
