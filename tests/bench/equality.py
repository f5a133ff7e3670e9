"""Whether two variants say the same: the words of every cell, and where the links of every table and text lead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import lxml.html

Shown = tuple[list[list[str]], list[list[str]]]


def shown(folder: Path, names: dict[str, str], plain: bool = False) -> dict[str, Shown]:
    """Return, for each page, the words of its tables' cells, row by row, and what its links lead to.

    ``names`` are those of the records by id. ``plain`` is for cells that show a record's id and Markdown as it is typed:
    they count as the name and without the marks. Such cells separate sources by semicolons.
    """
    out: dict[str, Shown] = {}
    for path in sorted(folder.glob("*.html")):
        if path.name != "all.html" and not path.name.startswith("topic-"):
            continue
        article = lxml.html.parse(path).getroot().xpath("//article[@role='main']")[0]
        rows = article.xpath(".//table[.//th[@class]]//tr[td]")
        cells = [[words(cell, plain) for cell in row.xpath("./td|./th")] for row in rows]
        if plain:
            cells = [[names[row[0]], *row[1:-1], row[-1].replace(";", ",")] for row in cells]
        links = [list(targets(part, names)) for part in (*article.xpath("(./section/p|./p)[1]"), *rows)]
        out[path.name] = cells, [sorted(found) for found in links]
    return out


def words(cell: Any, plain: bool) -> str:
    """Return what a cell says; ``plain`` takes away the marks of Markdown."""
    text = re.sub(r"\[([^]]*)\]\(\S*?\)", r"\1", cell.text_content())
    return " ".join((re.sub(r"[*`]", "", text) if plain else text).split())


def targets(part: Any, names: dict[str, str]) -> Iterator[str]:
    """Yield where each link leads: an address outside, or the name of the record whose home it is."""
    for link in part.iter("a"):
        address = urlsplit(link.get("href", ""))
        if address.netloc:
            yield address.geturl()
        elif address.path in ("", "all.html") and "headerlink" not in link.get("class", ""):
            yield names.get(address.fragment.removeprefix("precaution-"), f"? {link.get('href')}")


def differences(one: dict[str, Shown], other: dict[str, Shown], texts_only: bool) -> list[str]:
    """Return where two variants do not say the same, empty where they do."""
    out = [f"{page}: only in one" for page in one.keys() ^ other.keys()]
    for page in one.keys() & other.keys():
        if one[page][0] != other[page][0]:
            pairs = zip(one[page][0], other[page][0], strict=False)
            out.append(f"{page}: cells differ: {next((pair for pair in pairs if pair[0] != pair[1]), 'in number')}")
        elif not texts_only and one[page][1] != other[page][1]:
            pairs = zip(one[page][1], other[page][1], strict=False)
            out.append(f"{page}: links differ: {next((pair for pair in pairs if pair[0] != pair[1]), 'in number')}")
    return sorted(out)
