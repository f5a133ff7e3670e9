"""The package as others would install it, and the small conventions that keep the repository in order."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import textwrap
import tomllib
import venv
import zipfile
from collections.abc import Callable
from importlib.metadata import PathDistribution, distribution
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import clinic_snippets


def run(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *command], cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def checkout(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what a wheel is built from, with data files of every kind, and the wheel in ``dist``."""
    checkout = tmp_path_factory.mktemp("checkout")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(repository / name, checkout)
    shutil.copytree(
        repository / "clinic_snippets", checkout / "clinic_snippets", ignore=shutil.ignore_patterns("__pycache__")
    )
    for data in ("page.typ", "style.css", "script.js", "font.ttf"):
        (checkout / "clinic_snippets" / "data").mkdir(exist_ok=True)
        (checkout / "clinic_snippets" / "data" / data).write_text("data", encoding="utf-8")
    built = run("build", "--wheel", "--no-isolation", cwd=checkout)
    assert built.returncode == 0, built.stdout + built.stderr
    return checkout


@pytest.mark.slow
def test_the_wheel_holds_every_file_of_the_package(checkout: Path) -> None:
    """Styles, scripts, fonts and templates too, and the mark that the package is typed."""
    [wheel] = (checkout / "dist").iterdir()
    assert wheel.name == f"clinic_snippets-{clinic_snippets.__version__}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
        [entry_points] = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
        assert "clinic-snippets = clinic_snippets.cli:main" in archive.read(entry_points).decode()
    kept = {str(path.relative_to(checkout)) for path in (checkout / "clinic_snippets").rglob("*") if path.is_file()}
    assert packed == kept
    assert "clinic_snippets/py.typed" in packed


def needed(requirements: list[str], extras: set[str]) -> set[str]:
    """The distributions that some requirements bring, with all that these need in turn."""
    found: set[str] = set()
    waiting = [(Requirement(text), extras) for text in requirements]
    while waiting:
        requirement, wanted = waiting.pop()
        name = canonicalize_name(requirement.name)
        applies = [
            requirement.marker is None,
            *(requirement.marker.evaluate({"extra": e}) for e in ("", *wanted) if requirement.marker),
        ]
        if any(applies) and name not in found:
            found.add(name)
            waiting += [(Requirement(text), set(requirement.extras)) for text in distribution(name).requires or ()]
    return found


def link(source: Path, target: Path) -> None:
    """Link a file or folder; a folder that several distributions share becomes a folder of links."""
    if source.is_dir() and not source.name.endswith(".dist-info") and not (source / "__init__.py").exists():
        for inner in source.iterdir():
            link(inner, target / source.name)
    elif not (target / source.name).exists():
        target.mkdir(exist_ok=True)
        (target / source.name).symlink_to(source)


@pytest.fixture(scope="module")
def installed(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Callable[..., Any]]:
    """Makes an environment of the wheel with extras and what these bring, without the network; returns its Python."""

    def make(*extras: str) -> Callable[..., subprocess.CompletedProcess[str]]:
        folder = tmp_path_factory.mktemp("environment")
        venv.create(folder)
        [packages] = folder.glob("lib/python*/site-packages")
        [wheel] = (checkout / "dist").iterdir()
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(packages)
        [metadata] = packages.glob("clinic_snippets-*.dist-info")
        for name in needed(PathDistribution(metadata).requires or [], set(extras)):
            found = distribution(name)
            for top in {file.parts[0] for file in found.files or () if file.parts[0] not in ("..", "__pycache__")}:
                link(Path(str(found.locate_file(top))), packages)

        def python(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
            command = [str(folder / "bin" / "python"), "-I", *arguments]
            return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)

        return python

    return make


PLAIN = {
    "conf.py": 'extensions = ["clinic_snippets"]\nexclude_patterns = ["records"]\nbibtex_bibfiles = []\n',
    "index.rst": "Precautions\n===========\n\n.. clinic:precaution-table::\n\n.. clinic:record-index::\n",
}


@pytest.mark.slow
def test_without_extras_a_site_builds_and_a_pdf_says_what_it_needs(
    installed: Callable[..., Any], project: Callable[..., Path], repository: Path
) -> None:
    python = installed()
    folder = project(PLAIN)
    made = python("-m", "clinic_snippets.cli", "new", "handbook", "made", cwd=folder)
    assert made.returncode == 0, made.stderr
    shutil.copytree(folder / "made/source/records", folder / "records")
    (folder / "references.bib").write_bytes((folder / "made/source/references.bib").read_bytes())
    (folder / "conf.py").write_text(
        PLAIN["conf.py"].replace("[]", '["references.bib"]') + 'exclude_patterns += ["made"]\n'
    )
    (folder / "bibliography.rst").write_text(":orphan:\n\nSources\n=======\n\n.. bibliography::\n")
    built = python("-m", "sphinx", "-W", "-q", "-b", "html", ".", "out", cwd=folder)
    assert (built.returncode, built.stderr) == (0, "")
    assert "Example, not advice" in (folder / "out/index.html").read_text("utf-8")
    for module in ("myst_parser", "furo", "typst", "pikepdf", "sphinx_design", "playwright"):
        assert python("-c", f"import {module}", cwd=folder).returncode, f"{module} is there without an extra"
    with_pdf = '["clinic_snippets", "clinic_snippets.pdf"]'
    (folder / "conf.py").write_text(PLAIN["conf.py"].replace('["clinic_snippets"]', with_pdf), "utf-8")
    refused = python("-m", "sphinx", "-b", "typstpdf", ".", "pdf", cwd=folder)
    assert refused.returncode == 2 and "Traceback" not in refused.stderr
    said = " ".join(refused.stderr.split())
    assert 'is not installed; run: python -m pip install "clinic-snippets[pdf]"' in said


@pytest.mark.slow
def test_from_the_wheel_alone_all_features_and_a_new_handbook_build(
    installed: Callable[..., Any], project: Callable[..., Path], repository: Path
) -> None:
    python = installed("handbook", "pdf")
    folder = project({}, base=repository / "tests" / "roots" / "features")
    where = python("-c", "import clinic_snippets; print(clinic_snippets.__file__)", cwd=folder).stdout
    assert "environment" in where and str(repository) not in where
    made = python("-m", "clinic_snippets.cli", "new", "handbook", "made", cwd=folder)
    assert made.returncode == 0, made.stderr
    book = folder.with_name("made-handbook")
    shutil.move(folder / "made", book)
    for source, builder in ((folder, "html"), (book / "source", "html"), (book / "source", "typstpdf")):
        built = python(
            "-m", "sphinx", "-W", "-q", "-b", builder, str(source), str(book / builder / source.name), cwd=book
        )
        assert (built.returncode, built.stderr) == (0, "")
    assert (book / "typstpdf/source/handbook.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.slow
def test_a_strict_type_checker_takes_the_package_and_a_file_that_uses_it(repository: Path, tmp_path: Path) -> None:
    """The file is the one of the how-tos: a kind of record, and two snippets."""
    how_tos = [
        (repository / "docs/how-to" / name).read_text("utf-8")
        for name in ("add-a-kind-of-record.md", "write-a-snippet.md")
    ]
    blocks = [re.findall(r"^( *)```python[^\n]*\n(.*?)^\1```$", text, re.DOTALL | re.MULTILINE) for text in how_tos]
    for number, found in enumerate(blocks):
        code = "".join(textwrap.dedent(code) for _, code in found if "clinic_snippets" in code)
        (tmp_path / f"own{number}.py").write_text(code, encoding="utf-8")
    checked = run("mypy", "--strict", "own0.py", "own1.py", cwd=tmp_path)
    assert checked.returncode == 0 and "no issues found in 2 source files" in checked.stdout, checked.stdout
    assert tomllib.loads((repository / "pyproject.toml").read_text("utf-8"))["tool"]["mypy"]["strict"] is True
    checked = run("mypy", "--cache-dir", str(tmp_path / "cache"), cwd=repository)
    assert checked.returncode == 0, checked.stdout


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
