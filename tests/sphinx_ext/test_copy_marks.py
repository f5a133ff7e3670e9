"""The mark on a printed copy: what it says, what its QR code holds, and where a reader finds its code again."""

from __future__ import annotations

import json
from typing import Any

import lxml.html
import pytest

from clinic_snippets.rendering.qr_code import qr_code

FRONT = "---\nowner: evidence lead\nwritten: 2026-01-01\nreview_by: {}\n---\n"
SHEET = "# Sheet\n\n```{clinic:precaution-table}\n```\n\n```{clinic:copy-mark}\n```\n"
CODES = "---\norphan: true\n---\n# Codes\n\n```{clinic:code-list}\n```\n\n```{clinic:copy-marks}\n```\n"


@pytest.fixture
def site(small_project: Any, build_project: Any) -> Any:
    """A builder of a small handbook with a sheet and the page of codes."""

    def build(sheet: str = SHEET, conf: str = "", builder: str = "html", day: str = "2027-01-01") -> Any:
        conf = f'project = "Handbook"\nrelease = "7.0"\n{conf}'
        return build_project(small_project(FRONT.format(day) + sheet, conf, {"codes.md": CODES}), builder)

    return build


def mark(build: Any, page: str = "index.html") -> Any:
    """The mark on a page."""
    (found,) = lxml.html.fromstring(build.read(page)).xpath("//*[contains(@class, 'clinic-copy-mark')]")
    return found


def code(build: Any) -> str:
    """The code of the sheet."""
    return str(json.loads(build.read("copies.json"))["pages"]["index"])


def test_a_mark_says_what_copy_this_is_and_until_when(site: Any) -> None:
    build = site()
    assert build.warnings == ""
    words = " ".join(mark(build).text_content().split())
    assert words == (
        f"Uncontrolled when printed. Do not use after 2027-01-01. Is my copy current? Scan, or look up the code "
        f"{code(build)} in the handbook. Handbook, version 7.0. "
        "Page owner: evidence lead. Written 2026-01-01. Review by 2027-01-01."
    )


def test_the_first_date_of_the_page_and_of_its_records_counts(site: Any) -> None:
    assert "Do not use after 2026-06-30." in mark(site(day="2026-06-30")).text_content()
    assert "Do not use after 2027-01-10." in mark(site(day="2028-01-01")).text_content()


@pytest.mark.parametrize(
    ("builder", "address"),
    [
        ("html", "https://handbook.example/7/codes.html#"),
        ("dirhtml", "https://handbook.example/7/codes/#"),
        ("singlehtml", "https://handbook.example/7/"),
    ],
)
def test_the_qr_code_leads_to_the_answer(site: Any, builder: str, address: str) -> None:
    build = site(conf='html_baseurl = "https://handbook.example/7/"\n', builder=builder)
    found = mark(build).find("svg").get("aria-label")
    assert found == f"QR code: is this copy current? Code {code(build)}"
    if builder != "singlehtml":
        assert qr_code(f"{address}{code(build)}", found) in build.read("index.html")


def test_without_an_address_the_qr_code_holds_the_words_to_look_it_up(site: Any) -> None:
    build = site()
    alt = f"QR code: is this copy current? Code {code(build)}"
    assert qr_code(f"Handbook 7.0: Sheet. {code(build)}", alt) in build.read("index.html")


def test_the_page_of_codes_lists_every_marked_page_and_can_be_linked_to(site: Any) -> None:
    build = site()
    table = lxml.html.fromstring(build.read("codes.html")).xpath("//table[contains(@class, 'clinic-copy-marks')]")[0]
    (row,) = table.xpath(".//tbody/tr")
    assert [" ".join(cell.text_content().split()) for cell in row] == ["Sheet", code(build), "2027-01-01"]
    assert row.xpath(".//a/@href") == ["index.html"]
    assert len(row.xpath(f".//*[@id = '{code(build)}']")) == 1


def test_a_handbook_without_sheets_says_so(site: Any) -> None:
    assert "No sheet is marked." in site(sheet="# Page\n\nText.\n").read("codes.html")


@pytest.mark.parametrize(
    ("before", "after"),
    [("# Sheet", "# Sheet\n\nMore."), ("```{clinic:precaution-table}\n```", "```{clinic:hazard-table}\n```")],
)
def test_another_text_or_other_records_have_another_code(site: Any, before: str, after: str) -> None:
    assert code(site()) != code(site(SHEET.replace(before, after)))


def test_a_figure_in_its_text_is_part_of_the_code(small_project: Any, build_project: Any) -> None:
    def built(percent: str) -> str:
        project = small_project(f"{SHEET}\n{{clinic:rate}}`soreness@a`\n")
        path = project / "records/harm.yaml"
        text = path.read_text("utf-8")
        path.write_text(text.replace("name: ", f"name: {percent} ", 1), "utf-8")
        return code(build_project(project))

    assert built("") == built("Other ")  # a name is no clinical text


def test_a_second_mark_is_reported(site: Any) -> None:
    build = site(f"{SHEET}\n```{{clinic:copy-mark}}\n```\n")
    assert "index.md:14: WARNING: the page has its mark already; take one out" in build.warnings
    assert mark(build) is not None


@pytest.mark.parametrize("builder", ["text", "latex", "man", "texinfo", "epub"])
def test_every_output_has_the_words(site: Any, builder: str) -> None:
    build = site(builder=builder, conf='epub_copyright = author = "Nobody"\nversion = "7.0"\n')
    texts = [
        path.read_text("utf-8")
        for path in build.outdir.rglob("*")
        if path.suffix in {".txt", ".tex", ".1", ".texi", ".xhtml"}
    ]
    assert any("Uncontrolled when printed" in text for text in texts)


def test_a_role_gives_the_clinics_own_number(small_project: Any, build_project: Any) -> None:
    page = "# Page\n\n{clinic:call}`emergency`. {clinic:call}`doctor`.\n"
    build = build_project(small_project(page, 'clinic_numbers = {"emergency": "0000"}\n'))
    text = lxml.html.fromstring(build.read("index.html")).text_content()
    assert "Call the emergency number: 0000. Doctor: fill in your local number." in text


def test_a_call_to_nobody_is_reported(small_project: Any, build_project: Any) -> None:
    build = build_project(small_project("# Page\n\nText.\n\n{clinic:call}`emergancy`\n"))
    assert "index.md:5: ERROR: 'emergancy' is nobody to call; allowed: " in build.warnings
    assert "did you mean 'emergency'?" in build.warnings
