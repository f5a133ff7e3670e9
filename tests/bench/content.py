"""The same made-up records for every variant, from a fixed seed: names, prose of ordinary words, DOIs."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SEED = 20261122
ON_A_PAGE = 50
"""Rows of one page's table."""
REFERENCES = 20
"""Links in a page's running text."""
SOURCES_AT_MOST = 500
_MARKS = ("**{}**", "*{}*", "`{}`", "[{}](https://example.org/guideline)")


@dataclass
class Record:
    """What one row shows. ``action`` and ``why`` are Markdown, and a tenth of them has some."""

    id: str
    name: str
    level: str
    rule: str
    about: tuple[str, ...]
    techniques: tuple[str, ...]
    topic: int
    action: str
    why: str
    keys: tuple[str, ...]


@cache
def _words() -> tuple[list[str], list[float]]:
    words = (Path(__file__).parent / "words.txt").read_text("utf-8").split()
    # As in any text, the tenth word is about a tenth as frequent as the first.
    return words, [1 / (rank + 3) for rank in range(len(words))]


def prose(dice: random.Random, length: int, marked: bool) -> str:
    """Return sentences of about ``length`` characters; with ``marked`` one word carries markup."""
    out = ""
    while len(out) < length:
        words = dice.choices(*_words(), k=dice.randint(6, 16))
        if marked:
            place = dice.randrange(1, len(words))
            words[place] = dice.choice(_MARKS).format(words[place])
            marked = False
        out += f" {' '.join(words).capitalize()}."
    return out.strip()


def doi(key: str) -> str:
    """Return the DOI that a source has in every variant."""
    return f"10.5555/{key}"


def content(count: int) -> list[Record]:
    """Return that many records, ``ON_A_PAGE`` on each topic."""
    dice = random.Random(SEED)
    keys = [f"author{number}" for number in range(max(3, min(SOURCES_AT_MOST, count // 20)))]
    out = []
    for number in range(count):
        rule = dice.choice(["never", "refer", "adapt", "inform"])
        out.append(
            Record(
                id=f"record-{number:05}",
                name=f"{prose(dice, 20, False).rstrip('.')} {number}",
                level="contraindication" if rule == "never" else "precaution",
                rule=rule,
                about=tuple(dice.sample(["person", "site", "time"], dice.randint(1, 2))),
                techniques=tuple(dice.sample(["deep needling", "shallow needling", "pistoning"], dice.randint(1, 2))),
                topic=number // ON_A_PAGE,
                action=prose(dice, 290, dice.random() < 0.1),
                why=prose(dice, 290, dice.random() < 0.1),
                keys=tuple(sorted(dice.sample(keys, dice.randint(1, 3)))),
            )
        )
    return out


def referred(records: list[Record], topic: int) -> list[Record]:
    """Return the records that a page's running text links to; most stand on other pages."""
    return random.Random(SEED + topic).choices(records, k=REFERENCES)
