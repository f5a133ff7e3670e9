"""Sources: the bibliography as the records see it."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Grade(enum.StrEnum):
    """How a source was read and what it is, best first. It grades the reading, not the certainty of a finding."""

    A = "A"
    A_MINUS = "A-"
    B = "B"
    C = "C"
    D = "D"


class Read(enum.StrEnum):
    """What of a source was read."""

    FULL_TEXT = "full text"
    ABSTRACT = "abstract"
    OPENING = "opening"
    PAGE = "page"
    HEADINGS = "headings"
    SECOND_HAND = "second-hand"

    @property
    def words(self) -> str:
        """Say it as a remark behind a bibliography entry."""
        return {
            "full text": "full text read",
            "abstract": "only the abstract was read",
            "opening": "only the opening was read",
            "page": "the page cited was read",
            "headings": "only headings were read",
            "second-hand": "not read; known only from others who quote it",
        }[self.value]


@dataclass(frozen=True)
class Source:
    """One entry of the bibliography; ``label`` is how it is cited, such as "Brady 2014"."""

    key: str
    label: str
    title: str
    grade: Grade | None = None
    read: Read | None = None
    caution: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    """Every field of the entry as it stands in the file, people included, sorted by name."""
