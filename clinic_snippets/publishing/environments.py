"""One environment for each distinct lock: a release is built with the packages it was released with.

Only what the lock names is installed. A release's own package is imported from its worktree, the current folder of the
build, so that releases with the same lock share an environment whatever their code.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from clinic_snippets.publishing.stopping import stop

LOCK = "requirements.txt"
_COMPLETE = "complete"
_OURS = ("PYTHONPATH", "PYTHONHOME", "PYTHONSAFEPATH", "VIRTUAL_ENV")
"""Variables that would let this process's environment leak into another one's."""

Environment = Callable[[str, Path], Path]
"""Gives the Python to build a release with: takes its name and its lock."""


def key_of(lock: str) -> str:
    """Return a name for a lock's environment: it changes with what the lock says and with the Python it runs on."""
    return hashlib.sha256(f"{sys.base_prefix} {platform.python_version()}\n{lock}".encode()).hexdigest()[:16]


def clean_environment() -> dict[str, str]:
    """Return the variables to run another environment's Python with."""
    return {name: value for name, value in os.environ.items() if name not in _OURS}


class Environments:
    """The environments in ``folder``, made when first asked for; ``report`` is told of each that has to be made."""

    def __init__(self, folder: Path, report: Callable[[str], None]) -> None:
        self.folder = folder
        self.report = report

    def __call__(self, name: str, lock: Path) -> Path:
        """Return the Python of the environment for a lock; raises ClinicError where it cannot be set up."""
        text = lock.read_text("utf-8")
        folder = self.folder / key_of(text)
        python = folder / "bin" / "python"
        if (folder / _COMPLETE).exists() and python.exists():
            return python
        self.report(f"{name}: setting up its environment")
        hashes = ["--require-hashes"] if "--hash=" in text else []
        reason = ""
        for commands in _ways(folder, python, [*hashes, "-r", str(lock)]):
            shutil.rmtree(folder, ignore_errors=True)
            reason = _first_failure(commands)
            if not reason:
                # Named last: an environment without it was interrupted, and is made again.
                (folder / _COMPLETE).touch()
                return python
        shutil.rmtree(folder, ignore_errors=True)
        stop(LOCK, name, f"its environment cannot be set up:\n{reason}")


def _ways(folder: Path, python: Path, what: list[str]) -> list[list[list[str]]]:
    """Return the ways to set up an environment, the quick one first, each as its commands."""
    pip = [
        [sys.executable, "-m", "venv", str(folder)],
        [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *what],
    ]
    uv = _find_uv()
    if uv is None:
        return [pip]
    install = [uv, "pip", "install", "--quiet", "--python", str(python), *what]
    return [[[uv, "venv", "--quiet", "--python", sys.executable, str(folder)], install], pip]


def _find_uv() -> str | None:
    """Return a uv that works: the one beside this Python, else one on the path."""
    for uv in (shutil.which("uv", path=str(Path(sys.executable).parent)), shutil.which("uv")):
        # A version manager's stand-in for another Python is found, too, but does not answer.
        if uv and not _first_failure([[uv, "--version"]]):
            return uv
    return None


def _first_failure(commands: list[list[str]]) -> str:
    """Run commands until one fails, and return what that one said; nothing where none did."""
    for command in commands:
        run = subprocess.run(
            command,
            env=clean_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            close_fds=False,  # the claim on the cache
            check=False,
        )
        if run.returncode:
            return run.stdout.strip() or f"{command[0]} ended with {run.returncode}"
    return ""
