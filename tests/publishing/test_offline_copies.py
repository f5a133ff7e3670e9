"""What browsers save of a site of versions: what stands under the addresses that stay, as it is published."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from clinic_snippets.export import offline
from clinic_snippets.export.offline import SCRIPT, WORKER, write_worker
from clinic_snippets.publishing.assembly import assemble
from clinic_snippets.publishing.build_version import Built
from clinic_snippets.publishing.read_the_docs import prepare
from clinic_snippets.publishing.releases_in_git import ReleaseCommit
from clinic_snippets.publishing.site import make_site

TAG = f'<script defer="defer" src="_static/{SCRIPT}?v=1"></script>\n'
PAGE = f"<html><head><title>T</title>{TAG}</head><body><p>Text</p></body></html>"


@pytest.fixture
def built(built_folder: Callable[..., Built]) -> Callable[..., Built]:
    """A maker of built versions whose pages ask browsers to save them."""

    def make(name: str, saves: bool = True) -> Built:
        page = PAGE if saves else PAGE.replace(TAG, "")
        out = built_folder(name, {"index.html": page, "other.html": page, f"_static/{SCRIPT}": "x"})
        if saves:
            write_worker(out.html, name)
        return out

    return make


def site_of(built: Callable[..., Built], **saves: bool) -> Any:
    names = ("0.1.0", "0.2.0")
    releases = [
        (ReleaseCommit(name, f"c{name}", date(2026, n, 1)), built(name, saves.get(f"v{n}", True)))
        for n, name in enumerate(names, 1)
    ]
    return make_site(releases, built("draft", saves.get("draft", True)))


def worker(folder: Path) -> str:
    return (folder / WORKER).read_text("utf-8")


def data(folder: Path) -> dict[str, Any]:
    return json.loads(re.search(r"^const COPY = (.*);$", worker(folder), re.MULTILINE)[1])


def test_only_the_addresses_that_stay_are_saved(built: Callable[..., Built], tmp_path: Path) -> None:
    out = tmp_path / "site"
    assemble(site_of(built), out)
    assert data(out / "stable")["version"] == "0.2.0"
    assert data(out / "latest")["version"] == "draft"
    for folder in ("0.1.0", "0.2.0"):
        assert not (out / folder / WORKER).exists()
        assert SCRIPT not in (out / folder / "index.html").read_text("utf-8")
    assert SCRIPT in (out / "stable" / "index.html").read_text("utf-8")


def test_the_copy_is_of_the_pages_as_published(built: Callable[..., Built], tmp_path: Path) -> None:
    """A release that is superseded changes its banner without being built again; so does its copy."""
    site, out = site_of(built), tmp_path / "site"
    assemble(site, out)
    first = data(out / "latest")["digest"]
    assert first != data(site.versions[-1].built.html)["digest"]
    assemble(site, out)
    assert data(out / "latest")["digest"] == first
    newer = make_site([(ReleaseCommit("0.3.0", "c", date(2026, 3, 1)), built("0.3.0"))], site.versions[-1].built)
    assemble(newer, out)
    assert data(out / "latest")["digest"] != first, "its banner names another release"


def test_what_stood_there_before_is_taken_back(built: Callable[..., Built], tmp_path: Path) -> None:
    assemble(site_of(built, v2=False), tmp_path / "site")
    for folder in (tmp_path / "site", tmp_path / "site" / "stable"):
        assert "unregister" in worker(folder) and "const COPY" not in worker(folder)


def test_a_site_that_saves_nothing_has_no_worker(built: Callable[..., Built], tmp_path: Path) -> None:
    assemble(site_of(built, v1=False, v2=False, draft=False), tmp_path / "site")
    assert list((tmp_path / "site").rglob(WORKER)) == []


def test_what_is_too_much_is_said(built: Callable[..., Built], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site, said = site_of(built), []
    monkeypatch.setattr(offline, "choose", lambda folder, files: (files[:1], files[1:]))
    assemble(site, tmp_path / "site", said.append)
    assert len(said) == 2 and said[0].startswith("stable: ") and "other.html" in said[0]


@pytest.mark.parametrize(
    ("version", "saves"), [("latest", True), ("stable", True), ("v0.2.0", False), ("0.2.0", False)]
)
def test_on_read_the_docs_it_is_the_same(built: Callable[..., Built], version: str, saves: bool) -> None:
    folder = built("draft").html
    before = data(folder)["digest"]
    prepare(folder, version)
    assert (folder / WORKER).exists() == saves
    assert (SCRIPT in (folder / "index.html").read_text("utf-8")) == saves
    if saves:
        assert data(folder)["digest"] != before
