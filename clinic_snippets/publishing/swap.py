"""Putting a new site in the place of the old one: at once, or not at all.

The new site is complete before it takes the old one's place. On Linux the two folders are exchanged in one step, so there
is no moment without a site. Elsewhere it takes two renames, and a run that was killed between them is put right by the
next.
"""

from __future__ import annotations

import ctypes
import os
import shutil
from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def new_folder(site: Path) -> Path:
    """Return the folder beside a site in which the next one is made."""
    return site.with_name(f".{site.name}.new")


def _old_folder(site: Path) -> Path:
    return site.with_name(f".{site.name}.old")


def put_right(site: Path) -> None:
    """Put back what a run that was killed left without a place, and remove the rest of it."""
    old = _old_folder(site)
    if old.exists() and not site.exists():
        old.rename(site)
    for folder in (old, new_folder(site)):
        shutil.rmtree(folder, ignore_errors=True)


def swap_in(site: Path) -> None:
    """Let the new folder be the site, and remove what was the site before; raises OSError with the old one in place."""
    new, old = new_folder(site), _old_folder(site)
    if not site.exists():
        new.rename(site)
    elif exchange(new, site):
        shutil.rmtree(new, ignore_errors=True)
    else:
        site.rename(old)
        try:
            new.rename(site)
        except OSError:
            old.rename(site)
            raise
        shutil.rmtree(old, ignore_errors=True)


def exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; False, with nothing done, where the system or the disk cannot."""
    renameat2 = getattr(ctypes.CDLL(None), "renameat2", None)
    if renameat2 is None:
        return False
    return bool(renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0)
