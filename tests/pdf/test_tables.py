"""Tables on paper: header rows on every page, rows whole, nothing beyond an edge."""

from __future__ import annotations

import re
import time

LONG = "anticoagulant_or_antiplatelet_drug_in_a_person_who_bleeds_easily"


def rows(count, cell="Ask which drug, the dose, the last INR if there is one, and about bleeding after tests."):
    lines = [".. list-table:: Records", "   :header-rows: 1", "   :stub-columns: 1", "   :widths: 20 60 20", ""]
    lines += ["   * - Name of it", "     - What to do", "     - Where"]
    for number in range(count):
        lines += [f"   * - Record {number} begins", f"     - {cell}", f"     - ends {number}."]
    return "\n".join(lines) + "\n"


def test_header_row_is_on_every_page_and_once_in_the_structure(make_pdf):
    pdf = make_pdf(rows(200))
    with_rows = [page for page in pdf.pages if re.search(r"Record \d+ begins", page)]
    assert len(with_rows) > 5
    assert all("Name of it What to do Where" in page for page in with_rows)
    (table,) = pdf.structure.find("Table")
    assert len(table.find("THead")) == 1
    assert len(table.find("TR")) == 201


def test_rows_are_not_torn(make_pdf):
    tall = "\n\n       ".join(f"Line {number} of it." for number in range(9))
    pdf = make_pdf(rows(30, cell=f"{tall}\n\n       Last line."))
    assert sum("Record" in page for page in pdf.pages) > 4
    for page in pdf.pages[2:]:
        records = len(re.findall(r"Record \d+ begins", page))
        assert page.count("Line 0 of it.") == page.count("Last line.") == records


def test_row_longer_than_a_page_goes_on_instead_of_being_cut(make_pdf):
    words = " ".join(f"word{number}" for number in range(2500))
    narrow = " ".join(f"thin{number}" for number in range(150))
    pdf = make_pdf(f"""
.. list-table::
   :widths: 90 10

   * - {words}
     - x
   * - y
     - {narrow}
""")
    for word in [*words.split(), *narrow.split()]:
        assert word in pdf.squeezed
    # What is cut off is still in the file, below the edge of the paper.
    assert all(bottom > 25 for page in range(2, len(pdf.pages) + 1) for _, (_, bottom, _, _) in pdf.letters(page))


def test_three_hundred_rows_take_seconds(make_pdf):
    start = time.monotonic()
    make_pdf(rows(300))
    assert time.monotonic() - start < 30


def test_long_names_stay_in_their_column(make_pdf):
    pdf = make_pdf(f"""
.. list-table::
   :widths: 10 10 10 10 60

   * - {LONG}
     - ``{LONG}``
     - https://www.example.org/records/anticoagulants/{LONG}
     - Contraindications immunosuppression
     - rest
   * - ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJ
     - x
     - user.name@subdomain.example.org
     - electroencephalographically
     - rest
""")
    assert pdf.squeezed.count(LONG) == 3
    page = pdf.page_with("rest")
    letters = sorted((box[0], box[2]) for _letter, box in pdf.letters(page) if 650 < box[1] < 790)
    # The white lines between the columns: nothing reaches across one.
    width = (595 - 2 * 21 / 25.4 * 72) / 10
    for column in range(1, 5):
        edge = 21 / 25.4 * 72 + column * width
        assert not [letter for letter in letters if letter[0] < edge - 1 and letter[1] > edge + 1]


def test_nothing_reaches_beyond_the_margins(book, nodes):
    for pdf in (book, nodes):
        for page in range(2, len(pdf.pages) + 1):
            width, height = pdf.size(page)
            for letter, (left, bottom, right, top) in pdf.letters(page):
                assert left > 55 and right < width - 55, (page, letter)
                assert bottom > 25 and top < height - 25, (page, letter)


def test_wide_table_lies_on_its_side_with_its_heading_and_its_short_text(book):
    page = book.page_with("1.1 Precautions")
    assert book.size(page) == (842, 595)
    for words in ("Most restrictive first.", "Fear of needles", "The table is printed on its side."):
        assert words in book.pages[page - 1]
    assert book.size(book.page_with("1.2 Emergencies")) == (595, 842)


def test_long_text_around_a_wide_table_stays_upright(make_pdf):
    text = "Plain words here. " * 100
    table = ".. list-table::\n   :class: wide\n\n   * - cell\n"
    pdf = make_pdf(f"Before: {text}\n\n{table}\nAfter: {text}\n")
    assert pdf.size(pdf.page_with("Before:")) == (595, 842)
    assert pdf.size(pdf.page_with("cell")) == (842, 595)
    assert pdf.size(pdf.page_with("After:")) == (595, 842)


def test_wide_tables_of_neighbouring_sections_share_pages(make_pdf):
    table = ".. list-table::\n   :class: wide\n\n   * - cell {0}\n"
    sections = "\n\n".join(f"Part {n}\n------\n\n{table.format(n)}" for n in (1, 2, 3))
    pdf = make_pdf(sections)
    assert {pdf.page_with(f"cell {n}") for n in (1, 2, 3)} == {pdf.page_with("Part 1 cell")}


def test_wide_table_in_a_list_does_not_turn_the_page(make_pdf):
    pdf = make_pdf("* item\n\n  .. list-table::\n     :class: wide\n\n     * - cell\n")
    assert pdf.size(pdf.page_with("cell")) == (595, 842)


def test_footnote_and_link_in_a_repeated_header_row_keep_their_words(make_pdf):
    text = rows(80).replace("- Where", "- :ref:`Where <where>` [#h]_").replace("- Name", "- .. _where:\n\n       Name")
    pdf = make_pdf(text + "\n.. [#h] Words below the table.\n")
    assert pdf.text.count("Where *") > 2
    assert pdf.text.count("* Words below the table.") == 1


def test_table_in_a_table_is_a_table(make_pdf):
    pdf = make_pdf("""
.. list-table::
   :stub-columns: 1

   * - outer
     - .. list-table::
          :header-rows: 1
          :stub-columns: 1

          * - head
            - head
          * - stub
            - cell
""")
    outer, inner = pdf.structure.find("Table")
    assert [cell.attributes.get("/Scope") for cell in outer.kids[0].find("TR")[0].kids][:1] == ["/Row"]
    assert [str(cell.attributes.get("/Scope")) for cell in inner.find("TH")] == ["/Column", "/Column", "/Row"]
