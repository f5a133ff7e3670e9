"""This repository's own releases, built for real beside the current tree: needs the network for their packages."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.full


@pytest.fixture(scope="module")
def clone(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of this repository with the working tree as it is here."""
    if not (repository / ".git").exists():
        pytest.skip("this is no clone, so its releases are not to be had")
    folder = tmp_path_factory.mktemp("own") / "clone"
    subprocess.run(["git", "clone", "--quiet", "--no-checkout", f"file://{repository}", folder], check=True)
    ignored = shutil.ignore_patterns(".venv", "_build", ".git", "__pycache__", ".*_cache", ".hypothesis")
    shutil.copytree(repository, folder, ignore=ignored, dirs_exist_ok=True)
    return folder


def publish(clone: Path) -> str:
    command = [sys.executable, "-m", "clinic_snippets.cli", "versions", "--site-url", "https://handbook.example"]
    start = time.perf_counter()
    run = subprocess.run(
        command, cwd=clone, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )  # fmt: skip
    assert run.returncode == 0, run.stdout
    return f"{run.stdout}  {time.perf_counter() - start:.0f} s"


def test_every_release_stands_beside_the_current_tree(
    clone: Path, browser: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    told = publish(clone)
    again = publish(clone)
    with capsys.disabled():
        print(f"\n{told}\n{again}")
    assert "(0 built now" in again
    site = clone / "_build" / "site"
    listed = subprocess.run(
        ["git", "ls-tree", "--name-only", "HEAD", "source/releases/"],
        cwd=clone,
        capture_output=True,
        text=True,
        check=True,
    )
    releases = {Path(line).stem for line in listed.stdout.splitlines() if line.endswith(".json")}
    versions = json.loads((site / "versions.json").read_text(encoding="utf-8"))["versions"]
    assert {version["version"] for version in versions} >= {*releases, "latest", "0.1.0"}
    context = browser.new_context()
    page = context.new_page()
    failed: list[str] = []
    page.on("requestfailed", lambda request: failed.append(request.url))
    for version in versions:
        folder = site / version["path"]
        assert (site / version["pdf"]).read_bytes().startswith(b"%PDF-")
        assert (folder / "objects.inv").exists()
        pages = [path for path in folder.rglob("*.html") if "_static" not in path.parts]
        assert len(pages) > 15
        for path in pages:
            assert path.read_text(encoding="utf-8").count('<nav class="clinic-versions"') == 1, path
        page.goto((folder / "hygiene-and-sharps.html").as_uri())
        assert page.locator(".clinic-versions summary").is_visible()
        assert page.locator(".clinic-version-banner").count() == (version["state"] != "current")
    context.close()
    assert failed == []
