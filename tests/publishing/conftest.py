"""Fixtures for what happens around a build.

``make_handbook``  a small handbook in a git repository of its own; see :class:`Handbook`
``three_releases`` one with three tagged releases, whose code, data and lock differ; treat it as read-only
``published``      the same, published once with furo and PDFs; treat it as read-only
``built_folder``   a folder as Sphinx would have built it, without Sphinx
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from clinic_snippets.publishing.build_version import Built
from clinic_snippets.publishing.publish import Published, publish

CONF = """
import sys
from pathlib import Path

import little

project = "Little handbook"
html_theme = "{theme}"
html_show_sphinx = False
extensions = {extensions}
exclude_patterns = ["releases"]
rst_prolog = f".. |code| replace:: {{little.CODE}}\\n.. |data| replace:: " + (Path(__file__).parent / "data.txt").read_text()
"""
INDEX = """
Little handbook
===============

Code: |code|. Data: |data|.

.. toctree::

   deep/page
   other
   {extra}
"""
PAGE = """
A page in a folder
==================

Text.
"""


@dataclass
class Handbook:
    """A small handbook under git; every commit has a day of its own."""

    root: Path
    environments: list[tuple[str, str]] = field(default_factory=list)
    """For each environment that a build asked for: the release and its lock."""

    @property
    def site(self) -> Path:
        return self.root / "_build" / "site"

    @property
    def cache(self) -> Path:
        return self.root / "_build" / "versions"

    def git(self, *arguments: str, day: str = "2026-01-01") -> str:
        """Run git in the handbook as somebody with no configuration."""
        moment = f"{day}T12:00:00+00:00"
        environment = os.environ | {
            "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "GIT_AUTHOR_DATE": moment,
            "GIT_COMMITTER_DATE": moment, "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@handbook.example",
            "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@handbook.example",
        }  # fmt: skip
        run = subprocess.run(
            ["git", *arguments], cwd=self.root, env=environment, capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, run.stderr
        return run.stdout.strip()

    def write(self, files: dict[str, str]) -> None:
        """Write files, by their path from the root."""
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.lstrip("\n"), encoding="utf-8")

    def commit(self, message: str = "Change", day: str = "2026-01-01") -> str:
        """Commit everything and return the commit."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message, day=day)
        return self.git("rev-parse", "HEAD")

    def release(self, version: str, day: str, tag: bool = True) -> str:
        """Commit a release file, tag the commit, and return it."""
        self.write({f"source/releases/{version}.json": f'{{"version": "{version}", "date": "{day}"}}\n'})
        commit = self.commit(f"Release {version}", day)
        if tag:
            self.git("tag", "--annotate", "--message", f"Release {version}", f"v{version}", day=day)
        return commit

    def publish(self, **options: Any) -> Published:
        """Publish with the tests' own environment for every release, so that no package is installed."""

        def environment(name: str, lock: Path) -> Path:
            self.environments.append((name, lock.read_text("utf-8")))
            return Path(sys.executable)

        options = {"environment": environment, "report": lambda line: None} | options
        return publish(self.root, "source", self.site, self.cache, **options)

    def copy(self, folder: Path) -> Handbook:
        """Return a copy that may be changed; what was built of it goes with it."""
        shutil.copytree(self.root, folder, symlinks=True)
        return Handbook(folder)

    def read(self, name: str) -> str:
        """Return a file of the site."""
        return (self.site / name).read_text(encoding="utf-8")


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder and what it holds."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


@pytest.fixture(scope="session")
def make_handbook(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Handbook]:
    """A maker of handbooks without a release: ``make_handbook(theme="basic", extensions=[])``."""

    def make(theme: str = "basic", extensions: tuple[str, ...] = (), folder: Path | None = None) -> Handbook:
        handbook = Handbook((folder or tmp_path_factory.mktemp("handbook")) / "a handbook")
        handbook.root.mkdir(parents=True)
        handbook.git("init", "--quiet", "--initial-branch", "main")
        handbook.write(
            {
                ".gitignore": "/_build/\n__pycache__/\n",
                "requirements.txt": "# first lock\n",
                "little/__init__.py": 'CODE = "first code"\n',
                "source/conf.py": CONF.format(theme=theme, extensions=list(extensions)),
                "source/data.txt": "first data\n",
                "source/index.rst": INDEX.format(extra=""),
                "source/deep/page.rst": PAGE,
                "source/other.rst": "Another page\n============\n\nText.\n",
            }
        )
        handbook.commit()
        return handbook

    return make


def add_three_releases(handbook: Handbook) -> Handbook:
    """Release it three times; the page ``gone`` is in the first two only. The tree then goes on a little."""
    handbook.write(
        {"source/gone.rst": "Gone later\n==========\n\nText.\n", "source/index.rst": INDEX.format(extra="gone")}
    )
    handbook.release("0.1.0", "2026-01-10")
    for number, version, day in ((2, "0.2.0", "2026-02-20"), (3, "0.3.0", "2026-03-30")):
        word = {2: "second", 3: "third"}[number]
        handbook.write(
            {
                "requirements.txt": f"# {word} lock\n",
                "little/__init__.py": f'CODE = "{word} code"\n',
                "source/data.txt": f"{word} data\n",
            }
        )
        if number == 3:
            (handbook.root / "source" / "gone.rst").unlink()
            handbook.write({"source/index.rst": INDEX.format(extra="")})
        handbook.release(version, day)
    handbook.write({"source/data.txt": "draft data\n"})
    handbook.commit("Go on", "2026-04-01")
    return handbook


@pytest.fixture(scope="session")
def three_releases(make_handbook: Callable[..., Handbook]) -> Handbook:
    """A handbook with three tagged releases; nothing is built."""
    return add_three_releases(make_handbook())


@pytest.fixture(scope="session")
def published(make_handbook: Callable[..., Handbook], once_in_a_run: Callable[..., Path]) -> Handbook:
    """A handbook with three tagged releases, published under an address."""

    def make(folder: Path) -> None:
        handbook = add_three_releases(make_handbook("furo", ("clinic_snippets.pdf",), folder))
        done = handbook.publish(url="https://handbook.example/sub")
        assert done.releases == done.built == ("0.1.0", "0.2.0", "0.3.0")
        (folder / "environments.json").write_text(json.dumps(handbook.environments), encoding="utf-8")

    folder = once_in_a_run("published/handbook", make)
    asked = json.loads((folder / "environments.json").read_text(encoding="utf-8"))
    return Handbook(folder / "a handbook", [(name, lock) for name, lock in asked])


@pytest.fixture
def built_folder(tmp_path: Path) -> Callable[..., Built]:
    """A maker of built versions: ``built_folder("name", {"page.html": "..."}, pdf=b"...")``."""

    def make(name: str, files: dict[str, str | bytes], pdf: bytes | None = None) -> Built:
        html = tmp_path / "built" / name / "html"
        for path, content in files.items():
            target = html / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.encode() if isinstance(content, str) else content)
        if pdf is None:
            return Built(html, None, fresh=True)
        (html.parent / "book.pdf").write_bytes(pdf)
        return Built(html, html.parent / "book.pdf", fresh=True)

    return make


@pytest.fixture(scope="session")
def files_in() -> Callable[[Path], dict[str, bytes]]:
    """A function that returns every file below a folder and what it holds."""
    return contents
