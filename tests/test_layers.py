"""The house keeps its floors: imports point down only, and what is below Sphinx starts without Sphinx."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = "clinic_snippets"
FLOORS = {
    "problems": 0,
    "records": 1,
    "reading": 2,
    "library": 3,
    "snippets": 4,
    "export": 4,
    "rendering": 5,
    "sphinx_ext": 6,
    "pdf": 6,
    "publishing": 6,
    "cli": 6,
}
BELOW_SPHINX = {room for room, floor in FLOORS.items() if floor <= 4}
SPHINX = {"sphinx", "docutils", "myst_parser", "sphinxcontrib"}
LONGEST = 350


def modules_of(root: Path) -> list[Path]:
    """Every module of the package in ``root``."""
    return sorted((root / PACKAGE).rglob("*.py"))


def dotted(module: Path, root: Path) -> str:
    """The dotted name of a module file."""
    return ".".join(module.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def nodes(tree: ast.AST, in_functions: bool) -> Iterator[ast.AST]:
    """Every node below ``tree``, those in function bodies only if asked for."""
    for child in ast.iter_child_nodes(tree):
        if in_functions or not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield child
            yield from nodes(child, in_functions)


def imports(module: Path, root: Path, in_functions: bool = True) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything a module imports, wherever the import stands and however it is written.

    ``from a import b`` gives ``a.b``: whether ``b`` is a module or a name in one makes no difference to its room.
    """
    package = list(module.parent.relative_to(root).parts)
    for node in nodes(ast.parse(module.read_text(encoding="utf-8"), module), in_functions):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, name.name) for name in names)
            case ast.ImportFrom(module=origin, names=names, level=level):
                start = package[: len(package) + 1 - level] if level else []
                for name in names:
                    yield node.lineno, ".".join([*start, *filter(None, [origin]), name.name])
            case ast.Call(
                func=ast.Name(id=called) | ast.Attribute(attr=called), args=[ast.Constant(value=str(name)), *_]
            ):
                if called in ("import_module", "__import__"):
                    yield node.lineno, name


def offences(root: Path) -> list[str]:
    """What breaks the floors in the package under ``root``, one line each."""
    found = []
    for module in modules_of(root):
        own = dotted(module, root).split(".")
        room = own[1] if len(own) > 1 else None
        if room is not None and room not in FLOORS:
            found.append(f"{module.relative_to(root)}: the room {room!r} has no floor; give it one in FLOORS")
            continue
        # The package itself is what Sphinx loads: its setup() may go up, but only when it is called.
        for line, name in imports(module, root, in_functions=room is not None):
            where = f"{module.relative_to(root)}:{line}"
            top, *rest = name.split(".")
            if top in SPHINX and (room is None or room in BELOW_SPHINX):
                found.append(f"{where}: imports {name}; floors 0 to 4 do without Sphinx")
            if top != PACKAGE or not rest or rest[0] not in FLOORS:
                continue
            other = rest[0]
            if room is None:
                found.append(f"{where}: the package itself imports {other!r}; every room would carry it")
            elif room != other and FLOORS[other] > FLOORS[room]:
                found.append(f"{where}: {room} (floor {FLOORS[room]}) imports {other} (floor {FLOORS[other]})")
            elif room != other and FLOORS[other] == FLOORS[room] == 6:
                found.append(f"{where}: {room} imports {other}; the rooms of floor 6 do not know each other")
    return found


def test_imports_point_down(repository: Path) -> None:
    assert modules_of(repository), "there is no package to look at"
    assert not offences(repository)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("records/base.py", "from clinic_snippets.library import Library"),
        ("records/base.py", "from clinic_snippets import snippets"),
        ("records/base.py", "from .. import cli"),
        ("records/base.py", "from ..reading.prose import parse"),
        ("records/deep/base.py", "from ...reading import prose"),
        ("records/base.py", "def late():\n    import clinic_snippets.rendering.html"),
        ("records/base.py", "import importlib\nimportlib.import_module('clinic_snippets.cli')"),
        ("records/base.py", "if False:\n    from docutils import nodes"),
        ("export/csv.py", "import sphinx.util"),
        ("pdf/builder.py", "from clinic_snippets.sphinx_ext.domain import ClinicDomain"),
        ("cli/main.py", "from clinic_snippets import publishing"),
        ("attic/things.py", "import os"),
        ("__init__.py", "from clinic_snippets.library import Library"),
    ],
)
def test_an_import_against_the_floors_is_found(tmp_path: Path, module: str, source: str) -> None:
    target = tmp_path / PACKAGE / module
    target.parent.mkdir(parents=True)
    target.write_text(source, encoding="utf-8")
    assert len(offences(tmp_path)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("records/base.py", "from clinic_snippets.problems import Problem"),
        ("records/base.py", "from .text import Words"),
        ("export/csv.py", "from clinic_snippets.snippets import table"),
        ("rendering/html.py", "from docutils import nodes"),
        ("pdf/builder.py", "from clinic_snippets import __version__"),
        ("__init__.py", "def setup(app):\n    from clinic_snippets.sphinx_ext import setup"),
    ],
)
def test_an_import_downwards_is_left_alone(tmp_path: Path, module: str, source: str) -> None:
    target = tmp_path / PACKAGE / module
    target.parent.mkdir(parents=True)
    target.write_text(source, encoding="utf-8")
    assert not offences(tmp_path)


def test_the_lower_floors_start_without_sphinx(repository: Path) -> None:
    """Also through what they import: the imports of other packages are not seen by reading our own."""
    names = [dotted(module, repository) for module in modules_of(repository)]
    lower = [name for name in names if name == PACKAGE or name.split(".")[1] in BELOW_SPHINX]
    code = f"import importlib, sys\nfor name in {lower!r}: importlib.import_module(name)\nprint(*sorted(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], cwd=repository, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    loaded = set(run.stdout.split())
    assert set(lower) <= loaded
    assert not {name for name in loaded if name.split(".")[0] in SPHINX}


def test_no_module_is_too_long(repository: Path) -> None:
    lengths = {
        dotted(module, repository): len(module.read_text(encoding="utf-8").splitlines())
        for module in modules_of(repository)
    }
    assert not {name: length for name, length in lengths.items() if length > LONGEST}
