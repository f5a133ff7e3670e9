"""Fixtures for what an author of pages relies on.

``features``       the project ``tests/roots/features``, built with any builder, each once
``small_project``  a project of one page on the same records and sources
``site_problems``  a checker of links and ids over a folder of HTML
"""

from __future__ import annotations

import functools
import posixpath
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import lxml.html
import pytest

from clinic_snippets.snippets import SNIPPETS

SMALL_CONF = """
extensions = ["myst_parser", "clinic_snippets"]
exclude_patterns = ["records"]
html_theme = "basic"
bibtex_bibfiles = ["references.bib"]
bibtex_tooltips = False
"""
BIBLIOGRAPHY = "---\norphan: true\n---\n# Bibliography\n\n```{bibliography}\n```\n"
LABELS = """---
orphan: true
---
(some-label)=
# Labels

(bare-label)=

Text.

```{glossary}
haematoma
  Blood outside a vessel.

Quick-Bleed
  A quick bleed.
```
"""


@pytest.fixture(autouse=True)
def forget_own_snippets() -> Iterator[None]:
    """Take back the snippets that a project of a test registered."""
    before = dict(SNIPPETS)
    yield
    SNIPPETS.clear()
    SNIPPETS.update(before)


@pytest.fixture(scope="session")
def features(repository: Path, project: Any, build_project: Any) -> Callable[[str], Any]:
    """A function that builds ``tests/roots/features`` with a builder, once; all builders share their doctrees."""
    srcdir = project({}, base=repository / "tests" / "roots" / "features")

    @functools.cache
    def build(builder: str) -> Any:
        before = dict(SNIPPETS)
        # The message catalogue builder refuses the doctrees of any other.
        options = {"doctreedir": srcdir.with_name("gettext-doctrees")} if builder == "gettext" else {}
        try:
            return build_project(srcdir, builder, **options)
        finally:
            SNIPPETS.clear()
            SNIPPETS.update(before)

    return build


@pytest.fixture(scope="session")
def small_project(repository: Path, project: Any) -> Callable[..., Path]:
    """A maker of projects: ``small_project("# Page …")`` has that page, the records, and the bibliography and labels they need.

    ``conf`` is added to its ``conf.py``; further files are given by name.
    """
    root = repository / "tests" / "roots" / "features"
    shared = [*root.glob("records/*.yaml"), root / "references.bib"]

    def make(page: str, conf: str = "", files: dict[str, str] | None = None) -> Path:
        texts = {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in shared}
        texts |= {"conf.py": SMALL_CONF + conf, "index.md": page, "bibliography.md": BIBLIOGRAPHY, "labels.md": LABELS}
        return project({**texts, **(files or {})})

    return make


@pytest.fixture(scope="session")
def site_problems() -> Callable[[Path], list[str]]:
    """A checker: what is wrong with ids and internal links on the HTML pages in a folder."""

    def check(root: Path) -> list[str]:
        pages = {path.relative_to(root).as_posix(): lxml.html.parse(path) for path in root.rglob("*.html")}
        ids = {name: [str(i) for i in page.xpath("//@id")] for name, page in pages.items()}
        problems = [f"{n}: id '{i}' {c} times" for n, all_ in ids.items() for i, c in Counter(all_).items() if c > 1]
        for name, page in pages.items():
            for address in {str(a) for a in page.xpath("//a/@href | //link/@href | //img/@src | //script/@src")}:
                parts = urlsplit(address)
                if parts.scheme or parts.netloc or address == "#":
                    continue
                target = (
                    posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path)))
                    if parts.path
                    else name
                )
                if (root / target).is_dir():
                    target = posixpath.normpath(posixpath.join(target, "index.html"))
                if not (root / target).is_file():
                    problems.append(f"{name}: '{address}' leads to no file")
                elif parts.fragment and unquote(parts.fragment) not in ids.get(target, ()):
                    problems.append(f"{name}: '{address}' leads to no place on the page")
        return sorted(problems)

    return check
