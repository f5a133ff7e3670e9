"""What a page places and names: snippets with their options, and what its roles and links point to.

Read without Sphinx, from MyST or reStructuredText. Code and comments are passed over; the content of other directives is
read as Sphinx would read it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Union

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

_DOMAIN = "clinic:"
CODE = {"code", "code-block", "code-cell", "sourcecode", "literalinclude", "math", "raw", "toctree"}
"""Directives whose content is no text of the page."""
_DEEPEST = 30
"""Directives within directives; Sphinx itself ends at a few times as many."""
_TITLED = re.compile(r"^.*?\s*<(?P<target>[^<>]+)>$", re.DOTALL)
_OPTION = re.compile(r"\s*:(?P<name>[\w-]+):\s*(?P<value>.*?)\s*")
_RST_DIRECTIVE = re.compile(r"\s*\.\. (?P<name>[\w:-]+?)::(?=\s|$)")
_RST_ROLE = re.compile(r"``.+?``|:(?P<role>[\w:-]+):`(?P<content>[^`]+)`")


@dataclass(frozen=True)
class SnippetCall:
    """A snippet placed in a page, with its options as they are written."""

    line: int
    snippet: str
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Mention:
    """What a role or a link of a page points to; ``role`` is empty for a Markdown link."""

    line: int
    role: str
    targets: tuple[str, ...]


PageCall = Union[SnippetCall, Mention]


def page_calls(text: str, rst: bool = False) -> list[PageCall]:
    """Return every snippet and every mention in a page, in the order of its lines."""
    return list(_rst(text, 1) if rst else _myst(text, 1))


def _mention(line: int, role: str, content: str) -> Iterator[Mention]:
    content = " ".join(content.split())
    if role.startswith("cite:"):
        # sphinxcontrib-bibtex takes words before and after a key in braces.
        keys = tuple(key.strip() for key in re.sub(r"\{[^}]*\}", "", content).split(","))
        yield Mention(line, role, keys)
    elif (role.startswith(_DOMAIN) or role in ("any", "")) and not content.startswith("!"):
        match = _TITLED.match(content)
        yield Mention(line, role, ((match["target"] if match else content).strip(),))


@functools.cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table")
    for plugin in (front_matter_plugin, colon_fence_plugin, myst_block_plugin, myst_role_plugin):
        parser.use(plugin)
    return parser


def _myst(text: str, first: int, depth: int = 0) -> Iterator[PageCall]:
    """Yield what stands in a text of MyST whose first line has the number ``first``, within ``depth`` directives."""
    for token in _parser().parse(text):
        if token.map is None:
            continue
        line = first + token.map[0]
        if token.type == "inline":
            yield from _inline(token, line)
        elif token.type in ("fence", "colon_fence") and (match := re.match(r"\{([\w:-]+)\}(.*)", token.info.strip())):
            yield from _directive(match[1], match[2], token.content, line, depth + 1)


def _inline(text: Token, line: int) -> Iterator[PageCall]:
    at = 0
    for token in text.children or ():
        if token.type == "myst_role":
            role, content = str(token.meta["name"]), token.content
            start = f"{{{role}}}`"
        elif token.type == "link_open" and ":" not in str(token.attrs["href"]):
            role, content = "", str(token.attrs["href"]).lstrip("#")
            start = f"({token.attrs['href']}"
        else:
            continue
        # The pieces of a paragraph know their order, not their lines.
        at = max(at, text.content.find(start, at))
        yield from _mention(line + text.content.count("\n", 0, at), role, content)
        at += 1


def _directive(name: str, argument: str, content: str, line: int, depth: int) -> Iterator[PageCall]:
    """Yield what a directive of MyST is or holds; its content starts on the line behind ``line``."""
    options, behind = _options(content)
    if name.startswith(_DOMAIN):
        yield SnippetCall(line, name.removeprefix(_DOMAIN), options)
    if name not in CODE and depth < _DEEPEST:
        yield from _myst(argument, line, depth)
        inner, start = "\n".join(content.split("\n")[behind:]), line + 1 + behind
        yield from _rst(inner, start) if name == "eval-rst" else _myst(inner, start, depth)


def _options(content: str) -> tuple[tuple[tuple[str, str], ...], int]:
    """Return the options at the top of a directive's content, and how many lines they take."""
    lines = content.split("\n")
    start = next((number for number, line in enumerate(lines) if line.strip()), 0)
    end = start
    if lines[start].strip() == "---":
        end = next((n for n in range(start + 1, len(lines)) if lines[n].strip() == "---"), len(lines) - 1) + 1
        given = [f":{line.strip()}" for line in lines[start + 1 : end - 1]]
    else:
        while end < len(lines) and _OPTION.fullmatch(lines[end]):
            end += 1
        given = lines[start:end]
    found = [match for line in given if (match := _OPTION.fullmatch(line))]
    return tuple((match["name"], match["value"].strip("'\"")) for match in found), end


def _rst(text: str, first: int) -> Iterator[PageCall]:
    """Yield what stands in a text of reStructuredText whose first line has the number ``first``."""
    lines = text.split("\n")
    for number, directive in rst_text(lines):
        line = lines[number]
        if directive.startswith(_DOMAIN):
            options, _ = _options("\n".join(lines[number + 1 :]))
            yield SnippetCall(first + number, directive.removeprefix(_DOMAIN), options)
        for role in _RST_ROLE.finditer(line):
            if role["role"]:
                yield from _mention(first + number, role["role"], role["content"])


def rst_text(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the number of each line of reStructuredText that is no code and no comment, with the directive it opens."""
    passed_over: int | None = None
    for number, line in enumerate(lines):
        indent = len(line) - len(line.lstrip())
        if passed_over is not None and line.strip() and indent <= passed_over:
            passed_over = None
        if passed_over is not None:
            continue
        match = _RST_DIRECTIVE.match(line)
        comment = re.match(r"\s*\.\.(?:\s|$)", line) and not match and not re.match(r"\s*\.\. [_|\[]", line)
        literal = not match and line.rstrip().endswith("::")
        if comment or literal or (match and match["name"] in CODE):
            passed_over = indent
        if not comment:
            yield number, match["name"] if match else ""
