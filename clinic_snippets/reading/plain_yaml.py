"""YAML as nearly all record files write it, read line by line; for anything else the reader of ``yaml_events`` is there.

Known here are fields and lists by their indentation, texts on one line, texts behind ``|``, lists of plain words in square
brackets, and comments on lines of their own. What is found is what libyaml finds, at a quarter of the cost; whatever is
written in another way, or may be wrong, is not read here at all. Places are not kept: few are ever asked for.
"""

from __future__ import annotations

import re
from typing import Any

_WORD = r"[A-Za-z0-9(][^\s,:#\[\]{}\"]*(?: +[^\s,:#\[\]{}\"]+)*"
_LINE = re.compile(
    r"( *+(?:- )?+)(?:([a-z][a-z0-9_]*+):(?: |(?=\n)))?+"  # an entry of a list, a field, or both
    r"(?:\|\n( +)([^ \n].*+(?:\n++\3.*+)*+)"  # lines of text below, as far as they have its indent
    r"|(-?[A-Za-z0-9][^\n:#]*+(?<! ))(?=\n)"  # plain words
    rf"|\[({_WORD}(?:, {_WORD})*)\](?=\n)"  # a list of them
    r"|(.+))?\n++"  # anything else, or nothing
)
_ENTRY = re.compile(r"^( *- )(?:[a-z0-9_]+:)?", re.MULTILINE)
_Line = tuple[str, str, str, str, str, str, str]
_QUOTED = re.compile(r"\"([^\"\\]*)\"|'([^']*)'")
_NEVER_FIRST = frozenset("-?:,[]{}#&*!|>'\"%@`= ")
"""Signs that mean something to YAML where they start a text."""
_DEEPEST = 10


class _Unclear(Exception):
    """What is written here is for the other reader."""


def read_plain_yaml(text: str) -> dict[str, Any] | None:
    """Return the data of a text whose lines end in a line feed, or None where it is not certainly sound and plain YAML."""
    if "\t" in text or text[-1:] != "\n":
        return None
    found: list[_Line] = _LINE.findall(text)
    # Blank lines and comments mean nothing here; those within a text are a part of it.
    lines = [line for line in found if line[1] or _means_something(line)]
    if not lines or lines[0][0]:
        return None
    try:
        data, end = _fields(lines, 0, 0)
    except _Unclear:
        return None
    # Where a line fits nowhere, reading ended there.
    return data if end == len(lines) else None


def lines_of_entries(text: str, name: str, count: int) -> tuple[int, list[int]] | None:
    """Return the column and the lines (from 0) at which the ``count`` entries below the last field at the top start.

    Only for a text that ``read_plain_yaml`` could read; None where the entries do not each start with a dash at one indent.
    """
    field = re.search(rf"(?m)^{name}:", text)
    head, body = (text[: field.end()], text[field.end() :]) if field else (text, "")
    if not (first := _ENTRY.search(body)):
        return None
    # Whatever else stands in the list, the lines of a text among it, has a larger indent. To look for the name of the
    # first field as well takes half the time, and nearly always it is that of every entry.
    parts = body.split(f"\n{first[0]}")
    if len(parts) != count + 1 and len(parts := body.split(f"\n{first[1]}")) != count + 1:
        return None
    lines, line = [], head.count("\n")
    for part in parts[:-1]:
        line += part.count("\n") + 1
        lines.append(line)
    return len(first[1]), lines


def _means_something(line: _Line) -> bool:
    lead, _, _, block, words, many, other = line
    return bool("-" in lead or block or words or many or other[:1] not in ("", "#"))


def _fields(lines: list[_Line], at: int, depth: int) -> tuple[dict[str, Any], int]:
    """Read fields from the line ``at``, of which the first may stand behind the dash of a list.

    Returns them and the number of the line behind them.
    """
    if depth > _DEEPEST:
        raise _Unclear
    data: dict[str, Any] = {}
    count, here = len(lines), " " * len(lines[at][0])
    while True:
        _, name, inner, block, words, many, other = lines[at]
        at += 1
        if name in data:
            raise _Unclear
        if words:
            data[name] = words
        elif many:
            data[name] = many.split(", ")
        elif block:
            if inner <= here:
                raise _Unclear
            data[name] = _unindented(block, inner)
        elif other:
            data[name] = _text(other)
        else:
            data[name], at = _below(lines, at, here, depth)
        if at == count or lines[at][0] != here:
            break
    if "" in data:
        raise _Unclear
    return data, at


def _below(lines: list[_Line], at: int, here: str, depth: int) -> tuple[Any, int]:
    """Read what stands below a field without words: a list, fields, or nothing."""
    lead = lines[at][0] if at < len(lines) else ""
    if lead.endswith("- ") and len(lead) - 2 >= len(here):
        return _entries(lines, at, depth + 1)
    return _fields(lines, at, depth + 1) if len(lead) > len(here) and lead.isspace() else ("", at)


def _entries(lines: list[_Line], at: int, depth: int) -> tuple[list[Any], int]:
    """Read the entries of a list from the line ``at``; return them and the number of the line behind them."""
    data: list[Any] = []
    count, here = len(lines), lines[at][0]
    value: Any
    while at < count and lines[at][0] == here:
        _, name, inner, block, words, many, other = lines[at]
        if name:
            value, at = _fields(lines, at, depth + 1)
        else:
            if many or (block and len(inner) <= len(here) - 2):
                raise _Unclear
            value = words or (_unindented(block, inner) if block else _text(other))
            at += 1
        data.append(value)
    return data, at


def _unindented(lines: str, indent: str) -> str:
    return lines.replace("\n" + indent, "\n").rstrip("\n") + "\n"


def _text(written: str) -> str:
    """Return a text on one line that is quoted, or has signs that may mean something."""
    if quoted := _QUOTED.fullmatch(written):
        return quoted[1] or quoted[2] or ""
    if not written or written[0] in _NEVER_FIRST or written[-1] in ": " or ": " in written or " #" in written:
        raise _Unclear
    return written
