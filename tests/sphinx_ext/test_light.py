"""Own stylesheets and scripts: few bytes, and only where needed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import rjsmin

from clinic_snippets.sphinx_ext.light import STATIC

BUDGET = 30 * 1024


def test_squeezing_leaves_quoted_text_as_it_is() -> None:
    """A template within another would lose its blanks."""
    for script in [*STATIC.glob("*.js"), *(STATIC.parents[1] / "export/workers").glob("*.js")]:
        code = re.sub(r"/\*.*?\*/|^\s*//.*?$", "", script.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
        templates = re.findall(r"`[^`]*`", code)
        assert re.findall(r"`[^`]*`", rjsmin.jsmin(code)) == templates, script.name
        assert not any(text.count("${") != text.count("}") for text in templates), script.name


def test_all_own_files_of_the_handbook_are_under_30_kb(handbook_site: Any, repository: Path) -> None:
    """As a reader gets them, the worker of the offline copy included, but for its list of pages."""
    folders = (STATIC, repository / "source/_static")
    own = [path.name for folder in folders for path in folder.iterdir() if path.suffix in (".css", ".js")]
    texts = {name: Path(handbook_site.root, "_static", name).read_bytes() for name in own}
    for path in Path(handbook_site.root).glob("*.js"):
        if path.name != "searchindex.js":
            texts[path.name] = re.sub(rb"^const COPY = .*$", b"", path.read_bytes(), flags=re.MULTILINE)
    sizes = {name: len(text) for name, text in texts.items()}
    assert {"clinic.css", "theme-repairs.css", "handbook.css"} <= sizes.keys()
    assert sum(sizes.values()) < BUDGET, sizes


def test_files_are_loaded_where_they_are_needed(handbook_site: Any) -> None:
    pages = {path.name: path.read_text("utf-8") for path in Path(handbook_site.root).glob("*.html")}
    assert {name for name, page in pages.items() if "check-copy.js" in page} == {"is-my-copy-current.html"}
    assert "clinic.css" not in pages["genindex.html"]


def test_a_project_may_bring_its_own_stylesheet(
    small_project: Callable[..., Path], build_project: Callable[..., Any]
) -> None:
    source = small_project("# Page\n")
    (source / "own").mkdir()
    (source / "own" / "clinic.css").write_text("/* Ours. */ p { color: red }\n")
    conf = (source / "conf.py").read_text()
    (source / "conf.py").write_text(conf + 'html_static_path = ["own"]\n')
    built = build_project(source)
    assert not (built.outdir / "_static/theme.js").read_text("utf-8").startswith("//")
