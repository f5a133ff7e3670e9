"""Furo's pages come without scripts and styles inside them; whatever has another theme comes as that theme has it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

EXTENSION = 'extensions.append("clinic_snippets.sphinx_ext.accessibility")\nhtml_theme = "furo"\n'
PAGE = "# Page\n\n```{clinic:precaution-cards}\n:level: contraindication\n```\n"


def names(built: Any) -> list[str]:
    """Return the names of the records on the page."""
    domain = built.app.env.get_domain("clinic")
    found = [domain.library.records[record].name for record in domain.placement.homes]
    assert found
    return found


@pytest.mark.parametrize("builder", ["html", "dirhtml", "singlehtml"])
def test_furo_writes_no_script_and_no_style_into_a_page(
    small_project: Callable[..., Path], build_project: Callable[..., Any], builder: str
) -> None:
    built = build_project(small_project(PAGE, EXTENSION), builder)
    pages = {path.name: path.read_text("utf-8") for path in built.outdir.rglob("*.html")}
    assert pages
    for page in pages.values():
        assert not re.findall(r"<script>|<style|\sstyle=|\son\w+=", page)
        assert "theme.js" in page and "theme-repairs.css" in page


def test_variables_of_the_theme_stand_in_one_file_that_the_pages_name(
    small_project: Callable[..., Path], build_project: Callable[..., Any]
) -> None:
    source = small_project(PAGE, EXTENSION)
    files = []
    for colour in ("#123456", "#654321"):
        options = {"html_theme_options": {"light_css_variables": {"color-brand-primary": colour}}}
        built = build_project(source, confoverrides=options)
        (path,) = (built.outdir / "_static").glob("theme-variables-*.css")
        assert f"--color-brand-primary: {colour};" in path.read_text("utf-8")
        assert f"_static/{path.name}" in built.read("index.html")
        files.append(path.name)
    assert files[0] != files[1]


def test_an_own_template_wins(small_project: Callable[..., Path], build_project: Callable[..., Any]) -> None:
    own = {"own/genindex.html": '{% extends "!genindex.html" %}{% block content %}Ours.{{ super() }}{% endblock %}'}
    built = build_project(small_project(PAGE, EXTENSION + 'templates_path = ["own"]\n', own))
    assert "Ours." in built.read("genindex.html")


def test_indexes_are_lists_that_name_every_entry(
    small_project: Callable[..., Path], build_project: Callable[..., Any]
) -> None:
    built = build_project(small_project(PAGE, EXTENSION))
    for name in ("genindex.html", "clinic-records.html"):
        page = html.unescape(built.read(name))
        assert "<table" not in page and '<ul class="entries">' in page
        assert [entry for entry in names(built) if entry not in page] == []


@pytest.mark.parametrize("theme", ["alabaster", "basic"])
def test_other_themes_are_left_alone(
    small_project: Callable[..., Path], build_project: Callable[..., Any], theme: str
) -> None:
    built = build_project(small_project(PAGE, EXTENSION), confoverrides={"html_theme": theme})
    assert "theme-repairs.css" not in built.read("index.html")
    assert 'class="indextable genindextable"' in built.read("genindex.html")


def test_an_e_book_keeps_its_own_index(small_project: Callable[..., Path], build_project: Callable[..., Any]) -> None:
    built = build_project(small_project(PAGE, EXTENSION), "epub")
    index = html.unescape(built.read("genindex.xhtml"))
    assert [entry for entry in names(built) if entry not in index] == []
    assert "theme-repairs.css" not in index
