"""BibTeX to sources: grade, what was read, and the label a source is cited by."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

from pybtex.database import Entry
from pybtex.database.input.bibtex import Parser
from pybtex.exceptions import PybtexError
from pybtex.scanner import PrematureEOF
from pybtex.utils import CaseInsensitiveDict

from clinic_snippets.problems import Place, Problem, allowed_words, shown
from clinic_snippets.reading.cache import FileCache
from clinic_snippets.reading.files import text_of
from clinic_snippets.reading.origin import stamp_of
from clinic_snippets.reading.unseen import unseen_in
from clinic_snippets.records.source import Grade, Read, Source

_ENTRY = re.compile(r"^[ \t]*@(?P<type>\w+)\s*[{(]\s*(?P<key>[^\s,{}()]+)", re.MULTILINE)
_FIELD = r"\s*([A-Za-z][A-Za-z0-9_-]*)\s*=\s*(?:\{((?:[^{}]|\{[^{}]*\})*+)\}|([0-9]+))\s*"
_A_FIELD = re.compile(_FIELD)
_PLAIN = re.compile(rf"[ \t]*@[A-Za-z]+\{{[^\s,{{}}()\"#%]+,((?:{_FIELD}(?:,|(?=\}})))+)\s*\}}[^@]*")
"""An entry without strings of its own or joined values, as nearly all are; nothing follows that could be another."""
_NOT_ENTRIES = ("comment", "string", "preamble")
_FORM = "each field is written as name = {text} with a comma behind it, and '}' ends the entry"
_ADDRESS = re.compile("https?://")
"""What a reader may click; a browser would run some other addresses as a program."""
_LABEL_WORDS = 4
_LONGEST_STRING = 1000
"""Signs of a string that entries are made of; thirty strings of two strings each would fill the memory."""


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


def _without_line(error: Exception) -> str:
    return re.sub(r"^syntax error in line \d+: | in line \d+", "", str(error))


class _Strings(CaseInsensitiveDict):  # type: ignore[misc]  # pybtex is not typed
    def __setitem__(self, name: str, value: str) -> None:
        if len(value) > _LONGEST_STRING:
            raise PybtexError(f"the string '{shown(name)}' is far too long, with those it is made of")
        super().__setitem__(name, value)


class _File:
    """One BibTeX file, read entry by entry: a slip in one spoils no other, and every slip has its place."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.text = text
        found = list(_ENTRY.finditer(text))
        self.entries = [match for match in found if match["type"].lower() not in _NOT_ENTRIES]
        self.plain = Parser()
        self.full = Parser()
        self.full.macros = _Strings(self.full.macros)
        self.starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
        self.strays: list[tuple[str, Place]] = []
        """Keys of entries that no line starts with; BibTeX reads them all the same, also behind a percent sign."""
        self.problems: list[Problem] = []
        others = (match for match in found if match["type"].lower() in _NOT_ENTRIES)
        before = text[: found[0].start()] if found else text
        self.rest = deque([(0, before), *((match.start(), self.behind(match)) for match in others)])

    def read_rest(self, end: int) -> None:
        """Read what is no entry up to ``end``: strings for the entries behind them, and what BibTeX takes for an entry."""
        while self.rest and self.rest[0][0] < end:
            offset, text = self.rest.popleft()
            if "@" in text:
                place = self.place(offset + text.index("@"))
                try:
                    self.strays += [(key, place) for key in self._entries(text)]
                except PybtexError as error:
                    message = f"BibTeX takes the '@' here for the start of an entry ({_without_line(error)})"
                    hint = "take it out, or write 'at'"
                    self.problems.append(Problem(place, "", message, hint, "bib-syntax"))

    def _entries(self, text: str) -> dict[str, Entry]:
        """Return what BibTeX finds in a piece of the file."""
        self.full.data.entries.clear()
        return dict(self.full.parse_string(text).entries)

    def behind(self, match: re.Match[str]) -> str:
        """Return the text from one entry to the next."""
        following = _ENTRY.search(self.text, match.end())
        return self.text[match.start() : following.start() if following else None]

    def place(self, offset: int) -> Place:
        line = bisect_right(self.starts, offset)
        return Place(str(self.path), line, offset - self.starts[line - 1] + 1)

    def place_of(self, match: re.Match[str], field: str) -> Place:
        """Return where an entry gives ``field``."""
        found = re.compile(rf"\b{field}\s*=", re.IGNORECASE).search(self.text, match.end())
        return self.place(found.start() if found else match.start("key"))

    def read(self, match: re.Match[str]) -> Entry | Problem:
        """Return the entry that starts at ``match``, or what is wrong with it."""
        key, place, text = match["key"], self.place(match.start("key")), self.behind(match)
        try:
            if plain := _PLAIN.fullmatch(text):
                fields = [(name, [text or number]) for name, text, number in _A_FIELD.findall(plain[1])]
                self.plain.process_entry(match["type"], key, fields)
                return self.plain.data.entries[key]
            self.read_rest(match.start())
            entries = self._entries(text)
            self.strays += [(other, place) for other in entries if other != key]
            return entries[key]
        except PrematureEOF:
            return Problem(place, key, "this entry is not closed", _FORM, "bib-syntax")
        except (PybtexError, KeyError) as error:
            lines = (getattr(error, "lineno", None) or 1) - 1
            what = _without_line(error)
            at = Place(place.file, self.place(match.start()).line + max(lines, 0), 1)
            return Problem(at, key, f"this entry cannot be read ({what})", _FORM, "bib-syntax")


def read_bibliography(paths: list[Path], cache: Path | None = None) -> tuple[dict[str, Source], list[Problem]]:
    """Read BibTeX files into sources by key; every problem of every file is returned with its place.

    A faulty entry becomes a source without a title, so that only the entry is reported and not all who cite it. ``cache``
    is a file that keeps the sources until the size or time of a BibTeX file changes; it can be removed at any time.
    """
    kept, names = FileCache(cache), "\n".join(map(str, paths))
    try:
        stamps = tuple(stamp_of(path.stat()) for path in paths)
    except OSError:
        return _read(paths)
    if (known := kept.get(names, stamps)) is not None:
        return known, []
    sources, problems = _read(paths)
    if not problems:
        kept.keep(names, stamps, sources)
        kept.save()
    return sources, problems


def _read(paths: list[Path]) -> tuple[dict[str, Source], list[Problem]]:
    entries: dict[str, Entry] = {}
    places: dict[str, Place] = {}
    taken: dict[str, Place] = {}
    strays: list[tuple[str, Place]] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            file = _File(path, text_of(path))
        except (OSError, UnicodeDecodeError) as error:
            why = "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else error.strerror
            message, hint = f"cannot read the bibliography ({why})", "check bibtex_bibfiles in conf.py"
            problems.append(Problem(Place(str(path)), "", message, hint, "bib-file"))
            continue
        problems += unseen_in(file.text, str(path))
        for match in file.entries:
            key, place = match["key"], file.place(match.start("key"))
            # BibTeX does not tell capitals from small letters in keys.
            if first := taken.get(key.lower()):
                message = f"this key stands here a second time (first: {first})"
                problems.append(Problem(place, key, message, "keep one entry", "bib-duplicate"))
                continue
            places[key] = taken[key.lower()] = place
            entry = file.read(match)
            if isinstance(entry, Problem):
                problems.append(entry)
                continue
            entries[key] = entry
            for field, words in (("grade", Grade), ("read", Read)):
                given = entry.fields.get(field)
                if given is not None and given not in (allowed := [word.value for word in words]):
                    message, hint = f"'{shown(given)}' is not a word for '{field}'", allowed_words(given, allowed)
                    problems.append(Problem(file.place_of(match, field), f"{key}.{field}", message, hint, "bib-word"))
            if (url := entry.fields.get("url")) and not _ADDRESS.match(url):
                message, hint = f"'{shown(url)}' is not an address of the web", "start it with https:// or http://"
                problems.append(Problem(file.place_of(match, "url"), f"{key}.url", message, hint, "bib-address"))
        file.read_rest(len(file.text) + 1)
        problems += file.problems
        strays += file.strays
    for key, place in strays:
        if first := taken.get(key.lower()):
            message = f"BibTeX finds a second entry with this key here, also behind '%' (first: {first})"
            problems.append(Problem(place, key, message, "keep one entry", "bib-duplicate"))
    names = labels(entries)
    return {key: _source(key, names.get(key, key), entries.get(key)) for key in places}, problems


def _source(key: str, label: str, entry: Entry | None) -> Source:
    if entry is None:
        return Source(key, label, "")
    grade, read = entry.fields.get("grade"), entry.fields.get("read")
    return Source(
        key,
        label,
        _words(entry.fields.get("title", ""), 1000),
        Grade(grade) if grade and grade in list(Grade) else None,
        Read(read) if read and read in list(Read) else None,
        entry.fields.get("caution", ""),
        tuple(sorted([*entry.fields.items(), *_people(entry)])),
    )


def _people(entry: Entry) -> Iterator[tuple[str, str]]:
    for role, people in entry.persons.items():
        yield role, " and ".join(map(str, people))
