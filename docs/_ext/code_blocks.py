"""The blocks of code in the docs: what a page tells its reader to write and to run, in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(
    r"^(?P<indent> *)(?P<fence>`{3,})(?:\{code-block\} ?)?(?P<language>\w+)(?P<info>[^\n]*)\n"
    r"(?: *:caption: (?P<caption>[^\n]*)\n)?(?P<code>.*?)^ *(?P=fence)$",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True)
class Block:
    """A block of code: where it stands, its language, the file it belongs to, and why it is not tried, if it is not."""

    page: Path
    line: int
    language: str
    caption: str
    untested: str
    code: str

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


def blocks(page: Path) -> Iterator[Block]:
    """Yield the blocks of a page; one that is not to be tried says why, as in ``sh untested: needs the network``."""
    text = page.read_text(encoding="utf-8")
    for match in _BLOCK.finditer(text):
        code = re.sub(rf"^{match['indent']}", "", match["code"], flags=re.MULTILINE)
        line = text.count("\n", 0, match.start()) + 1
        untested = match["info"].partition("untested: ")[2]
        language = "md" if match["language"] == "markdown" else match["language"]
        yield Block(page, line, language, match["caption"] or "", untested, code)


def write(block: Block, folder: Path) -> None:
    """Do what a block with a file's name says: write the file or, for ``FILE, line N``, that line of it."""
    name, _, line = block.caption.partition(", line ")
    target = folder / name
    if line:
        lines = target.read_text(encoding="utf-8").splitlines(keepends=True)
        lines[int(line) - 1] = block.code
        target.write_text("".join(lines), encoding="utf-8")
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(block.code, encoding="utf-8")
