"""Snippets as directives, in Markdown and in reStructuredText: options, titles, names, where they may stand."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from docutils import nodes

from clinic_snippets.sphinx_ext.late import late_body


def rst_project(small_project: Any, text: str, conf: str = "") -> Path:
    """Return a project whose page ``page.rst`` holds ``text``."""
    return small_project("# Start\n", conf=conf, files={"page.rst": f":orphan:\n\nPage\n====\n\n{text}"})


# --- where cards may stand -------------------------------------------------------------------------------

MARKDOWN_PLACES = {
    "a page": "{cards}",
    "a section": "## Section\n\nText.\n\n{cards}",
    "a section below a section": "## Section\n\n### Below\n\n{cards}",
    "a list": "- item\n\n  {cards}",
    "a numbered list": "1. item\n\n   {cards}",
    "a quotation": "> {cards}",
    "an admonition": "````{admonition} Title\n{cards}\n````",
    "a list in an admonition": "````{note}\n- item\n\n  {cards}\n````",
    "a table": "````{list-table}\n* - {cards}\n````",
    "a container": "````{container} box\n{cards}\n````",
}
RST_PLACES = {
    "a page": "{cards}",
    "a section": "Section\n-------\n\nText.\n\n{cards}",
    "a line behind a directive": ".. index:: words\n\n{cards}",
    "a list": "- item\n\n  {cards}",
    "a directive in a list": "- .. index:: words\n\n  {cards}",
    "an admonition": ".. admonition:: Title\n\n   {cards}",
    "a quotation": "Text.\n\n   {cards}",
    "a table": ".. list-table::\n\n   * - {cards}",
    "a grid table": (
        "+--------------------------+\n"
        "| .. clinic:hazard-cards:: |\n"
        "|    :region: leg          |\n"
        "+--------------------------+"
    ),
    "a container": ".. container:: box\n\n   {cards}",
}
ALLOWED = {"a page", "a section", "a section below a section", "a line behind a directive"}


def indented(template: str, text: str) -> str:
    """Put ``text`` into ``template``, every line below the first as deep as the first."""
    before = template.partition("{cards}")[0].rpartition("\n")[2]
    margin = before if set(before) <= {" ", ">"} else " " * len(before)
    return template.replace("{cards}", text.strip().replace("\n", "\n" + margin))


def place_pages(places: dict[str, str], directive: str, heading: str, suffix: str) -> dict[str, str]:
    """Return a page for each place, with the directive there, by file name."""
    return {
        f"{place.replace(' ', '-')}{suffix}": heading + indented(text, directive) + "\n"
        for place, text in places.items()
    }


def check_cards(build: Any, pages: dict[str, str]) -> None:
    """Check that cards stand where they may and are refused, with a way out, where they may not."""
    warnings = build.warnings.splitlines()
    for file in pages:
        name = Path(file).stem
        cards = lxml.html.fromstring(build.read(f"{name}.html")).xpath("//section[contains(@class, 'clinic-card')]")
        if name.replace("-", " ") in ALLOWED:
            assert len(cards) == 1, file
            assert not any(file in warning for warning in warnings)
        else:
            assert cards == [], file
            (warning,) = [warning for warning in warnings if f"/{file}:" in warning]
            assert re.search(
                rf"/{file}:\d+: WARNING: clinic:hazard-cards makes headings, so it can only stand", warning
            )
            assert "take it out of the list, table or box around it, or use a table here" in warning


# Each page shows the one hazard of a region; a second home elsewhere is not what these tests are about.
SECOND_HOMES = 'suppress_warnings = ["clinic.second-home"]\n'


def test_cards_in_markdown(small_project: Any, build_project: Any) -> None:
    cards = ":::{clinic:hazard-cards}\n:region: leg\n:::\n"
    pages = place_pages(MARKDOWN_PLACES, cards, "---\norphan: true\n---\n# Page\n\n", ".md")
    conf = f'myst_enable_extensions = ["colon_fence"]\n{SECOND_HOMES}'
    check_cards(build_project(small_project("# Start\n", conf=conf, files=pages)), pages)


def test_cards_in_restructuredtext(small_project: Any, build_project: Any) -> None:
    cards = ".. clinic:hazard-cards::\n   :region: leg\n"
    pages = place_pages(RST_PLACES, cards, ":orphan:\n\nPage\n====\n\n", ".rst")
    check_cards(build_project(small_project("# Start\n", conf=SECOND_HOMES, files=pages)), pages)


def test_tables_may_stand_anywhere_a_table_may(small_project: Any, build_project: Any) -> None:
    places = {place: text for place, text in MARKDOWN_PLACES.items() if place not in ALLOWED}
    table = ":::{clinic:hazard-table}\n:::\n"
    pages = place_pages(places, table, "---\norphan: true\n---\n# Page\n\n", ".md")
    conf = 'myst_enable_extensions = ["colon_fence"]\n'
    build = build_project(small_project("# Start\n", conf=conf, files=pages))
    assert build.warnings == ""
    assert [file for file in pages if "rhomboids" not in build.read(f"{Path(file).stem}.html")] == []


@pytest.mark.parametrize("behind", ["Behind.", "```{clinic:hazard-table}\n```"])
def test_what_stands_behind_cards_is_reported(small_project: Any, build_project: Any, behind: str) -> None:
    cards = "```{clinic:hazard-cards}\n```\n"
    srcdir = small_project(f"# Page\n\n## Cards\n\n{cards}\n{behind}\n\n## Next\n\nMore.\n")
    (warning,) = build_project(srcdir).warnings.splitlines()
    assert warning == (
        f"{srcdir / 'index.md'}:8: WARNING: in print this reads as part of the card above; "
        "put it before the cards, or give it a heading [clinic.place]"
    )


def test_headings_labels_and_more_cards_may_stand_behind_cards(small_project: Any, build_project: Any) -> None:
    cards = "```{{clinic:hazard-cards}}\n:region: {}\n```\n"
    text = f"# Page\n\n{cards.format('leg')}\n{cards.format('thorax')}\n% A comment.\n\n(label)=\n## Next\n\nMore.\n"
    build = build_project(small_project(text))
    assert build.warnings == ""
    page = lxml.html.fromstring(build.read("index.html"))
    assert page.xpath("//section[h2[starts-with(., 'Next')]]")[0].getparent().get("id") == "page"


# --- options ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "message"),
    [
        (":level: precuation", "'precuation' is not a value of 'level'; allowed: contraindication, precaution; "
                               "did you mean 'precaution'?"),
        (":region: thorx", "'thorx' is not a value of 'region'; allowed: foot, leg, thorax; did you mean 'thorax'?"),
        (":technique: deep needle", "'deep needle' is not a value of 'technique'; allowed: deep needling; "
                                    "did you mean 'deep needling'?"),
    ],
)  # fmt: skip
def test_a_wrong_word_is_answered_with_the_allowed_ones(
    small_project: Any, build_project: Any, option: str, message: str
) -> None:
    srcdir = small_project(f"# Page\n\nText.\n\n```{{clinic:precaution-table}}\n{option}\n```\n")
    build = build_project(srcdir)
    expected = f"{srcdir / 'index.md'}:5: WARNING: clinic:precaution-table: {message} [clinic.option]"
    assert build.warnings.splitlines() == [expected]
    assert "<table" not in build.read("index.html")
    assert not build_project(srcdir, warningiserror=True, freshenv=True).ok
    rst = rst_project(small_project, f".. clinic:precaution-table::\n   {option}\n")
    assert f"page.rst:6: WARNING: clinic:precaution-table: {message}" in build_project(rst).warnings


def test_a_wrong_word_is_said_again_in_the_next_build(small_project: Any, build_project: Any) -> None:
    srcdir = small_project("# Page\n\n```{clinic:precaution-table}\n:level: nix\n```\n")
    assert "'nix' is not a value" in build_project(srcdir).warnings
    assert "'nix' is not a value" in build_project(srcdir).warnings


@pytest.mark.parametrize("markup", ["markdown", "rst"])
def test_an_unknown_option_is_reported(small_project: Any, build_project: Any, markup: str) -> None:
    if markup == "markdown":
        srcdir = small_project("# Page\n\n```{clinic:precaution-table}\n:levl: precaution\n```\n")
    else:
        srcdir = rst_project(small_project, ".. clinic:precaution-table::\n   :levl: precaution\n")
    build = build_project(srcdir)
    assert "levl" in build.warnings
    assert re.search(r"(index\.md|page\.rst):\d+: (WARNING|ERROR)", build.warnings)


# --- empty blocks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("directive", ["precaution-table", "precaution-cards"])
def test_an_empty_block_says_so_on_the_page_and_in_every_build(
    small_project: Any, build_project: Any, directive: str
) -> None:
    words = "No precaution is recorded for: precaution, technique. This does not mean that needling is safe here."
    page = f"# Page\n\n```{{clinic:{directive}}}\n:level: precaution\n:scope: technique\n```\n"
    srcdir = small_project(page)
    for builder in ("html", "html", "text"):
        build = build_project(srcdir, builder)
        [warning] = build.warnings.splitlines()
        assert warning.startswith(
            f"{srcdir / 'index.md'}:3: WARNING: nothing fits here, so the page says: '{words}'; add"
        )
        assert warning.endswith("[clinic.empty]")
    assert words in " ".join(build.read("index.txt").split())
    assert words in build_project(srcdir).read("index.html")


# --- the shell -------------------------------------------------------------------------------------------


def test_the_doctree_holds_a_real_table_with_one_placeholder(features: Callable[[str], Any]) -> None:
    doctree = features("html").app.env.get_doctree("tables")
    table = next(doctree.findall(nodes.table))
    assert table["ids"] == ["the-table"]
    assert "clinic-table" in table["classes"]
    assert table[0].astext() == "Contraindications and precautions" and isinstance(table[0], nodes.title)
    assert [spec["colwidth"] for spec in table.findall(nodes.colspec)] == [22, 36, 26, 16]
    heads = next(table.findall(nodes.thead))
    assert [entry.astext() for entry in heads.findall(nodes.entry)] == [
        "Precaution", "What to do", "Why", "Sources (grade)",
    ]  # fmt: skip
    (body,) = table.findall(nodes.tbody)
    assert [type(node) for node in body] == [late_body]
    assert "Leave a gap" not in doctree.pformat()


def test_the_doctree_holds_real_sections_for_cards(features: Callable[[str], Any]) -> None:
    doctree = features("html").app.env.get_doctree("cards")
    cards = [s for s in doctree.findall(nodes.section) if "clinic-card" in s["classes"]]
    assert [card["ids"] for card in cards] == [
        ["precaution-every-feature"], ["precaution-needle-gap"], ["precaution-ours-alone"],
    ]  # fmt: skip
    assert [card[0].astext() for card in cards][1:] == ["Gap between needles", "Reasoning of our own"]


def test_a_build_in_which_warnings_count_passes(repository: Path, sphinx_build: Any, tmp_path: Path) -> None:
    run = sphinx_build("-W", "-n", "-q", "-b", "html", repository / "tests" / "roots" / "features", tmp_path / "out")
    assert (run.returncode, run.stdout) == (0, "")


def test_titles_and_names(features: Callable[[str], Any]) -> None:
    page = lxml.html.fromstring(features("html").read("tables.html"))
    captions = {t.get("id"): t.xpath("string(./caption/span[@class='caption-text'])") for t in page.xpath("//table")}
    assert captions == {
        "the-table": "Contraindications and precautions",
        "precaution-table-contraindication-person": "A title of its own",
        "hazard-table-thorax": "Hazards: Chest & back",
        "listed-table": "Contraindications and precautions",
        "record-index": "Records from A to Z",
    }
    assert page.xpath("string(//table[@id='precaution-table-contraindication-person']/caption//em)") == "its own"
    rst = lxml.html.fromstring(features("html").read("restructured.html"))
    assert (
        rst.xpath("string(//table[@id='rst-table']/caption/span[@class='caption-text'])")
        == "Written in reStructuredText"
    )
    number = rst.xpath("string(//table[@id='rst-table']/caption/span[@class='caption-number'])").strip()
    assert f"See {number}." in rst.text_content()


def test_two_tables_that_show_the_same_have_different_ids(
    small_project: Any, build_project: Any, site_problems: Any
) -> None:
    table = "```{clinic:hazard-table}\n```\n"
    build = build_project(small_project(f"# Page\n\n{table}\n{table}"))
    assert site_problems(build.outdir) == []


# --- a handbook's own snippets ---------------------------------------------------------------------------

OWN = """
from clinic_snippets.records import Hazard
from clinic_snippets.records.text import Paragraph, RecordLink, Words
from clinic_snippets.snippets import Card, Cards, Column, Row, Table, snippet


@snippet
def my_list(library, *, loud: bool = False):
    cell = (Paragraph((Words("Mind it" + "!" * loud),)),)
    rows = tuple(Row(r.id, ((Paragraph((RecordLink(r.id),)),), cell)) for r in library.of(Hazard))
    {body}
"""
OWN_CONF = 'clinic_snippet_files = ["own.py"]\n'
OWN_PAGE = "# Page\n\n```{clinic:my-list}\n:loud:\n```\n"


def test_an_own_snippet_becomes_a_directive(small_project: Any, build_project: Any) -> None:
    body = 'return Table("Mine", (Column("What"), Column("How")), rows, "Nothing.")'
    srcdir = small_project(OWN_PAGE, conf=OWN_CONF, files={"own.py": OWN.format(body=body)})
    build = build_project(srcdir, warningiserror=True)
    assert build.ok, build.warnings
    rows = lxml.html.fromstring(build.read("index.html")).xpath("//tbody/tr")
    assert [row.xpath("string(./th)").strip() for row in rows] == [
        "Lung under the ribs",
        "Artery of the foot",
        "Any vessel",
    ]
    assert all("Mind it!" in row.text_content() for row in rows)


def stopped(run: Any) -> list[str]:
    """Return the messages of a build that its input stopped."""
    assert run.returncode == 2, run.stdout
    assert "Traceback" not in run.stdout, run.stdout
    return run.stdout.strip().splitlines()


@pytest.mark.parametrize(
    ("own", "message"),
    [
        (None, "own.py: there is no such Python file; check clinic_snippet_files in conf.py"),
        ("def x(:\n", "own.py:1: this is not Python"),
        ("import nothing_of_that_name\n", "own.py:1: this code fails with ModuleNotFoundError: No module named"),
        (
            "from clinic_snippets.snippets import snippet\n\n@snippet\ndef my_list(library, loud):\n    pass\n",
            "own.py:3: my_list: option 'loud' must be keyword-only and have a default",
        ),
    ],
)
def test_a_snippet_file_that_cannot_be_loaded_is_reported_at_its_line(
    small_project: Any, sphinx_build: Any, tmp_path: Path, own: str | None, message: str
) -> None:
    srcdir = small_project(OWN_PAGE, conf=OWN_CONF, files={"own.py": own} if own else {})
    lines = stopped(sphinx_build("-q", srcdir, tmp_path / "out"))
    assert lines[0].startswith(f"ERROR: {srcdir}/{message}")
    assert lines[1:] == ["ERROR: 1 problem, nothing was built"]


@pytest.mark.parametrize(
    ("body", "line", "message"),
    [
        ("1 / 0", 10, "this code fails with ZeroDivisionError: division by zero"),
        ('__import__("sys").exit()', 10, "this code fails with RuntimeError: it ends the program with sys.exit()"),
        ("rows", 1, "this code fails with TypeError: it returns NoneType, not Table, Cards or Picture"),
        (
            'return Table("Mine", (Column("What"),), rows, "Nothing.")', 1,
            "this code fails with ValueError: the row of 'lung' has 2 cells, not 1",
        ),
        (
            'return Cards((Card("lung", "Lung", ("<b>",)),), "Nothing.")', 1,
            "this code fails with TypeError: 'lung' has str where a tuple of paragraphs must be; see words_cell in snippets.phrases",
        ),
        (
            'return Table("Mine", (Column("What"),), (Row("lung", ("<b>",)),), "Nothing.")', 1,
            "this code fails with TypeError: 'lung' has str where a tuple of paragraphs must be; see words_cell in snippets.phrases",
        ),
        (
            'return Cards((Card("nobody", "Nobody", ()),), "Nothing.")', 1,
            "this code fails with LookupError: no record has the id 'nobody'",
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_snippet_that_fails_is_reported_at_its_page_and_its_own_line(
    small_project: Any, sphinx_build: Any, tmp_path: Path, body: str, line: int, message: str, jobs: str
) -> None:
    more = {f"page{n}.md": f"---\norphan: true\n---\n# Page {n}\n" for n in range(5)}  # enough for two processes
    srcdir = small_project(OWN_PAGE, conf=OWN_CONF, files={"own.py": OWN.format(body=body), **more})
    message += "; mend it there, or ask whoever wrote it"
    assert stopped(sphinx_build("-q", "-j", jobs, srcdir, tmp_path / "out")) == [
        f"{srcdir}/index.md:3: WARNING: clinic:my-list: {srcdir}/own.py:{line}: {message} [clinic.option]",
        f"ERROR: {srcdir}/own.py:{line}: my-list: {message}",
        "ERROR: 1 problem, nothing was built",
    ]


def test_a_table_named_by_its_heading_has_no_empty_caption(
    small_project: Callable[..., Path], build_project: Any
) -> None:
    page = "# Card\n\n```{clinic:couch-precautions}\n:level: precaution\n```\n\n```{clinic:precaution-table}\n```\n"
    tree = lxml.html.fromstring(build_project(small_project(page)).read("index.html"))
    captions = [caption.text_content().strip("¶ \n") for caption in tree.xpath("//table/caption")]
    assert len(tree.xpath("//table")) == 2
    assert len(captions) == 1 and captions[0]
