"""Citations: what a block cites is told to sphinxcontrib-bibtex at reading, and shown from its answer at writing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any, NamedTuple

from docutils import nodes
from docutils.parsers.rst.states import Inliner
from pybtex.database import Entry, Person
from pybtex.exceptions import PybtexError
from pybtex.plugin import register_plugin
from pybtex.richtext import HRef, Tag, Text
from pybtex.style import FormattedEntry
from pybtex.style.formatting import BaseStyle
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

from clinic_snippets.reading.bibliography import labels
from clinic_snippets.records.source import Grade, Read

STYLE = "clinic"
_CONTAINERS = ("journal", "booktitle", "howpublished", "institution", "publisher", "school", "organization")
_AUTHORS_SHOWN = 6


class ClinicStyle(BaseStyle):  # type: ignore[misc]  # pybtex brings no types
    """Bibliography entries with what a reader needs to judge them: grade, what was read, and cautions.

    No field but the title is needed: a regulator's web page has no journal, and a missing author is not made up.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        # BaseStyle puts plugins of its own in these two places.
        self.sort = self.by_label
        self.format_labels = self.author_year

    def by_label(self, entries: Iterable[Entry]) -> list[Entry]:
        """Return the entries by label, as a reader looks them up."""
        known = {entry.key: entry for entry in entries}
        names = labels(known)

        def place(entry: Entry) -> tuple[str, str]:
            # "Bäumler" stands among the Bs: letters sort without their accents.
            bare = unicodedata.normalize("NFKD", names[entry.key])
            return "".join(letter for letter in bare if not unicodedata.combining(letter)).casefold(), entry.key

        return sorted(known.values(), key=place)

    def author_year(self, sorted_entries: Iterable[Entry]) -> list[str]:
        """Return author-year labels; entries carry the label they have in the whole bibliography."""
        return [ALL_LABELS.get(entry.key, entry.key) for entry in sorted_entries]

    def format_entry(self, label: str, entry: Entry, bib_data: Any = None) -> FormattedEntry:
        """Return one entry of the bibliography."""

        def field(name: str) -> str:
            return _plain(entry.fields.get(name, ""))

        parts: list[Any] = []
        people = entry.persons.get("author") or entry.persons.get("editor") or []
        if people:
            shown = [person for person in people[:_AUTHORS_SHOWN] if str(person) != "others"]
            names = ", ".join(_name(person) for person in shown)
            parts.append(names + (" et al." if len(people) > len(shown) else "."))
        title = field("title")
        parts.append(Text(Tag("em", title), "" if title.endswith((".", "?", "!")) else "."))
        where = next((field(name) for name in _CONTAINERS if name in entry.fields), "")
        issue = field("volume") + (f"({field('number')})" if "number" in entry.fields else "")
        pages = field("pages").replace("--", "–")
        details = ", ".join(part for part in (where, field("year"), issue, pages) if part)
        if details:
            parts.append(details + ".")
        if doi := field("doi"):
            parts.append(Text("DOI ", HRef(f"https://doi.org/{doi}", doi), "."))
        if pmid := field("pmid"):
            parts.append(Text("PMID ", HRef(f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/", pmid), "."))
        if not doi and (url := field("url")):
            parts.append(HRef(url, url))
        parts += _reading(field("grade"), field("read"), field("caution"))
        joined: list[Any] = []
        for part in parts:
            joined += [" ", part] if joined else [part]
        return FormattedEntry(entry.key, Text(*joined), label)


ALL_LABELS: dict[str, str] = {}
"""The label of every entry of the bibliography files, cited or not, so that a label never depends on what is cited."""


def _plain(field: str) -> str:
    """Return a field without BibTeX's braces and LaTeX's accents, which reference managers write."""
    if not set("\\{}").intersection(field):
        return field
    try:
        # A bare percent sign would start a comment in LaTeX.
        return str(Text.from_latex(re.sub(r"(?<!\\)%", r"\\%", field)))
    except (PybtexError, ValueError):
        return field


def _name(person: Person) -> str:
    last = _plain(" ".join([*person.prelast_names, *person.last_names]))
    initials = "".join(_plain(name)[:1] for name in (*person.first_names, *person.middle_names))
    return f"{last} {initials}".strip()


def _reading(grade: str, read: str, caution: str) -> list[Any]:
    out: list[Any] = []
    if grade in {word.value for word in Grade}:
        words = f"Grade {grade}" + (f": {Read(read).words}" if read in {word.value for word in Read} else "")
        out.append(Tag("strong", words + "."))
    return [*out, caution] if caution else out


class Cited(NamedTuple):
    """Where a cited source stands in the bibliography, and how it is labelled."""

    docname: str
    anchor: str
    label: str


def cited_sources(env: BuildEnvironment) -> dict[str, Cited]:
    """Return every source that a bibliography of this project lists by its label, by key."""
    cite: Any = env.get_domain("cite")
    return {
        c.key: Cited(c.bibliography_key.docname, c.citation_id, c.formatted_entry.label)
        for c in cite.citations
        if cite.bibliographies[c.bibliography_key].list_ == "citation"
    }


def register_citations(env: BuildEnvironment, inliner: Inliner, keys: Iterable[str], line: int) -> None:
    """Tell bibtex that the page being read cites ``keys``: once per block, however many rows it has."""
    joined = ",".join(keys)
    if joined:
        role = env.get_domain("cite").role("empty")
        assert role is not None
        role("cite:empty", "", joined, line, inliner, {}, [])


class KeepRealBackrefs(SphinxPostTransform):
    """Takes out a bibliography's links back to blocks: ``register_citations`` leaves nothing there to link to."""

    default_priority = 6  # right after bibtex has made the bibliography

    def run(self, **kwargs: Any) -> None:
        """Work on every entry of the page that has such links."""
        entries = [entry for entry in self.document.findall(nodes.citation) if entry["backrefs"]]
        places: set[str] = set()
        if entries:
            places.update(*(node["ids"] for node in self.document.findall(nodes.Element)))
        for entry in entries:
            entry["backrefs"] = [place for place in entry["backrefs"] if place in places]


def set_default(app: Sphinx, name: str, default: object) -> None:
    """Give a value of sphinxcontrib-bibtex another default; what a project writes in its ``conf.py`` still counts."""
    old = app.config.values.pop(name)
    app.add_config_value(name, default, old.rebuild, old.valid_types)


def fill_labels(app: Sphinx) -> None:
    """Work out every label, once bibtex has read its files."""
    ALL_LABELS.clear()
    ALL_LABELS.update(labels(dict(app.env.get_domain("cite").bibdata.data.entries)))  # type: ignore[attr-defined]


def setup(app: Sphinx) -> None:
    """Register the style, and make it and its anchors the default."""
    register_plugin("pybtex.style.formatting", STYLE, ClinicStyle)
    set_default(app, "bibtex_bibfiles", [])
    set_default(app, "bibtex_default_style", STYLE)
    set_default(app, "bibtex_cite_id", "cite-{key}")
    app.add_post_transform(KeepRealBackrefs)
    app.connect("builder-inited", fill_labels)
