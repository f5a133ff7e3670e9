"""One environment for each lock, made once, by uv or without it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from clinic_snippets.problems import ClinicError
from clinic_snippets.publishing import environments
from clinic_snippets.publishing.environments import Environments

IMPOSSIBLE = "nothing @ file:///nowhere/nothing-1.0.tar.gz\n"


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    """A lock that names no package, so that nothing is asked of the network."""
    path = tmp_path / "requirements.txt"
    path.write_text("# nothing\n", encoding="utf-8")
    return path


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def made(tmp_path: Path, said: list[str]) -> Environments:
    return Environments(tmp_path / "environments", said.append)


def is_environment(python: Path) -> bool:
    code = "import sys; print(sys.prefix)"
    return subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == str(
        python.parent.parent
    )


@pytest.mark.parametrize("with_uv", [True, False])
def test_it_is_made_with_uv_and_without(
    made: Environments, lock: Path, with_uv: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not with_uv:
        monkeypatch.setattr(environments, "_find_uv", lambda: None)
    python = made("0.1.0", lock)
    assert is_environment(python)
    by_uv = "uv =" in (python.parent.parent / "pyvenv.cfg").read_text(encoding="utf-8")
    assert by_uv == with_uv


def test_a_uv_that_cannot_install_is_done_without(
    made: Environments, lock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unable = tmp_path / "uv"
    unable.write_text('#!/bin/sh\n[ "$1" = --version ]\n', encoding="utf-8")
    unable.chmod(0o755)
    monkeypatch.setattr(environments, "_find_uv", lambda: str(unable))
    assert is_environment(made("0.1.0", lock))


def test_a_uv_that_does_not_answer_is_not_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "uv").write_text("#!/bin/sh\nexit 127\n", encoding="utf-8")
    (tmp_path / "uv").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(environments.sys, "executable", str(tmp_path / "python"))
    assert environments._find_uv() is None


def test_the_same_lock_shares_one_environment(made: Environments, lock: Path, said: list[str]) -> None:
    first = made("0.1.0", lock)
    assert made("0.2.0", lock) == first
    lock.write_text("# another\n", encoding="utf-8")
    assert made("0.3.0", lock) != first
    assert said == ["0.1.0: setting up its environment", "0.3.0: setting up its environment"]


def test_one_that_was_interrupted_is_made_again(made: Environments, lock: Path, said: list[str]) -> None:
    python = made("0.1.0", lock)
    (python.parent.parent / "complete").unlink()
    (python.parent.parent / "half").touch()
    assert is_environment(made("0.1.0", lock))
    assert len(said) == 2
    assert not (python.parent.parent / "half").exists()


def test_one_that_cannot_be_made_is_named_with_the_reason(made: Environments, lock: Path) -> None:
    lock.write_text(IMPOSSIBLE, encoding="utf-8")
    with pytest.raises(ClinicError, match=r"(?s)0\.1\.0: its environment cannot be set up.*nowhere"):
        made("0.1.0", lock)
    assert not list(made.folder.glob("*/complete"))


def test_the_lock_is_held_to_its_hashes(
    made: Environments, lock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wheel that is there, but is not the one that was locked."""
    monkeypatch.setattr(environments, "_find_uv", lambda: None)
    wheel = tmp_path / "little-1.0-py3-none-any.whl"
    subprocess.run([sys.executable, "-m", "zipfile", "-c", wheel, __file__], check=True)
    lock.write_text(f"little @ file://{wheel} --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    with pytest.raises(ClinicError, match="DO NOT MATCH THE HASHES"):
        made("0.1.0", lock)


def test_nothing_of_this_environment_leaks_into_another(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTHONPATH", "PYTHONHOME", "PYTHONSAFEPATH", "VIRTUAL_ENV"):
        monkeypatch.setenv(name, "x")
    assert not {"PYTHONPATH", "PYTHONHOME", "PYTHONSAFEPATH", "VIRTUAL_ENV"} & environments.clean_environment().keys()
