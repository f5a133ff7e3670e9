"""The handbook's bibliography: what its pages, labels and caution boxes rely on."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import lxml.html
import pytest
from pybtex.database import BibliographyData, Entry, parse_file

from clinic_snippets.reading.bibliography import labels

REFERENCES = Path(__file__).resolve().parents[2] / "source" / "references.bib"

GRADES = {"A", "A-", "B", "C", "D"}
READ = {"abstract", "opening", "page", "headings", "second-hand"}
FIELDS = {
    *("title", "journal", "booktitle", "howpublished", "institution", "publisher", "school"),
    *("year", "volume", "number", "pages", "doi", "pmid", "url"),
    *("shorthand", "grade", "read", "caution"),
}

# Citations stand inside sentences and narrow table cells; the surname of many parts with its year needs 28.
LONGEST_LABEL = 32

# One field a line, commas between fields and none after the last: BibTeX readers that are
# stricter than pybtex, and people who compare two versions, can then read the file too.
LAYOUT = re.compile(
    r"^(?:%.*\n|\n|@[a-z]+\{[a-z0-9_]+,\n(?:  \w+ += \{.*\},\n)*  \w+ += \{.*\}\n\}\n)",
    re.MULTILINE,
)

# The characters a URL may hold unescaped; "%" only as the start of an escape.
URL = re.compile(r"https?://(?:[\w\-.~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+", re.ASCII)


@pytest.fixture(scope="module")
def bibliography() -> BibliographyData:
    """The parsed file; pybtex refuses bad syntax and repeated keys."""
    return parse_file(str(REFERENCES), bib_format="bibtex")


@pytest.fixture(scope="module")
def keys() -> list[str]:
    """The keys as written, in file order, read without pybtex (which folds case)."""
    return re.findall(r"^@\w+\{([^,\s]+),$", REFERENCES.read_text(encoding="utf-8"), re.MULTILINE)


def breaking(bibliography: BibliographyData, field: str, holds: Callable[[str], bool]) -> list[str]:
    """Entries whose ``field`` is present and does not hold, as "key: value"."""
    return [
        f"{key}: {entry.fields[field]}"
        for key, entry in bibliography.entries.items()
        if field in entry.fields and not holds(entry.fields[field])
    ]


def texts(entry: Entry) -> Iterator[tuple[str, str]]:
    """Every text of an entry with the name of its field, the names of people included."""
    yield from entry.fields.items()
    for role, people in entry.persons.items():
        for person in people:
            yield role, str(person)


def plain(title: str) -> str:
    """A title without case, accents, spaces and punctuation."""
    letters = unicodedata.normalize("NFKD", title).casefold()
    return "".join(c for c in letters if c.isalnum())


def test_every_entry_is_parsed(bibliography: BibliographyData, keys: list[str]) -> None:
    """An entry that pybtex overlooks would be missing from the handbook without a word."""
    assert keys
    assert list(bibliography.entries) == keys


def test_layout_is_strict() -> None:
    rest = LAYOUT.sub("", REFERENCES.read_text(encoding="utf-8"))
    assert rest.splitlines()[:3] == []


def test_keys_are_unique_whatever_their_case(keys: list[str]) -> None:
    assert [key for key, n in Counter(map(str.lower, keys)).items() if n > 1] == []


def test_keys_are_sorted(keys: list[str]) -> None:
    assert keys == sorted(keys)


def test_entries_hold_known_fields_only(bibliography: BibliographyData) -> None:
    """A misspelt field is never shown, and nobody notices."""
    unknown = {key: set(e.fields) - FIELDS for key, e in bibliography.entries.items()}
    assert {key: names for key, names in unknown.items() if names} == {}


def test_no_field_is_empty(bibliography: BibliographyData) -> None:
    entries = bibliography.entries.items()
    assert [f"{key}.{name}" for key, e in entries for name, text in texts(e) if not text] == []


@pytest.mark.parametrize("field", ["title", "grade", "read"])
def test_every_entry_has(bibliography: BibliographyData, field: str) -> None:
    assert [key for key, e in bibliography.entries.items() if not e.fields.get(field)] == []


@pytest.mark.parametrize(
    ("field", "holds"),
    [
        pytest.param("grade", GRADES.__contains__, id="grade"),
        pytest.param("read", READ.__contains__, id="read"),
        # Without the year, which is added to it by itself.
        pytest.param("shorthand", lambda text: not re.search(r"\b(?:19|20)\d{2}\b", text), id="shorthand"),
        pytest.param("year", re.compile(r"(?:19|20)\d{2}").fullmatch, id="year"),
        pytest.param("doi", re.compile(r"10\.\d{4,9}/\S+").fullmatch, id="doi"),
        pytest.param("pmid", re.compile(r"[0-9]+").fullmatch, id="pmid"),
        pytest.param("url", URL.fullmatch, id="url"),
        pytest.param("url", lambda url: "." in (urlsplit(url).hostname or ""), id="host of url"),
    ],
)
def test_values_are_well_formed(bibliography: BibliographyData, field: str, holds: Callable[[str], bool]) -> None:
    assert any(field in e.fields for e in bibliography.entries.values())
    assert breaking(bibliography, field, holds) == []


def test_a_reader_can_reach_every_source(bibliography: BibliographyData) -> None:
    entries = bibliography.entries.items()
    assert [key for key, e in entries if not {"doi", "pmid", "url"} & set(e.fields)] == []


@pytest.mark.parametrize(
    ("field", "same"), [("doi", str.lower), ("pmid", str), ("title", plain)], ids=["doi", "pmid", "title"]
)
def test_no_source_has_two_entries(bibliography: BibliographyData, field: str, same: Callable[[str], str]) -> None:
    values = [same(e.fields[field]) for e in bibliography.entries.values() if field in e.fields]
    assert [value for value, n in Counter(values).items() if n > 1] == []


def test_what_is_known_through_others_has_a_low_grade(bibliography: BibliographyData) -> None:
    """A second-hand source graded A would pass for a study that was read."""
    entries = bibliography.entries.items()
    second_hand = {k: e.fields["grade"] for k, e in entries if e.fields["read"] == "second-hand"}
    assert second_hand
    assert {key: grade for key, grade in second_hand.items() if grade not in {"C", "D"}} == {}


def test_titles_in_brackets_are_explained(bibliography: BibliographyData) -> None:
    """Square brackets mark words that are not the source's own; the caution says so."""
    entries = bibliography.entries.items()
    bracketed = {key: e.fields.get("caution", "") for key, e in entries if "[" in e.fields["title"]}
    assert bracketed
    assert [key for key, caution in bracketed.items() if "in brackets" not in caution] == []


def test_cautions_are_sentences(bibliography: BibliographyData) -> None:
    def is_sentence(text: str) -> bool:
        return text[0].isupper() and text.endswith(".") and "\n" not in text

    assert breaking(bibliography, "caution", is_sentence) == []


@pytest.mark.parametrize(
    "unwanted",
    [
        pytest.param(r"\\", id="LaTeX command"),
        pytest.param(r"[~$]|--", id="LaTeX shorthand"),
        pytest.param(r"seen =|status =", id="research note"),
        pytest.param(r"n\.d\.|\b(?:authors?|journal|title) not shown|\?\?", id="placeholder"),
    ],
)
def test_texts_are_fit_to_print(bibliography: BibliographyData, unwanted: str) -> None:
    """Texts are printed as they stand: UTF-8, no markup, nothing left over from research."""
    found = [
        f"{key}.{name}: {text}"
        for key, entry in bibliography.entries.items()
        for name, text in texts(entry)
        # "--" is how BibTeX writes a range of pages, and a URL is never read as LaTeX.
        if name not in {"pages", "url"} and re.search(unwanted, text, re.IGNORECASE)
    ]
    assert found == []


def test_printed_texts_hold_no_braces(bibliography: BibliographyData) -> None:
    """Braces group names of organisations; in any other field they would be printed."""
    entries = bibliography.entries.items()
    assert [f"{k}.{n}" for k, e in entries for n, t in e.fields.items() if set("{}") & set(t)] == []


@pytest.fixture(scope="module")
def cited_as(bibliography: BibliographyData) -> dict[str, str]:
    """How the handbook cites each entry, by key."""
    return labels(dict(bibliography.entries))


def test_labels_are_short(cited_as: dict[str, str]) -> None:
    assert {key: label for key, label in cited_as.items() if len(label) > LONGEST_LABEL} == {}


def test_labels_are_unique_whatever_their_case(cited_as: dict[str, str]) -> None:
    count = Counter(label.casefold() for label in cited_as.values())
    assert len(cited_as) == count.total() and [label for label, n in count.items() if n > 1] == []


def test_a_shorthand_is_told_apart_without_a_suffix(bibliography: BibliographyData, cited_as: dict[str, str]) -> None:
    """Who chooses a shorthand can choose one that needs no "a" or "b"."""
    chosen = {
        k: f"{e.fields['shorthand']} {e.fields.get('year', '')}".strip()
        for k, e in bibliography.entries.items()
        if "shorthand" in e.fields
    }
    assert chosen
    assert {key: cited_as[key] for key, label in chosen.items() if cited_as[key] != label} == {}


def test_labels_are_not_made_from_title_words(bibliography: BibliographyData) -> None:
    """Without a shorthand only author and year make a label that can be recognised; a web domain is no author."""

    def named(entry: Entry) -> bool:
        people = entry.persons.get("author") or entry.persons.get("editor")
        return bool(people) and "year" in entry.fields and not re.search(r"\w\.\w+}$", str(people[0]))

    without = {key: entry for key, entry in bibliography.entries.items() if "shorthand" not in entry.fields}
    assert without
    assert [key for key, entry in without.items() if not named(entry)] == []


def test_addresses_in_the_built_bibliography_are_well_formed(handbook_site: Any) -> None:
    page = lxml.html.parse(handbook_site.root / "bibliography.html")
    found = [address for address in page.xpath("//article//a/@href") if address.startswith("http")]
    assert len(found) > 150
    forms = {
        "doi.org": r"https://doi\.org/10\.\d{4,9}/\S+",
        "pubmed.ncbi.nlm.nih.gov": r"https://pubmed\.ncbi\.nlm\.nih\.gov/\d{1,8}/?",
        "pmc.ncbi.nlm.nih.gov": r"https://pmc\.ncbi\.nlm\.nih\.gov/articles/PMC\d+/?(?:table/\w+)?",
    }
    for address in found:
        host = urlsplit(address).hostname or ""
        assert host and "." in host, address
        assert re.fullmatch(forms.get(host, r"https?://\S+"), address), address
