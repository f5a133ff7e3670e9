"""``clinic_pdfs``: the PDFs beside the pages, links that lead to them, and no link where there is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clinic_snippets.sphinx_ext.stopping import BuildStopped

INDEX = """
# Page

```{toctree}
sheets/card
sheets/list
other
```

Before.

```{clinic:pdf-link} All of "it" & more (PDF)
```
"""
FILES = {
    "sheets/card.md": "---\nsheet: 1\n---\n# Card\n\nFirst words.\n",
    "sheets/list.md": "---\nsheet: any\n---\n# List\n",
    "other.md": "# Other\n",
}


@pytest.fixture
def source(small_project: Callable[..., Path]) -> Path:
    return small_project(INDEX, files=FILES)


@pytest.fixture
def pdfs(source: Path) -> Path:
    """A folder as the PDF builder leaves it; of the sheets, one has no PDF yet."""
    folder = source / "made"
    (folder / "sheets").mkdir(parents=True)
    (folder / "book.pdf").write_bytes(b"%PDF book")
    (folder / "sheets" / "card.pdf").write_bytes(b"%PDF card")
    return folder


def found(build: Any) -> set[str]:
    """Every PDF in the output folder."""
    return {path.relative_to(build.outdir).as_posix() for path in build.outdir.rglob("*.pdf")}


@pytest.mark.parametrize(("builder", "page"), [("html", "{}.html"), ("dirhtml", "{}/index.html")])
def test_pages_lead_to_the_book_and_a_sheet_to_its_own(
    source: Path, pdfs: Path, build_project: Any, site_problems: Any, builder: str, page: str
) -> None:
    build = build_project(source, builder, confoverrides={"clinic_pdfs": "made"})
    assert build.warnings == ""
    assert found(build) == {"book.pdf", "sheets/card.pdf"}
    assert 'href="book.pdf" type="application/pdf">All of &quot;it&quot; &amp; more (PDF)</a>' in build.read(
        "index.html"
    )
    card = build.read(page.format("sheets/card"))
    address = "../card.pdf" if builder == "dirhtml" else "card.pdf"
    assert f'href="{address}" type="application/pdf">Print this sheet (PDF)</a>' in card
    assert card.index("</h1>") < card.index(address) < card.index("First words")
    assert "clinic-download" not in build.read(page.format("sheets/list"))
    assert "clinic-download" not in build.read(page.format("other"))
    assert [problem for problem in site_problems(build.outdir) if ".pdf" in problem] == []


@pytest.mark.parametrize("builder", ["html", "dirhtml", "singlehtml", "text", "epub"])
def test_without_the_folder_no_page_leads_to_a_pdf(source: Path, build_project: Any, builder: str) -> None:
    build = build_project(source, builder)
    assert found(build) == set()
    for path in build.outdir.rglob("*.*html"):
        assert ".pdf" not in path.read_text("utf-8"), path.name


def test_a_name_with_blanks_is_led_to(source: Path, pdfs: Path, build_project: Any, site_problems: Any) -> None:
    (pdfs / "book.pdf").rename(pdfs / "our book #1.pdf")
    build = build_project(source, confoverrides={"clinic_pdfs": "made"})
    assert 'href="our%20book%20%231.pdf"' in build.read("index.html")
    assert [problem for problem in site_problems(build.outdir) if ".pdf" in problem] == []


def test_pages_and_pdf_in_one_folder_are_refused(source: Path, build_project: Any, pdfs: Path) -> None:
    """Another build would take away what it finds there."""
    with pytest.raises(BuildStopped, match="is the folder of the pages too"):
        build_project(source, outdir=pdfs, confoverrides={"clinic_pdfs": "made"})
    assert (pdfs / "book.pdf").is_file()


def test_the_sheets_stand_where_the_pdf_builder_puts_them(
    source: Path, build_project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    with (source / "conf.py").open("a") as conf:
        conf.write('extensions.append("clinic_snippets.pdf")\n')
    (source / "sheets" / "list.md").write_text("---\nsheet: any\n---\n# List\n\nWords.\n", "utf-8")
    made = build_project(source, "typstpdf", confoverrides={"typstpdf_filename": "book"})
    build = build_project(source, confoverrides={"clinic_pdfs": str(made.outdir)})
    assert found(build) == {"book.pdf", "sheets/card.pdf", "sheets/list.pdf"}
    assert "All of" not in "".join(path.read_text("utf-8") for path in made.outdir.rglob("main.typ"))


def test_the_pages_follow_the_pdfs_and_nothing_old_stays(
    source: Path, pdfs: Path, build_project: Any, tmp_path: Path
) -> None:
    """Each build gives what a clean one gives, and leaves the pages alone whose links neither come nor go."""

    def build(where: str, given: str) -> Any:
        place = {"outdir": tmp_path / where / "html", "doctreedir": tmp_path / where / "doctrees"}
        return build_project(source, **place, confoverrides={"clinic_pdfs": given})

    def files(built: Any) -> dict[str, bytes]:
        return {path.relative_to(built.outdir).as_posix(): path.read_bytes() for path in built.outdir.rglob("*.*")}

    plain = build("kept", "")
    untouched = (plain.outdir / "other.html").stat().st_mtime_ns
    linked = build("kept", "made")
    assert files(linked) == files(build("with", "made"))

    (pdfs / "book.pdf").rename(pdfs / "handbook.pdf")
    (pdfs / "sheets" / "card.pdf").write_bytes(b"%PDF new card")
    renamed = build("kept", "made")
    assert found(renamed) == {"handbook.pdf", "sheets/card.pdf"}
    assert files(renamed) == files(build("renamed", "made"))

    assert files(build("kept", "")) == files(build("without", ""))
    assert (plain.outdir / "other.html").stat().st_mtime_ns == untouched


@pytest.mark.parametrize(
    ("names", "said"), [((), "there is no PDF in "), (("a.pdf", "b.pdf"), "holds more than one PDF (a.pdf, b.pdf)")]
)
def test_a_folder_without_one_book_stops_the_build(
    source: Path, build_project: Any, names: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (source / "made").mkdir()
    for name in names:
        (source / "made" / name).write_bytes(b"%PDF")
    with (source / "conf.py").open("a") as conf:
        conf.write('clinic_pdfs = "made"\n')
    with pytest.raises(BuildStopped, match="clinic_pdfs") as stopped:
        build_project(source)
    assert said in str(stopped.value)
    assert "conf.py" in str(stopped.value)
