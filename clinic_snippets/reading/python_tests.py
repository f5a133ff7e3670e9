"""Test files: which tests they hold, found without running them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path


def tests_in(path: Path) -> frozenset[str]:
    """Return the tests that a file defines, as ``test_name`` or ``TestClass::test_name``.

    Raises OSError where the file cannot be read, and SyntaxError or ValueError where it is not Python.
    """
    return frozenset(_tests(ast.parse(path.read_bytes()).body, ""))


def _tests(body: list[ast.stmt], prefix: str) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            yield prefix + node.name
        elif isinstance(node, ast.ClassDef) and not prefix:
            yield from _tests(node.body, f"{node.name}::")
