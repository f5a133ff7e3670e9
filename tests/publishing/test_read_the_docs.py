"""The menu on Read the Docs: filled from the host's data, in the place it has everywhere, and nowhere else."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clinic_snippets.publishing.read_the_docs import SCRIPT, prepare, prepare_page

HOST = "https://little.readthedocs.example/en"


def version(slug: str, downloads: dict[str, str] | None = None) -> dict[str, Any]:
    """One version in the form of Read the Docs' data, with the fields that it has there."""
    return {
        "active": True, "aliases": [], "built": True, "downloads": downloads or {}, "hidden": False, "id": 1,
        "identifier": slug, "privacy_level": "public", "ref": None, "slug": slug, "source_type": "vcs", "type": "tag",
        "urls": {
            "dashboard": {"edit": f"https://host.example/version/{slug}/edit/"},
            "documentation": f"{HOST}/{slug}/",
            "vcs": f"https://code.example/tree/{slug}/",
        },
        "verbose_name": slug,
    }  # fmt: skip


PDF = {"pdf": "https://little.readthedocs.example/_/downloads/en/0.2.0/pdf/"}
DATA = {
    "api_version": "1",
    "projects": {"translations": [], "current": {"slug": "little", "versioning_scheme": "multiple_versions_with_translations"}},
    "versions": {
        "current": version("0.2.0", PDF),
        "active": [version("stable"), version("latest"), version("0.2.0", PDF), version("a <b>, odd")],
    },
    "builds": {"current": {"id": 1, "success": True}},
    "addons": {"flyout": {"enabled": True, "position": None}},
}  # fmt: skip

# What the host does with its data: it refuses a page that does not say which form it understands.
HAND_OVER = """
data => document.dispatchEvent(new CustomEvent("readthedocs-addons-data-ready", {detail: {data: () => {
  const form = document.querySelector("meta[name=readthedocs-addons-api-version]");
  if (!form || form.content !== data.api_version) throw new Error("the page does not name its form");
  return data;
}}}))
"""


@pytest.fixture
def hosted(published: Any, tmp_path: Path) -> Path:
    """One version as Read the Docs has built it: below its own address, beside no other."""
    folder = tmp_path / "en" / "0.2.0"
    shutil.copytree(published.cache / "current" / "html", folder)
    assert prepare(folder) > 3
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("name", ["index.html", "deep/page.html"])
def test_the_menu_is_filled_from_the_data(page: Any, serve: Callable[..., Any], hosted: Path, name: str) -> None:
    page.goto(f"{serve(hosted).url}en/0.2.0/{name}")
    menu = page.locator(".clinic-versions")
    assert not menu.is_visible(), "empty, it would only be in the way"
    page.evaluate(HAND_OVER, DATA)
    assert menu.locator("summary").inner_text() == "Version 0.2.0"
    menu.locator("summary").click()
    links = menu.locator("a").evaluate_all("all => all.map(one => [one.textContent, one.getAttribute('href')])")
    assert links == [
        ["stable", f"{HOST}/stable/{name}"], ["latest", f"{HOST}/latest/{name}"], ["0.2.0", f"{HOST}/0.2.0/{name}"],
        ["a <b>, odd", f"{HOST}/a%20%3Cb%3E,%20odd/{name}"],
        ["This version as PDF", PDF["pdf"]],
    ]  # fmt: skip
    assert menu.locator("[aria-current=page]").all_text_contents() == ["0.2.0"]
    assert menu.evaluate("menu => menu.closest('.sidebar-drawer') !== null")


@pytest.mark.slow
def test_its_look_is_the_same_as_elsewhere(
    browser: Any, serve: Callable[..., Any], hosted: Path, published: Any
) -> None:
    def boxes(url: str, fill: bool) -> list[dict[str, float]]:
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        page = context.new_page()
        page.goto(url)
        if fill:
            page.evaluate(HAND_OVER, DATA)
        summary = page.locator(".clinic-versions summary")
        colour = summary.evaluate("one => getComputedStyle(one).color")
        box = summary.bounding_box()
        context.close()
        return [box["x"], box["width"], box["height"], colour]

    there = boxes(f"{serve(hosted).url}en/0.2.0/other.html", fill=True)
    assert there == boxes(f"{serve(published.site).url}0.3.0/other.html", fill=False)


def test_the_script_listens_before_the_host_speaks() -> None:
    """The host puts its own script at the end of the head; ours must have run by then."""
    html = prepare_page("deep/page.html", "<html><head><title>T</title></head><body></body></html>")
    head = html.partition("</head>")[0]
    assert f'<script src="../_static/{SCRIPT}"></script>' in head
    assert '<link rel="stylesheet" href="../_static/versions.css">' in head


@pytest.mark.slow
def test_pages_published_elsewhere_hold_no_trace_of_it(published: Any) -> None:
    for path in published.site.rglob("*"):
        if path.is_file() and path.suffix in (".html", ".js"):
            assert b"readthedocs-addons" not in path.read_bytes(), path


def test_the_command_prepares_a_folder_and_names_a_wrong_one(tmp_path: Path, repository: Path) -> None:
    def run(folder: Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "clinic_snippets.publishing.read_the_docs", str(folder)]
        return subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)

    (tmp_path / "index.html").write_text("<html><head></head><body></body></html>", encoding="utf-8")
    assert run(tmp_path).returncode == 0
    assert 'data-page="index.html"' in (tmp_path / "index.html").read_text(encoding="utf-8")
    assert (tmp_path / "_static" / SCRIPT).exists()
    wrong = run(tmp_path / "nowhere")
    assert wrong.returncode == 2 and "does not exist" in wrong.stderr


def test_read_the_docs_runs_it_after_the_build(repository: Path) -> None:
    import yaml

    build = yaml.safe_load((repository / ".readthedocs.yaml").read_text(encoding="utf-8"))["build"]["jobs"]["build"]
    assert "sphinx" in build["html"][-2]
    assert build["html"][-1] == 'python -m clinic_snippets.publishing.read_the_docs "$READTHEDOCS_OUTPUT/html"'
    assert json.dumps(build).count("read_the_docs") == 1
