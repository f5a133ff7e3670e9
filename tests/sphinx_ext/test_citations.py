"""Citations of records and the bibliography: the same keys, the same labels, and what a reader needs to judge them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import lxml.html
import pytest

TABLES = "```{clinic:precaution-table}\n```\n\n```{clinic:hazard-table}\n```\n"


def entries(page: str) -> dict[str, Any]:
    """Return the entries of a bibliography by anchor."""
    return {str(e.get("id")): e for e in lxml.html.fromstring(page).xpath("//div[@class='citation']")}


def label(entry: Any) -> str:
    return entry.xpath("string(./span[@class='label'])").strip("[]")


def citations(page: str) -> dict[str, str]:
    """Return the label of each citation in bodies by the anchor it links to."""
    links = lxml.html.fromstring(page).xpath("//a[span[@class='clinic-citation']]")
    return {a.get("href").partition("#")[2]: a.text_content() for a in links}


def test_the_bibliography_lists_all_and_only_what_is_cited(features: Callable[[str], Any]) -> None:
    found = entries(features("html").read("bibliography.html"))
    assert list(found) == [  # in the order of their labels
        "cite-no-author",  # sources of rows
        "cite-first", "cite-second",
        "cite-page-only",  # text of a page alone
        "cite-prose-only",  # prose of a record alone
        "cite-who-text",
    ]  # fmt: skip


def test_only_what_the_shown_rows_cite_is_listed(small_project: Any, build_project: Any) -> None:
    build = build_project(small_project("# Page\n\n```{clinic:hazard-cards}\n:region: thorax\n```\n"))
    assert list(entries(build.read("bibliography.html"))) == ["cite-first", "cite-second"]
    build = build_project(small_project("# Page\n\nNothing is cited.\n"))
    assert entries(build.read("bibliography.html")) == {}


def test_a_rate_in_running_text_cites_its_source(small_project: Any, build_project: Any) -> None:
    build = build_project(small_project("# Page\n\nSeen {clinic:rate}`bruise@second`.\n"))
    assert list(entries(build.read("bibliography.html"))) == ["cite-second"]


@pytest.mark.parametrize("style", [None, "plain", "unsrt", "alpha"])
def test_labels_are_the_same_in_bodies_and_bibliography(
    small_project: Any, build_project: Any, style: str | None
) -> None:
    # The style "alpha", sphinxcontrib-bibtex's own default, must be a project's to choose.
    build = build_project(
        small_project(f"# Page\n\n{TABLES}", conf=f"bibtex_default_style = {style!r}\n" if style else "")
    )
    listed = {anchor: label(entry) for anchor, entry in entries(build.read("bibliography.html")).items()}
    cited = citations(build.read("index.html"))
    assert len(cited) == 5
    assert {anchor: listed[anchor] for anchor in cited} == cited
    assert (
        cited["cite-first"]
        == {None: "Brady 2014a", "plain": "3", "unsrt": cited["cite-first"], "alpha": "BMONeill14"}[style]
    )


def test_anchors_are_a_project_s_to_choose(small_project: Any, build_project: Any, site_problems: Any) -> None:
    build = build_project(small_project(f"# Page\n\n{TABLES}", conf='bibtex_cite_id = "ref-{key}"\n'))
    assert build.warnings == ""
    assert set(citations(build.read("index.html"))) <= set(entries(build.read("bibliography.html")))
    assert "ref-first" in citations(build.read("index.html"))
    assert site_problems(build.outdir) == []


def test_citations_in_brackets_and_in_the_sentence(features: Callable[[str], Any]) -> None:
    text = " ".join(lxml.html.fromstring(features("html").read("cards.html")).text_content().split())
    assert (
        "Do the other thing [World Health Organization 1999, Prosa 2020] as Brady 2014a, A leaflet without an say."
        in text
    )


def test_an_entry_shows_what_a_reader_needs_to_judge_it(features: Callable[[str], Any]) -> None:
    found = {
        a: " ".join(e.text_content().split()) for a, e in entries(features("html").read("bibliography.html")).items()
    }
    assert found["cite-first"] == (
        "[Brady 2014a] Brady S, McEvoy J, O'Neill É. Adverse events & trigger points. Journal of Tests, 2014, 22(3), "
        "134–140. DOI 10.1000/xyz<123>. PMID 12345. Grade A: only the abstract was read."
    )
    assert found["cite-who-text"] == (
        "[World Health Organization 1999] World Health Organization. Guidelines on safety. 1999. "
        "https://who.example/a?b=1&c=2 Grade C: not read; known only from others who quote it. "
        'Only its "quotation" was seen.'
    )
    assert found["cite-no-author"] == (
        "[A leaflet without an] A leaflet without an author or a year. Leaflet. Grade D: the page cited was read."
    )
    assert found["cite-prose-only"].endswith("Grade A-.")
    assert found["cite-page-only"] == "[Page 2021] Page P. Named in a page alone. Journal of Tests, 2021."


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        (
            "title = {{\\'E}tude {\\&} trigger points: {MRI} in 50% of {\\%}}",
            "Étude & trigger points: MRI in 50% of %.",
        ),
        ("title = {Is it safe?}", "Is it safe?"),
    ],
)
def test_fields_as_reference_managers_write_them(
    small_project: Any, build_project: Any, field: str, shown: str
) -> None:
    bib = f"@misc{{odd,\n  {field},\n  author = {{M{{\\\"u}}ller, {{\\'E}}milie and van den Berg, J. R.}},\n  year = {{2020}},\n}}\n"
    srcdir = small_project("# Page\n\n{cite:p}`odd`\n", conf='bibtex_bibfiles = ["references.bib", "odd.bib"]\n')
    (srcdir / "odd.bib").write_text(bib, "utf-8")
    (entry,) = entries(build_project(srcdir).read("bibliography.html")).values()
    assert entry.xpath("string(./p)") == f"Müller É, van den Berg JR. {shown} 2020."


def test_a_grade_is_shown_with_each_citation_of_a_row(features: Callable[[str], Any]) -> None:
    page = lxml.html.fromstring(features("html").read("tables.html"))
    (row,) = page.xpath("//table[@id='the-table']/tbody/tr[th//a[.='Gap between needles']]")
    assert " ".join(row.xpath("string(./td[last()])").split()) == "[A leaflet without an] (D)"


def test_page_and_bibliography_on_one_page_link_to_each_other(
    small_project: Any, build_project: Any, site_problems: Any
) -> None:
    # Bibtex links an entry back to what cites it on the same page, of which a table leaves no trace.
    srcdir = small_project(
        f"# Page\n\n{{cite:p}}`first`\n\n{TABLES}\n```{{bibliography}}\n```\n",
        files={"bibliography.md": "---\norphan: true\n---\n# Nothing\n"},
    )
    build = build_project(srcdir)
    assert build.warnings == ""
    assert site_problems(build.outdir) == []
    found = entries(build.read("index.html"))
    assert found["cite-first"].xpath(".//a[@role='doc-backlink']/@href") == ["#id1"]
    assert found["cite-who-text"].xpath(".//a[@role='doc-backlink']") == []


def without_bibliography(small_project: Any, page: str, bibliography: str = "Nothing.") -> Any:
    return small_project(page, files={"bibliography.md": f"---\norphan: true\n---\n# Sources\n\n{bibliography}\n"})


def test_citations_without_a_bibliography_are_reported_once(small_project: Any, build_project: Any) -> None:
    srcdir = without_bibliography(small_project, f"# Page\n\nText.\n\n{TABLES}\n{TABLES}")
    for builder in ("html", "text", "html"):
        (warning,) = build_project(srcdir, builder).warnings.splitlines()
        assert warning == (
            f"{srcdir / 'index.md'}:5: WARNING: no bibliography lists what is cited here and elsewhere (5 sources: first, "
            "no_author, prose_only, …); add a page with {bibliography} [clinic.bibliography]"
        )
    page = lxml.html.fromstring(build_project(srcdir).read("index.html"))
    assert "[Brady 2014a] (A)" in page.text_content()  # still said, without a link
    assert page.xpath("//a[span[@class='clinic-citation']]") == []


def test_a_bibliography_that_leaves_out_a_cited_source_is_reported(small_project: Any, build_project: Any) -> None:
    srcdir = without_bibliography(
        small_project, f"# Page\n\n{TABLES}", '```{bibliography}\n:filter: author % "Brady"\n```'
    )
    (warning,) = build_project(srcdir).warnings.splitlines()
    assert "(3 sources: no_author, prose_only, who_text)" in warning


def test_a_rate_without_a_bibliography_is_reported(small_project: Any, build_project: Any) -> None:
    srcdir = without_bibliography(small_project, "# Page\n\nSeen {clinic:rate}`bruise@second`.\n")
    (warning,) = build_project(srcdir).warnings.splitlines()
    assert "index.md: WARNING: no bibliography lists what is cited here and elsewhere (1 source: second)" in warning


def test_a_project_without_citations_needs_no_bibliography(small_project: Any, build_project: Any) -> None:
    assert build_project(without_bibliography(small_project, "# Page\n\nText.\n")).warnings == ""


# --- the handbook ----------------------------------------------------------------------------------------


def test_every_citation_of_the_handbook_is_in_its_bibliography(handbook_site: Any) -> None:
    listed = {a: label(e) for a, e in entries((handbook_site.root / "bibliography.html").read_text("utf-8")).items()}
    cited: dict[str, str] = {}
    for path in handbook_site.root.rglob("*.html"):
        page = path.read_text("utf-8")
        assert not re.search(r'(?<!href="#)<span class="clinic-citation">[^<]*</span>(?!</a>)', page), path.name
        cited |= citations(page)
    assert len(cited) > 80
    assert {anchor: listed.get(anchor) for anchor in cited} == cited


def test_the_bibliography_sorts_accents_away_and_says_et_al(project: Any, build_project: Any) -> None:
    folder = project({
        "conf.py": 'extensions = ["clinic_snippets"]\nbibtex_bibfiles = ["r.bib"]\n',
        "index.rst": "Index\n=====\n\n:cite:p:`a,b,c`\n\n.. bibliography::\n",
        "r.bib": """
            @misc{a, author = {Bynum, A. and others}, title = {One}, year = {2001}}
            @misc{b, author = {Bäumler, B.}, title = {Two}, year = {2002}}
            @misc{c, author = {Zorn, C.}, title = {Three}, year = {2003}}
            """,
    })  # fmt: skip
    text = build_project(folder, "text").read("index.txt")
    assert text.index("[Bäumler 2002]", text.index("Zorn")) < text.rindex("[Bynum 2001]") < text.rindex("[Zorn 2003]")
    assert "Bynum A et al." in text
