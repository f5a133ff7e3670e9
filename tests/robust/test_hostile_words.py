"""Records made to do harm, in every text: all outputs show the words as they stand, and nothing runs or leaks."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import quote, urlsplit

import lxml.etree
import lxml.html
import pikepdf
import pypdfium2
import pytest
from rich.console import Console

from clinic_snippets.library import Library, load_library
from clinic_snippets.library.load_governance import load_governance
from clinic_snippets.rendering.terminal import TerminalRenderer
from clinic_snippets.snippets import SNIPPETS

ELEMENTS = """html => [...new DOMParser().parseFromString(html, "text/html").querySelectorAll("*")].map(
    element => [element.tagName, ...element.getAttributeNames()].join(" "))"""
TEXT = 'html => new DOMParser().parseFromString(html, "text/html").body.textContent'
RUNS = """() => [...document.querySelectorAll("*")].flatMap(element => element.getAttributeNames()
    .filter(name => /^on/i.test(name) || /^\\s*(javascript|data):/i.test(element.getAttribute(name)))
    .map(name => `${element.outerHTML.slice(0, 99)} ${name}`))"""
LEAKED = ("root:x:0:", "root:*:0:")
"""How the file starts that some words ask for."""


def squeezed(text: str) -> str:
    """Text without blanks and without hyphens: long words are torn, and drawings break lines."""
    return re.sub(r"[\s\N{SOFT HYPHEN}\ufffe-]+", "", text)


@pytest.fixture(scope="module")
def site(hostile_root: Path, build_project: Callable[..., Any]) -> Any:
    return build_project(hostile_root, "html")


@pytest.fixture(scope="module")
def plain_site(plain_root: Path, build_project: Callable[..., Any]) -> Any:
    return build_project(plain_root, "html")


@pytest.fixture(scope="module")
def library(hostile_root: Path) -> Library:
    library, problems = load_library(hostile_root / "records", [hostile_root / "references.bib"])
    assert problems == []
    return library


def pages(build: Any) -> dict[str, str]:
    return {path.relative_to(build.outdir).as_posix(): path.read_text("utf-8") for path in build.outdir.rglob("*.html")}


def test_the_words_are_in_every_record_source_review_and_note(
    hostile_root: Path, library: Library, hostile: ModuleType
) -> None:
    """Else the tests below would look at nothing."""
    assert len(library) > 30
    assert [record.id for record in library.records.values() if hostile.ALL not in record.name] == []
    assert all("<script>alert(1)" in source.title for source in library.sources.values())
    governance, problems = load_governance(hostile_root, library)
    assert problems == []
    said = [text for note in governance.notes for text in (note.author, note.what, note.why)]
    said += [text for review in governance.reviews for text in (review.reviewer, review.searched)]
    said += [text for signed in governance.sign_offs for text in (signed.name, signed.role)]
    assert len(said) > 10 and all("alert" in text for text in said)


def test_pages_have_no_element_that_harmless_words_do_not_give(site: Any, plain_site: Any, page: Any) -> None:
    """As a browser reads them: no other tag or attribute, and no script, picture or frame more."""
    ours, theirs = (
        {name: page.evaluate(ELEMENTS, html) for name, html in pages(b).items()} for b in (site, plain_site)
    )
    assert ours.keys() == theirs.keys() and len(ours) > 15
    known = {element for found in theirs.values() for element in found}
    assert {name: set(found) - known for name, found in ours.items() if set(found) - known} == {}
    for tag in ("SCRIPT", "IMG", "IFRAME", "LINK", "META", "FORM", "INPUT", "BUTTON"):
        count = [
            {name: sum(e.split()[0] == tag for e in found) for name, found in all.items()} for all in (ours, theirs)
        ]
        assert count[0] == count[1], tag


def test_pages_show_the_words_as_they_stand(
    site: Any, plain_site: Any, hostile: ModuleType, plain: str, page: Any
) -> None:
    def shown(build: Any, *words: str) -> dict[str, int]:
        texts = {name: squeezed(page.evaluate(TEXT, html)) for name, html in pages(build).items()}
        return {name: sum(text.count(squeezed(w)) for w in words) for name, text in texts.items()}

    seen, harmless = shown(site, hostile.ALL, hostile.BARE), shown(plain_site, plain)
    # A semicolon starts a second level in Sphinx's index, and what a change left as it was is not shown twice.
    torn = {"genindex.html", "what-changed.html"}
    assert {name for name in seen if seen[name] != harmless[name]} <= torn
    assert sum(seen.values()) > 300
    first = shown(site, hostile.WORDS[0])
    assert all(first[name] > 30 for name in torn)


def test_no_page_runs_anything_asks_anybody_or_stumbles(site: Any, serve: Any, page: Any) -> None:
    served = serve(site.outdir)
    said, asked = watch(page)
    for name in pages(site):
        page.goto(served.url + name, wait_until="load")
        assert page.evaluate(RUNS) == [], name
    assert said == []
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(served.url).netloc}


def test_the_search_shows_the_words_as_they_stand(site: Any, serve: Any, hostile: ModuleType, page: Any) -> None:
    served = serve(site.outdir)
    said, asked = watch(page)
    for asked_for in ("onerror", "<script>alert(1)</script>", "Mild"):
        page.goto(f"{served.url}search.html?q={quote(asked_for)}", wait_until="load")
        page.wait_for_function("document.querySelector('#search-results').textContent.includes('alert(2)')")
        assert squeezed("<img src=x onerror=alert(2)>") in squeezed(page.locator("#search-results").text_content())
        assert page.evaluate(RUNS) == []
        assert page.locator("#search-results").locator("script, img, iframe, svg[onload]").count() == 0
    assert said == []
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(served.url).netloc}


def watch(page: Any) -> tuple[list[str], list[str]]:
    """Return a list of the dialogs, errors and warnings of a page, and a list of what it asks for, as both grow."""
    said: list[str] = []
    asked: list[str] = []

    def dismiss(dialog: Any) -> None:
        said.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def note(message: Any) -> None:
        if message.type in ("error", "warning") and not message.location["url"].endswith("/favicon.ico"):
            said.append(message.text)

    page.on("dialog", dismiss)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", note)
    page.on("request", lambda request: asked.append(request.url))
    return said, asked


def test_files_for_other_programs_hold_the_words_as_they_stand(
    site: Any, library: Library, hostile: ModuleType
) -> None:
    out = site.outdir
    bundle = json.loads((out / "data/records.json").read_text("utf-8"))
    assert all(hostile.ALL in record["name"] for record in bundle["records"])
    for name in ("reviews.json", "copies.json"):
        assert json.loads((out / name).read_text("utf-8"))
    search = (out / "_static/records-search.js").read_text("utf-8")
    data = json.loads(search.removeprefix("var clinicRecords = ").removesuffix(";\n"))
    assert all(hostile.ALL in record[1] for record in data["records"])
    for path in (out / "data").glob("*.csv"):
        rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))
        assert {len(row) for row in rows} == {len(rows[0])}, path.name
        if "name" in rows[0]:
            assert all(hostile.ALL in row[rows[0].index("name")] for row in rows[1:]), path.name
        assert [cell for row in rows[1:] for cell in row if cell[:1] in ("=", "@", "+")] == []


def test_the_feed_is_xml_whose_html_has_nothing_from_the_words(site: Any, hostile: ModuleType) -> None:
    feed = lxml.etree.parse(site.outdir / "changes.atom", lxml.etree.XMLParser(resolve_entities=False))
    contents = [content.text for content in feed.iter("{*}content")]
    assert any("&lt;script&gt;" in text for text in contents)
    tags = {element.tag for text in contents for element in lxml.html.fragment_fromstring(text, "div").iter()}
    assert tags <= {"div", "p", "ul", "li", "strong"}


PRECAUTIONS = """
topic: harm
owner: {owner}
written: 2026-01-10
review_by: 2027-01-10
records:
- kind: precaution
  id: spoilt
  name: {name}
  level: precaution
  applies_to: person
  rule: adapt
  regions: [all]
  techniques: [all]
  action: {prose}
  why: {prose}
  sources: [spoilt]
"""


SETTINGS = """
    project = "Hostile"
    extensions = ["myst_parser", "clinic_snippets", "clinic_snippets.pdf"]
    exclude_patterns = ["records"]
    bibtex_bibfiles = ["references.bib"]
    smartquotes = False
"""


def test_pages_and_pdf_take_texts_of_any_length(
    project: Callable[..., Path], build_project: Callable[..., Any]
) -> None:
    """Prose of a hundred thousand letters, lists in lists as deep as they may be, a word of three thousand letters."""
    words = [f"w{number}" for number in range(17_000)]
    lists = "\n".join("  " * depth + f"- deep{depth}" for depth in range(6))
    record = PRECAUTIONS.format(owner="owner", name="x" * 3000, prose="Short.").replace("Short.", " ".join(words), 1)
    files = {
        "conf.py": SETTINGS,
        "index.md": "# Hostile\n\n```{clinic:precaution-cards}\n```\n",
        "records/a.yaml": record.replace("  sources", f"  limits: {json.dumps(lists)}\n  sources"),
        "references.bib": "@misc{spoilt, author = {Spoilt, Ann}, title = {A}, year = {2001}}\n",
    }
    source = project(files)
    html = build_project(source).read("index.html")
    (file,) = build_project(source, "typstpdf").outdir.glob("*.pdf")
    pdf = pypdfium2.PdfDocument(file)
    printed = squeezed("".join(pdf[n].get_textpage().get_text_range() for n in range(len(pdf))))
    for text in (squeezed(lxml.html.fromstring(html).text_content()), printed):
        # Numbers of pages stand between the parts of what goes over several.
        assert sum(word in text for word in words) == len(words)
        assert text.count("x" * 3000) and all(f"deep{depth}" in text for depth in range(6))


def test_the_pdf_shows_the_words_as_they_stand(
    project: Callable[..., Path], build_project: Callable[..., Any], hostile: ModuleType
) -> None:
    words, prose = (
        json.dumps(hostile.ALL, ensure_ascii=False),
        json.dumps(hostile.as_prose(hostile.ALL), ensure_ascii=False),
    )
    files = {
        "conf.py": """
            project = "Hostile"
            extensions = ["myst_parser", "clinic_snippets", "clinic_snippets.pdf"]
            exclude_patterns = ["records"]
            bibtex_bibfiles = ["references.bib"]
            smartquotes = False
        """,
        "index.md": "# Hostile\n\n## Table\n\n```{clinic:precaution-table}\n```\n\n```{bibliography}\n```\n\n## Cards\n\n```{clinic:precaution-cards}\n```\n",
        "records/a.yaml": PRECAUTIONS.format(owner=words, name=words, prose=prose),
        "references.bib": f"@misc{{spoilt, author = {{Spoilt, Ann}}, title = {{{hostile.BARE}}}, year = {{2001}}}}\n",
    }
    build = build_project(project(files), "typstpdf")
    file = build.outdir / "hostile.pdf"
    pdf = pypdfium2.PdfDocument(file)
    text = squeezed("".join(pdf[n].get_textpage().get_text_range() for n in range(len(pdf))))
    assert build.warnings == ""
    for part in hostile.WORDS:
        if part.isascii():  # what runs from right to left is kept in the order of its signs on the paper
            # In the table and in the card: the name, what to do and why; in the index and the contents the name again.
            assert text.count(squeezed(part)) >= 6, part
    assert not any(start in text for start in LEAKED)
    with pikepdf.open(file) as opened:
        links = [str(a.A.URI) for p in opened.pages for a in p.get("/Annots", []) if "/A" in a and "/URI" in a.A]
        assert links == []
        assert "/JavaScript" not in opened.Root.get("/Names", {}) and "/OpenAction" not in opened.Root


@pytest.mark.parametrize("builder", ["epub", "latex"])
def test_other_outputs_hold_no_command_of_the_words(
    hostile_root: Path, build_project: Callable[..., Any], builder: str, tmp_path: Path
) -> None:
    build_project(hostile_root, builder, outdir=tmp_path)
    if builder == "epub":
        for path in tmp_path.rglob("*.xhtml"):
            tags = {element.tag for element in lxml.etree.parse(path).iter() if isinstance(element.tag, str)}
            assert not {tag.partition("}")[2] for tag in tags} & {"iframe", "textarea"}, path.name
    elif builder == "latex":
        (tex,) = tmp_path.glob("*.tex")
        text = tex.read_text("utf-8")
        assert "/etc/passwd" in text and not re.search(r"\\input\{/etc|\\write18", text)
    for path in tmp_path.rglob("*.*"):
        assert not any(start.encode() in path.read_bytes() for start in LEAKED), path.name


@pytest.mark.parametrize("name", ["severity-table", "definition-cards"])
def test_a_terminal_shows_the_words_as_they_stand(library: Library, hostile: ModuleType, name: str) -> None:
    console = Console(file=io.StringIO(), width=2000)
    console.print(TerminalRenderer(library).block(SNIPPETS[name](library, {})))
    words = re.escape(squeezed("[bold]b[/bold] [link=javascript:alert(8)]l[/link]"))
    assert len(re.findall(words, squeezed(console.file.getvalue()))) >= 2


def test_a_mark_takes_a_title_of_any_length(project: Callable[..., Path], build_project: Callable[..., Any]) -> None:
    """A QR code holds no more than some three thousand signs."""
    files = {
        "conf.py": 'extensions = ["myst_parser", "clinic_snippets"]\n',
        "index.md": f"# {'Long <b>title</b> ' * 400}\n\n```{{clinic:copy-mark}}\n```\n",
    }
    build = build_project(project(files))
    assert 'class="clinic-qr"' in build.read("index.html")
