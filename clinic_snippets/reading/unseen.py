"""Characters that a reader cannot see, or that change what is seen, in the files of a handbook."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from clinic_snippets.problems import Place, Problem

# Signs that turn the order of letters round: a reader would see other words than those that were checked. Right-to-left
# scripts need none of them.
_TURNING = "\u202a-\u202e\u2066-\u2069"
# What YAML refuses, or takes for the end of a line although editors show none, ...
_REFUSED = f"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff{_TURNING}"
# ... and blanks that do not count as indentation.
_BLANKS = "\xa0\u1680\u2000-\u200f\u202f\u205f\u2060\u3000"
_ANYWHERE = re.compile(f"[{_REFUSED}]")
_IN_YAML = re.compile(f"[{_REFUSED}\r]|(?m:^) *[{_BLANKS}]")
_PERHAPS = re.compile(f"[{_REFUSED}\r{_BLANKS}]")
"""A quick look first: nearly every file has none of them."""
_IN_ORDER = bytes([*b"\t\n", *range(0x20, 0x7F)])
"""The signs that nearly all of a text is made of, each of which is one byte."""
_MOST = 20
"""So many are reported at once: a file that is not text has nothing else."""
_WAY_OUT = "delete it; use plain spaces and line ends"


def unseen_in_yaml(text: str, file: str) -> list[Problem]:
    """Return a problem for each such character in YAML, whose lines end in a line feed; blanks count as indentation."""
    rest = text.encode("utf-8", "surrogatepass").translate(None, _IN_ORDER)
    perhaps = rest and _PERHAPS.search(rest.decode("utf-8", "surrogatepass"))
    return list(_problems(_IN_YAML, text, file)) if perhaps else []


def unseen_in(text: str, file: str) -> list[Problem]:
    """Return a problem for each such character in a text of which no blank means anything."""
    return list(_problems(_ANYWHERE, text, file))


def unseen_sign(value: str) -> str:
    """Return the first such character that an escape such as ``\\x07`` has made, as it is named, or an empty string."""
    found = _ANYWHERE.search(value)
    return f"U+{ord(found[0]):04X}" if found else ""


def _problems(pattern: re.Pattern[str], text: str, file: str) -> Iterator[Problem]:
    for match in islice(pattern.finditer(text), _MOST):
        at = match.end() - 1
        place = Place(file, text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))
        message = f"a character that cannot be seen stands here (U+{ord(text[at]):04X})"
        yield Problem(place, "", message, _WAY_OUT, "unseen-character")
