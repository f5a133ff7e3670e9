"""The package as others would install it, and the small conventions that keep the repository in order."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import clinic_snippets


def run(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *command], cwd=cwd, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_the_wheel_holds_every_file_of_the_package(repository: Path, tmp_path: Path) -> None:
    """Styles, scripts, fonts and templates too; a data file of any other kind is added to see that none is chosen."""
    checkout = tmp_path / "checkout"
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        checkout.mkdir(exist_ok=True)
        shutil.copy(repository / name, checkout)
    shutil.copytree(
        repository / "clinic_snippets", checkout / "clinic_snippets", ignore=shutil.ignore_patterns("__pycache__")
    )
    for data in ("page.typ", "style.css", "script.js", "font.ttf"):
        (checkout / "clinic_snippets" / "data").mkdir(exist_ok=True)
        (checkout / "clinic_snippets" / "data" / data).write_text("data", encoding="utf-8")
    built = run("build", "--wheel", "--no-isolation", cwd=checkout)
    assert built.returncode == 0, built.stdout + built.stderr
    [wheel] = (checkout / "dist").iterdir()
    assert wheel.name == f"clinic_snippets-{clinic_snippets.__version__}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
        [entry_points] = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
        assert "clinic-snippets = clinic_snippets.cli:main" in archive.read(entry_points).decode()
    kept = {str(path.relative_to(checkout)) for path in (checkout / "clinic_snippets").rglob("*") if path.is_file()}
    assert packed == kept


def test_the_code_is_clean(repository: Path) -> None:
    checked = run("ruff", "check", "--no-cache", "--output-format", "concise", cwd=repository)
    assert checked.returncode == 0, checked.stdout


def test_every_changelog_fragment_is_told(repository: Path) -> None:
    """towncrier leaves out a fragment whose name it does not understand, and says so only in its exit code."""
    settings = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["towncrier"]
    kinds = {kind["directory"] for kind in settings["type"]}
    fragments = [path for path in (repository / settings["directory"]).iterdir() if path.name != "README.md"]
    draft = run(
        "towncrier",
        "build",
        "--draft",
        "--version",
        clinic_snippets.__version__,
        "--date",
        "2000-01-01",
        cwd=repository,
    )
    assert draft.returncode == 0, draft.stderr
    for fragment in fragments:
        assert fragment.name.count(".") == 2 and fragment.suffix == ".md", fragment.name
        assert fragment.name.split(".")[1] in kinds, fragment.name
        assert fragment.read_text(encoding="utf-8").split()[0] in draft.stdout, fragment.name
    assert settings["start_string"].strip() in (repository / settings["filename"]).read_text(encoding="utf-8")
