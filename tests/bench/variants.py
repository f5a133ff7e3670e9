"""The same pages written in each way: one table on each topic's page, and one page with every row.

A row's home is the page with every row; the other tables and the running text link there.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

from tests.bench.content import Record, content, doi, referred

COLUMNS = ("Precaution", "Level", "Rule", "About", "Techniques", "What to do", "Why", "Sources")
Cells = tuple[str, ...]
COMMON = """
project = "Bench"
html_theme = "furo"
html_show_sphinx = False
exclude_patterns = ["records"]
myst_enable_extensions = ["attrs_inline"]
"""
BIBTEX = """
extensions.append("sphinxcontrib.bibtex")
bibtex_bibfiles = ["references.bib"]
bibtex_default_style = "plain"
bibtex_cite_id = "cite-{key}"
bibtex_tooltips = False
"""
OWN = """
extensions.append("clinic_snippets")
bibtex_bibfiles = ["references.bib"]
bibtex_default_style = "plain"
bibtex_tooltips = False
clinic_snippet_files = ["table.py"]
clinic_offline = False
"""
NEEDS = r"""
extensions.append("sphinx_needs")
needs_id_regex = "^[a-z0-9-]+$"
needs_types = [dict(directive="record", title="Record", prefix="", color="#fff", style="node")]
needs_fields = {name: {"nullable": True} for name in ("level", "rule", "about", "techniques", "action", "why", "sources", "topic")}
needs_build_json = False
needs_role_need_max_title_length = -1
needs_string_links = {"doi": {
    "regex": r"^(?P<doi>10\..*)$", "link_url": "https://doi.org/{{doi}}", "link_name": "{{doi}}", "options": ["sources"],
}}
"""
SNIPPET = '''
"""A table with the columns of every other variant, as a handbook's own snippet."""

from clinic_snippets.records import Precaution
from clinic_snippets.records.text import Anchor, Citation, Paragraph, RecordLink, WebLink, Words
from clinic_snippets.snippets import Column, Row, Table, snippet
from clinic_snippets.snippets.phrases import words_cell


def cited(keys):
    for number, key in enumerate(keys):
        address = f"https://doi.org/10.5555/{key}"
        yield from [Words(", ")] if number else []
        yield Citation((key,)) if CITED else WebLink(address, (Words(f"10.5555/{key}"),))


def row(library, record):
    return a_row(library, record, (RecordLink(record.id),))


def home(library, record):
    return a_row(library, record, (Anchor(record.anchor), Words(record.name)))


def words_of(record):
    return record.level, record.rule, " and ".join(record.applies_to), ", ".join(record.techniques)


def a_row(library, record, name):
    plain = map(words_cell, words_of(record))
    texts = [library.prose(record.action[0].text), library.prose(record.why[0].text)]
    return Row(record.id, ((Paragraph(name),), *plain, *texts, (Paragraph(tuple(cited(record.sources))),)))


@snippet
def bench_table(library, *, topic: str = ""):
    """Precautions on a topic, or all of them."""
    found = [record for record in library.of(Precaution) if topic in ("", record.topic)]
    columns = tuple(Column(heading) for heading in COLUMNS)
    return Table("", columns, library.made(row if topic else home, found), "None.", home=not topic)
'''


def sources_of(record: Record, cited: bool) -> str:
    """Return the last cell as Markdown."""
    if cited:
        return ", ".join(f"{{cite:p}}`{key}`" for key in record.keys)
    return ", ".join(f"[{doi(key)}](https://doi.org/{doi(key)})" for key in record.keys)


def cells(record: Record, home: bool, cited: bool) -> Cells:
    """Return a row as Markdown; at home its name is the place that links lead to."""
    name = f"[{record.name}]{{#precaution-{record.id}}}" if home else f"[{record.name}](#precaution-{record.id})"
    about, techniques = " and ".join(record.about), ", ".join(record.techniques)
    return name, record.level, record.rule, about, techniques, record.action, record.why, sources_of(record, cited)


def pipe(rows: list[Cells]) -> str:
    """Return a table as most people type it in Markdown."""
    return "".join(f"| {' | '.join(row)} |\n" for row in (COLUMNS, ("---",) * len(COLUMNS), *rows))


def list_table(rows: list[Cells]) -> str:
    """Return a ``list-table`` directive."""
    items = ("".join(f"{'*' if n == 0 else ' '} - {c}\n" for n, c in enumerate(row)) for row in (COLUMNS, *rows))
    return f"```{{list-table}}\n:header-rows: 1\n\n{''.join(items)}```\n"


def csv_table(rows: list[Cells]) -> str:
    """Return a ``csv-table`` directive."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows((COLUMNS, *rows))
    return f"```{{csv-table}}\n:header-rows: 1\n\n{text.getvalue()}```\n"


def ours(records: list[Record], topic: int | None) -> str:
    """Return the directive of the snippet above."""
    return "```{clinic:bench-table}\n" + (f":topic: Topic {topic}\n" if topic is not None else "") + "```\n"


def needs(records: list[Record], topic: int | None) -> str:
    """Return a table of needs; the needs themselves, which links lead to, stand on the page with every row."""
    chosen = f':filter: topic == "{topic}"\n' if topic is not None else ""
    table = (
        f"```{{needtable}}\n:style: table\n:columns: id;level;rule;about;techniques;action;why;sources\n{chosen}```\n"
    )
    return table if topic is not None else f"{table}\n```{{needimport}} needs.json\n:collapse: true\n```\n"


def typed(write: Callable[[list[Cells]], str], cited: bool) -> Callable[[list[Record], int | None], str]:
    """Return what writes a table by hand, row by row."""
    return lambda records, topic: write([cells(record, topic is None, cited) for record in records])


def write_project(variant: str, folder: Path, count: int, cited: bool = False) -> None:
    """Write the whole project of a variant; ``cited`` puts references to a bibliography in the last column."""
    records = content(count)
    folder.mkdir(parents=True)
    conf = 'extensions = ["myst_parser"]\n' + COMMON
    if cited and variant != "ours":
        conf += BIBTEX
    if variant == "ours":
        conf += OWN
        write_records(folder, records)
        constants = f"CITED = {cited}\nCOLUMNS = {COLUMNS}\n"
        (folder / "table.py").write_text(SNIPPET.lstrip().replace("\n\n\n", f"\n\n{constants}\n\n", 1), "utf-8")
    elif variant == "sphinx-needs":
        conf += NEEDS
        (folder / "needs.json").write_text(json.dumps(as_needs(records)), "utf-8")
    (folder / "conf.py").write_text(conf, "utf-8")
    bibliography = "\n## Sources\n\n```{bibliography}\n```\n" if cited and variant != "empty" else ""
    (folder / "references.bib").write_text(
        "".join(map(bib_entry, sorted({k for r in records for k in r.keys}))), "utf-8"
    )
    topics = sorted({record.topic for record in records})
    pages = "".join(f"topic-{topic}\n" for topic in topics)
    (folder / "index.md").write_text(f"# Bench\n\n```{{toctree}}\n{pages}all\n```\n{bibliography}", "utf-8")
    table = TABLES[variant](cited)
    for topic in topics:
        links = [link(variant, record) for record in referred(records, topic)]
        page = f"# Topic {topic}\n\nSome text, with {', '.join(links)}.\n\n"
        (folder / f"topic-{topic}.md").write_text(
            page + table([r for r in records if r.topic == topic], topic), "utf-8"
        )
    (folder / "all.md").write_text("# All\n\n" + table(records, None), "utf-8")


TABLES: dict[str, Callable[[bool], Callable[[list[Record], int | None], str]]] = {
    "pipe tables": lambda cited: typed(pipe, cited),
    "list-table": lambda cited: typed(list_table, cited),
    "csv-table": lambda cited: typed(csv_table, cited),
    "sphinx-needs": lambda cited: needs,
    "empty": lambda cited: lambda records, topic: "No table.\n",
    "ours": lambda cited: ours,
}


def link(variant: str, record: Record) -> str:
    """Return a link in running text; the pages without tables have the words alone."""
    return {
        "ours": f"{{clinic:precaution}}`{record.id}`",
        "sphinx-needs": f"{{need}}`[[title]] <{record.id}>`",
        "empty": record.name,
    }.get(variant, f"[{record.name}](#precaution-{record.id})")


def as_needs(records: list[Record]) -> dict[str, object]:
    """Return the file that ``needimport`` reads; a need's fields are plain text."""
    found = {
        record.id: {
            "id": record.id, "type": "record", "title": record.name, "status": None, "tags": [], "content": "",
            "level": record.level, "rule": record.rule, "about": " and ".join(record.about),
            "techniques": ", ".join(record.techniques), "topic": str(record.topic), "action": record.action,
            "why": record.why, "sources": "; ".join(map(doi, record.keys)),
        }
        for record in records
    }  # fmt: skip
    return {"current_version": "", "versions": {"": {"needs": found}}}


def write_records(folder: Path, records: list[Record]) -> None:
    """Write a record file for each topic."""
    (folder / "records").mkdir()
    files: dict[int, list[str]] = {}
    for record in records:
        files.setdefault(record.topic, []).append(as_yaml(record))
    for topic, found in files.items():
        head = f"topic: Topic {topic}\nowner: safety lead\nwritten: 2026-01-01\nreview_by: 2027-01-01\n\nrecords:\n\n"
        (folder / "records" / f"topic-{topic:03}.yaml").write_text(head + "\n".join(found), "utf-8")


def as_yaml(record: Record) -> str:
    """Return a record as its author would write it."""
    action, why = (re.sub(r"(.{80,110}) ", r"\1\n    ", text) for text in (record.action, record.why))
    return f"""\
- kind: precaution
  id: {record.id}
  name: {record.name}
  level: {record.level}
  applies_to: [{", ".join(record.about)}]
  rule: {record.rule}
  regions: [all]
  techniques: [{", ".join(record.techniques)}]
  action: |
    {action}
  why: |
    {why}
  sources: [{", ".join(record.keys)}]
"""


def bib_entry(key: str) -> str:
    """Return the bibliography's entry of a source."""
    number = key.removeprefix("author")
    return (
        f"@article{{{key},\n  author = {{Author{number}, Ann}},\n  title = {{A trial of needling, number {number}}},\n"
        f"  journal = {{Journal of Trials}},\n  year = {{20{int(number) % 25:02}}},\n  doi = {{{doi(key)}}},\n}}\n"
    )
