"""``sw.js``: which files browsers are told to save, and that it changes when they do and not otherwise."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from clinic_snippets.export import offline
from clinic_snippets.export.offline import (
    SCRIPT,
    choose,
    files_of,
    refresh_worker,
    retire_worker,
    too_much,
    without_script,
    write_worker,
)

FILES = {
    "index.html": '<html><link rel="stylesheet" href="_static/a.css?v=1"><link rel="next" href="deep/page.html">'
    '<link rel="alternate" href="changes.atom"><script src="_static/a.js?v=2"></script><a href="book.pdf">PDF</a>'
    '<img src="https://other.example/x.png"><img src="data:image/png;base64,AA"><img src="/top.png"></html>',
    "deep/page.html": '<html><link rel="stylesheet" href="../_static/a.css?v=1">'
    '<img alt="" src="../_images/a%20b.svg"><img src="../../above.png"><img src="gone.png"></html>',
    "_static/a.css": '@import url("b.css"); body { background: url( ../_images/c.png#x ) }',
    "_static/b.css": "@font-face { src: url('d.woff2?v=3') }",
    "_static/part.html": "<p>no page</p>",
    "changes.atom": "<feed/>",
} | dict.fromkeys(
    ["_static/a.js", "_static/a.js.map", "_static/d.woff2", "_images/a b.svg", "_images/c.png", "_images/left.png"], "x"
) | dict.fromkeys(["_sources/index.md.txt", "book.pdf", "objects.inv", "top.png"], "x")  # fmt: skip
SAVED = [
    "_images/a b.svg", "_images/c.png", "_static/a.css", "_static/a.js", "_static/b.css", "_static/d.woff2",
    "deep/page.html", "index.html",
]  # fmt: skip


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    (tmp_path / "above.png").write_text("x", "utf-8")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


def data(site: Path) -> dict[str, Any]:
    """What the worker in a site was given."""
    [found] = re.findall(r"^const COPY = (.*);$", (site / "sw.js").read_text("utf-8"), re.MULTILINE)
    return json.loads(found)


def test_all_pages_are_saved_with_what_they_load_and_nothing_else(site: Path) -> None:
    assert files_of(site) == SAVED
    assert write_worker(site, "0.2.0") == []
    assert data(site)["files"] == [name.replace(" ", "%20") for name in SAVED]
    assert data(site)["version"] == "0.2.0"


def test_the_same_site_has_the_same_worker_and_it_is_not_written_twice(site: Path) -> None:
    write_worker(site, "0.2.0")
    first = (site / "sw.js").read_bytes()
    os.utime(site / "sw.js", (1, 1))
    write_worker(site, "0.2.0")
    refresh_worker(site)
    assert (site / "sw.js").read_bytes() == first
    assert (site / "sw.js").stat().st_mtime == 1


@pytest.mark.parametrize("change", ["a page", "a picture", "a page more", "the version", "the code"])
def test_any_change_of_what_is_saved_gives_another_copy(
    site: Path, change: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write_worker(site, "0.2.0")
    before = data(site)["digest"]
    match change:
        case "a page":
            (site / "index.html").write_text(FILES["index.html"] + " ", "utf-8")
        case "a picture":
            (site / "_images" / "c.png").write_text("y", "utf-8")
        case "a page more":
            (site / "more.html").write_text("<html></html>", "utf-8")
        case "the code":
            code = (offline._WORKERS / "save.js").read_text("utf-8")
            (tmp_path / "save.js").write_text(code + "void 0;\n", "utf-8")
            monkeypatch.setattr(offline, "_WORKERS", tmp_path)
    write_worker(site, "0.2.1" if change == "the version" else "0.2.0")
    assert data(site)["digest"] != before


def test_what_is_not_saved_does_not_count(site: Path) -> None:
    write_worker(site, "0.2.0")
    before = (site / "sw.js").read_bytes()
    for name in ("book.pdf", "_images/left.png", "_sources/index.md.txt", "objects.inv"):
        (site / name).write_text("other", "utf-8")
    write_worker(site, "0.2.0")
    assert (site / "sw.js").read_bytes() == before


def test_refreshing_keeps_the_code_that_fits_the_pages(site: Path) -> None:
    write_worker(site, "0.2.0")
    older = (site / "sw.js").read_text("utf-8") + "// as an older package wrote it\n"
    (site / "sw.js").write_text(older, "utf-8")
    before = data(site)
    (site / "index.html").write_text("<html>menu</html>", "utf-8")
    refresh_worker(site)
    assert (site / "sw.js").read_text("utf-8").endswith("// as an older package wrote it\n")
    assert data(site)["version"] == before["version"] and data(site)["digest"] != before["digest"]


@pytest.mark.parametrize("code", [None, "addEventListener('fetch', () => {});\n"])
def test_refreshing_leaves_alone_what_is_not_ours(site: Path, code: str | None) -> None:
    if code:
        (site / "sw.js").write_text(code, "utf-8")
    assert refresh_worker(site) == []
    assert (site / "sw.js").exists() == bool(code)
    assert not code or (site / "sw.js").read_text("utf-8") == code


def test_a_retired_worker_saves_nothing_and_stays_retired(site: Path) -> None:
    write_worker(site, "0.2.0")
    retire_worker(site)
    retired = (site / "sw.js").read_text("utf-8")
    refresh_worker(site)
    assert (site / "sw.js").read_text("utf-8") == retired
    assert "unregister" in retired and "fetch" not in retired


def test_too_much_is_left_out_pictures_first_then_the_largest_pages(tmp_path: Path) -> None:
    for name, size in {"a.css": 900, "big.html": 800, "small.html": 300, "dot.png": 10, "photo.png": 5000}.items():
        (tmp_path / name).write_bytes(os.urandom(size))
    files = ["a.css", "big.html", "dot.png", "photo.png", "small.html"]
    assert choose(tmp_path, files, limit=10_000) == (files, [])
    assert choose(tmp_path, files, limit=2200) == (["a.css", "big.html", "dot.png", "small.html"], ["photo.png"])
    assert choose(tmp_path, files, limit=1500) == (["a.css", "dot.png", "small.html"], ["big.html", "photo.png"])


def test_size_counts_as_it_is_saved(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("the same words " * 1000, "utf-8")
    assert choose(tmp_path, ["index.html"], limit=1000) == (["index.html"], [])


def test_the_words_about_what_is_left_out_name_it_and_the_way_out() -> None:
    words = too_much([f"p{n}.html" for n in range(7)])
    assert "p4.html and 2 more" in words and "5 MB" in words and "clinic_offline = False" in words


def test_only_our_script_is_taken_out_of_a_page() -> None:
    ours = f'<script defer="defer" src="../_static/{SCRIPT}?v=1a"></script>\n'
    other = f'<script src="_static/my-{SCRIPT}?v=1"></script><script src="_static/review.js"></script>'
    assert without_script(f"<html>{ours}{other}</html>") == f"<html>{other}</html>"


def test_own_code_is_small(repository: Path) -> None:
    for path in ("export/workers/save.js", f"sphinx_ext/static/{SCRIPT}"):
        text = (repository / "clinic_snippets" / path).read_text("utf-8")
        code = re.sub(r"/\*[^*]*\*/\n|^ *//.*\n", "", text, flags=re.MULTILINE)
        assert len(code) <= 3328, (path, len(code))
