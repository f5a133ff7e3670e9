"""The browser of the tests: it runs, it is cut off from the world, and its absence cannot be overlooked."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def test_a_page_is_opened_and_audited_offline(
    page: Any, project: Callable[..., Path], serve: Callable[..., Any]
) -> None:
    """axe comes out of its Python package; the page's one fault, a picture without a text, is found."""
    from axe_playwright_python.sync_playwright import Axe

    site = serve(project({"index.html": "<html lang=en><title>T</title><main><h1>H</h1><img src=x></main></html>"}))
    page.goto(site.url)
    assert [violation["id"] for violation in Axe().run(page).response["violations"]] == ["image-alt"]


def test_no_other_host_is_reached(page: Any) -> None:
    from playwright.sync_api import Error

    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://elsewhere.example/")


@pytest.fixture
def run_without_browser(
    project: Callable[..., Path], repository: Path
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs one browser test and one other with our conftest.py where no browser can be found."""
    folder = project(
        {
            "tests/conftest.py": (repository / "tests" / "conftest.py").read_text(encoding="utf-8"),
            "tests/test_pages.py": """
                def test_sees_a_page(page):
                    pass


                def test_sees_none():
                    pass
                """,
        }
    )

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        clean = {name: value for name, value in os.environ.items() if name != "CI"}
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-W", "ignore", *arguments, folder],
            cwd=folder,
            env=clean | {"PATH": str(folder / "empty")} | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    return run


def test_without_a_browser_the_last_lines_say_so(
    run_without_browser: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    run = run_without_browser()
    assert run.returncode == 0, run.stdout
    assert "1 passed, 1 skipped" in run.stdout
    assert "BROWSER TESTS DID NOT RUN" in run.stdout
    assert "1 test was skipped: no Chromium" in run.stdout


def test_without_a_browser_ci_fails(run_without_browser: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    run = run_without_browser(CI="true")
    assert run.returncode == 1, run.stdout
    assert "no Chromium on this machine" in run.stdout


def test_browser_tests_can_be_left_out(run_without_browser: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    run = run_without_browser("-m", "not browser", CI="true")
    assert run.returncode == 0, run.stdout
    assert "1 passed, 1 deselected" in run.stdout
