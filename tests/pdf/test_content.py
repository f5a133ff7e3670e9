"""Every word of the pages is in the PDF, in the form its element asks for."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from docutils import nodes as docutils_nodes
from sphinx import addnodes

UNSEEN = (docutils_nodes.comment, docutils_nodes.raw, docutils_nodes.label, addnodes.toctree, addnodes.only)
UNSEEN_TEXT = (docutils_nodes.math, docutils_nodes.footnote_reference, addnodes.pending_xref, addnodes.desc_signature)


@pytest.mark.parametrize("name", ["test-pdf", "test-pdf-nodes"])
def test_every_word_of_every_page_is_printed(name, build_project, request):
    root = Path(__file__).resolve().parent.parent / "roots" / name
    build = build_project(root, "typstpdf")
    pdf = request.getfixturevalue("book" if name == "test-pdf" else "nodes")
    printed = re.sub(r"\(p\.\d+\)", "", pdf.squeezed)
    words = 0
    for docname in build.app.env.found_docs:
        for text in build.app.env.get_doctree(docname).findall(docutils_nodes.Text):
            above = []
            node = text.parent
            while node is not None:
                above.append(node)
                node = node.parent
            if any(isinstance(node, UNSEEN + UNSEEN_TEXT) for node in above):
                continue
            if isinstance(above[0], docutils_nodes.title) and docname == "index":
                continue
            for line in text.astext().split("\n"):
                assert re.sub(r"\s+", "", line.replace("\N{NO-BREAK SPACE}", "")) in printed, (docname, line)
                words += 1
    assert words > 60


@pytest.mark.parametrize(
    "words",
    [
        "#hash $dollar$ *star* _under_ [bracket] @at <angle> \\back #raw[] “quote”",
        "/* comment */ = equals - minus",
        "Only for paper. Raw Typst.",
        "GP (general practitioner)",
        "term (classifier) Definition of it.",
        "Field: Value of the field.",
        "1. three a) four",
        "Note Note text.",
        "House rule Rule text.",
        "See also Seealso text.",
        "Sidebar title Sidebar subtitle Sidebar text.",
        "Added in version 2.0: Version text.",
        "Listing 1 Caption of a listing",
        "Fig. 1 Caption of a figure Legend of a figure.",
        "Table 1 A captioned table",
        "compile(source: str, *, optimise: bool = False) -> bytes",
    ],
)
def test_elements_keep_their_words(nodes, words):
    assert re.sub(r"\s", "", words) in nodes.squeezed


@pytest.mark.parametrize("words", ["Only for the screen", "Raw HTML", "A comment that nobody sees", "toctree"])
def test_what_is_not_for_paper_is_left_out(nodes, words):
    assert words not in nodes.text


@pytest.mark.parametrize(
    "words",
    [
        "Danger Call the emergency number",
        "Pneumothorax Sudden pain, short of breath. → Precautions (p. 3) Footer of a card.",
        "Fainting Lay the person flat.",
        "Adults Adult dose. Children Child dose.",
        "More about this Hidden on the screen, printed on paper.",
        "Contraindication comes before Precaution.",
        "Find help",
        "☐ Consent taken",
        "☑ Drugs asked",
        "Todo Add a picture.",
        "twitch, local twitch response A brisk contraction.",
        "≥ ≤ ± × µ → ° ½ — – ‑ “ ” ‘ ’ … • ☐ ☑ α β γ δ λ π σ ω Ω Δ",
    ],
)
def test_handbook_elements_keep_their_words(book, words):
    assert re.sub(r"\s", "", words) in book.squeezed


def test_footnote_stands_at_the_foot_of_the_page_of_its_reference(book):
    for reference, note in [
        ("Most restrictive first.", "Counted on the first day of the year."),
        ("Twice said.", "Another note under the same name."),
    ]:
        assert book.page_with(reference) == book.page_with(note)


def test_footnote_of_two_references_is_printed_once(nodes):
    assert nodes.text.count("The footnote’s own words.") == 1
    assert len(re.findall(r"footnote ?1|again ?1", nodes.text)) == 2


def test_footnote_of_a_title_is_on_the_page_of_the_title_not_in_the_contents(nodes):
    assert nodes.page_with("The footnote of a title.") == nodes.page_with("Indexed words.")
    assert not any("footnote" in title for _depth, title in nodes.bookmarks)


def test_footnote_longer_than_its_page_goes_on(make_pdf):
    words = " ".join(f"foot{number}" for number in range(1200))
    pdf = make_pdf(f"Text [#f]_.\n\n.. [#f] {words}\n")
    assert all(word in pdf.squeezed for word in words.split())
    assert len(pdf.pages) > 3


def test_footnote_nobody_refers_to_keeps_its_words(make_pdf):
    pdf = make_pdf(".. [#f] Lonely words.\n", warnings=True)
    assert "Lonely words." in pdf.text


def test_picture_is_never_wider_or_taller_than_its_page(make_pdf):
    picture = '<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="{}"><rect width="10" height="10"/></svg>'
    pdf = make_pdf(
        ".. image:: tall.svg\n   :alt: tall\n\n.. image:: wide.svg\n   :alt: wide\n   :width: 9000px\n",
        files={"tall.svg": picture.format(50, 9000), "wide.svg": picture.format(200, 50)},
    )
    for figure in pdf.structure.find("Figure"):
        layout = next(a for a in figure.element.A if a.get("/O") == "/Layout")
        left, bottom, right, top = map(float, layout.BBox)
        assert 55 < left < right < 595 - 55
        assert 40 < bottom < top < 842 - 40


def test_formula_is_set_with_its_tex_as_words(make_pdf):
    pytest.importorskip("tex2typst")
    pdf = make_pdf(r"Inline :math:`a^2` and" + "\n\n.. math:: \\frac{a}{b}\n   :label: half\n\nSee :eq:`half`.\n")
    assert [str(tag.element.Alt) for tag in pdf.structure.find("Formula")] == ["a^2", r"\frac{a}{b}"]
    assert pdf.text.count("(1)") == 2


def test_formula_without_the_converter_stays_tex_with_one_warning(make_pdf, monkeypatch):
    monkeypatch.setitem(sys.modules, "tex2typst", None)
    pdf = make_pdf(":math:`a^2` and :math:`b^3`", warnings=True)
    assert "a^2 and b^3" in pdf.text
    assert pdf.warnings.count("install the package tex2typst") == 1
    assert "page.rst:4" in pdf.warnings


def test_formula_the_converter_cannot_read_stays_tex(make_pdf):
    pytest.importorskip("tex2typst")
    pdf = make_pdf(r"Bad :math:`\frac{a}` formula.", warnings=True)
    assert r"Bad \frac{a} formula." in pdf.text
    assert r"page.rst:4: WARNING: the formula \frac{a} stays TeX" in pdf.warnings


EXTENSION = "import sys; sys.path.insert(0, str(__import__('pathlib').Path(__file__).parent)); extensions += ['own']"


def test_extension_brings_a_rule_for_its_own_element(make_pdf):
    own = """
    from docutils import nodes

    class dose(nodes.inline):
        pass

    def visit(translator, node):
        translator.add("#strong[")
        translator.add_text("<")

    def depart(translator, node):
        translator.add_text("#>")
        translator.add("]")

    def role(name, rawtext, text, lineno, inliner, options=None, content=()):
        return [dose(text, "", nodes.Text(text))], []

    def setup(app):
        app.add_node(dose, typst=(visit, depart))
        app.add_role("dose", role)
    """
    pdf = make_pdf("Dose: :dose:`#5 mg`.", conf=EXTENSION, files={"own.py": own})
    assert "Dose: <#5 mg#>." in pdf.text
    assert len(pdf.structure.find("Strong")) == 1


def test_element_without_a_rule_keeps_its_text_with_one_warning_a_page(make_pdf):
    own = """
    from docutils import nodes

    class oddity(nodes.General, nodes.Element):
        pass

    def replace(app, doctree):
        for block in list(doctree.findall(nodes.block_quote)):
            block.replace_self(oddity("", *block.children))

    def setup(app):
        app.connect("doctree-read", replace)
    """
    quotes = "Text.\n\n  First kept.\n\nText.\n\n  Second kept.\n"
    files = {"own.py": own, "page2.rst": f"Two\n===\n\n{quotes}"}
    pdf = make_pdf(quotes, conf=EXTENSION, files=files, warnings=True)
    assert pdf.text.count("First kept.") == pdf.text.count("Second kept.") == 2
    for page in ("page", "page2"):
        assert len(re.findall(rf"/{page}\.rst(?::\d+)?: WARNING: the PDF has no rule for 'oddity'", pdf.warnings)) == 1
