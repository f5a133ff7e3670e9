"""Late HTML and docutils nodes say the same, for every snippet.

HTML bodies are written by ``rendering.html`` when a page is written; every other output gets the nodes of
``rendering.doctree``. Here pages are built both ways, as HTML, and compared.
"""

from __future__ import annotations

import difflib
import enum
import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lxml.etree
import lxml.html
import pytest

from clinic_snippets.library import Library, load_library
from clinic_snippets.library.load_governance import load_governance
from clinic_snippets.records import AdverseEvent
from clinic_snippets.snippets import SNIPPETS, OptionError, Snippet
from clinic_snippets.snippets.blocks import parts

# What docutils adds for its own stylesheet: what is a target, whether a list is tight, where a table stands.
DOCUTILS_CLASSES = {"docutils", "target", "simple", "arabic", "align-default", "row-odd", "row-even"}
BLOCKS = "p|li|ul|ol|dl|dt|dd|tr|td|th|tbody|thead|table|caption|section|details|summary|div|h[1-6]"


@pytest.fixture(autouse=True)
def forget_own_snippets() -> Iterator[None]:
    """Take back the snippets that a project of a test registered."""
    before = dict(SNIPPETS)
    yield
    SNIPPETS.clear()
    SNIPPETS.update(before)


def normalised(page: str) -> list[str]:
    """Return a page's content as lines, one for each tag and run of text, without what may differ."""
    (body,) = lxml.html.fromstring(page).xpath('//div[@class="body"]')
    for columns in body.xpath(".//colgroup"):
        columns.drop_tree()
    for fold in body.xpath(".//details[contains(@class, 'clinic-screen-only')]"):
        fold.drop_tree()  # left out of every other output
    for fold in body.xpath(".//details"):
        (summary,) = fold.xpath("./summary")
        summary.tag = "p"
        heading = lxml.html.Element("strong")
        heading.text, summary.text = summary.text, None
        summary.append(heading)
        fold.drop_tag()
    for element in body.iter():
        # What only the HTML of pages has: for screen readers, and for the script that tells what is overdue.
        for name in ("scope", "data-review", "data-written"):
            element.attrib.pop(name, None)
        if classes := sorted(set(element.attrib.pop("class", "").split()) - DOCUTILS_CLASSES):
            element.set("class", " ".join(classes))
        # docutils hides addresses from those who collect them.
        if element.get("href", "").startswith("mailto:"):
            element.set("href", element.get("href").replace("%40", "@"))
    text = re.sub(r"[ \t\n]+", " ", lxml.etree.tostring(body, encoding="unicode"))
    return [line for line in re.sub(rf" ?(</?(?:{BLOCKS})\b[^>]*>) ?", r"\n\1\n", text).split("\n") if line]


@pytest.fixture
def both_ways(build_project: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function that builds a project late and from nodes and returns both, normalised, by page.

    Pages are read once: late or not is decided when they are written.
    """

    def build(srcdir: Path, builder: str = "html", **confoverrides: Any) -> dict[str, tuple[list[str], list[str]]]:
        pages: dict[str, list[list[str]]] = {}
        for way in ("late", "nodes"):
            if way == "nodes":
                monkeypatch.setattr("clinic_snippets.sphinx_ext.domain.ClinicDomain.writes_late", False)
            out = build_project(
                srcdir, builder, outdir=tmp_path / way, doctreedir=tmp_path / "doctrees",
                confoverrides={"html_theme": "basic", "html_theme_options": {}, **confoverrides},
            )  # fmt: skip
            names = out.app.env.found_docs if builder == "html" else ["index"]
            for name in names:
                pages.setdefault(name, []).append(normalised(out.read(f"{name}.html")))
        monkeypatch.undo()
        return {name: (late, nodes) for name, (late, nodes) in pages.items()}

    return build


def assert_equal(pages: dict[str, tuple[list[str], list[str]]]) -> None:
    """Fail with the first differences of the first page that differs."""
    for name, (late, nodes) in pages.items():
        difference = list(difflib.unified_diff(nodes, late, "nodes", "late", n=2, lineterm=""))
        assert not difference, f"{name}:\n" + "\n".join(difference[:40])


def combinations(snippet: Snippet, library: Library) -> Iterator[dict[str, str]]:
    """Yield every combination of a snippet's options that have a closed set of values, the empty one first.

    Of the addresses of rates, which are many, the first five must do.
    """
    choices: list[list[tuple[str, str] | None]] = []
    for option in snippet.options.values():
        if option.type is bool:
            choices.append([None, (option.name, "")])
        elif issubclass(option.type, enum.Enum):
            choices.append([None, *((option.name, member.value) for member in option.type)])
        elif option.name == "rate":
            choices.append([None, *((option.name, address) for address in library.figure_addresses(AdverseEvent)[:5])])
    for chosen in itertools.product(*choices):
        yield dict(pair for pair in chosen if pair)


def calls(snippet: Snippet, library: Library) -> Iterator[dict[str, str]]:
    """Yield options with which a snippet shows something: none if that will do, else each combination."""
    for options in combinations(snippet, library):
        try:
            if parts(snippet(library, options)):
                yield options
        except OptionError:
            continue
        if not options:
            return


def snippet_pages(srcdir: Path) -> dict[str, str]:
    """Return a page for each snippet of the package that has something to show, by file name."""
    library, problems = load_library(srcdir / "records", [srcdir / "references.bib"])
    library.governance, found = load_governance(srcdir, library)
    assert not problems + found
    pages = {}
    for name, snippet in SNIPPETS.items():
        directives = []
        for options in calls(snippet, library):
            fields = "".join(f":{option}: {value}\n" for option, value in options.items())
            directives.append(f"```{{clinic:{name}}}\n{fields}```\n")
        if directives:
            pages[f"every/{name}.md"] = f"# {name}\n\n" + "\n".join(directives)
    return pages


@pytest.fixture(scope="module")
def features(repository: Path, project: Any) -> Path:
    """The project that uses every prose feature, with a page for each snippet."""
    root = repository / "tests" / "roots" / "features"
    return project(snippet_pages(root), base=root)


def test_every_snippet_shows_something_in_the_comparison(features: Path) -> None:
    shown = {path.stem for path in (features / "every").iterdir()}
    missing = set(SNIPPETS) - shown
    assert not missing, "add records to tests/roots/features/records so that these have rows"


@pytest.mark.parametrize(
    "confoverrides",
    [{}, {"smartquotes": False}, {"language": "de"}, {"language": "ja"}],
    ids=["smartquotes", "plain quotes", "German quotes", "a language without quotes"],
)
def test_late_html_equals_nodes(features: Path, both_ways: Any, confoverrides: dict[str, Any]) -> None:
    pages = both_ways(features, **confoverrides)
    assert any("innermost" in line for line in pages["every/precaution-cards"][0])
    assert_equal(pages)


def test_late_html_equals_nodes_on_one_page(features: Path, both_ways: Any) -> None:
    assert_equal(both_ways(features, builder="singlehtml"))


@pytest.mark.slow
def test_late_html_equals_nodes_for_the_handbook(repository: Path, both_ways: Any) -> None:
    assert_equal(both_ways(repository / "source"))


@pytest.mark.full
def test_late_html_equals_nodes_for_every_snippet_on_the_handbook_s_records(
    repository: Path, project: Any, both_ways: Any
) -> None:
    source = repository / "source"
    assert_equal(both_ways(project(snippet_pages(source), base=source)))


QUOTES = {
    "plain": 'He said "stop" -- it\'s "off"... \'tis so.',
    "markup": '"**Strong**" and "*stress*" and "`code`" and \'{sub}`2`\' in quotes.',
    "links": '"[A link](https://example.org)" and "{clinic:ref}`links`" and ("{clinic:ref}`links`").',
    "behind": "{clinic:ref}`links`'s edge, `code`'s end and *stress*'s.",
    "odd": 'Back\\\\slash "q" and 5" x 3\'.',
}
QUOTES_RECORD = """
- kind: precaution
  id: {name}
  name: {name}
  level: precaution
  applies_to: time
  rule: adapt
  regions: [all]
  techniques: [all]
  synthesis: yes
  action: |
    {text}
  why: Because.
"""


@pytest.mark.parametrize("language", ["en", "en_GB", "de_AT", "fr", "pt_BR", "zh_TW"])
def test_quotes_in_records_are_those_of_pages(project: Any, build_project: Any, language: str) -> None:
    header = "topic: t\nowner: o\nwritten: 2026-01-01\nreview_by: 2027-01-01\nrecords:\n"
    srcdir = project(
        {
            "conf.py": f"""
                extensions = ["myst_parser", "clinic_snippets"]
                exclude_patterns = ["records"]
                language = "{language}"
                html_theme = "basic"
                """,
            "index.md": "# Page\n\n" + "\n\n".join(QUOTES.values()) + "\n\n```{clinic:precaution-cards}\n```\n",
            "records/r.yaml": header + "".join(QUOTES_RECORD.format(name=n, text=t) for n, t in QUOTES.items()),
        }
    )
    page = lxml.html.fromstring(build_project(srcdir).read("index.html"))
    in_page = [paragraph.text_content() for paragraph in page.xpath("//h1/following-sibling::p")]
    in_records = [page.xpath(f"string(//section[@id='precaution-{name}']/dl/dd[1]/p)") for name in QUOTES]
    assert in_records == in_page
