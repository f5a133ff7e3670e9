"""YAML to plain data with the place of every value, from libyaml's event stream.

Every scalar stays text: the record types decide what it means. Only what a clinical lead needs is allowed; what YAML
offers beyond that (anchors, tags, merges, comments behind a value, folded text) is reported, because each of it has
been seen to lose or change clinical text silently.

A *mark tree* mirrors the data. The mark of a value is the tuple ``(line, column, value_line, value_column, block,
children)``: the first two say where its key (or list dash) stands, the next two where the value starts, ``block`` is 1
for text behind ``|``, and ``children`` is a dict or list of marks, or None. All count from 0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml

from clinic_snippets.problems import Place, Problem

Mark = tuple[int, int, int, int, int, Any]

# A PyYAML built without libyaml reads the same events, only slower.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_HINT = "put the text on its own line after '|'"


class _Reader:
    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.lines = text.split("\n")
        # Looking behind each value costs time; only lines with a blank before '#' can hold a comment there.
        self.suspects = {n for n, line in enumerate(self.lines) if " #" in line or "\t#" in line}
        # An event of libyaml always carries its marks; the type stubs cannot know that.
        self.next: Callable[[], Any] = _Loader(text).get_event

    def problem(self, line: int, column: int, message: str, hint: str, code: str) -> None:
        self.problems.append(Problem(Place(self.file, line + 1, column + 1), "", message, hint, code))

    def document(self) -> tuple[Any, Any]:
        self.next()
        if type(self.next()) is yaml.StreamEndEvent:
            self.problem(0, 0, "the file is empty", "write the header and 'records:', or remove the file", "empty-file")
            return None, None
        event = self.next()
        value, mark = self.value(event, event.start_mark.line, event.start_mark.column)
        self.next()
        extra = self.next()
        if type(extra) is not yaml.StreamEndEvent:
            at = extra.start_mark
            self.problem(
                at.line, at.column, "a second document starts here", "keep one document per file", "yaml-documents"
            )
        return value, mark

    def comment_behind(self, line: int, column: int) -> None:
        if line in self.suspects and line < len(self.lines):
            rest = self.lines[line][column:]
            if rest.lstrip().startswith("#"):
                self.problem(
                    line, column + rest.index("#"), "a comment stands behind a value and would be lost",
                    f"put the comment on a line of its own, or, if it belongs to the text, {_HINT}", "comment-after-value",
                )  # fmt: skip

    def value(self, event: Any, line: int, column: int) -> tuple[Any, Mark]:
        kind = type(event)
        start = event.start_mark
        if kind is yaml.AliasEvent:
            self.problem(
                start.line, start.column, f"alias '*{event.anchor}' is not allowed",
                f"write the value out, or, if it is text, {_HINT}", "anchor",
            )  # fmt: skip
            return "", (line, column, start.line, start.column, 0, None)
        if event.anchor is not None:
            self.problem(
                start.line, start.column, f"anchor '&{event.anchor}' is not allowed",
                f"write the value out where it is needed, or, if it is text, {_HINT}", "anchor",
            )  # fmt: skip
        if event.tag is not None:
            self.problem(start.line, start.column, f"tag '{event.tag}' is not allowed", f"remove it, or {_HINT}", "tag")
        if kind is yaml.ScalarEvent:
            return event.value, (line, column, start.line, start.column, self.scalar(event), None)
        if kind is yaml.MappingStartEvent:
            return self.mapping(event, line, column)
        return self.sequence(event, line, column)

    def scalar(self, event: Any) -> int:
        start, end = event.start_mark, event.end_mark
        style = event.style
        if style == "|":
            self.comment_behind(start.line, start.column + len(self.lines[start.line][start.column :].split(" ")[0]))
            return 1
        if style == ">":
            self.problem(
                start.line, start.column, "folded text ('>') is not allowed", "write '|' instead", "folded-text"
            )
        elif start.line != end.line and event.value:
            self.problem(start.line, start.column, "the text runs over several lines", _HINT, "text-over-lines")
        elif self.suspects:
            self.comment_behind(end.line, end.column)
        return 0

    def mapping(self, event: Any, line: int, column: int) -> tuple[dict[str, Any], Mark]:
        data: dict[str, Any] = {}
        marks: dict[str, Mark] = {}
        while type(key := self.next()) is not yaml.MappingEndEvent:
            at = key.start_mark
            if type(key) is not yaml.ScalarEvent:
                self.problem(at.line, at.column, "a field's name must be a plain word", _HINT, "yaml-key")
                self.value(key, at.line, at.column)
                self.value(self.next(), at.line, at.column)
                continue
            name = key.value
            value, mark = self.value(self.next(), at.line, at.column)
            if name == "<<":
                self.problem(at.line, at.column, "merge key '<<' is not allowed", "write the fields out", "merge-key")
            elif name in data:
                first = marks[name][0] + 1
                self.problem(
                    at.line, at.column, f"'{name}' stands here a second time (first on line {first})",
                    "keep one of the two", "duplicate-key",
                )  # fmt: skip
            else:
                data[name], marks[name] = value, mark
        if self.suspects and event.flow_style:
            end: Any = key.end_mark
            self.comment_behind(end.line, end.column)
        start = event.start_mark
        return data, (line, column, start.line, start.column, 0, marks)

    def sequence(self, event: Any, line: int, column: int) -> tuple[list[Any], Mark]:
        data: list[Any] = []
        marks: list[Mark] = []
        while type(item := self.next()) is not yaml.SequenceEndEvent:
            at = item.start_mark
            value, mark = self.value(item, at.line, at.column)
            data.append(value)
            marks.append(mark)
        if self.suspects and event.flow_style:
            end: Any = item.end_mark
            self.comment_behind(end.line, end.column)
        start = event.start_mark
        return data, (line, column, start.line, start.column, 0, marks)


def read_yaml(text: str, file: str) -> tuple[Any, Any, list[Problem]]:
    """Return ``(data, marks, problems)`` for the YAML in ``text``; data is None where it cannot be read at all."""
    reader = _Reader(text, file)
    try:
        data, marks = reader.document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = (mark.line, mark.column) if mark else (0, 0)
        what = " ".join(part for part in (error.problem, error.context) if part)
        reader.problem(*at, f"this is not YAML ({what})", f"if a text starts or goes on here, {_HINT}", "yaml-syntax")
        return None, None, reader.problems
    except yaml.YAMLError as error:
        reader.problem(0, 0, f"this is not YAML ({error})", "save the file as UTF-8 text", "yaml-syntax")
        return None, None, reader.problems
    return data, marks, reader.problems


def mark_of(marks: Mark, path: tuple[str | int, ...]) -> tuple[Mark, int]:
    """Return the mark nearest to ``path`` and how many steps of the path it covers."""
    mark = marks
    for depth, step in enumerate(path):
        children = mark[5]
        if isinstance(children, dict) and step in children:
            mark = children[step]
        elif isinstance(children, list) and isinstance(step, int) and step < len(children):
            mark = children[step]
        elif step == 0 or step == "text":
            # a plain text stands for a list of one statement
            continue
        else:
            return mark, depth
    return mark, len(path)
