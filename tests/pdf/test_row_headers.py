"""The pass behind Typst that tags row headers: it changes nothing else."""

from __future__ import annotations

import io

import pikepdf
import pytest
import typst

from clinic_snippets.pdf.row_headers import tag_row_headers

BOOK = rb"""
#set document(title: "Book (one) /K[1 0 R]")
#set text(lang: "en")
= Title (with /K[9 0 R] in it)

Words#footnote[Note.]
#figure(alt: "a \) b ( /S/Table/ /K[1 0 R]", rect())
#for part in range(40) [
  == Part #part
  #table(columns: 3, table.header[a][b][c], [stub], table.cell(colspan: 2)[wide], table.cell(rowspan: 2)[two], [x], [y], [z], [w])
  #table(columns: 2, [no head], [#table(columns: 2, [in], [side])])
]
"""


@pytest.fixture(scope="module")
def made():
    pdf = typst.compile(BOOK, format="pdf", pdf_standards="ua-1", ignore_system_fonts=True, timestamp=0)
    return pdf


def rows(pdf, kind="TR"):
    def walk(tag):
        kids = tag.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                if kid.S == pikepdf.Name(f"/{kind}"):
                    yield kid
                yield from walk(kid)

    return list(walk(pdf.Root.StructTreeRoot))


def test_only_the_tags_change_and_every_reader_finds_its_way(made):
    before = pikepdf.open(io.BytesIO(made))
    tagged = tag_row_headers(made, [[0], [0], [1]] * 40)
    after = pikepdf.open(io.BytesIO(tagged))
    assert after.check_pdf_syntax() == []
    assert len(tagged) < len(made) / 3
    assert [page.Contents.read_bytes() for page in after.pages] == [page.Contents.read_bytes() for page in before.pages]
    assert after.docinfo == before.docinfo
    assert len(rows(after)) == len(rows(before)) == 40 * 6
    assert len(rows(after, "TH")) == 40 * (3 + 2 + 1 + 1)


def test_row_headers_are_named_by_their_rows_beside_the_header_of_the_column(made):
    document = pikepdf.open(io.BytesIO(tag_row_headers(made, [[0], [0], [1]] * 40)))
    head, first, two, rest, outer, inner = rows(document)[:6]
    names = pikepdf.NameTree(document.Root.StructTreeRoot.IDTree)

    def table(cell):
        return next(entry for entry in cell.A if entry.O == pikepdf.Name.Table)

    def headers(cell):
        return [names[str(name)].K for name in table(cell).Headers]

    assert [cell.S for cell in head.K] == [pikepdf.Name.TH] * 3
    assert [cell.S for cell in first.K] == [pikepdf.Name.TH, pikepdf.Name.TD]
    assert table(first.K[0]).Scope == pikepdf.Name.Row
    assert headers(first.K[1])[-1] == first.K[0].K
    assert table(two.K[0]).RowSpan == 2
    assert all(headers(cell)[-1] == two.K[0].K for cell in [*list(two.K)[1:], *rest.K])
    assert [len(headers(cell)) for cell in rest.K] == [2, 2]
    assert [len(headers(cell)) for cell in outer.K if cell.S == pikepdf.Name.TD] == [1]
    assert [cell.S for cell in inner.K] == [pikepdf.Name.TD, pikepdf.Name.TH]
    assert list(names) == sorted(names)
    assert all(tag.ID == name for name, tag in names.items())


def test_same_pdf_gives_same_bytes(made):
    assert tag_row_headers(made, [[], [0], []] * 40) == tag_row_headers(made, [[], [0], []] * 40)
    assert tag_row_headers(made, [[], [0], []] * 40) != tag_row_headers(made, [[0], [], []] * 40)
