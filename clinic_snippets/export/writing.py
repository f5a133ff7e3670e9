"""How a file that is made of records is written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

_BLOCK = 1 << 16
"""So many letters, about, are written at once."""


def write_changed(path: Path, text: str) -> None:
    """Write a file unless it says this already: what is fetched again or built upon goes by a file's time."""
    if not path.is_file() or path.read_text("utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")


def write_pieces(path: Path, pieces: Iterable[str]) -> tuple[str, bool]:
    """Write a file from the first piece on that it does not hold yet; return its SHA-256, and whether that changed it.

    The whole of it is never held in memory.
    """
    digest, changed, start = hashlib.sha256(), not path.is_file(), 0
    with path.open("w+b" if changed else "r+b") as file:
        for block in _blocks(pieces):
            data = block.encode()
            digest.update(data)
            if not changed and file.read(len(data)) != data:
                changed = True
                file.seek(start)
                file.truncate()
            if changed:
                file.write(data)
            start = file.tell()
        if not changed and file.read(1):
            changed = True
            file.truncate(start)
    return digest.hexdigest(), changed


def _blocks(pieces: Iterable[str]) -> Iterator[str]:
    held: list[str] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= _BLOCK:
            yield "".join(held)
            held, size = [], 0
    yield "".join(held)
