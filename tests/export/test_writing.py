"""Files that are written piece by piece."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from clinic_snippets.export.writing import write_pieces

LONG = 200_000
WANTED = "a" * LONG + "é\r\n" + "b" * LONG


@pytest.mark.parametrize(
    "there",
    [
        None, "", "x", "a", "a" * LONG, WANTED[:-1], WANTED + "c", WANTED + "c" * LONG, "x" + WANTED, "x" + WANTED[1:],
        WANTED[:-1] + "x", WANTED[:LONG] + "x" + WANTED[LONG + 1 :], WANTED[:LONG] + "y" * 3 * LONG,
    ],
)  # fmt: skip
def test_whatever_stood_there_a_file_holds_what_was_written(there: str | None, tmp_path: Path) -> None:
    path = tmp_path / "file"
    if there is not None:
        path.write_bytes(there.encode())
    pieces = [WANTED[start : start + 30_000] for start in range(0, len(WANTED), 30_000)]
    digest, changed = write_pieces(path, pieces)
    assert changed and path.read_bytes() == WANTED.encode()
    assert digest == hashlib.sha256(WANTED.encode()).hexdigest()


def test_a_file_that_holds_all_of_it_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "file"
    first = write_pieces(path, [WANTED])
    before = path.stat().st_mtime_ns
    assert write_pieces(path, [WANTED]) == (first[0], False)
    assert path.stat().st_mtime_ns == before


def test_a_file_of_nothing_is_there(tmp_path: Path) -> None:
    assert write_pieces(tmp_path / "file", []) == (hashlib.sha256().hexdigest(), True)
    assert (tmp_path / "file").read_bytes() == b""
