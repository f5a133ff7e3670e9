"""YAML to plain data with the place of every value, from libyaml's event stream.

Every scalar stays text: the record types decide what it means. Only what a clinical lead needs is allowed; what YAML
offers beyond that (anchors, tags, merges, comments behind a value, folded text) is reported, because each of it has
been seen to lose or change clinical text silently.

A *mark tree* mirrors the data. The mark of a value is the tuple ``(line, column, value_line, value_column, inset,
children)``: the first two say where its key stands, the next two where the value starts (for text behind ``|``: where
its first line that is not blank does). ``inset`` is how many characters later its text starts, or -1 where the text is not written as it
reads; ``children`` is a dict or list of marks, or None. All count from 0.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import yaml

from clinic_snippets.problems import Place, Problem, shown
from clinic_snippets.reading.unseen import unseen_in_yaml, unseen_sign

Mark = tuple[int, int, int, int, int, Any]

# A PyYAML built without libyaml reads the same events, only slower.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_HINT = "put the text on its own line after '|'"
_DEEPEST = 30
"""Levels of nesting; records have fewer than ten."""
_UNMERGED = "\n<<<<<<< "
"""Starts a line where git leaves two versions; no text of a record starts at the margin."""
_SYNTAX = (
    # Words in the parser's message, what they mean, and whether the place where the trouble began helps more.
    ("mapping values are not allowed", "a field cannot start here (': ' starts one)", False),
    ("expected ':'", "this is neither a field ('name: value') nor part of the text above", True),
    ("end of stream", "the quotation mark that stands here is never closed", True),
    ("',' or ']'", "the list that starts here is not closed, or a comma is missing in it", True),
    ("',' or '}'", "a text cannot start with '{'", True),
    ("alphabetic or numeric", "a text cannot start with '*' or '&'", True),
    ("cannot start any token", "a text cannot start with this character", False),
    ("node content", "a text cannot start with this character", False),
    ("comment or line break", "the text must start on the line below", False),
    ("unknown escape", "a backslash has a special meaning between double quotes", False),
    ("expected key", "this does not fit what stands before it", False),
    ("expected '-'", "this does not fit the list above it", False),
)


class _Reader:
    def __init__(self, text: str, file: str) -> None:
        self.file = file
        # The way to the value being read: for each step its field or number, and the id of the mapping there once known.
        self.way: list[list[Any]] = []
        self.found: list[tuple[tuple[list[Any], ...], Place, str, str, str]] = []
        self.lines = text.split("\n")
        # Looking behind each value costs time; only lines with a blank before '#' can hold a comment there.
        some = " #" in text or "\t#" in text
        self.suspects = {n for n, line in enumerate(self.lines) if " #" in line or "\t#" in line} if some else set()
        # An event of libyaml always carries its marks; the type stubs cannot know that.
        self.next: Callable[[], Any] = _Loader(text).get_event
        self.depth = 0

    def problem(self, line: int, column: int, message: str, hint: str, code: str) -> None:
        self.found.append((tuple(self.way), Place(self.file, line + 1, column + 1), message, hint, code))

    def problems(self) -> list[Problem]:
        """Return what was found, each with the record and field that it is about."""
        return [Problem(place, _subject(way), message, hint, code) for way, place, message, hint, code in self.found]

    def document(self) -> tuple[Any, Any]:
        self.next()
        if type(self.next()) is yaml.StreamEndEvent:
            self.problem(0, 0, "the file is empty", "write the header and 'records:', or remove the file", "empty-file")
            return None, None
        event = self.next()
        value, mark = self.value(event, 0, 0)
        self.next()
        extra = self.next()
        if type(extra) is not yaml.StreamEndEvent:
            at = extra.start_mark
            self.problem(
                at.line,
                at.column,
                "'---' starts a second file within this one",
                "take that line out, or make two files of it",
                "yaml-documents",
            )
        return value, mark

    def syntax(self, error: yaml.MarkedYAMLError) -> None:
        """Report what the parser cannot read, in words that say what to change."""
        known = next((item for item in _SYNTAX if item[0] in str(error.problem)), None)
        mark: Any = (known and known[2] and error.context_mark) or error.problem_mark or error.context_mark
        line = min(mark.line, len(self.lines) - 1)
        message = known[1] if known else f"this cannot be read as YAML ({error.problem})"
        hint = f"if it is text, {_HINT}; if it is a field, indent it like its neighbours"
        if self.lines[line][mark.column : mark.column + 1] == "\t":
            message, hint = "a tab stands here", "use spaces instead"
        # Where the parser stopped, the field being read may be the one above; the line itself says which it is.
        field = re.match(r"[\s-]*([a-z_]+):", self.lines[line])
        while self.way and not self.way[-1][1]:
            self.way.pop()
        self.way += [[field[1], ""]] if field else []
        self.problem(line, mark.column, message, hint, "yaml-syntax")

    def comment_behind(self, line: int, column: int) -> None:
        if line in self.suspects:
            rest = self.lines[line][column:]
            if rest.lstrip(" \t,").startswith("#"):
                self.problem(
                    line, column + rest.index("#"), "a comment stands behind a value and would be lost",
                    f"put the comment on a line of its own, or, if it belongs to the text, {_HINT}", "comment-after-value",
                )  # fmt: skip

    def value(self, event: Any, line: int, column: int) -> tuple[Any, Mark]:
        kind = type(event)
        start = event.start_mark
        if kind is yaml.AliasEvent:
            self.problem(
                start.line, start.column, f"alias '*{shown(event.anchor)}' is not allowed",
                f"write the value out, or, if it is text, {_HINT}", "anchor",
            )  # fmt: skip
            return "", (line, column, start.line, start.column, -1, None)
        self.properties(event)
        if kind is yaml.ScalarEvent:
            place = self.scalar(event)
            # An empty value at the end of a file "starts" behind the last line.
            return event.value, (line, column, *(place if place[0] < len(self.lines) else (line, column, -1)), None)
        if self.depth == _DEEPEST:
            raise yaml.MarkedYAMLError(problem="nested too deeply", problem_mark=start)
        self.depth += 1
        read = self.mapping if kind is yaml.MappingStartEvent else self.sequence
        value, children = read(event)
        self.depth -= 1
        return value, (line, column, start.line, start.column, -1, children)

    def properties(self, event: Any) -> None:
        """Report an anchor or a tag."""
        start = event.start_mark
        if event.anchor is not None:
            self.problem(
                start.line, start.column, f"anchor '&{shown(event.anchor)}' is not allowed",
                f"write the value out where it is needed, or, if it is text, {_HINT}", "anchor",
            )  # fmt: skip
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            hint = f"remove it, or, if it is text, {_HINT}"
            self.problem(start.line, start.column, f"tag '{shown(tag)}' is not allowed", hint, "tag")

    def scalar(self, event: Any) -> tuple[int, int, int]:
        """Report what is wrong with how a text is written; return the line, column and inset of its mark."""
        start, end = event.start_mark, event.end_mark
        style = event.style
        if style == "|":
            self.comment_behind(start.line, start.column + len(self.lines[start.line][start.column :].split(" ")[0]))
            if event.value.strip():
                below = enumerate(self.lines[start.line + 1 :], start.line + 1)
                number, first = next((number, line) for number, line in below if line.strip())
                return number, len(first) - len(first.lstrip(" ")), 0
        elif style == ">":
            self.problem(
                start.line, start.column, "folded text ('>') is not allowed", "write '|' instead", "folded-text"
            )
        elif start.line != end.line and event.value:
            self.problem(start.line, start.column, "the text runs over several lines", _HINT, "text-over-lines")
        else:
            if self.suspects:
                self.comment_behind(end.line, end.column)
            if style and (sign := unseen_sign(event.value)):
                message = f"a character that cannot be seen is written here ({sign})"
                self.problem(start.line, start.column, message, "delete it", "unseen-character")
            inset = 1 if style else 0
            as_it_reads = len(event.value) == end.column - start.column - 2 * inset
            return start.line, start.column, inset if as_it_reads else -1
        return start.line, start.column, -1

    def mapping(self, event: Any) -> tuple[dict[str, Any], dict[str, Mark]]:
        data: dict[str, Any] = {}
        marks: dict[str, Mark] = {}
        following = self.next
        while type(key := following()) is not yaml.MappingEndEvent:
            at = key.start_mark
            if type(key) is not yaml.ScalarEvent:
                self.problem(at.line, at.column, "a field's name must be a plain word", _HINT, "yaml-key")
                self.value(key, at.line, at.column)
                self.value(following(), at.line, at.column)
                continue
            if key.anchor is not None or key.tag is not None:
                self.properties(key)
            name, line, column = key.value, at.line, at.column
            inner = following()
            if (mark := self.sound(inner, line, column)) is not None:
                value = inner.value
            else:
                self.way.append([name, ""])
                value, mark = self.value(inner, line, column)
                self.way.pop()
            if name in data or name == "<<":
                self.way.append([name, ""])
                self.taken(name, at, marks)
                self.way.pop()
            else:
                data[name], marks[name] = value, mark
            if name == "id" and self.way:
                self.way[-1][1] = value
        if self.suspects and event.flow_style:
            end: Any = key.end_mark
            self.comment_behind(end.line, end.column)
        return data, marks

    def taken(self, name: str, at: Any, marks: dict[str, Mark]) -> None:
        """Report a field that cannot stand where it does."""
        if name == "<<":
            self.problem(at.line, at.column, "merge key '<<' is not allowed", "write the fields out", "merge-key")
        else:
            message = f"'{shown(name)}' stands here a second time (first on line {marks[name][0] + 1})"
            self.problem(at.line, at.column, message, "keep one of the two", "duplicate-key")

    def sequence(self, event: Any) -> tuple[list[Any], list[Mark]]:
        data: list[Any] = []
        marks: list[Mark] = []
        following = self.next
        while type(item := following()) is not yaml.SequenceEndEvent:
            at = item.start_mark
            if (mark := self.sound(item, at.line, at.column)) is not None:
                value = item.value
            else:
                self.way.append([len(data), ""])
                value, mark = self.value(item, at.line, at.column)
                self.way.pop()
            data.append(value)
            marks.append(mark)
        if self.suspects and event.flow_style:
            end: Any = item.end_mark
            self.comment_behind(end.line, end.column)
        return data, marks

    def sound(self, event: Any, line: int, column: int) -> Mark | None:
        """Return the mark of a text that is written in order, as nearly all are; None for anything else.

        The quick way past ``value`` and ``scalar``, which say what is out of order.
        """
        if type(event) is not yaml.ScalarEvent or event.anchor is not None or event.tag is not None:
            return None
        start: Any = event.start_mark
        style, at = event.style, start.line
        if not style:
            end: Any = event.end_mark
            if end.line != at or at in self.suspects or not event.value:
                return None
            first = start.column
            inset = 0 if len(event.value) == end.column - first else -1
            return line, column, at, first, inset, None
        if style == "|" and at not in self.suspects and event.value and not event.value.isspace():
            # Without blanks at its start and with an indent, the text's first line is the one below.
            below = self.lines[at + 1] if at + 1 < len(self.lines) else ""
            first = len(below) - len(below.lstrip(" "))
            if first < len(below) and not below.isspace():
                return line, column, at + 1, first, 0, None
        return None


def _subject(way: tuple[list[Any], ...]) -> str:
    """Return what a problem on ``way`` is about: the innermost id on it and the steps from there."""
    out = ""
    for step, name in way:
        out += f"[{step + 1}]" if isinstance(step, int) else f".{shown(step)}"
        out = shown(name) if name and isinstance(name, str) else out
    return out.lstrip(".")


def read_yaml(text: str, file: str) -> tuple[Any, Any, list[Problem]]:
    """Return ``(data, marks, problems)`` for the YAML in ``text``; data is None where it cannot be read at all."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if unseen := unseen_in_yaml(text, file):
        return None, None, unseen
    if (at := f"\n{text}".find(_UNMERGED)) >= 0:
        message = "git could not merge two versions of this file, and both stand here"
        hint = "keep one, or what is right in each, and take out the lines that start with <<<<<<<, ======= and >>>>>>>"
        return None, None, [Problem(Place(file, text.count("\n", 0, at) + 1, 1), "", message, hint, "merge-conflict")]
    reader = _Reader(text, file)
    try:
        data, marks = reader.document()
    except yaml.MarkedYAMLError as error:
        reader.syntax(error)
        return None, None, reader.problems()
    return data, marks, reader.problems()


def mark_of(marks: Mark, path: tuple[str | int, ...]) -> tuple[Mark, tuple[str | int, ...]]:
    """Return the mark nearest to ``path``, and ``path`` without the steps that the file does not write out."""
    mark = marks
    written: tuple[str | int, ...] = ()
    for depth, step in enumerate(path):
        children = mark[5]
        if isinstance(children, dict) and step in children:
            mark = children[step]
        elif isinstance(children, list) and isinstance(step, int) and step < len(children):
            mark = children[step]
        elif not isinstance(children, list) and step in (0, "text"):
            # A plain text stands for a list of one statement.
            continue
        else:
            return mark, written + path[depth:]
        written += (step,)
    return mark, written
