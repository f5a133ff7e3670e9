"""The documentation as a site: it builds without a warning, its reference leaves nothing out, its pictures are small."""

from __future__ import annotations

import html
import importlib.util
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import lxml.html
import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from clinic_snippets.cli import COMMANDS
from clinic_snippets.records import KINDS, Record
from clinic_snippets.snippets import SNIPPETS
from clinic_snippets.snippets.drawing import Label, Rect, text_width
from clinic_snippets.sphinx_ext.config import VALUES

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
LARGEST = 600_000
"""Bytes of all pictures of pages together: every clone carries them."""


@pytest.fixture(scope="session")
def site(docs: Path, run_sphinx: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documentation as HTML, warnings being errors."""
    folder = tmp_path_factory.mktemp("docs")
    run = run_sphinx("-W", "--keep-going", "-q", "-b", "html", "-d", folder / "doctrees", docs, folder / "html")
    assert (run.returncode, run.stdout.strip()) == (0, ""), run.stdout
    return folder / "html"


def text_of(page: Path) -> str:
    """What a page shows, in words: without markup and without signs, which typography changes."""
    article = re.search(r"<article.*</article>", page.read_text(encoding="utf-8"), re.DOTALL)
    assert article
    return words(html.unescape(re.sub(r"<[^>]+>", "", article[0])))


def words(text: str) -> str:
    """The letters and digits of a text, words apart."""
    return " ".join(re.findall(r"\w+", text.replace("_", " ")))


@pytest.mark.slow
def test_every_page_is_in_the_contents(site: Path, docs: Path) -> None:
    contents = (site / "index.html").read_text(encoding="utf-8")
    for page in docs.rglob("*.md"):
        name = page.relative_to(docs).with_suffix(".html").as_posix()
        assert name == "index.html" or f'href="{name}"' in contents, name


@pytest.mark.slow
def test_the_reference_leaves_nothing_out(site: Path) -> None:
    reference = {page.stem: text_of(page) for page in (site / "reference").glob("*.html")}
    for value in VALUES:
        assert f"{words(value.name)} Type" in reference["configuration"]
        assert words(value.help) in reference["configuration"]
    for name, snippet in SNIPPETS.items():
        assert f"{words(name)} {words(snippet.summary)}" in reference["directives"], name
        for option in snippet.options.values():
            assert f"{words(option.name)} {words(option.description)}" in reference["directives"], (name, option.name)
    for kind, model in KINDS.items():
        assert f"clinic {words(kind)}" in reference["roles"]
        section = reference["records"].partition(f" {words(kind)} {words(model.__doc__ or '')[:40]}")[2]
        for name, field in model.model_fields.items():
            if name not in Record.model_fields:
                assert words(field.alias or name) in section, (kind, name)
    for command in COMMANDS:
        assert f"Usage clinic snippets {command}" in reference["command-line"], f"give '{command}' a section"


@pytest.mark.slow
def test_the_reference_gives_words_messages_and_defaults(site: Path) -> None:
    """Taken from the code, so a change of the code must be seen here."""
    records, problems = text_of(site / "reference/records.html"), text_of(site / "reference/problems.html")
    assert "never refer specialist only adapt inform" in records
    assert re.search(r"comment after value ?reading yaml events a comment stands behind a value", problems)
    assert "clinic empty" in problems
    assert "clinic review months Type number Default 36" in text_of(site / "reference/configuration.html")
    assert "object for each key provenance" in text_of(site / "reference/json-bundle.html")


@pytest.mark.slow
def test_no_cell_of_the_reference_is_empty(site: Path) -> None:
    for page in (site / "reference").glob("*.html"):
        cells = lxml.html.parse(str(page)).xpath("//article//td")
        assert not [cell.getparent().text_content().split() for cell in cells if not cell.text_content().strip()], page


def test_a_maker_that_is_not_there_is_named(of_docs: Callable[[str], ModuleType]) -> None:
    with pytest.raises(Exception, match="there is no maker 'nothing'"):
        of_docs("made_from_code").made("```{made-from-code} nothing\n```")


def hindrances(browser: Any, pages: list[Path], scheme: str, width: int) -> dict[str, list[Any]]:
    """What on pages keeps somebody from reading them, by page: what axe finds, and pages wider than the screen."""
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)
    page = context.new_page()
    found = {}
    for path in pages:
        page.goto(path.as_uri())
        rules = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]}).response["violations"]
        wide = page.evaluate("document.documentElement.scrollWidth") > width
        found[path.stem] = [(rule["id"], rule["nodes"][0]["html"][:100]) for rule in rules] + ["too wide"] * wide
    context.close()
    return {name: what for name, what in found.items() if what}


@pytest.mark.slow
def test_pages_of_each_sort_can_be_read_by_anybody(browser: Any, site: Path) -> None:
    names = ("index", "tutorial/your-first-handbook", "reference/directives", "explanation/architecture")
    assert hindrances(browser, [site / f"{name}.html" for name in names], "dark", 390) == {}


@pytest.mark.full
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_every_page_can_be_read_by_anybody(browser: Any, site: Path, scheme: str, width: int) -> None:
    made_by_sphinx = ("genindex", "search")
    pages = [page for page in sorted(site.rglob("*.html")) if page.stem not in made_by_sphinx]
    assert len(pages) > 20
    assert hindrances(browser, pages, scheme, width) == {}


def test_tables_have_headings(docs: Path) -> None:
    """A column without a heading is silence to a screen reader; quick to see in the source."""
    for page in docs.rglob("*.md"):
        heads = re.findall(r"^( *\|.*)\n *\|(?:-+\|)+$", page.read_text(encoding="utf-8"), re.MULTILINE)
        assert not [head for head in heads if re.search(r"\| *\|", head)], page.name


# --- the map ----------------------------------------------------------------------------------------------


def test_the_map_shows_the_floors_that_imports_keep_to(of_docs: Callable[[str], ModuleType], repository: Path) -> None:
    spec = importlib.util.spec_from_file_location("layers", repository / "tests" / "test_layers.py")
    assert spec and spec.loader
    layers = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(layers)
    rows = of_docs("house_map").FLOORS
    assert {room for row in rows for room in row} == set(layers.FLOORS) - {"problems"}
    floors = [{layers.FLOORS[room] for room in row} for row in rows]
    assert all(len(row) == 1 for row in floors)
    assert [floor for row in floors for floor in row] == sorted(floor for row in floors for floor in row)


def test_words_on_the_map_stay_in_their_rooms(of_docs: Callable[[str], ModuleType]) -> None:
    drawing = of_docs("house_map").drawing()
    rooms = [shape for shape in drawing.shapes if isinstance(shape, Rect)]
    labels = [shape for shape in drawing.shapes if isinstance(shape, Label) and shape.anchor == "start"]
    assert len(labels) > len(rooms) > 8
    for label in labels:
        assert any(
            room.x < label.x
            and label.x + text_width(label.text, label.size, label.bold) < room.x + room.width
            and room.y < label.y - label.size
            and label.y + 4 < room.y + room.height
            for room in rooms
        ), label.text
    assert "records: What a record is" in drawing.alt


# --- pictures of pages ------------------------------------------------------------------------------------


def test_pictures_are_small_and_all_are_used(docs: Path, of_docs: Callable[[str], ModuleType]) -> None:
    pictures = sorted((docs / "_static").glob("*.png"))
    taken = of_docs("screenshots")
    names = {shot.name for shot in (*taken.HANDBOOK, *taken.OF_TUTORIAL)} | {taken.PDF}
    assert {picture.stem for picture in pictures} == names, "run `make screenshots`"
    assert sum(picture.stat().st_size for picture in pictures) < LARGEST
    pages = [*docs.rglob("*.md"), docs.parent / "README.md"]
    text = "".join(page.read_text(encoding="utf-8") for page in pages)
    assert not [picture.name for picture in pictures if f"_static/{picture.name}" not in text]
    assert all(not Image.open(picture).info.get("date:create") for picture in pictures)


@pytest.mark.slow
def test_a_picture_is_the_same_each_time(
    browser: Any, handbook_site: Any, of_docs: Callable[[str], ModuleType], tmp_path: Path
) -> None:
    screenshots = of_docs("screenshots")
    for name in ("first", "second"):
        screenshots.save(
            screenshots.take(browser, handbook_site.root, screenshots.HANDBOOK[1]), tmp_path / f"{name}.png"
        )
    first = tmp_path / "first.png"
    assert first.read_bytes() == (tmp_path / "second.png").read_bytes()
    assert Image.open(first).size == (390, 700)


# --- what stands beside it --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("vendor.readthedocs", "docs/.readthedocs.yaml"),
        ("vendor.github-workflows", ".github/workflows/test.yml"),
        ("vendor.citation-file-format", "CITATION.cff"),
    ],
)
def test_files_for_others_keep_to_their_schema(repository: Path, schema: str, file: str) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(repository / file)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


def test_read_the_docs_builds_what_make_docs_builds(repository: Path) -> None:
    configuration = yaml.safe_load((repository / "docs" / ".readthedocs.yaml").read_text(encoding="utf-8"))
    handbook = yaml.safe_load((repository / ".readthedocs.yaml").read_text(encoding="utf-8"))
    assert configuration["build"]["jobs"]["install"] == handbook["build"]["jobs"]["install"]
    [command] = configuration["build"]["jobs"]["build"]["html"]
    assert "-W" in command and ' docs "$READTHEDOCS_OUTPUT/html"' in command
    assert (repository / configuration["sphinx"]["configuration"]).is_file()


def test_the_workflow_runs_the_same_tests(repository: Path) -> None:
    workflow = yaml.safe_load((repository / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8"))
    steps = workflow["jobs"]["test"]["steps"]
    assert [step["run"] for step in steps if "run" in step] == [".ci/run"]
    assert (repository / ".ci" / "run").read_text(encoding="utf-8").rstrip().endswith("make test")


def test_the_licences_and_the_authors_agree(repository: Path) -> None:
    citation = yaml.safe_load((repository / "CITATION.cff").read_text(encoding="utf-8"))
    content = (repository / "LICENSE-CONTENT").read_text(encoding="utf-8")
    assert citation["license"] == ["MIT", "CC-BY-4.0"]
    assert "SPDX-License-Identifier: CC-BY-4.0" in content
    assert "https://creativecommons.org/licenses/by/4.0/" in content
    project = (repository / "pyproject.toml").read_text(encoding="utf-8")
    assert all(f'name = "{author["name"]}"' in project for author in citation["authors"])
    assert all(author["name"] in content for author in citation["authors"])
