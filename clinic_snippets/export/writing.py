"""How a file that is made of records is written."""

from __future__ import annotations

from pathlib import Path


def write_changed(path: Path, text: str) -> None:
    """Write a file unless it says this already: what is fetched again or built upon goes by a file's time."""
    if not path.is_file() or path.read_text("utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
