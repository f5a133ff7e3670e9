"""Record prose that needs no parser: plain words, and paragraphs whose markup can be read in one way only.

Nearly every text of a record is one or the other. What is found here is what ``reading.prose`` would find with the
Markdown parser, at a tenth of the cost; anything that is not certainly so is left to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from clinic_snippets.records.text import Code, Emphasis, Inline, Paragraph, Strong, WebLink, Words

_MARKS = re.compile(r"[*_`\\<>\[\]&{}]")
"""What may be markup wherever it stands."""
_NO_MARKS = bytes(byte for byte in range(256) if not _MARKS.match(chr(byte)))
_STARTS = r"[ \t]*(?:[-+#=\n]|\d+[.)])| {4}|\t"
"""What may be markup where it starts a line."""
_FIRST, _LATER = re.compile(_STARTS), re.compile(rf"\n(?:{_STARTS})")
_WORD = r"[A-Za-z0-9](?:[\w ,;:.()%/-]*[A-Za-z0-9])?"
_SIMPLE = re.compile(
    rf"(?<![^\s(])(?:\*\*(?P<strong>{_WORD})\*\*|\*(?P<em>{_WORD})\*|`(?P<code>{_WORD})`"
    rf"|\{{(?P<role>[a-z:-]{{1,36}})\}}`(?P<target>(?=[^`\\\n]*\w)[^`\\\n]*+)`"
    rf"|\[(?P<words>{_WORD})\]\((?P<url>https?://[A-Za-z0-9][A-Za-z0-9/.:?=-]*)\))(?![^\s.,;:)])"
)
"""Markup that can be read in one way only: within plain words, between blanks or punctuation."""


_BLANKS = " \t"


def is_plain(text: str) -> bool:
    """Say whether a text certainly has no markup."""
    # To take out of the bytes all that is no mark is quicker than to look for one.
    marks = text.encode("utf-8", "surrogatepass").translate(None, _NO_MARKS)
    return not (marks or "~~~" in text or _FIRST.match(text) or _LATER.search(text))


def may_name(text: str) -> bool:
    """Say whether ``text`` may name records or sources: only roles do."""
    return "{" in text


def read_simple(text: str, roles: Mapping[str, Callable[[str], Inline]]) -> tuple[Paragraph] | None:
    """Read one paragraph of words and simple markup; None where that is not all there is."""
    if "~~~" in text or _FIRST.match(text) or _LATER.search(text):
        return None
    out: list[Inline] = []
    end = 0
    while mark := _MARKS.search(text, end):
        match = _SIMPLE.match(text, mark.start())
        if not match or (match["role"] and match["role"] not in roles):
            return None
        _add_words(out, text[end : match.start()])
        end = match.end()
        if match["role"]:
            out.append(roles[match["role"]](match["target"]))
        elif match["code"]:
            out.append(Code(match["code"]))
        elif match["url"]:
            out.append(WebLink(match["url"], (Words(match["words"]),)))
        else:
            out.append((Strong if match["strong"] else Emphasis)((Words(match["strong"] or match["em"]),)))
    _add_words(out, text[end:])
    return (Paragraph(tuple(out) or (Words(""),)),)


def _add_words(out: list[Inline], text: str) -> None:
    """Add words beside markup, on one line; the blanks at their own two ends count."""
    first, *more = text.split("\n")
    if more:
        inner = [line.strip(_BLANKS) for line in more[:-1]]
        text = " ".join([first.rstrip(_BLANKS), *inner, more[-1].lstrip(_BLANKS)])
    if text and out and isinstance(out[-1], Words):
        out[-1] = Words(out[-1].text + text)
    elif text:
        out.append(Words(text))
