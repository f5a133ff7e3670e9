"""Reviews, releases and withdrawn records on built pages: what a reader sees, in HTML, PDF and data, says the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import lxml.etree
import lxml.html
import pypdfium2
import pytest
from click.testing import CliRunner
from sphinx.util.inventory import InventoryFile

from clinic_snippets.cli import main
from clinic_snippets.library import load_library
from clinic_snippets.library.release import snapshot, write_release

CONF = """
project = "Needles"
extensions = ["myst_parser", "clinic_snippets", "clinic_snippets.pdf"]
exclude_patterns = ["records", "changes"]
html_theme = "basic"
bibtex_bibfiles = ["references.bib"]
bibtex_tooltips = False
typstpdf_filename = "needles"
"""
HEADER = "topic: {topic}\nowner: safety lead\nwritten: 2026-01-01\nreview_by: 2027-01-10\nrecords:\n"
RECORD = """
- kind: precaution
  id: {id}
  name: Case {id}
  level: {level}
  applies_to: person
  rule: {rule}
  regions: all
  techniques: all
  action: {action}
  why: It bleeds.
  sources: [one2001]
"""
GONE = "  status: withdrawn\n  withdrawn:\n    date: 2026-06-01\n    reason: Said twice.\n    replaced_by: [{by}]\n"
PAGES = {
    "index.md": "# Needles\n\n```{toctree}\ntable\ncards\nlater\nchanges\nreviews\nbibliography\n```\n",
    "table.md": "# In short\n\nText.\n\n```{clinic:precaution-table}\n```\n",
    "cards.md": "# In full\n\n```{clinic:precaution-cards}\n```\n",
    "later.md": "# Without records\n\nText.\n",
    "changes.md": "# Changes\n\n```{clinic:release-changes}\n```\n",
    "reviews.md": "# Reviews\n\n```{clinic:review-table}\n```\n",
    "bibliography.md": "# Sources\n\n```{bibliography}\n```\n",
    "references.bib": "@misc{one2001, title = {Bleeding}, year = {2001}, author = {One, Ann}}\n",
    "conf.py": CONF,
}


def record(
    identifier: str, *, level: str = "precaution", rule: str = "refer", action: str = "Ask.", more: str = ""
) -> str:
    return RECORD.format(id=identifier, level=level, rule=rule, action=action) + more


def topic(*records: str, name: str = "bleeding") -> str:
    return HEADER.format(topic=name) + "".join(records)


@pytest.fixture(scope="session")
def clinic(project: Any) -> Callable[..., Path]:
    """A maker of handbooks: ``clinic({"records/a.yaml": …})``; ``before`` are the record files of release 0.1.0."""

    def make(files: dict[str, str], before: dict[str, str] | None = None) -> Path:
        srcdir = project({**PAGES, **files})
        if before is not None:
            old = project({"references.bib": PAGES["references.bib"], **before})
            library, problems = load_library(old / "records", [old / "references.bib"])
            assert not problems
            write_release(snapshot(library.records, "0.1.0", date(2026, 2, 1)), srcdir / "releases")
        return srcdir

    return make


def html(build: Any, page: str) -> Any:
    return lxml.html.fromstring(build.read(f"{page}.html"))


def banners(page: Any) -> list[str]:
    return [" ".join(box.text_content().split()) for box in page.xpath("//*[contains(@class, 'clinic-overdue')]")]


def pdf_text(build: Any) -> str:
    with pypdfium2.PdfDocument(build.outdir / "needles.pdf") as pdf:
        return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in pdf).split())


def cli(*arguments: str | Path) -> Any:
    return CliRunner().invoke(main, [*map(str, arguments)])


# --- overdue ---------------------------------------------------------------------------------------------------------

DATED = {
    "records/a.yaml": topic(record("early", more="  review_by: 2027-01-01\n"), record("late")),
    "records/gone.yaml": topic(record("gone", more=GONE.format(by="late") + "  review_by: 2026-03-01\n")),
    "cards.md": PAGES["cards.md"] + "\n# Withdrawn\n\n```{clinic:withdrawn-list}\n```\n",
}
ADVICE = "What such an entry says may no longer hold: check it before you use it."
ONE = f"Review overdue 1 entry on this page was to be reviewed by 2027-01-01. {ADVICE}"


@pytest.mark.parametrize(("day", "overdue"), [("2026-12-31", []), ("2027-01-01", []), ("2027-01-02", ["early"])])
def test_banner_marks_list_and_exit_code_agree(clinic: Any, build_project: Any, day: str, overdue: list[str]) -> None:
    srcdir = clinic(DATED)
    build = build_project(srcdir, confoverrides={"clinic_as_of": day})
    assert build.warnings == ""
    for page in ("table", "cards", "reviews"):
        assert banners(html(build, page)) == [ONE] * len(overdue)
    for page in ("index", "later", "bibliography", "changes"):
        assert banners(html(build, page)) == []
    mark = "contains(@class, 'clinic-badge-overdue')"
    rows = html(build, "table").xpath(f"//tr[.//span[{mark}]]//a[contains(@class, 'internal')]/@href")
    assert [str(row) for row in rows if "#precaution" in row] == [f"cards.html#precaution-{i}" for i in overdue]
    assert html(build, "cards").xpath(f"//section[./p/span[{mark}]]/@id") == [f"precaution-{i}" for i in overdue]
    told = json.loads(build.read("reviews.json"))
    assert (told["as_of"], [r["id"] for r in told["records"] if r["overdue"]]) == (day, overdue)
    listed = cli("review", srcdir, "--as-of", day, "--format", "json", "--fail-overdue")
    assert listed.exit_code == len(overdue)
    assert [r["id"] for r in json.loads(listed.stdout)["overdue"]] == overdue


def test_without_a_day_nothing_is_overdue(clinic: Any, build_project: Any) -> None:
    build = build_project(clinic(DATED))
    assert [banners(html(build, page)) for page in ("table", "cards", "reviews")] == [[], [], []]
    told = json.loads(build.read("reviews.json"))
    assert "as_of" not in told and [r["id"] for r in told["records"] if "overdue" in r] == []


def test_the_banner_opens_the_page_right_below_its_title(clinic: Any, build_project: Any) -> None:
    untitled = {"untitled.md": "---\norphan: true\n---\n\nText.\n\n```{clinic:precaution-table}\n```\n"}
    build = build_project(clinic({**DATED, **untitled}), confoverrides={"clinic_as_of": "2027-02-01"})
    both = f"Review overdue 2 entries on this page were to be reviewed, the first by 2027-01-01. {ADVICE}"
    (box,) = html(build, "table").xpath("//h1/following-sibling::*[1]")
    assert " ".join(box.text_content().split()) == both
    assert {"admonition", "warning"} <= {*box.get("class").split()}
    first = html(build, "untitled").xpath("//div[@class='body']/*")[0]
    assert " ".join(first.text_content().split()) == both


def test_on_one_page_and_in_a_book_each_chapter_has_its_banner(clinic: Any, build_project: Any) -> None:
    options = {"confoverrides": {"clinic_as_of": "2027-01-02"}}
    srcdir = clinic(DATED)
    single = lxml.html.fromstring(build_project(srcdir, "singlehtml", **options).read("index.html"))
    assert [box.getparent().get("id") for box in single.xpath("//div[contains(@class, 'clinic-overdue')]")] == [
        "in-short", "in-full", "reviews",
    ]  # fmt: skip
    assert banners(single) == [ONE] * 3
    build = build_project(srcdir, "typstpdf", **options)
    assert build.warnings == ""
    assert pdf_text(build).count(ONE) == 3
    text = build_project(srcdir, "text", **options).read("table.txt")
    assert "1 entry on this page was to be reviewed by 2027-01-01" in " ".join(text.split())


@pytest.mark.parametrize(("as_of", "count"), [("2027-01-01", 0), ("2027-01-02", 3)])
def test_a_book_may_not_be_used_after_its_first_review_date(
    clinic: Any, build_project: Any, as_of: str, count: int
) -> None:
    build = build_project(clinic(DATED), "typstpdf", confoverrides={"clinic_as_of": as_of})
    with pypdfium2.PdfDocument(build.outdir / "needles.pdf") as pdf:
        pages = [" ".join(page.get_textpage().get_text_bounded().split()) for page in pdf]
    # What is withdrawn, here to be reviewed in 2026, needs no review.
    assert [page.count("Do not use after 2027-01-01") for page in pages] == [1] * len(pages)
    assert sum(page.count("to be reviewed by") for page in pages) == count


def test_dates_stand_on_the_tables_body_and_on_rows_only_where_they_differ(clinic: Any, build_project: Any) -> None:
    build = build_project(clinic(DATED))
    (body,) = html(build, "table").xpath("//tbody")
    assert (body.get("data-review"), body.get("data-written")) == ("2027-01-01", "2026-01-01")
    assert [row.get("data-review") for row in body] == [None, "2027-01-10"]
    (withdrawn,) = html(build, "cards").xpath("//tbody")
    assert not {"data-review", "data-written"} & {*withdrawn.keys()}
    days = html(build, "cards").xpath("//section[contains(@class, 'clinic-card')]//time[@class='clinic-review']/text()")
    assert days == ["2027-01-01", "2027-01-10"]
    assert all(html(build, page).xpath("//table//time") == [] for page in ("table", "reviews"))


# --- releases --------------------------------------------------------------------------------------------------------

BEFORE = {
    "records/a.yaml": topic(record("gone"), record("looser"), record("edited"), record("same")),
    "records/b.yaml": topic(record("moved"), name="lung"),
}
SWAPPED = record("same").replace("  name: Case same\n", "").replace("  why: It", "  name: Case same\n  why: It")
AFTER = {
    "records/a.yaml": topic(
        record("gone", more=GONE.format(by="added")), record("looser", rule="adapt"),
        record("edited", action="Leave it."), SWAPPED, record("moved"), record("added"),
    ),
    "cards.md": PAGES["cards.md"] + "\n## Withdrawn\n\n```{clinic:withdrawn-list}\n:kind: precaution\n```\n",
    "changes/a.yaml": """
        changes:
        - records: [edited]
          what: Asking once was not enough.
          why: Many forget {cite:p}`one2001`.
          class: wording
          effective_from: 2026-07-01
          author: Ann
    """,
}  # fmt: skip
FIVE = ["Case looser", "Case gone", "Case added", "Case edited", "Case moved"]


def test_five_changes_are_five_entries_in_html_pdf_and_json(clinic: Any, build_project: Any) -> None:
    srcdir = clinic(AFTER, BEFORE)
    build = build_project(srcdir)
    assert build.warnings == ""
    heads = html(build, "changes").xpath("//tbody/tr/th")
    assert [" ".join(head.text_content().split()) for head in heads] == [
        "Case looser Looser", "Case gone Withdrawn", "Case added New", "Case edited Wording", "Case moved Moved",
    ]  # fmt: skip
    told = json.loads(cli("diff", "0.1.0", ".", "--source", srcdir, "--format", "json").stdout)
    assert [change["name"] for change in told["changes"]] == FIVE
    book = build_project(srcdir, "typstpdf")
    assert book.warnings == ""
    chapter = pdf_text(book).partition("Not yet released: changed since 0.1.0")[2].partition("Reviews by topic")[0]
    assert [name for name in FIVE if name in chapter] == FIVE
    assert "Case same" not in chapter


def test_what_was_removed_and_added_is_marked_in_words_in_every_output(clinic: Any, build_project: Any) -> None:
    srcdir = clinic(AFTER, BEFORE)
    build = build_project(srcdir)
    (row,) = html(build, "changes").xpath("//tr[th[contains(., 'edited')]]")
    assert [piece.text_content() for piece in row.xpath(".//del | .//ins")] == [
        "[removed: Ask.]",
        "[added: Leave it.]",
    ]
    words = "[removed: Ask.] [added: Leave it.]"
    assert words in row.text_content()
    assert words in " ".join(build_project(srcdir, "text").read("changes.txt").split()).replace("| |", "")
    assert words in pdf_text(build_project(srcdir, "typstpdf"))


def test_nothing_changed_and_nothing_withdrawn_are_sentences_without_a_warning(clinic: Any, build_project: Any) -> None:
    build = build_project(clinic({**BEFORE, "cards.md": AFTER["cards.md"]}, BEFORE))
    assert build.warnings == ""
    assert "Nothing has changed since release 0.1.0." in html(build, "changes").text_content()
    assert "No precautions have been withdrawn." in html(build, "cards").text_content()


def test_a_release_that_no_page_tells_of_is_reported_where_the_others_are_told(clinic: Any, build_project: Any) -> None:
    srcdir = clinic(AFTER, BEFORE)
    library, _ = load_library(srcdir / "records", [srcdir / "references.bib"])
    write_release(snapshot(library.records, "0.2.0", date(2026, 8, 1)), srcdir / "releases")
    said = "changes.md:3: WARNING: no page tells what release 0.2.0 changed; give it a section with {clinic:release-changes}"
    for _ in range(2):
        assert said in build_project(srcdir).warnings
    with (srcdir / "changes.md").open("a") as page:
        page.write("\n## 0.2.0\n\n```{clinic:release-changes}\n:release: 0.2.0\n```\n")
    assert build_project(srcdir).warnings == ""


def test_the_feed_is_named_on_the_page_that_shows_changes(clinic: Any, build_project: Any) -> None:
    srcdir = clinic(AFTER, BEFORE)
    for builder, page, address in (
        ("html", "changes.html", "changes.atom"),
        ("dirhtml", "changes/index.html", "../changes.atom"),
    ):
        build = build_project(srcdir, builder)
        (link,) = lxml.html.fromstring(build.read(page)).xpath("//link[@type='application/atom+xml']/@href")
        assert link == address
        feed = lxml.etree.fromstring((build.outdir / "changes.atom").read_bytes())
        pages = feed.xpath("//*[local-name()='link'][@rel='alternate']/@href")
        assert {*pages} == {"changes.html" if builder == "html" else "changes/"}
    assert "atom" not in build_project(srcdir).read("cards.html")
    absolute = build_project(srcdir, confoverrides={"html_baseurl": "https://h.example/en"}).read("changes.atom")
    assert 'href="https://h.example/en/changes.html"' in absolute


def test_a_handbook_without_releases_has_no_feed(clinic: Any, build_project: Any) -> None:
    srcdir = clinic(AFTER, BEFORE)
    assert (build_project(srcdir).outdir / "changes.atom").is_file()
    (srcdir / "releases" / "0.1.0.json").unlink()
    build = build_project(srcdir)
    assert not (build.outdir / "changes.atom").exists()
    assert "atom" not in build.read("changes.html")


def test_other_builders_write_no_files_beside(clinic: Any, build_project: Any) -> None:
    srcdir = clinic(AFTER, BEFORE)
    for builder in ("json", "text"):
        out = build_project(srcdir, builder).outdir
        assert not [name for name in ("reviews.json", "copies.json", "changes.atom") if (out / name).exists()]


# --- withdrawn -------------------------------------------------------------------------------------------------------


def test_old_addresses_of_a_withdrawn_record_lead_to_its_tombstone(clinic: Any, build_project: Any) -> None:
    link = {"later.md": "# Later\n\nSee {clinic:ref}`gone`.\n"}
    build = build_project(clinic({**AFTER, **link}, BEFORE))
    assert build.warnings == ""
    (row,) = html(build, "cards").xpath("//tr[.//*[@id='precaution-gone']]")
    assert "Said twice." in row.text_content()
    assert row.xpath(".//a/@href") == ["#precaution-added"]
    inventory = InventoryFile.loads((build.outdir / "objects.inv").read_bytes(), uri="")
    assert inventory.data["clinic:precaution"]["gone"].uri == "cards.html#precaution-gone"
    assert html(build, "later").xpath("//section/p/a/@href") == ["cards.html#precaution-gone"]
    index = html(build, "clinic-records").xpath("//tr[.//a[.='Case gone']]")
    assert "withdrawn" in index[0].text_content()


def test_a_withdrawn_record_that_no_page_tells_of_is_reported_with_the_place_for_it(
    clinic: Any, build_project: Any
) -> None:
    srcdir = clinic({**AFTER, "cards.md": PAGES["cards.md"], "later.md": "# Later\n\n{clinic:ref}`gone`\n"}, BEFORE)
    for _ in range(2):
        warnings = build_project(srcdir, freshenv=True).warnings
        assert (
            f"{srcdir / 'records' / 'a.yaml'}:7:3: WARNING: 'gone' is withdrawn and no page says so, so links to it lead "
            "nowhere; put {clinic:withdrawn-list} with :kind: precaution on cards [clinic.withdrawn]"
        ) in warnings
        assert "'gone' is withdrawn; link to what took its place, or show it with {clinic:withdrawn-list}" in warnings


def test_the_place_named_is_that_of_records_of_the_same_level(clinic: Any, build_project: Any) -> None:
    cards = "\n```{{clinic:precaution-cards}}\n:level: {0}\n```\n"
    pages = {
        "cards.md": "# Not\n" + cards.format("contraindication"),
        "later.md": "# Ask\n" + cards.format("precaution"),
        "records/a.yaml": topic(
            record("no", level="contraindication"), record("ask"), record("gone", more=GONE.format(by="ask")),
        ),
    }  # fmt: skip
    assert "with :kind: precaution on later [clinic.withdrawn]" in build_project(clinic(pages)).warnings


def test_copies_json_has_a_code_for_the_edition_each_record_and_each_page(
    small_project: Any, build_project: Any
) -> None:
    srcdir = small_project("# Page\n\n```{clinic:precaution-table}\n```\n", files={"other.md": "# Other\n\nText.\n"})
    build = build_project(srcdir)
    before = json.loads(build.read("copies.json"))
    assert set(before["pages"]) == set(build.app.env.found_docs)
    assert set(before["records"]) == {record.id for record in build.app.env.get_domain("clinic").library.of()}
    (srcdir / "other.md").write_text("# Other\n\nOther text.\n", "utf-8")
    after = json.loads(build_project(srcdir).read("copies.json"))
    assert {page for page in after["pages"] if after["pages"][page] != before["pages"][page]} == {"other"}
    assert (after["edition"], after["records"]) == (before["edition"], before["records"])
    record = srcdir / "records" / "precautions.yaml"
    record.write_text(record.read_text("utf-8").replace("Leave a gap.", "Leave a wide gap."), "utf-8")
    last = json.loads(build_project(srcdir).read("copies.json"))
    assert {page for page in last["pages"] if last["pages"][page] != after["pages"][page]} == {"index"}
    assert [i for i in last["records"] if last["records"][i] != after["records"][i]] == ["needle-gap"]
    assert last["edition"] != after["edition"]


def test_a_tombstone_on_another_page_than_its_kind_is_reported(
    small_project: Any, build_project: Any, repository: Path
) -> None:
    withdrawn = repository / "tests/roots/features/records/withdrawn/taken-back.yaml"
    pages = {
        "gone.md": "# Gone\n\n```{clinic:withdrawn-list}\n```\n",
        "records/gone.yaml": withdrawn.read_text("utf-8"),
    }
    srcdir = small_project("# Page\n\n## Cards\n\n```{clinic:precaution-cards}\n```\n", files=pages)
    said = build_project(srcdir).warnings
    assert "'taken-back' is withdrawn and listed here, but old links lead to a page of its kind; put" in said
    assert "{clinic:withdrawn-list} there: index" in said
