"""What the tests of robustness start from.

``hostile_root``  a handbook in which every text of a record is meant to do harm, from ``hostile.py``
``plain_root``    the same handbook with a harmless word in these places
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

PLAIN = "cornflower is uncertain"
"""A finding that says so is no surer than its evidence."""


def neighbour(name: str) -> ModuleType:
    """Return a module of this folder: test files are imported by their paths, and know no neighbours."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def hostile() -> ModuleType:
    """The module with the hostile words."""
    return neighbour("hostile")


@pytest.fixture(scope="module")
def parts() -> ModuleType:
    """The module ``random_handbook``."""
    return neighbour("random_handbook")


@pytest.fixture(scope="session")
def plain() -> str:
    """The harmless words."""
    return PLAIN


@pytest.fixture(scope="session")
def hostile_root(hostile: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source folder of the hostile handbook."""
    return hostile.spoilt_features(tmp_path_factory.mktemp("hostile") / "source")


@pytest.fixture(scope="session")
def plain_root(hostile: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source folder of its harmless twin."""
    return hostile.spoilt_features(tmp_path_factory.mktemp("plain") / "source", PLAIN)
