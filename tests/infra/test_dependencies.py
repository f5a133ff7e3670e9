"""What the code imports is what pyproject.toml names: nothing is there only because something else brought it."""

from __future__ import annotations

import ast
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def imported(folder: Path) -> dict[str, str]:
    """Top-level names of other people's packages imported below ``folder``, each with one file that does so."""
    found: dict[str, str] = {}
    for module in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"), module)):
            match node:
                case ast.Import(names=names):
                    tops = [name.name.split(".")[0] for name in names]
                case ast.ImportFrom(module=str(origin), level=0):
                    tops = [origin.split(".")[0]]
                case _:
                    continue
            found |= {
                top: str(module)
                for top in tops
                if top not in sys.stdlib_module_names and top not in ("clinic_snippets", "tests")
            }
    return found


def names(requirements: list[object]) -> set[str]:
    return {canonicalize_name(Requirement(text).name) for text in requirements if isinstance(text, str)}


@pytest.mark.parametrize("folder", ["clinic_snippets", "tests"])
def test_every_import_is_a_named_dependency(repository: Path, folder: str) -> None:
    pyproject = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    project = pyproject["project"]
    declared = names(project["dependencies"]).union(*map(names, project["optional-dependencies"].values()))
    if folder == "tests":
        declared = declared.union(*map(names, pyproject["dependency-groups"].values()))
    providers = packages_distributions()
    uses = imported(repository / folder)
    assert len(uses) > 5
    undeclared = {
        top: module
        for top, module in uses.items()
        if not declared & {canonicalize_name(name) for name in providers.get(top, [top])}
    }
    assert not undeclared
