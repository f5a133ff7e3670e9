""".ci/run installs the browser where it is missing, once more if that fails, and then makes the tests."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

BASH = shutil.which("bash")


@pytest.fixture
def ci(repository: Path, tmp_path: Path) -> Callable[..., tuple[int, list[str]]]:
    """Runs .ci/run among stand-ins for the system's commands; returns its exit code and what it called."""
    log = tmp_path / "log"
    bin = tmp_path / "bin"
    bin.mkdir()

    def stand_in(name: str, script: str) -> None:
        (bin / name).write_text(f"#!{BASH}\n{script}\n", encoding="utf-8")
        (bin / name).chmod(0o755)

    def run(user: int = 0, browser: bool = False, failing_installs: int = 0) -> tuple[int, list[str]]:
        stand_in("id", f"echo {user}")
        stand_in("sudo", f'echo "sudo $*" >> "{log}"; "$@"')
        stand_in("make", f'echo "make $* CI=$CI" >> "{log}"')
        stand_in(
            "apt-get",
            f'echo "apt-get $1" >> "{log}"\n'
            f'[ "$1" = update ] || [ "$(grep -c "^apt-get install" "{log}")" -gt {failing_installs} ]',
        )
        for name in ("bash", "dirname", "env", "grep"):
            (bin / name).symlink_to(shutil.which(name))
        if browser:
            stand_in("chromium", "")
        done = subprocess.run(
            [BASH, repository / ".ci" / "run"],
            env={"PATH": str(bin), "HOME": os.environ.get("HOME", "/")},
            cwd="/",
            capture_output=True,
            check=False,
        )
        return done.returncode, log.read_text(encoding="utf-8").splitlines()

    return run


def test_with_a_browser_only_the_tests_run(ci: Callable[..., tuple[int, list[str]]]) -> None:
    assert ci(browser=True) == (0, ["make test CI=true"])


def test_a_missing_browser_is_installed(ci: Callable[..., tuple[int, list[str]]]) -> None:
    assert ci() == (0, ["apt-get update", "apt-get install", "make test CI=true"])


def test_who_is_not_root_asks_sudo(ci: Callable[..., tuple[int, list[str]]]) -> None:
    code, calls = ci(user=1000)
    assert code == 0
    assert calls[0] == "sudo apt-get update"
    assert any(call.startswith("sudo ") and call.endswith("chromium fonts-liberation") for call in calls)


def test_a_failed_install_is_tried_once_more(ci: Callable[..., tuple[int, list[str]]]) -> None:
    assert ci(failing_installs=1) == (0, ["apt-get update", "apt-get install"] * 2 + ["make test CI=true"])


def test_two_failed_installs_are_a_failure(ci: Callable[..., tuple[int, list[str]]]) -> None:
    code, calls = ci(failing_installs=2)
    assert code != 0
    assert calls == ["apt-get update", "apt-get install"] * 2
