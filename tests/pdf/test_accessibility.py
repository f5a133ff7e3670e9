"""What PDF/UA asks for, and what a screen reader needs to read a table."""

from __future__ import annotations

from itertools import pairwise

import pikepdf
import pytest


@pytest.fixture(params=["book", "nodes", "handbook"])
def pdf(request):
    """Each sample book, and the real handbook."""
    return request.getfixturevalue(request.param)


def grid(table):
    """Each cell of a table tag by its rows and columns, spans counted out."""
    rows = table.find("TR")
    cells = {}
    for number, row in enumerate(rows):
        column = 0
        for cell in row.kids:
            while (number, column) in cells:
                column += 1
            down, right = cell.span
            for place in [(number + i, column + j) for i in range(down) for j in range(right)]:
                assert place not in cells
                cells[place] = cell
            column += right
    return len(rows), cells


def test_file_says_what_it_is(pdf):
    with pdf.file.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"]
    root = pdf.file.Root
    assert root.MarkInfo.Marked is True
    assert str(root.Lang).partition("-")[0] == "en"
    assert root.ViewerPreferences.DisplayDocTitle is True


def test_headings_start_at_one_and_skip_no_level(pdf):
    levels = [int(tag.name[1:]) for tag in pdf.structure.walk() if tag.name in ("H1", "H2", "H3", "H4", "H5", "H6")]
    assert levels[0] == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))


def test_pictures_and_formulas_have_words(pdf):
    pictures = pdf.structure.find("Figure", "Formula")
    assert pictures
    assert all(str(tag.element.get("/Alt", "")) for tag in pictures)


def test_links_have_words_and_a_place_in_the_structure(pdf):
    links = [annotation for _page, annotation in pdf.links()]
    assert links
    assert all("/Contents" in link and "/StructParent" in link for link in links)


def test_tables_are_regular(pdf):
    tables = pdf.structure.find("Table")
    assert tables
    for table in tables:
        rows, cells = grid(table)
        columns = 1 + max(column for _row, column in cells)
        assert set(cells) == {(row, column) for row in range(rows) for column in range(columns)}


def test_bookmarks_skip_no_level_and_lead_to_every_chapter(pdf):
    depths = [depth for depth, _title in pdf.bookmarks]
    assert depths[0] == 1
    assert all(below <= above + 1 for above, below in pairwise(depths))
    levels = [tag.name for tag in pdf.structure.find("H1", "H2")]
    assert sum(depth == 1 for depth in depths) >= levels.count("H1") > 0


def test_every_table_of_the_handbook_says_what_its_columns_and_rows_are(handbook):
    """Every snippet names its columns, and starts each row with what the row is about."""
    tables = handbook.structure.find("Table")
    assert len(tables) > 40
    for table in tables:
        (head,) = table.find("THead")
        assert {cell.attributes["/Scope"] for cell in head.find("TH")} == {pikepdf.Name.Column}
        assert not head.find("TD")
        for row in (row for body in table.find("TBody") for row in body.find("TR")):
            header, *cells = row.kids
            assert header.name == "TH" and header.attributes["/Scope"] == pikepdf.Name.Row
            assert all(cell.name == "TD" and list(cell.attributes["/Headers"]) for cell in cells)


def test_everything_on_a_page_is_read_or_marked_as_decoration(handbook):
    """Every page belongs to the structure, and tells a screen reader to walk in its order."""
    assert all("/StructParents" in page and page.Tabs == pikepdf.Name.S for page in handbook.file.pages)


def test_header_row_cells_are_column_headers(book):
    table = book.structure.find("Table")[0]
    (head,) = table.find("THead")
    headers = head.find("TH")
    assert len(headers) == 4
    assert {cell.attributes["/Scope"] for cell in headers} == {pikepdf.Name.Column}


def test_stub_column_cells_are_row_headers_that_their_row_names(book):
    table = book.structure.find("Table")[0]
    known = pikepdf.NameTree(book.file.Root.StructTreeRoot.IDTree)
    (body,) = table.find("TBody")
    assert len(body.find("TR")) == 3
    for row in body.find("TR"):
        header, *cells = row.kids
        assert header.name == "TH"
        assert header.attributes["/Scope"] == pikepdf.Name.Row
        name = header.element.ID
        assert str(name) in known
        for cell in cells:
            assert cell.name == "TD"
            assert name in list(cell.attributes["/Headers"])


def test_row_header_over_two_rows_is_named_in_both(make_pdf):
    grid_table = """
+------+-------+
| Arm  | deep  |
|      +-------+
|      | upper |
+------+-------+
"""
    # docutils has no way to write a grid table with a stub column.
    conf = """
from docutils import nodes

def first_column_is_a_stub(app, doctree, docname):
    for table in doctree.findall(nodes.table):
        next(iter(table.findall(nodes.colspec)))["stub"] = 1

def setup(app):
    app.connect("doctree-resolved", first_column_is_a_stub)
"""
    pdf = make_pdf(grid_table, conf=conf)
    (table,) = pdf.structure.find("Table")
    header, deep, upper = table.find("TH", "TD")
    assert header.name == "TH"
    assert header.span == (2, 1)
    assert header.element.ID in list(deep.attributes["/Headers"])
    assert header.element.ID in list(upper.attributes["/Headers"])


def test_lists_and_notes_are_tagged(nodes):
    assert len(nodes.structure.find("L")) >= 6
    assert len(nodes.structure.find("Note")) == 2
    assert nodes.structure.find("BlockQuote")


def test_raw_table_that_would_shift_row_headers_is_an_error(make_pdf):
    from sphinx.errors import SphinxError

    with pytest.raises(SphinxError, match="row headers cannot be tagged"):
        make_pdf(".. raw:: typst\n\n   #table([one])\n")
