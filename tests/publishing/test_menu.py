"""What a page is told of the other versions, whatever theme it has."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from clinic_snippets.publishing.menu import decorate, put_banner, put_menu, site_url_in
from clinic_snippets.publishing.releases_in_git import ReleaseCommit
from clinic_snippets.publishing.site import Site, make_site

PAGE = '<html><head><title>T</title></head><body class="x"><p>Text</p></body></html>'


@pytest.fixture
def site(built_folder: Callable[..., Any]) -> Site:
    """Three releases and a draft; the page ``old`` went with the second, ``new`` came with the draft."""
    pages = {"0.1.0": ["old.html"], "0.2.0": [], "0.3.0": [], "draft": ["new.html"]}
    built = {
        name: built_folder(name, dict.fromkeys(["index.html", "deep/page 1.html", *more], PAGE), pdf=b"%PDF")
        for name, more in pages.items()
    }
    days = {"0.1.0": date(2026, 1, 10), "0.2.0": date(2026, 2, 20), "0.3.0": date(2026, 3, 30)}
    releases = [(ReleaseCommit(name, name, day), built[name]) for name, day in days.items()]
    return make_site(releases, built["draft"], "https://handbook.example/sub/")


def shown(site: Site, name: str, page: str, html: str = PAGE) -> str:
    [version] = [version for version in site.versions if version.name == name]
    return decorate(page, html, version, site, "_static/versions.css")


def links(html: str) -> list[str]:
    return re.findall(r'<a href="([^"]*)"', html)


def test_the_menu_leads_to_the_same_page_in_every_version(site: Site) -> None:
    menu = shown(site, "0.2.0", "deep/page 1.html").partition("<nav")[2]
    assert links(menu) == [
        "../../0.3.0/deep/page%201.html", "../../0.2.0/deep/page%201.html", "../../0.1.0/deep/page%201.html",
        "../../latest/deep/page%201.html", "../book.pdf",
    ]  # fmt: skip
    assert re.findall(r'<a href="([^"]*)" aria-current="page">', menu) == ["../../0.2.0/deep/page%201.html"]


def test_where_a_version_lacks_the_page_the_menu_leads_to_its_start(site: Site) -> None:
    menu = shown(site, "0.1.0", "old.html").partition("<nav")[2]
    assert links(menu)[:4] == [
        "../0.3.0/index.html", "../0.2.0/index.html", "../0.1.0/old.html", "../latest/index.html"
    ]  # fmt: skip


def test_an_old_page_says_since_when_and_leads_to_the_current_one(site: Site) -> None:
    html = shown(site, "0.1.0", "index.html")
    assert "Superseded on 2026-02-20: this is version 0.1.0." in html
    assert '<a href="../stable/index.html">See this page in the current version, 0.3.0</a>' in html
    assert "Superseded on 2026-03-30" in shown(site, "0.2.0", "index.html")


def test_an_old_page_that_is_gone_leads_to_the_start_and_says_so(site: Site) -> None:
    html = shown(site, "0.1.0", "old.html")
    assert "This page is not in the current version." in html
    assert '<a href="../stable/index.html">Go to the current version, 0.3.0</a>' in html


def test_the_draft_says_that_it_is_one(site: Site) -> None:
    html = shown(site, "latest", "new.html")
    assert "Unreleased draft" in html
    assert "This page is not in the current version." in html


def test_the_current_version_has_no_banner(site: Site) -> None:
    assert "clinic-version-banner" not in shown(site, "0.3.0", "index.html")


def test_only_the_current_version_is_for_search_engines(site: Site) -> None:
    def canonical(name: str, page: str) -> str:
        return re.search(r'<link rel="canonical" href="([^"]*)">', shown(site, name, page))[1]

    assert canonical("0.3.0", "deep/page 1.html") == "https://handbook.example/sub/stable/deep/page%201.html"
    assert canonical("0.1.0", "deep/page 1.html") == "https://handbook.example/sub/stable/deep/page%201.html"
    assert canonical("0.1.0", "old.html") == "https://handbook.example/sub/0.1.0/old.html"
    indexed = [version.name for version in site.versions if "noindex" not in shown(site, version.name, "index.html")]
    assert indexed == ["0.3.0"]


def test_the_canonical_address_of_an_earlier_build_is_replaced(site: Site) -> None:
    html = PAGE.replace("</head>", '\n<link rel="canonical" href="https://elsewhere.example/index.html">\n</head>')
    assert site_url_in(html, "index.html") == "https://elsewhere.example/"
    assert re.findall(r'rel="canonical" href="([^"]*)"', shown(site, "0.3.0", "index.html", html)) == [
        "https://handbook.example/sub/stable/index.html"
    ]
    without_address = Site(site.versions)
    assert "canonical" not in shown(without_address, "0.3.0", "index.html", html)


def test_nothing_added_needs_a_script_or_an_inline_style(site: Site) -> None:
    for version in site.versions:
        html = shown(site, version.name, "index.html")
        assert not re.search(r"<script|<style|\bstyle=|\bon\w+=", html)


def test_a_release_for_an_older_line_is_superseded_from_its_first_day(built_folder: Callable[..., Any]) -> None:
    built = built_folder("any", {"index.html": PAGE})
    days = {"0.1.0": date(2026, 1, 10), "0.2.0": date(2026, 2, 20), "0.1.1": date(2026, 3, 30)}
    site = make_site([(ReleaseCommit(name, name, day), built) for name, day in days.items()], built)
    assert {version.name: version.superseded for version in site.versions} == {
        "0.2.0": None, "0.1.1": date(2026, 3, 30), "0.1.0": date(2026, 2, 20), "latest": None
    }  # fmt: skip
    assert site.stable and site.stable.name == "0.2.0"


def test_before_the_first_release_the_draft_is_what_there_is(built_folder: Callable[..., Any]) -> None:
    site = make_site([], built_folder("any", {"index.html": PAGE}), "https://handbook.example")
    html = shown(site, "latest", "index.html")
    assert site.stable is None
    assert "clinic-version-banner" not in html and "noindex" not in html and "stable" not in html
    assert '<link rel="canonical" href="https://handbook.example/latest/index.html">' in html


def test_the_banner_stands_behind_the_skip_link() -> None:
    skip = '<a class="skip-to-content muted-link" href="#main">Skip to content</a>'
    assert put_banner(f"<body><svg></svg>{skip}<p>Text</p></body>", "BANNER").endswith(
        f"{skip}BANNER<p>Text</p></body>"
    )
    assert put_banner(PAGE, "BANNER").partition("BANNER")[0].endswith('<body class="x">')


def test_the_menu_finds_a_place_in_any_theme() -> None:
    furo = '<body><aside><div class="sidebar-scroll"><ul></ul></div></aside></body>'
    assert put_menu(furo, "MENU") == furo.replace('<div class="side', 'MENU<div class="side')
    assert put_menu(PAGE, "MENU").endswith("<p>Text</p>MENU</body></html>")
    assert put_menu("<p>Text", "MENU") == "<p>TextMENU"
