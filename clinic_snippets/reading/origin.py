"""Where records come from: the place of each, and of everything in it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from clinic_snippets.problems import Place, shown
from clinic_snippets.reading.files import text_of
from clinic_snippets.reading.yaml_events import Mark, mark_of, read_yaml

Stamp = tuple[int, int]
"""Time and size of a file; as long as they stay, so does what it holds."""
_WHOLE = -1
NOWHERE: Mark = (0, 0, 0, 0, -1, {})


def stamp_of(status: os.stat_result) -> Stamp:
    """Return the stamp of a file."""
    return status.st_mtime_ns, status.st_size


class FileMarks:
    """The marks of a record file, worked out when the place of a field is first asked for: as a rule, none is."""

    __slots__ = ("file", "stamp", "_marks")

    def __init__(self, file: str, stamp: Stamp) -> None:
        self.file = file
        self.stamp = stamp
        self._marks: Mark | None = None

    @property
    def marks(self) -> Mark:
        """The mark of the whole file; it has none within where the file has changed since it was read."""
        if self._marks is None:
            self._marks = NOWHERE
            path = Path(self.file)
            try:
                if stamp_of(path.stat()) == self.stamp:
                    self._marks = read_yaml(text_of(path), self.file)[1] or NOWHERE
            except (OSError, UnicodeDecodeError):
                pass
        return self._marks

    def of_record(self, number: int) -> Mark | None:
        """Return the mark of a record in the file, or None where there is none."""
        records = self.marks[5].get("records")
        return records[5][number] if records else None


class Origin:
    """Where a record came from; finds the place of any of its fields.

    Of a record that was read without places only its own is known at once.
    """

    __slots__ = ("file", "_line", "_column", "_marks", "_number")

    def __init__(self, file: str, marks: Mark) -> None:
        self.file = file
        self._line, self._column = marks[2:4]
        self._marks: Mark | FileMarks = marks
        self._number = 0

    @classmethod
    def of_file(cls, marks: FileMarks) -> Origin:
        """Return the origin of what is not within a record."""
        return cls.of_record(marks, _WHOLE, 0, 0)

    @classmethod
    def of_record(cls, marks: FileMarks, number: int, line: int, column: int) -> Origin:
        """Return the origin of a record that starts at a line and column, both counted from 0."""
        origin = cls.__new__(cls)
        origin.file = marks.file
        origin._line, origin._column = line, column
        origin._marks, origin._number = marks, number
        return origin

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, Origin) and self.place() == other.place()

    def __hash__(self) -> int:
        return hash(self.place())

    @property
    def start(self) -> tuple[int, int]:
        """The line and column where it starts, both counted from 0."""
        return self._line, self._column

    @property
    def marks(self) -> Mark:
        """The marks of the record and all its fields."""
        if isinstance(self._marks, FileMarks):
            late = self._marks
            found = late.marks if self._number == _WHOLE else late.of_record(self._number)
            self._marks = found or (*self.start, *self.start, -1, {})
        return self._marks

    def place(self, *path: str | int, of_key: bool = False) -> Place:
        """Return the place of the value at ``path``, or of its key."""
        if not path and not of_key:
            return Place(self.file, self._line + 1, self._column + 1)
        key_line, key_column, line, column, _inset, _children = mark_of(self.marks, path)[0]
        return Place(self.file, key_line + 1, key_column + 1) if of_key else Place(self.file, line + 1, column + 1)

    def place_in(self, path: tuple[str | int, ...], text: str, offset: int) -> Place:
        """Return the place of the character ``offset`` of the text at ``path``."""
        _key_line, _key_column, line, column, inset, _children = mark_of(self.marks, path)[0]
        if inset < 0:
            return Place(self.file, line + 1, column + 1)
        before = text[:offset]
        in_line = offset - (before.rfind("\n") + 1)
        blank = len(text) - len(text.lstrip("\n"))  # lines above the first with words belong to the text
        return Place(self.file, line + 1 + max(0, before.count("\n") - blank), column + 1 + inset + in_line)

    def subject(self, name: str, path: tuple[str | int, ...]) -> str:
        """Return what a problem at ``path`` is about, such as ``anticoagulants.views[2].sources[1]``."""
        steps = mark_of(self.marks, path)[1]
        return shown(name) + "".join(f"[{step + 1}]" if isinstance(step, int) else f".{shown(step)}" for step in steps)
