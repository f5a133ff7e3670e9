"""``clinic_offline``: what a build writes for the copies that browsers save."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clinic_snippets.export import offline
from clinic_snippets.export.offline import SCRIPT, WORKER
from clinic_snippets.sphinx_ext.config import VALUES

PAGE = "# Bleeding\n\n```{clinic:precaution-cards}\n```\n"


def workers(build: Any) -> str:
    path = build.outdir / WORKER
    return path.read_text("utf-8") if path.exists() else ""


@pytest.mark.parametrize("builder", ["html", "dirhtml", "singlehtml"])
def test_a_site_is_saved_and_every_page_asks_for_it(
    small_project: Callable[..., Path], build_project: Any, builder: str
) -> None:
    build = build_project(small_project(PAGE), builder)
    assert '"index.html"' in workers(build) and '"version"' in workers(build)
    pages = [path for path in build.outdir.rglob("*.html") if "_static" not in path.parts]
    assert pages
    assert [path.name for path in pages if f"{SCRIPT}?v=" not in path.read_text("utf-8")] == []


def test_it_can_be_switched_off_and_on_and_pages_follow(small_project: Callable[..., Path], build_project: Any) -> None:
    source = small_project(PAGE)
    first = workers(build_project(source))
    off = build_project(source, confoverrides={"clinic_offline": False})
    assert "unregister" in workers(off) and "const COPY" not in workers(off)
    assert SCRIPT not in off.read("index.html")
    assert workers(build_project(source)) == first


def test_other_outputs_and_sites_without_records_have_no_worker(
    small_project: Callable[..., Path], project: Any, build_project: Any
) -> None:
    assert workers(build_project(small_project(PAGE), "epub")) == ""
    linking = project(
        {"conf.py": 'extensions = ["myst_parser", "clinic_snippets"]\n', "index.md": "# Other\n\nText.\n"}
    )
    build = build_project(linking)
    assert workers(build) == "" and SCRIPT not in build.read("index.html")


def test_what_is_too_much_is_a_warning(
    small_project: Callable[..., Path], build_project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offline, "choose", lambda folder, files: (files[:-1], files[-1:]))
    build = build_project(small_project(PAGE), warningiserror=True)
    assert "has no room for searchindex.js" in build.warnings and "[clinic.offline]" in build.warnings
    assert not build.ok


def test_values_stay_few() -> None:
    assert len(VALUES) < 12
