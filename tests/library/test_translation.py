"""Record text in other languages: one catalogue, by id and field; what is not translated stays."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from click.testing import CliRunner
from sphinx.errors import SphinxError

from clinic_snippets.cli import main
from clinic_snippets.library import Library, load_library
from clinic_snippets.library.translation import catalogues, context, read_translation, texts, translated, write_template
from clinic_snippets.reading.records import read_records
from clinic_snippets.records import KINDS, Record
from clinic_snippets.records.base import Part, is_prose
from clinic_snippets.snippets.own import load_snippet_files

FILES = {
    "records/a.yaml": """
        topic: bleeding
        owner: safety lead
        written: 2026-11-22
        review_by: 2027-11-22
        records:
        - kind: precaution
          id: thin-blood
          name: Thin blood
          level: precaution
          applies_to: person
          rule: adapt
          regions: [all]
          techniques: [all]
          action: Ask first.
          why: A bleed lasts longer.
          sources: [one]
        - kind: precaution
          id: other
          name: Other
          level: precaution
          applies_to: person
          rule: adapt
          regions: [all]
          techniques: [all]
          action: Ask first.
          why: Because.
          sources: [one]
        """,
    "references.bib": "@misc{one, author = {A, B}, title = {T}, year = {2020}}",
    "conf.py": """
        extensions = ["clinic_snippets"]
        bibtex_bibfiles = ["references.bib"]
        language = "fr"
        locale_dirs = ["locale"]
        """,
    "index.rst": """
        Index
        =====

        .. clinic:precaution-table::

        .. bibliography::
        """,
}


@pytest.fixture
def folder(project: Callable[..., Path]) -> Path:
    return project(FILES)


def library_in(folder: Path) -> Library:
    library, problems = load_library(folder / "records", [folder / "references.bib"])
    assert problems == []
    return library


def translate(folder: Path, texts: dict[str, str]) -> Path:
    template = folder / "records.pot"
    write_template(library_in(folder), template, "project", "1")
    with template.open("rb") as file:
        catalog = read_po(file)
    for message in catalog:
        if message.context in texts:
            message.string = texts[message.context]
    target = folder / "locale/fr/LC_MESSAGES/records.po"
    target.parent.mkdir(parents=True)
    with target.open("wb") as file:
        write_po(file, catalog)
    return target


def test_the_catalogue_names_record_and_field(folder: Path) -> None:
    assert write_template(library_in(folder), folder / "records.pot", "project", "1") == 6
    text = (folder / "records.pot").read_text("utf-8")
    assert 'msgctxt "thin-blood.action.1.text"\nmsgid "Ask first."' in text
    assert 'msgctxt "other.action.1.text"\nmsgid "Ask first."' in text
    assert "a.yaml:14" in text


def test_the_catalogue_has_no_clock(folder: Path) -> None:
    for name in ("one.pot", "two.pot"):
        write_template(library_in(folder), folder / name, "project", "1")
    assert (folder / "one.pot").read_bytes() == (folder / "two.pot").read_bytes()
    assert "1970-01-01" in (folder / "one.pot").read_text("utf-8")


def test_equal_texts_are_translated_apart_and_the_rest_stays(folder: Path) -> None:
    catalog, problems = read_translation(translate(folder, {"other.action.1.text": "Demander."}))
    assert problems == [] and catalog is not None
    library, problems = translated(library_in(folder), catalog, folder / "records.po")
    assert problems == []
    assert [p.action[0].text for p in library.precautions()] == ["Demander.", "Ask first."]
    assert library.get("thin-blood").name == "Thin blood"  # type: ignore[union-attr]


def test_a_broken_catalogue_is_a_problem_with_its_line(folder: Path) -> None:
    path = folder / "records.po"
    path.write_text('msgid "a"\nthis is no catalogue\n', "utf-8")
    catalog, problems = read_translation(path)
    assert catalog is None
    assert [problem.code for problem in problems] == ["po-syntax"]


def test_a_build_uses_the_translation(folder: Path, build_project: Callable[..., Any]) -> None:
    translate(folder, {"thin-blood.name": "Sang fluide"})
    page = build_project(folder, "text").read("index.txt")
    assert "Sang fluide" in page
    assert "Thin blood" not in page


def test_the_command_writes_the_catalogue(folder: Path) -> None:
    result = CliRunner().invoke(main, ["gettext", str(folder), "--output", str(folder / "out")])
    assert result.exit_code == 0, result.output
    assert "6 texts" in result.output
    assert (folder / "out/records.pot").is_file()


# --- nothing but the texts changes ------------------------------------------------------------------------


def leaves(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], object]]:
    """Every value in a record with its path, those that are left out of every export too."""
    if isinstance(value, Part):
        for name in type(value).model_fields:
            yield from leaves(getattr(value, name), (*path, name))
    elif isinstance(value, tuple) and value:
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    else:
        yield path, value


def everything_translated(records: Iterable[Record]) -> Library:
    catalog = Catalog()
    for record in records:
        for path, text in texts(record):
            catalog.add(text, f"So: {text}", context=context(record, path))
    library, problems = translated(Library(records), catalog, Path("records.po"))
    assert problems == []
    return library


@pytest.mark.parametrize("folder", ["source", "tests/roots/features"])
def test_every_text_is_translated_and_nothing_else_changes(folder: str, repository: Path) -> None:
    own = repository / folder / "own_snippets.py"
    load_snippet_files([own] if own.is_file() else [])
    records = read_records(repository / folder / "records").records
    library = everything_translated(records)
    for record in records:
        wanted = dict(leaves(record))
        for path, text in texts(record):
            wanted[path] = f"So: {text}".strip()
        assert dict(leaves(library.records[record.id])) == wanted


@pytest.mark.parametrize("kind", KINDS)
def test_no_field_of_any_kind_is_lost(kind: str) -> None:
    """Also of fields that nobody has filled in yet, and of those that no export holds."""
    texts_of_records = {"name", *(name for name in KINDS[kind].model_fields if is_prose(KINDS[kind], name))}
    given = {name: ("mark", name) for name in KINDS[kind].model_fields if name not in texts_of_records}
    record = KINDS[kind].model_construct(**{**given, "id": "one", "name": "One"})
    out = everything_translated([record]).records["one"]
    assert out.name == "So: One"
    assert {name: getattr(out, name) for name in given} == {**given, "id": "one"}
    assert {"searched_as", "see_also", "withdrawn"} <= given.keys()


# --- a translation that does not fit ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("thin-blood.action.1.text", "  ", 'the translation is blank; write it, or leave msgstr as ""'),
        ("thin-blood.name", "Sang\nfluide", "the translation of a name has several lines; write it on one"),
        ("thin-blood.action.1.text", "D'abord **demander.", "'**' stands alone and would be shown as it is; close it"),
        ("thin-blood.action.1.text", "Demander<br>", "raw HTML is not allowed"),
        ("thin-blood.action.1.text", "{clinc:ref}`other`", "did you mean"),
        (
            "thin-blood.action.1.text",
            "Voir {clinic:ref}`other`.",
            "the translation names 'other', other than the original; leave what stands in braces",
        ),
    ],
)
def test_a_translation_that_does_not_fit_is_a_problem_with_its_line(
    field: str, text: str, said: str, folder: Path
) -> None:
    file = translate(folder, {field: text})
    catalog, _ = read_translation(file)
    assert catalog is not None
    library, problems = translated(library_in(folder), catalog, file)
    (problem,) = problems
    assert said in str(problem) and problem.subject == field
    lines = file.read_text("utf-8").splitlines()
    assert lines[problem.place.line - 1].startswith(f'msgid "{"Thin" if "name" in field else "Ask"}')
    assert library.get("thin-blood") == library_in(folder).get("thin-blood")


@pytest.mark.parametrize("sign", ["\u202e", "\x1b", "\x07"])
@pytest.mark.parametrize("field", ["thin-blood.name", "thin-blood.action.1.text"])
def test_a_translation_has_no_sign_that_nobody_sees(field: str, sign: str, folder: Path) -> None:
    file = translate(folder, {field: f"Peu{sign} de sang"})
    catalog, _ = read_translation(file)
    assert catalog is not None
    (problem,) = translated(library_in(folder), catalog, file)[1]
    assert problem.message == f"the translation has a character that cannot be seen (U+{ord(sign):04X})"


@pytest.mark.parametrize(
    ("head", "why"),
    [
        ("Plural-Forms: nplurals=99999999999; plural=0;", "no language has so many plurals"),
        ("POT-Creation-Date: 2026-99-99 10:00+0000", "does not match format"),
        ("Language: <x>/../..", "expected only letters"),
        ("Content-Type: text/plain; charset=nope", "unknown encoding"),
        ("Content-Type: text/plain; charset=zlib", "not a text encoding"),
    ],
)
def test_a_catalogue_whose_head_is_nonsense_is_a_problem(head: str, why: str, tmp_path: Path) -> None:
    file = tmp_path / "records.po"
    file.write_text(f'msgid ""\nmsgstr ""\n"{head}\\n"\n\nmsgid "a"\nmsgid_plural "b"\nmsgstr[0] "x"\n')
    catalog, (problem,) = read_translation(file)
    assert catalog is None
    assert "this is not a translation catalogue" in problem.message and why in problem.message


def test_a_catalogue_that_is_a_pipe_is_a_problem(tmp_path: Path) -> None:
    """Sphinx would wait for it; whoever reads all catalogues finds it first."""
    file = tmp_path / "de" / "LC_MESSAGES" / "records.po"
    file.parent.mkdir(parents=True)
    os.mkfifo(file)
    (found,) = catalogues(tmp_path, ["."], "de")
    assert "it is not a file but a folder, pipe or device" in read_translation(found)[1][0].message


def test_a_translation_keeps_the_links_and_sources_of_the_original(folder: Path) -> None:
    file = folder / "records" / "a.yaml"
    linked = file.read_text("utf-8").replace("why: Because.", "why: As for {clinic:ref}`thin-blood` {cite:p}`one`.")
    file.write_text(linked, "utf-8")
    good = translate(folder, {"other.why.1.text": "Comme {clinic:ref}`le sang <thin-blood>` {cite:p}`one`."})
    catalog, _ = read_translation(good)
    assert catalog and translated(library_in(folder), catalog, good)[1] == []
    catalog.get("As for {clinic:ref}`thin-blood` {cite:p}`one`.", "other.why.1.text").string = "Comme le sang."
    _, problems = translated(library_in(folder), catalog, good)
    assert [problem.message for problem in problems] == [
        "the translation does not name 'one', other than the original",
        "the translation does not name 'thin-blood', other than the original",
    ]


def test_a_build_stops_at_a_translation_that_does_not_fit(folder: Path, build_project: Callable[..., Any]) -> None:
    translate(folder, {"thin-blood.action.1.text": "D'abord **demander."})
    with pytest.raises(SphinxError, match=r"records\.po:\d+: thin-blood\.action\.1\.text: .*close it"):
        build_project(folder, "text")
