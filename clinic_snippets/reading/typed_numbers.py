"""Results typed by hand in a page: percentages, "1 in N", effect sizes and intervals.

A figure in running text comes from its record, through ``{clinic:rate}`` or ``{clinic:finding}``; a copy typed by hand
loses its unit and its source, and stays behind when the record changes. Code, links, roles and comments are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from clinic_snippets.problems import Place, Problem, is_text
from clinic_snippets.reading.page_calls import CODE, rst_text

# Digits and addresses end somewhere: without an end, a line of a hundred thousand signs would be read that often.
_DIGITS = r"\d[\d,]{0,30}"
_NUMBER = rf"[-\u2212\u2013]?{_DIGITS}(?:\.\d+)?"
_MEASURED = rf"(?:[-\u2212]\d+(?:\.\d+)?|{_DIGITS}\.\d+)"
"""A number with a sign or decimals: two whole ones, as in "weeks 3 to 5", are no interval."""
_WORD = "one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand"
_COUNTED = "patients|people|persons|participants|treatments|sessions|trials|studies|cases|bodies|donors|needles|clinicians|women|men"
_RESULTS = {
    "a percentage": rf"{_NUMBER}\s?(?:%|per\s?cent\b)|\b(?:{_WORD})(?:-(?:{_WORD}))? per ?cent\b",
    "a rate": rf"{_NUMBER}(?: [a-z]+){{0,3}} per (?:{_NUMBER}|(?:a )?(?:hundred|thousand))\b|\b{_DIGITS}\s?[/:]\s?1,?0{{2,}}\b",
    "a share": (
        rf"\b(?:{_DIGITS}|{_WORD}) (?:in|out of|of every) (?:a )?(?:{_NUMBER}|{_WORD})\b(?! (?:weeks|days|hours|months|years))|"
        rf"\b{_DIGITS} of (?:the )?{_DIGITS}(?: [a-z]+)? (?:{_COUNTED})\b"
    ),
    "an effect size": (
        r"(?:\b(?:SMD|WMD|MD|RR|OR|HR|NNT|kappa|Cohen's d|(?:odds|risk|hazard) ratio|mean difference|"
        rf"number needed to treat|sensitivity|specificity|ICC)\b(?: (?:of|was|is|=|:))?[ =:]*){_NUMBER}|"
        r"\bp\s?[<>=\u2264]\s?0?\.\d+|\b\d+\.\d+ (?:points|mm|kPa|degrees)\b"
    ),
    "an interval": (
        rf"{_MEASURED} ?(?:to|[-\u2013]) ?{_NUMBER}|{_NUMBER} ?(?:to|\u2013) ?{_MEASURED}|"
        rf"\b(?:CI|interval)\b[ :]*{_NUMBER}"
    ),
}
_RESULT = re.compile("|".join(f"(?P<k{n}>{pattern})" for n, pattern in enumerate(_RESULTS.values())), re.IGNORECASE)
_KINDS = list(_RESULTS)
_WAY_OUT = (
    "write {clinic:rate}`event@source` or {clinic:finding}`finding@part`, or, where it is no result, name it with a "
    "reason in clinic_allowed_numbers"
)

_FENCE = re.compile(r"^\s*(?P<marks>`{3,}|~{3,}|:{3,})\s*(?P<info>\{?[\w:-]*\}?)")
_NO_PROSE = CODE | {"figure-md"}
"""Directives whose content is not the author's own running text."""
_NOT_PROSE = re.compile(
    r"(?P<ticks>`+).+?(?P=ticks)"  # code, and roles with their content
    r"|\]\([^)\s]{0,2000}\)|<[a-z]{1,20}:[^>\s]{0,2000}>|https?://\S+"  # addresses
    r"|<!--.*?(?:-->|$)"
)


def typed_numbers(text: str, file: str, allowed: Mapping[str, str] | None = None) -> Iterator[Problem]:
    """Yield a problem for each result typed by hand in a page of MyST or reStructuredText.

    ``allowed`` gives words that may stand, each with the reason; words that the page does not hold are a problem too,
    since nobody would notice when they come back.
    """
    allowed = dict(allowed or {})
    seen: set[str] = set()
    for number, line in _running_text(text, file.endswith(".rst")):
        spans = []
        for words in allowed:
            for found in re.finditer(re.escape(words), line):
                seen.add(words)
                spans.append(found.span())
        for match in _RESULT.finditer(line):
            if any(start <= match.start() and match.end() <= end for start, end in spans):
                continue
            kind = next(name for index, name in enumerate(_KINDS) if match[f"k{index}"])
            message = f"'{match[0].strip()}' is {kind} typed by hand"
            yield Problem(Place(file, number, match.start() + 1), "", message, _WAY_OUT, "typed-number")
    for words, reason in allowed.items():
        if words not in seen:
            message = f"clinic_allowed_numbers names '{words}', which this page does not hold"
            yield Problem(Place(file, 1, 1), "", message, "take it off the list", "typed-number")
        elif not reason.strip():
            message = f"clinic_allowed_numbers gives no reason for '{words}'"
            yield Problem(Place(file, 1, 1), "", message, "say why it may be typed by hand", "typed-number")


def pages_with_typed_numbers(
    folder: Path, files: list[Path], allowed: Mapping[str, Mapping[str, str]]
) -> list[Problem]:
    """Return the problems of several pages; ``allowed`` is by page name, without the ending, from ``folder``."""
    problems: list[Problem] = []
    names = {path.relative_to(folder).with_suffix("").as_posix(): path for path in files}
    for name, path in names.items():
        if not is_text(str(path)):
            message = "the name of this page is not UTF-8 text, so it can have no address"
            problems.append(Problem(Place(str(path), 1, 1), "", message, "rename it", "file-name"))
            continue
        try:
            text = path.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            problems.append(
                Problem(Place(str(path), 1, 1), "", f"the page cannot be read ({error})", "save it as UTF-8")
            )
            continue
        problems += typed_numbers(text, str(path), allowed.get(name))
    for name in allowed.keys() - names.keys():
        message = f"clinic_allowed_numbers names '{name}', which is no page"
        problems.append(Problem(Place(str(folder / "conf.py")), "", message, "take it off the list", "typed-number"))
    return problems


def _running_text(text: str, rst: bool) -> Iterator[tuple[int, str]]:
    """Yield each line of running text with its number; what is not running text is blanked, so that columns stay."""
    lines = text.split("\n")
    start = 0
    if lines and lines[0].strip() == "---" and "---" in (rest := [line.strip() for line in lines[1:]]):
        start = rest.index("---") + 2  # the front matter of MyST
    lines = _without_rst_code(lines) if rst else _without_fenced_code(lines, start)
    for number, line in enumerate(lines, 1):
        if number > start and line.strip():
            yield number, _NOT_PROSE.sub(lambda found: " " * len(found[0]), line)


def _without_fenced_code(lines: list[str], start: int) -> list[str]:
    """Return the lines of a MyST page with code, options of directives and comments emptied."""
    out: list[str] = []
    fences: list[tuple[str, bool]] = []
    options = False
    for number, line in enumerate(lines):
        if number < start:
            out.append("")
            continue
        match = _FENCE.match(line)
        if match and fences and not match["info"] and match["marks"].startswith(fences[-1][0]):
            fences.pop()
            out.append("")
        elif match and not (fences and fences[-1][1]):
            name = match["info"].strip("{}")
            code = not match["info"].startswith("{") or name in _NO_PROSE
            if match["marks"].startswith(":"):
                code = name in _NO_PROSE
            fences.append((match["marks"], code))
            options = True
            out.append("" if code else " " * match.end() + line[match.end() :])
        elif fences and fences[-1][1]:
            out.append("")
        elif (options and re.match(r"\s*:[\w-]+:", line)) or line.startswith("%"):
            out.append("")
        else:
            options = False
            out.append(line)
    return out


def _without_rst_code(lines: list[str]) -> list[str]:
    """Return the lines of a reStructuredText page with literal blocks, code, options and comments emptied."""
    out = [""] * len(lines)
    for number, _ in rst_text(lines):
        if not re.match(r"\s*:[\w -]+:(?:\s|$)", lines[number]):
            out[number] = lines[number]
    return out
