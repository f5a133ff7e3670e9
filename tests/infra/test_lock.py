"""requirements.txt: exact versions with hashes, for every dependency, and not a word about where to get them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


@pytest.fixture(scope="module")
def lock(repository: Path) -> list[str]:
    """The lock's requirements, each as one line without its comments."""
    text = (repository / "requirements.txt").read_text(encoding="utf-8")
    without_comments = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    return without_comments.replace("\\\n", " ").splitlines()


def wanted(repository: Path) -> list[Requirement]:
    """What pyproject.toml asks for: dependencies, extras, groups and the build backend."""
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    groups = [entry for group in project["dependency-groups"].values() for entry in group if isinstance(entry, str)]
    extras = [text for extra in project["project"]["optional-dependencies"].values() for text in extra]
    own = project["project"]["dependencies"] + extras + project["build-system"]["requires"]
    return [Requirement(text) for text in own + groups]


def test_every_requirement_is_pinned_and_hashed(lock: list[str]) -> None:
    assert len(lock) > 30
    for line in lock:
        requirement, *hashes = line.split(" --hash=")
        assert re.fullmatch(r"[a-z0-9-]+==[^ ]+( ; .+)?", requirement.strip()), line
        assert hashes and all(HASH.fullmatch(f"--hash={value.strip()}") for value in hashes), line


def test_the_lock_names_no_host(repository: Path) -> None:
    text = (repository / "requirements.txt").read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"--(index-url|extra-index-url|find-links|trusted-host)|\bindex\b", text)
    assert not re.search(r" @ ", text)


def test_the_lock_holds_all_that_the_project_asks_for(repository: Path, lock: list[str]) -> None:
    pins: dict[str, list[str]] = {}
    for line in lock:
        name, version = re.match(r"([a-z0-9-]+)==([^ ]+)", line).groups()
        pins.setdefault(name, []).append(version)
    for requirement in wanted(repository):
        versions = pins.get(canonicalize_name(requirement.name))
        assert versions, f"{requirement.name} is not in requirements.txt: run `make lock`"
        assert all(requirement.specifier.contains(version) for version in versions), f"{requirement}: run `make lock`"


@pytest.mark.parametrize("python", ["3.11.0", "3.12.0", "3.13.0", "3.14.0"])
def test_every_python_gets_the_same_versions(lock: list[str], python: str) -> None:
    """One Sphinx for all, so that every Python builds the same pages."""
    environment = {"python_version": python.rpartition(".")[0], "python_full_version": python}
    chosen = [Requirement(line.split(" --hash=")[0]) for line in lock]
    applying = [r for r in chosen if r.marker is None or r.marker.evaluate(environment)]
    everywhere = [
        r
        for r in chosen
        if r.marker is None
        or r.marker.evaluate({**environment, "python_version": "3.11", "python_full_version": "3.11.0"})
    ]
    assert sorted(map(str, applying)) == sorted(map(str, everywhere))
    assert len({r.name for r in applying}) == len(applying)
