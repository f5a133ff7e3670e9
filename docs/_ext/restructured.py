"""The part of MyST that handbook pages use, as reStructuredText: every example in the docs is shown, and tested, in both."""

from __future__ import annotations

import re

_HEADINGS = "=-~^"
_FENCE = re.compile(r"^(?P<fence>`{3,}|:{3,})\{(?P<name>[^}]+)\} ?(?P<argument>.*)$")
_OPTION = re.compile(r"^:[a-z-]+:")
_INLINE = (
    # Code first, so that what stands in it is left alone: each match is one of these.
    (re.compile(r"\{(?P<role>[a-z:-]+)\}`(?P<text>[^`]+)`"), r":\g<role>:`\g<text>`"),
    (re.compile(r"(?<![`:])`(?P<code>[^`]+)`"), r"``\g<code>``"),
    (re.compile(r"\[(?P<words>[^\]]+)\]\((?P<url>https?://[^)]+)\)"), r"`\g<words> <\g<url>>`__"),
)


def as_restructuredtext(text: str) -> str:
    """Return MyST markup as reStructuredText: front matter, headings, targets, directives, roles, code and web links."""
    return "\n".join(_blocks(text.splitlines())).rstrip() + "\n"


def _blocks(lines: list[str]) -> list[str]:
    out: list[str] = []
    if lines and lines[0] == "---":
        end = lines.index("---", 1)
        out += [f":{line}" if ": " in line else line for line in lines[1:end]]
        out = [re.sub(r"^:(\w+): ", r":\1: ", line) for line in out] + [""]
        lines = lines[end + 1 :]
    number = 0
    while number < len(lines):
        line = lines[number]
        number += 1
        if opened := _FENCE.match(line):
            body = []
            while lines[number] != opened["fence"]:
                body.append(lines[number])
                number += 1
            number += 1
            out += _directive(opened["name"], opened["argument"], body)
        elif heading := re.match(r"^(#+) (.*)$", line):
            words = _inline(heading[2])
            out += [words, _HEADINGS[len(heading[1]) - 1] * len(words)]
        elif target := re.match(r"^\(([\w-]+)\)=$", line):
            out += [f".. _{target[1]}:", ""]
        else:
            out.append(_inline(line))
    return out


def _directive(name: str, argument: str, body: list[str]) -> list[str]:
    options = []
    while body and _OPTION.match(body[0]):
        options.append(body.pop(0))
    while body and not body[0]:
        body.pop(0)
    inner = _blocks(body) if name not in ("math", "code-block") else body
    # The entries of a toctree are file names: there is no markup in them.
    inner = body if name == "toctree" else inner
    content = [*options, *([""] if inner else []), *inner]
    return [f".. {name}:: {argument}".rstrip(), *(f"   {line}".rstrip() for line in content), ""]


def _inline(line: str) -> str:
    line = re.sub(r"^(\s*)(\d+)\. ", r"\1\2. ", line)
    kept: list[str] = []

    def keep(text: str) -> str:
        kept.append(text)
        return f"\0{len(kept) - 1}\0"

    for pattern, replacement in _INLINE:
        line = pattern.sub(lambda match, to=replacement: keep(match.expand(to)), line)
    return re.sub(r"\0(\d+)\0", lambda match: kept[int(match[1])], line)
