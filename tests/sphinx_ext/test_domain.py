"""The ``clinic`` domain: links to records, from this handbook and from others, and what indexes say of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lxml.html
from sphinx.util.inventory import InventoryFile

from clinic_snippets.library import load_library
from clinic_snippets.records.base import prose_fields

CARDS = "```{clinic:precaution-cards}\n```\n\n```{clinic:hazard-cards}\n```\n"


def page(links: str) -> str:
    """Return a page with links in its first paragraph and the homes of precautions and hazards."""
    return f"# Page\n\nLinks: {links}\n\n{CARDS}"


def links_in(build: Any, name: str = "index.html") -> list[tuple[str, str]]:
    """Return the words and the address of each link in the page's first paragraph."""
    body = lxml.html.fromstring(build.read(name))
    return [(a.text_content(), a.get("href")) for a in body.xpath("(//section/p)[1]//a")]


# --- links within a handbook -----------------------------------------------------------------------------


def test_roles_link_to_the_home(small_project: Any, build_project: Any) -> None:
    roles = {
        "{clinic:precaution}`needle-gap`": "Gap between needles",
        '{clinic:precaution}`the "gap" <needle-gap>`': "the “gap”",
        "{clinic:ref}`needle-gap`": "Gap between needles",
        "{clinic:ref}`in words <needle-gap>`": "in words",
        "{any}`needle-gap`": "Gap between needles",
        "{any}`in other words <needle-gap>`": "in other words",
        "{clinic:ref}`every-feature`": "The patient’s “thin” blood <5 & more",  # with the quotes of the page
    }
    build = build_project(small_project(page(", ".join(roles))))
    assert build.warnings == ""
    targets = ["#precaution-needle-gap"] * 6 + ["#precaution-every-feature"]
    assert links_in(build) == list(zip(roles.values(), targets, strict=True))


def test_a_role_that_is_switched_off_shows_words(small_project: Any, build_project: Any) -> None:
    build = build_project(small_project(page("{clinic:ref}`!needle-gap` {clinic:rate}`!bruise@first`")))
    assert build.warnings == ""
    assert links_in(build) == []
    assert "needle-gap bruise@first" in lxml.html.fromstring(build.read("index.html")).text_content()


def test_roles_in_restructuredtext(features: Callable[[str], Any]) -> None:
    assert links_in(features("html"), "restructured.html")[:3] == [
        ("Gap between needles", "cards.html#precaution-needle-gap"),
        ("these", "cards.html#precaution-needle-gap"),
        ("Tables", "tables.html#some-label"),
    ]


def test_a_rate_in_running_text_names_denominator_and_source(features: Callable[[str], Any]) -> None:
    first = lxml.html.fromstring(features("html").read("harm.html")).xpath("(//section/p)[1]")[0]
    assert "7.6 bruises per 100 treatments (577 in 7,629 treatments" in first.text_content()
    assert [a.get("href") for a in first.xpath(".//a")] == [
        "bibliography.html#cite-first",
        "bibliography.html#cite-second",
    ]


# --- links that lead nowhere -----------------------------------------------------------------------------


WRONG_LINKS = {
    "{clinic:precaution}`needle-gapp`": "no record has the id 'needle-gapp'; did you mean 'needle-gap'?",
    "{clinic:ref}`words <needl-gap>`": "no record has the id 'needl-gap'; did you mean 'needle-gap'?",
    "{clinic:ref}`xyzzy`": "no record has the id 'xyzzy'; check the spelling, or write a record with that id",
    "{clinic:hazard}`needle-gap`": "'needle-gap' is a precaution, not a hazard; write {clinic:precaution}`needle-gap`",
    "{clinic:region}`thorax`": "'thorax' has no home, so links to it lead nowhere; show it on a page with {clinic:region-table}",
    "{clinic:ref}`bruise`": "'bruise' has no home, so links to it lead nowhere; show it on a page with {clinic:adverse-event-cards}",
    "{clinic:ref}`wash-hands`": "'wash-hands' has no home, so links to it lead nowhere; show it on a page with {clinic:hygiene-list}",
    "{clinic:ref}`mild`": "'mild' has no home, so links to it lead nowhere; show it on a page with {clinic:severity-table}",
    "{clinic:rate}`bruise@frist`": "no rate has the address 'bruise@frist'; did you mean 'bruise@first'?",
}


def test_a_wrong_link_is_explained_at_its_line(small_project: Any, build_project: Any) -> None:
    srcdir = small_project(page("\n\n".join(WRONG_LINKS)))
    build = build_project(srcdir)
    assert sorted(build.warnings.splitlines()) == sorted(
        f"{srcdir / 'index.md'}:{line}: WARNING: {message} [clinic.missing]"
        for line, message in zip(range(3, 100, 2), WRONG_LINKS.values(), strict=False)
    )
    assert build.ok
    assert not build_project(srcdir, warningiserror=True, freshenv=True).ok


def test_the_home_offered_for_a_record_exists(small_project: Any, build_project: Any) -> None:
    for record, directive in {
        "bruise": "adverse-event-cards",
        "wash-hands": "hygiene-list",
        "mild": "severity-table",
    }.items():
        srcdir = small_project(f"# Page\n\n{{clinic:ref}}`{record}`\n\n```{{clinic:{directive}}}\n```\n")
        assert [href.partition("-" + record)[0] for _, href in links_in(build_project(srcdir))] != []


def test_a_link_in_a_record_to_one_without_a_home_stays_words(small_project: Any, build_project: Any) -> None:
    build = build_project(small_project("# Page\n\n```{clinic:hazard-table}\n```\n"))
    assert build.warnings == ""
    page = lxml.html.fromstring(build.read("index.html"))
    assert "Lung under the ribs" in page.text_content()
    assert page.xpath("//a[contains(., 'Lung')]") == []


def test_a_link_of_a_record_to_no_page_is_reported_once_at_its_line(small_project: Any, build_project: Any) -> None:
    table = "```{clinic:precaution-table}\n```\n"
    srcdir = small_project(
        f"# Page\n\n{table}\n{table}", files={"labels.md": f"---\norphan: true\n---\n# More\n\n{table}"}
    )
    file = srcdir / "records" / "precautions.yaml"
    lines = file.read_text("utf-8").splitlines()
    expected = []
    for target, what in {
        "haematoma": "no glossary has the term", "Haematoma": "no glossary has the term",
        "quick-bleed": "no glossary has the term", "some-label": "no page has the label",
        "bare-label": "no page has the label",
    }.items():  # fmt: skip
        row = next(n for n, line in enumerate(lines) if re.search(f"[`<]{target}[`>]", line))
        column = re.search(f"[`<]{target}[`>]", lines[row]).start() + 1
        expected.append(f"{file}:{row + 1}:{column + 1}: WARNING: every-feature: {what} '{target}' [clinic.missing]")
    for builder in ("html", "text"):
        assert sorted(build_project(srcdir, builder, freshenv=True).warnings.splitlines()) == sorted(expected)


def test_a_second_home_is_a_warning_that_names_both(small_project: Any, build_project: Any) -> None:
    srcdir = small_project(f"# Page\n\n{CARDS}", files={"other.md": f"---\norphan: true\n---\n# Other\n\n{CARDS}"})
    warnings = build_project(srcdir).warnings
    place = re.escape(str(srcdir / "other.md"))
    assert re.search(
        rf"{place}:6: WARNING: 'needle-gap' has a second home here, and links can lead to one only; its first home is index, line 3;",
        warnings,
    )


def test_a_heading_that_reads_like_a_record_does_not_take_its_id(
    small_project: Any, build_project: Any, site_problems: Any
) -> None:
    page = f"# Page\n\n{{clinic:ref}}`lung`\n\n## Cards\n\n{CARDS}\n## Hazard lung\n\nText.\n"
    build = build_project(small_project(page))
    assert build.warnings == ""
    assert site_problems(build.outdir) == []
    (section,) = lxml.html.fromstring(build.read("index.html")).xpath("//*[@id='hazard-lung']")
    assert "clinic-card" in section.get("class")


def test_a_heading_that_took_a_record_s_id_before_is_reported(small_project: Any, build_project: Any) -> None:
    srcdir = small_project(f"# Page\n\n## Hazard lung\n\nText.\n\n## Cards\n\n{CARDS}")
    assert re.search(r"index\.md:\d+: .*Duplicate ID: \"hazard-lung\"", build_project(srcdir).warnings)


# --- indexes ---------------------------------------------------------------------------------------------


def test_inventory_names_every_home(features: Callable[[str], Any]) -> None:
    inventory = InventoryFile.loads((features("html").outdir / "objects.inv").read_bytes(), uri="")
    found = {
        (kind, name): (item.uri, item.display_name)
        for kind, names in inventory.data.items()
        if kind.startswith("clinic:")
        for name, item in names.items()
    }
    assert found[("clinic:precaution", "needle-gap")] == ("cards.html#precaution-needle-gap", "Gap between needles")
    assert found[("clinic:hazard", "lung")] == ("hazards.html#hazard-lung", "Lung under the ribs")
    assert found[("clinic:hygiene-rule", "wash-hands")] == ("harm.html#hygiene-rule-wash-hands", "Wash hands")
    names = {name for _, name in found}
    assert names == set(features("html").app.env.get_domain("clinic").placement.homes)
    assert names >= {
        "every-feature", "needle-gap", "ours-alone", "lung", "foot-artery", "any-vessel", "sample-muscle", "taut-band",
        "mild", "bruise", "press-the-bruise", "wash-hands", "say-bruise", "ask-blood", "neck-sham", "claim-cure",
    }  # fmt: skip


def test_general_index_holds_names_and_other_names(features: Callable[[str], Any]) -> None:
    page = lxml.html.fromstring(features("html").read("genindex.html"))
    entries = {a.text_content(): a.get("href") for a in page.xpath("//table[contains(@class, 'indextable')]//a")}
    assert entries["Artery of the foot"] == "restructured.html#hazard-foot-artery"
    assert entries["dorsalis pedis"] == "restructured.html#hazard-foot-artery"
    assert entries["naïve λ-word"] == "cards.html#precaution-every-feature"
    assert entries["blood thinner"] == "cards.html#precaution-every-feature"
    assert entries["ecchymosis"] == "harm.html#adverse-event-bruise"
    assert entries["Wash hands"] == "harm.html#hygiene-rule-wash-hands"


def test_index_of_records_lists_every_home_by_letter(features: Callable[[str], Any]) -> None:
    page = lxml.html.fromstring(features("html").read("clinic-records.html"))
    entries = {a.text_content(): a.get("href") for a in page.xpath("//table[contains(@class, 'indextable')]//a[@href]")}
    assert entries["Gap between needles"] == "cards.html#precaution-needle-gap"
    assert entries["Wash hands"] == "harm.html#hygiene-rule-wash-hands"
    assert len(entries) == len(features("html").app.env.get_domain("clinic").placement.homes)
    letters = [cell.text_content().strip() for cell in page.xpath("//tr[@class='cap']")]
    assert letters == sorted(letters) and "G" in letters


def test_contents_list_the_cards(features: Callable[[str], Any]) -> None:
    page = lxml.html.fromstring(features("html").read("index.html"))
    (contents,) = page.xpath("//div[contains(@class, 'toctree-wrapper')]")
    entries = {a.text_content(): a.get("href") for a in contents.xpath(".//a")}
    assert entries["Gap between needles"] == "cards.html#precaution-needle-gap"
    assert entries["The patient’s “thin” blood <5 & more"] == "cards.html#precaution-every-feature"
    assert entries["Any vessel"] == "hazards.html#hazard-any-vessel"


# --- other handbooks -------------------------------------------------------------------------------------


def test_another_project_links_to_three_records(
    features: Callable[[str], Any], project: Any, build_project: Any
) -> None:
    inventory = features("html").outdir / "objects.inv"
    srcdir = project(
        {
            "conf.py": f"""
                extensions = ["myst_parser", "clinic_snippets", "sphinx.ext.intersphinx"]
                intersphinx_mapping = {{"handbook": ("https://handbook.example/", {str(inventory)!r})}}
                html_theme = "basic"
                nitpicky = True
                """,
            "index.md": """
                # Another handbook

                {clinic:precaution}`needle-gap`, {clinic:ref}`in words <wash-hands>` and {external:clinic:hazard}`lung`.
                """,
        }
    )
    build = build_project(srcdir, warningiserror=True)
    assert build.ok, build.warnings
    assert links_in(build) == [
        ("Gap between needles", "https://handbook.example/cards.html#precaution-needle-gap"),
        ("in words", "https://handbook.example/harm.html#hygiene-rule-wash-hands"),
        ("Lung under the ribs", "https://handbook.example/hazards.html#hazard-lung"),
    ]


def test_the_extension_loads_without_records_and_without_a_bibliography(project: Any, build_project: Any) -> None:
    srcdir = project({"conf.py": 'extensions = ["clinic_snippets"]\n', "index.rst": "Page\n====\n\nText.\n"})
    build = build_project(srcdir, warningiserror=True)
    assert build.ok and build.warnings == ""


# --- the handbook ----------------------------------------------------------------------------------------


def test_one_record_in_three_tables_on_three_pages_is_edited_once(small_project: Any, build_project: Any) -> None:
    pages = {
        "index.md": "# One\n\n```{clinic:precaution-table}\n```\n",
        "two.md": "---\norphan: true\n---\n# Two\n\n```{clinic:precaution-table}\n:region: thorax\n```\n",
        "three.md": "---\norphan: true\n---\n# Three\n\n```{clinic:precaution-table}\n:technique: deep needling\n```\n",
    }
    srcdir: Path = small_project(pages["index.md"], files=pages)
    build = build_project(srcdir)
    assert all("Leave a gap." in build.read(f"{page}.html") for page in ("index", "two", "three"))
    record = srcdir / "records" / "precautions.yaml"
    record.write_text(record.read_text("utf-8").replace("Leave a gap.", "Leave two centimetres."), "utf-8")
    build = build_project(srcdir)
    assert not any("Leave a gap." in build.read(f"{page}.html") for page in ("index", "two", "three"))
    assert all("Leave two centimetres." in build.read(f"{page}.html") for page in ("index", "two", "three"))


def test_no_page_source_holds_the_text_of_a_record(repository: Path) -> None:
    source = repository / "source"
    library, problems = load_library(source / "records", [source / "references.bib"])
    assert not problems
    pages = {page: " ".join(page.read_text("utf-8").split()) for page in source.rglob("*.md")}
    copied = [
        (page.name, record.id, ".".join(map(str, path)))
        for record in library.of()
        for path, text in prose_fields(record)
        for sentence in re.split(r"(?<=[.?!])\s+", " ".join(text.split()))
        if len(sentence) > 30
        for page, words in pages.items()
        if sentence in words
    ]
    assert copied == []
