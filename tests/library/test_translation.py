"""Record text in other languages: one catalogue, by id and field; what is not translated stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po, write_po
from click.testing import CliRunner

from clinic_snippets.cli import main
from clinic_snippets.library import Library, load_library
from clinic_snippets.library.translation import read_translation, translated, write_template

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
    library = translated(library_in(folder), catalog)
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
