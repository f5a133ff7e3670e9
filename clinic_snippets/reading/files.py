"""Files of a handbook to text, where reading does no harm: no pipe to wait for, no device without end, no way out."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from clinic_snippets.problems import Place, Problem

LARGEST = 20_000_000
"""Bytes of a file. Ten thousand records have half of that, and are to be split by topic long before."""


def bytes_of(path: Path, folder: Path | None = None) -> bytes:
    """Return what a file holds.

    Raises OSError, also for what is no file of a sensible size and, where ``folder`` is given, for a link that leads out
    of it: what it leads to was never meant to be shown.
    """
    status = path.stat()
    if folder and path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
        raise OSError(errno.EPERM, "it is a link that leads out of the folder")
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "it is not a file but a folder, pipe or device")
    if status.st_size > LARGEST:
        sizes = f"{status.st_size / 1e6:.0f} MB, and may have {LARGEST / 1e6:.0f}"
        raise OSError(errno.EFBIG, f"it has {sizes}")
    return path.read_bytes()


def text_of(path: Path, folder: Path | None = None) -> str:
    """Return the text of a file, without a byte order mark.

    Raises OSError as ``bytes_of`` does, and UnicodeDecodeError where the file is not UTF-8.
    """
    text = bytes_of(path, folder).decode("utf-8-sig")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def is_yaml(name: str) -> bool:
    """Say whether a file is read for its name: it ends as YAML does, in small letters or capitals, and is not hidden."""
    return name.lower().endswith((".yaml", ".yml")) and not name.startswith(".")


def files_below(folder: Path) -> tuple[list[Path], list[Problem]]:
    """Return every file below a folder, and every link to a folder, sorted; and a problem for each closed folder."""
    closed: list[OSError] = []
    found = []
    for top, folders, files in os.walk(folder, onerror=closed.append):
        links = [name for name in folders if os.path.islink(os.path.join(top, name))]
        found += [Path(top, name) for name in (*files, *links)]
    problems = [
        Problem(Place(str(error.filename)), "", f"the folder cannot be read ({error.strerror})", "check who may read it", "file")
        for error in closed
        if not isinstance(error, FileNotFoundError | NotADirectoryError)
    ]  # fmt: skip
    return sorted(found), problems
