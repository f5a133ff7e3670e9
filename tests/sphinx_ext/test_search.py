"""Records on the search page: its scripts and data, the addresses in them, and the search field of any page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lxml.html
import pytest

DATA = "_static/records-search.js"
PAGE = """
# Page

```{clinic:search-box} Search "here" & now
```

```{clinic:precaution-table}
```

```{clinic:record-index}
```

## In full

```{clinic:precaution-cards}
```
"""


def records(build: Any) -> Any:
    """The data of a site's search page."""
    (said,) = re.findall(r"^var clinicRecords = (\{.*\});\n$", build.read(DATA), re.DOTALL)
    return json.loads(said)


def scripts(build: Any, name: str) -> list[str]:
    """The addresses of the scripts of a page."""
    return [str(src) for src in lxml.html.fromstring(build.read(name)).xpath("//script/@src")]


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_the_list_of_all_records_has_letters_that_lead_into_it(
    small_project: Callable[..., Path], build_project: Any, builder: str
) -> None:
    build = build_project(small_project(PAGE), builder)
    tree = lxml.html.fromstring(build.read("index.html"))
    places = tree.xpath("//ul[@class='letters']//a/@href")
    assert len(places) > 3
    names = [tree.get_element_by_id(place[1:]).getparent().text_content() for place in places]
    assert [name[0].upper() for name in names] == [a.text for a in tree.xpath("//ul[@class='letters']//a")]


@pytest.mark.parametrize(("builder", "search"), [("html", "search.html"), ("dirhtml", "search/index.html")])
def test_every_record_with_a_home_is_found_at_its_place(
    small_project: Callable[..., Path], build_project: Any, builder: str, search: str
) -> None:
    build = build_project(small_project(PAGE), builder)
    said = records(build)
    assert len(said["records"]) > 1
    for _, name, address, *_ in [*said["records"], [0, "index", said["index"]]]:
        page, _, place = address.partition("#")
        path = build.outdir / page / ("index.html" if builder == "dirhtml" else "")
        tree = lxml.html.fromstring((path if path.is_file() else build.outdir / page).read_text("utf-8"))
        assert not place or tree.get_element_by_id(place) is not None, name
    assert any("record-search.js" in src for src in scripts(build, search))
    (data,) = [src for src in scripts(build, search) if "records-search.js" in src]
    assert data.startswith("../" if builder == "dirhtml" else "_static/")


def test_other_pages_load_neither_script_nor_data(small_project: Callable[..., Path], build_project: Any) -> None:
    build = build_project(small_project(PAGE))
    pages = [path.name for path in build.outdir.glob("*.html") if "record-search.js" in path.read_text("utf-8")]
    assert pages == ["search.html"]


def test_the_search_page_holds_no_script_of_its_own(small_project: Callable[..., Path], build_project: Any) -> None:
    page = lxml.html.fromstring(build_project(small_project(PAGE)).read("search.html"))
    assert [script.text for script in page.xpath("//script[not(@src)]") if (script.text or "").strip()] == []


def test_without_records_at_home_nothing_is_written_and_what_was_is_taken_away(
    small_project: Callable[..., Path], build_project: Any
) -> None:
    srcdir = small_project(PAGE)
    assert (build_project(srcdir).outdir / DATA).is_file()
    (srcdir / "index.md").write_text("# Page\n", "utf-8")
    build = build_project(srcdir)
    assert not (build.outdir / DATA).exists()
    assert not any("search.js" in src for src in scripts(build, "search.html") if "record" in src)


def test_data_that_did_not_change_is_not_written_again(small_project: Callable[..., Path], build_project: Any) -> None:
    srcdir = small_project(PAGE)
    before = (build_project(srcdir).outdir / DATA).stat().st_mtime_ns
    assert (build_project(srcdir).outdir / DATA).stat().st_mtime_ns == before


def test_a_page_of_the_handbook_may_be_called_search(small_project: Callable[..., Path], build_project: Any) -> None:
    """It takes the place of Sphinx's own in the output, as Sphinx has it; nothing crashes."""
    build = build_project(small_project(PAGE, files={"search.md": "---\norphan: true\n---\n# Searching for help\n"}))
    assert build.ok


@pytest.mark.parametrize("theme", ["alabaster", "classic", "furo", "nature"])
def test_it_works_in_any_theme(small_project: Callable[..., Path], build_project: Any, theme: str) -> None:
    build = build_project(small_project(PAGE), confoverrides={"html_theme": theme})
    names = [src.partition("?")[0] for src in scripts(build, "search.html")]
    # The data first: scripts that are deferred run in their order.
    assert names.index(DATA) < names.index("_static/record-search.js")
    assert 'id="search-results"' in build.read("search.html")


# --- the search field -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("builder", "page", "action"), [("html", "index.html", "search.html"), ("dirhtml", "index.html", "search/")]
)
def test_the_field_leads_to_the_search_page(
    small_project: Callable[..., Path], build_project: Any, builder: str, page: str, action: str
) -> None:  # fmt: skip
    tree = lxml.html.fromstring(build_project(small_project(PAGE), builder).read(page))
    (form,) = tree.xpath("//form[@class='clinic-search']")
    assert (form.get("action"), form.get("role"), form.get("aria-label")) == (action, "search", 'Search "here" & now')
    assert form.xpath(".//input/@name") == ["q"]


@pytest.mark.parametrize("builder", ["singlehtml", "json", "text", "latex", "epub", "typstpdf"])
def test_where_there_is_no_search_page_there_is_no_field(project: Any, build_project: Any, builder: str) -> None:
    page = "# Page\n\n```{clinic:search-box} Look for it\n```\n\nWords.\n"
    conf = 'extensions = ["myst_parser", "clinic_snippets", "clinic_snippets.pdf"]\nhtml_theme = "basic"\n'
    build = build_project(project({"conf.py": conf, "index.md": page}), builder)
    assert build.ok
    endings = (".html", ".fjson", ".txt", ".tex", ".xhtml", ".typ")
    made = [p for p in build.outdir.rglob("*") if p.suffix in endings and p.parent.name != "_sources"]
    assert made
    assert not any("Look for it" in path.read_text("utf-8") for path in made)
    assert not (build.outdir / DATA).exists()
