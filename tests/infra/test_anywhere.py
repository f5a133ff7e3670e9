"""The package from its wheel, elsewhere: other Pythons, other Sphinxes, themes, builders, markups, with less installed.

Each environment is made anew, so this needs the network or what `uv` has kept. A Python that is not on this machine is
not tried, and the run says so.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.full
OLDEST = "sphinx>=9.0,<9.1"
"""The oldest Sphinx that the package names; it runs on every Python here."""
ENVIRONMENTS = [
    ("3.11", OLDEST), ("3.12", OLDEST), ("3.12", "sphinx"), ("3.13", "sphinx"), ("3.14", "sphinx"),
]  # fmt: skip
THEMES = ("furo", "alabaster", "sphinx_rtd_theme", "pydata_sphinx_theme")
PLACES = [*(("html", theme) for theme in THEMES), ("dirhtml", "alabaster"), ("singlehtml", "alabaster")]
NO_NETWORK = ("dns error", "Could not connect", "error sending request", "network was disabled")


def uv(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    # pyenv keeps Pythons apart, and what it puts into the path starts the chosen one only.
    of_pyenv = sorted(Path(os.environ["PYENV_ROOT"]).glob("versions/*/bin")) if "PYENV_ROOT" in os.environ else []
    environment = os.environ | {"PATH": os.pathsep.join([*map(str, of_pyenv), os.environ["PATH"]])}
    command = [sys.executable, "-m", "uv", *map(str, arguments), "--quiet"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def wheel(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(repository)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    [made] = folder.glob("*.whl")
    return made


class Elsewhere:
    """An environment with the wheel and what is asked for; nothing of the repository can be imported in it."""

    def __init__(self, folder: Path, python: str, wheel: Path) -> None:
        self.python, self.wheel = folder / "bin" / "python", wheel
        made = uv("venv", "--no-python-downloads", "--python", python, folder)
        if made.returncode:
            pytest.skip(f"Python {python} is not on this machine; the package was NOT tried with it")

    def install(self, *requirements: str, extras: str = "") -> None:
        done = uv("pip", "install", "--python", self.python, f"{self.wheel}{extras}", *requirements)
        if done.returncode and any(words in done.stderr for words in NO_NETWORK):
            pytest.skip("the network is needed to make an environment; the package was NOT tried elsewhere")
        assert done.returncode == 0, done.stderr

    def build(self, source: Path, out: Path, builder: str = "html", *settings: str) -> Path:
        self.run("-m", "sphinx", "-q", "-W", "--keep-going", "-b", builder, *settings, source, out, folder=out.parent)
        return out

    def run(self, *arguments: str | Path, folder: Path) -> None:
        command = [str(self.python), "-I", *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("python", "sphinx"), ENVIRONMENTS)
def test_it_builds(
    python: str, sphinx: str, wheel: Path, repository: Path, project: Callable[..., Path], tmp_path: Path
) -> None:
    there = Elsewhere(tmp_path / "environment", python, wheel)
    # As it comes: no Markdown, no theme but Sphinx's own, no sphinx-design, no PDF.
    there.install(sphinx)
    good = repository / "tests" / "handbooks" / "positive"
    plain = there.build(project({}, base=good / "restructuredtext"), tmp_path / "plain")
    for line in (good / "restructuredtext" / "expected.txt").read_text("utf-8").splitlines():
        assert line.split()[0] in (plain / "index.html").read_text("utf-8")
    # Pages in Markdown and in reStructuredText, everything once; still without sphinx-design.
    there.install(sphinx, "myst-parser", *THEMES)
    root = repository / "tests" / "roots" / "features"
    # Its sidebars are those of one theme.
    conf = (root / "conf.py").read_text("utf-8") + "html_sidebars = {}\n"
    features = project({"conf.py": conf}, base=root)
    for builder, theme in PLACES:
        out = there.build(features, tmp_path / f"{builder}-{theme}", builder, "-D", f"html_theme={theme}")
        assert any("Lung under the ribs" in page.read_text("utf-8") for page in out.rglob("*.html"))
    # With it; and a new handbook, which tests its pages and its PDF itself.
    there.install(sphinx, extras="[handbook,pdf]")
    there.build(project({}, base=good / "with-sphinx-design"), tmp_path / "design")
    there.run("-m", "clinic_snippets.cli", "new", "handbook", "made", folder=tmp_path)
    there.run("-m", "unittest", "discover", "--start-directory", "tests", folder=tmp_path / "made")
