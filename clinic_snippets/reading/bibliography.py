"""BibTeX to sources: grade, what was read, and the label a source is cited by."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path

from pybtex.database import BibliographyDataError, Entry, parse_string
from pybtex.exceptions import PybtexError

from clinic_snippets.problems import Place, Problem, allowed_words
from clinic_snippets.records.source import Grade, Read, Source

_ENTRY = re.compile(r"^[ \t]*@(?P<type>\w+)[ \t]*\{[ \t]*(?P<key>[^\s,]+)", re.MULTILINE)
_LABEL_WORDS = 4


def _words(text: str, count: int) -> str:
    plain = re.sub(r"[{}\[\]]", "", text).split()
    return " ".join(plain[:count]).rstrip(",.:;")


def _author(entry: Entry) -> str:
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    if not people:
        return ""
    name = " ".join([*people[0].prelast_names, *people[0].last_names])
    return name if not name.startswith("{") else _words(name, _LABEL_WORDS)


def _label(entry: Entry) -> str:
    author, year, title = _author(entry), entry.fields.get("year", ""), entry.fields.get("title", "")
    if shorthand := " ".join(re.sub(r"[{}]", "", entry.fields.get("shorthand", "")).split()):
        return f"{shorthand} {year}".strip()
    if author and year:
        return f"{author} {year}"
    if author:
        return f"{author}, {_words(title, 3)}"
    return f"{_words(title, _LABEL_WORDS)} {year}".strip()


def labels(entries: dict[str, Entry]) -> dict[str, str]:
    """Return the label of each entry by key, never the same twice.

    It is the shorthand with the year, if the entry has one; without a shorthand the first author with the year,
    and title words where one of these is missing.
    """
    bare = {key: _label(entry) for key, entry in entries.items()}
    count = Counter(bare.values())
    used: defaultdict[str, int] = defaultdict(int)
    out = {}
    for key in sorted(entries):
        label = bare[key]
        if count[label] > 1:
            used[label] += 1
            suffix = chr(ord("a") + used[label] - 1) if used[label] <= 26 else str(used[label])
            # "Gattie 2017a", but "Fainting-a" and "Gattie 2017-27": run together they would be another word or number.
            label += suffix if label[-1:].isdigit() and suffix.isalpha() else f"-{suffix}"
        out[key] = label
    return out


def read_bibliography(paths: list[Path]) -> tuple[dict[str, Source], list[Problem]]:
    """Read BibTeX files into sources by key; every problem of every file is returned with its place."""
    entries: dict[str, Entry] = {}
    places: dict[str, Place] = {}
    problems: list[Problem] = []
    for path in paths:
        try:
            text = path.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            problems.append(Problem(Place(str(path)), "", f"cannot read the bibliography ({error})", "", "bib-file"))
            continue
        for match in _ENTRY.finditer(text):
            if match["type"].lower() in ("comment", "string", "preamble"):
                continue
            key, place = match["key"], Place(str(path), text.count("\n", 0, match.start("key")) + 1, 1)
            if first := next((p for k, p in places.items() if k.lower() == key.lower()), None):
                problems.append(
                    Problem(
                        place,
                        key,
                        f"this key stands here a second time (first: {first})",
                        "keep one entry",
                        "bib-duplicate",
                    )
                )
            places.setdefault(key, place)
        try:
            entries.update(parse_string(text, "bibtex").entries.items())
        except BibliographyDataError:
            pass  # a repeated key, reported above with its place
        except PybtexError as error:
            line = getattr(error, "lineno", None) or 1
            problems.append(
                Problem(
                    Place(str(path), line, 1),
                    "",
                    f"this is not BibTeX ({error})",
                    "mend the entry near this line",
                    "bib-syntax",
                )
            )
    names = labels(entries)
    sources = {}
    for key, entry in entries.items():
        values = {}
        for field, words in (("grade", Grade), ("read", Read)):
            given = entry.fields.get(field)
            allowed = [word.value for word in words]
            if given in allowed:
                values[field] = given
            elif given is not None:
                place, message = places.get(key, Place("")), f"'{given}' is not a word for '{field}'"
                problems.append(Problem(place, f"{key}.{field}", message, allowed_words(given, allowed), "bib-word"))
        sources[key] = Source(
            key,
            names[key],
            _words(entry.fields.get("title", ""), 1000),
            Grade(values["grade"]) if "grade" in values else None,
            Read(values["read"]) if "read" in values else None,
            entry.fields.get("caution", ""),
        )
    return sources, problems
