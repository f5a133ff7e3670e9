"""Citations: what a block cites is told to sphinxcontrib-bibtex at reading, and shown from its answer at writing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from docutils.parsers.rst.states import Inliner
from pybtex.database import Entry, Person
from pybtex.plugin import register_plugin
from pybtex.richtext import HRef, Tag, Text
from pybtex.style import FormattedEntry
from pybtex.style.formatting import BaseStyle
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

from clinic_snippets.reading.bibliography import labels
from clinic_snippets.records.source import Grade, Read

STYLE = "clinic"
_CONTAINERS = ("journal", "booktitle", "howpublished", "institution", "publisher", "school", "organization")
_AUTHORS_SHOWN = 6


class ClinicStyle(BaseStyle):
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
        return sorted(known.values(), key=lambda entry: (names[entry.key].lower(), entry.key))

    def author_year(self, sorted_entries: Iterable[Entry]) -> list[str]:
        """Return author-year labels; entries carry the label they have in the whole bibliography."""
        return [ALL_LABELS.get(entry.key, entry.key) for entry in sorted_entries]

    def format_entry(self, label: str, entry: Entry, bib_data: Any = None) -> FormattedEntry:
        """Return one entry of the bibliography."""
        fields = entry.fields
        parts: list[Any] = []
        people = entry.persons.get("author") or entry.persons.get("editor") or []
        if people:
            names = ", ".join(_name(person) for person in people[:_AUTHORS_SHOWN])
            parts.append(names + (" et al." if len(people) > _AUTHORS_SHOWN else "."))
        parts.append(Text(Tag("em", fields.get("title", "").strip("{}")), "."))
        where = next((fields[name] for name in _CONTAINERS if name in fields), "")
        issue = fields.get("volume", "") + (f"({fields['number']})" if "number" in fields else "")
        pages = fields.get("pages", "").replace("--", "–")
        details = ", ".join(part for part in (where, fields.get("year", ""), issue, pages) if part)
        if details:
            parts.append(details.strip("{}") + ".")
        if doi := fields.get("doi"):
            parts.append(Text("DOI ", HRef(f"https://doi.org/{doi}", doi), "."))
        if pmid := fields.get("pmid"):
            parts.append(Text("PMID ", HRef(f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/", pmid), "."))
        if not doi and (url := fields.get("url")):
            parts.append(HRef(url, url))
        parts += _reading(fields)
        joined: list[Any] = []
        for part in parts:
            joined += [" ", part] if joined else [part]
        return FormattedEntry(entry.key, Text(*joined), label)


ALL_LABELS: dict[str, str] = {}
"""The label of every entry of the bibliography files, cited or not, so that a label never depends on what is cited."""


def _name(person: Person) -> str:
    last = " ".join([*person.prelast_names, *person.last_names]).replace("{", "").replace("}", "")
    initials = "".join(name[0] for name in (*person.first_names, *person.middle_names))
    return f"{last} {initials}".strip()


def _reading(fields: Any) -> list[Any]:
    out: list[Any] = []
    if fields.get("grade") in {grade.value for grade in Grade}:
        words = f"Grade {fields['grade']}"
        if fields.get("read") in {read.value for read in Read}:
            words += f": {Read(fields['read']).words}"
        out.append(Tag("strong", words + "."))
    if caution := fields.get("caution"):
        out.append(caution)
    return out


class Cited(NamedTuple):
    """Where a cited source stands in the bibliography, and how it is labelled."""

    docname: str
    anchor: str
    label: str


def cited_sources(env: BuildEnvironment) -> dict[str, Cited]:
    """Return every source that a bibliography of this project lists, by key."""
    found = env.get_domain("cite").citations  # type: ignore[attr-defined]
    return {c.key: Cited(c.bibliography_key.docname, c.citation_id, c.formatted_entry.label) for c in found}


def bibliography_text(env: BuildEnvironment, docname: str) -> list[str]:
    """Return what the bibliographies on a page show, for telling whether it must be written again."""
    return [
        f"{c.key} {c.citation_id} {c.formatted_entry.label} {c.formatted_entry.text.render_as('text')}"
        for c in env.get_domain("cite").citations  # type: ignore[attr-defined]
        if c.bibliography_key.docname == docname
    ]


def register_citations(env: BuildEnvironment, inliner: Inliner, keys: Iterable[str], line: int) -> None:
    """Tell bibtex that the page being read cites ``keys``: once per block, however many rows it has."""
    joined = ",".join(keys)
    if joined:
        role = env.get_domain("cite").role("empty")
        assert role is not None
        role("cite:empty", "", joined, line, inliner, {}, [])


def set_defaults(app: Sphinx, config: Config) -> None:
    """Give sphinxcontrib-bibtex our style and anchors where the project chose none."""
    if config.bibtex_bibfiles is None:
        config.bibtex_bibfiles = []
    if config.bibtex_default_style == "alpha":  # bibtex's own default, which fails on entries without an author
        config.bibtex_default_style = STYLE
    if not config.bibtex_cite_id:
        config.bibtex_cite_id = "cite-{key}"


def fill_labels(app: Sphinx) -> None:
    """Work out every label, once bibtex has read its files."""
    ALL_LABELS.clear()
    ALL_LABELS.update(labels(dict(app.env.get_domain("cite").bibdata.data.entries)))  # type: ignore[attr-defined]


def setup(app: Sphinx) -> None:
    """Register the style and its defaults."""
    register_plugin("pybtex.style.formatting", STYLE, ClinicStyle)
    app.connect("config-inited", set_defaults)
    app.connect("builder-inited", fill_labels)
