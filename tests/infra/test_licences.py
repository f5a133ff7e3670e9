"""Every locked package is free to use, and one that does not say so is found."""

from __future__ import annotations

import email
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def script(repository: Path) -> ModuleType:
    """The module behind ``make licences``."""
    spec = importlib.util.spec_from_file_location("licences", repository / ".ci" / "licences.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_package_of_the_lock_is_listed_and_free(
    script: ModuleType, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert script.main(repository / "requirements.txt") == 0
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) > 60
    listed = {line.split()[0]: line.split(maxsplit=2)[1:] for line in printed}
    assert listed["sphinx"][1] == "BSD-2-Clause"
    assert all(version[0].isdigit() for version, _licence in listed.values())


@pytest.mark.parametrize("said", ["", "Proprietary", "MIT AND Commercial", "BSD License, Other/Proprietary License"])
def test_a_licence_that_nobody_knows_is_told(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], said: str
) -> None:
    (tmp_path / "lock.txt").write_text(
        "sphinx==9.0.4 \\\n    --hash=sha256:0\nfuro==1 ; python_version < '3'\n", "utf-8"
    )
    monkeypatch.setitem(script.READ, "sphinx", said)
    if not said:
        monkeypatch.setattr(script, "metadata", lambda name: email.message_from_string("Version: 9.0.4\n"))
    assert script.main(tmp_path / "lock.txt") == 1
    told = capsys.readouterr()
    assert told.out.split()[:2] == ["sphinx", "9.0.4"]
    assert "is no licence that is known to be free" in told.err and "furo" not in told.out


def test_a_package_that_is_not_there_is_told(
    script: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "lock.txt").write_text("no-such-package==1\n", "utf-8")
    assert script.main(tmp_path / "lock.txt") == 1
    assert "no-such-package is not installed; run `make setup`" in capsys.readouterr().err
