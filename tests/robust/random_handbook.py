"""A small handbook that changes at random, and builds of it in processes of their own, some of which are killed."""

from __future__ import annotations

import difflib
import importlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

from tests import building

RECORDS = ("alpha", "beta", "gamma", "delta")
"""The last of them is a hazard, the others are precautions."""
FILES = ("one", "two", "folder/three")
PAGES = ("tables", "cards", "deep/figures", "codes", "extra", "more")
SOURCES = ("first", "second", "third")
NAMES = ("Blood thinners", "Fear; of <needles>", 'A "quoted" name', "Zoster")
PROSE = (
    "Press longer.", "Ask {cite:t}`first`, then **wait**.", "See {ref}`the place <place>` and {term}`sign`.",
    "See {clinic:ref}`alpha`.", "- One.\n- Two {cite:p}`second`.",
)  # fmt: skip
BLOCKS = (
    "```{clinic:precaution-table}\n```", "```{clinic:precaution-table}\n:level: contraindication\n```",
    "```{clinic:precaution-cards}\n```", "```{clinic:precaution-cards}\n:level: precaution\n```",
    "```{clinic:hazard-table}\n```", "```{clinic:hazard-cards}\n```", "```{clinic:record-index}\n```",
    "```{clinic:adverse-event-cards}\n```", "```{clinic:icon-array}\n:rate: bruising@first\n```",
    "```{clinic:body-map}\n```", "```{clinic:region-table}\n```", "```{clinic:withdrawn-list}\n```",
    "```{clinic:copy-mark}\n```", "```{clinic:copy-marks}\n```", "```{clinic:code-list}\n```", "```{clinic:review-table}\n```",
    "A needle leaves a bruise: {clinic:rate}`bruises <bruising@first>`.", "{clinic:ref}`alpha`, {any}`delta`, {ref}`place`.",
    "(place)=\n### A place\n\nWords.", "```{index} sign\n```", "```{glossary}\nsign\n  What is seen.\n```",
    "```{clinic:hazard-table} With a number\n:name: numbered\n```", "{numref}`numbered`", "Seen {cite:p}`third`.",
)  # fmt: skip
NAMED = tuple(block for block in BLOCKS if block.startswith(("(place)", "```{glossary}")) or ":name:" in block)
"""What others refer to by name. Of two pages with the same name, that which Sphinx read last counts, as it warns."""
SETTINGS = (
    "numfig = False", 'clinic_edit_url = "https://example.org/{path}#L{line}"', 'clinic_as_of = "2028-01-01"',
    'html_title = "Another"', 'release = "2"', 'html_baseurl = "https://example.org/"',
    'clinic_numbers = {"emergency": "112"}',
    "clinic_offline = False", "smartquotes = False",
)  # fmt: skip
CONF = """
project = "Random"
author = copyright = "Nobody"
language = "en"
extensions = ["myst_parser", "clinic_snippets", "clinic_snippets.pdf"]
exclude_patterns = ["records"]
myst_enable_extensions = ["deflist"]
numfig = True
bibtex_bibfiles = ["references.bib"]
html_theme = "basic"
html_sidebars = {"**": ["globaltoc.html", "relations.html"]}
html_theme_options = {"globaltoc_collapse": False}
typstpdf_filename = "random"
"""
HEADER = "topic: {topic}\nowner: safety lead\nwritten: 2026-01-05\nreview_by: {due}\n\nrecords:\n"
EVENTS = """
- kind: region
  id: neck
  name: {region}

- kind: severity-class
  id: mild
  name: Mild
  meaning: It passes by itself.
  synthesis: yes

- kind: adverse-event
  id: bruising
  name: A bruise
  severity: mild
  rates:
    - source: first
      needling: dry needling
      reported_by: clinicians
      setting: one clinic
      unit: treatments
      counted: affected
      events: {affected}
      total: 100
"""
SHEET = "---\nsheet: 1\nowner: Ann\nwritten: 2026-01-01\nreview_by: {due}\n---\n# Sheet\n\n{words}\n\n```{{clinic:hazard-table}}\n```\n\n```{{clinic:copy-mark}}\n```\n"


class Handbook:
    """What the source says, which is always sound but for one record that may be spoilt; ``write`` puts it into files."""

    def __init__(self, source: Path) -> None:
        self.source = source
        self.records: dict[str, dict[str, Any]] = {}
        self.pages: dict[str, dict[str, Any]] = {}
        self.settings: set[str] = set()
        self.sources: dict[str, dict[str, str]] = {}
        self.facts = {"region": "Neck", "affected": "5", "due": "2027-01-05", "words": "Keep it.", "topic": "harm"}
        self.spoilt = False
        for index, name in enumerate(RECORDS[:2] + RECORDS[3:]):
            self.add_record(name, FILES[index % 2])
        for name, blocks in (
            ("tables", (0, 1, 4)),
            ("cards", (2,)),
            ("deep/figures", (5, 16, 17, 18)),
            ("codes", (13, 14, 20)),
        ):
            self.pages[name] = {"title": name.title(), "blocks": [BLOCKS[n] for n in blocks]}
        for key in SOURCES:
            self.sources[key] = {"title": f"On {key}", "year": "2001"}

    def add_record(self, name: str, file: str) -> None:
        """Add a record, unless it is there."""
        fields = {
            "file": file,
            "name": name.title(),
            "level": "precaution",
            "text": PROSE[0],
            "source": "first",
            "gone": False,
        }
        self.records.setdefault(name, fields)

    def write(self) -> None:
        """Write what has changed, and take away what is gone."""
        wanted = dict(self._files())
        for name, text in wanted.items():
            path = self.source / name
            if not path.is_file() or path.read_text("utf-8") != text:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8")
        for path in self.source.rglob("*"):
            if path.is_file() and path.relative_to(self.source).as_posix() not in wanted:
                path.unlink()

    def _files(self) -> Iterable[tuple[str, str]]:
        yield "conf.py", CONF + "\n".join(sorted(self.settings)) + "\n"
        pages = [*self.pages, "sheet", "bibliography"]
        yield "index.md", "# Random\n\n```{toctree}\n" + "\n".join(pages) + "\n```\n"
        yield "bibliography.md", "# Sources\n\n```{bibliography}\n```\n"
        yield "sheet.md", SHEET.format(**self.facts)
        for name, page in self.pages.items():
            marks = "#" * page.get("level", 2)
            parts = (f"{marks} Part {number}\n\n{block}\n" for number, block in enumerate(page["blocks"], 1))
            yield f"{name}.md", f"# {page['title']}\n\n" + "\n".join(parts)
        for file in {"events", *(record["file"] for record in self.records.values())}:
            own = "\n".join(self._record(name) for name, record in self.records.items() if record["file"] == file)
            yield (
                f"records/{file}.yaml",
                HEADER.format(**self.facts) + (EVENTS.format(**self.facts) if file == "events" else own),
            )
        entry = "@article{{{key},\n  author = {{Author, Ann}},\n  title = {{{title}}},\n  journal = {{J}},\n  year = {{{year}}}\n}}\n"
        yield "references.bib", "\n".join(entry.format(key=key, **fields) for key, fields in self.sources.items())

    def _record(self, name: str) -> str:
        record = self.records[name]
        text = record["text"]
        if "alpha" in text and ("alpha" not in self.records or self.records["alpha"]["gone"]):
            text = PROSE[0]
        if any(f"`{key}`" in text for key in SOURCES if key not in self.sources):
            text = PROSE[0]
        text = text.replace("\n", "\n    ")
        support = f"sources: [{record['source']}]" if record["source"] in self.sources else "synthesis: yes"
        lines = [
            f"- kind: {'hazard' if name == 'delta' else 'precaution'}",
            f"id: {name}",
            f"name: {_quoted(record['name'])}",
        ]
        if name == "delta":
            lines += [
                "region: [neck]",
                "structure: A vein",
                "muscles: [a muscle]",
                "specialist_only: no",
                f"harm: |\n    {text}",
                f"avoid: |\n    {text}",
            ]
        else:
            lines += [
                f"level: {record['level']}",
                "applies_to: person",
                "rule: refer",
                "regions: [all]",
                "techniques: [all]",
            ]
            lines += [f"action: |\n    {text}", "why: Because."]
        if record["gone"]:
            lines += ["status: withdrawn", "withdrawn:\n    date: 2026-02-01\n    reason: Gone."]
        if self.spoilt:
            lines.append("nonsense: yes")
        return "\n  ".join([*lines, support]) + "\n"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


# --- builds ----------------------------------------------------------------------------------------------

STOPPED = 2
"""The exit code of a build whose input was wrong."""


class Builder:
    """Runs each build in a process of its own, forked off one that has built some pages, which takes most of the time.

    It must have no threads, as a process has that made a PDF or started a browser: forked, it would wait for them for ever.
    """

    def __init__(self, log: Path) -> None:
        self.log = log
        command = [sys.executable, __file__, str(log)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def build(self, source: Path, place: Path, builder: str, parallel: int = 1, die: int = 0) -> int:
        """Build; return the exit code, or minus the signal that ended it. ``die`` is for ``die_at``."""
        arguments = ["-j", str(parallel), "-b", builder, "-d", place / "doctrees", source, place / builder]
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps([die, str(source.parent), *map(str, arguments)]) + "\n")
        self.process.stdin.flush()
        code = int(self.process.stdout.readline())
        said = self.log.read_text("utf-8", "replace")
        assert "Traceback" not in said, said
        return code

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()


def serve(log: str) -> None:
    """Build what is asked for on the standard input, one line each, and answer with exit codes."""
    answers = os.fdopen(os.dup(1), "w")
    for extension in (
        "myst_parser",
        "sphinxcontrib.bibtex",
        "clinic_snippets.sphinx_ext",
        "clinic_snippets.pdf.builder",
    ):
        importlib.import_module(extension)
    with building.sharing(), tempfile.TemporaryDirectory() as folder:
        first = Handbook(Path(folder, "source"))
        first.write()
        out = {"outdir": Path(folder, "html"), "doctreedir": Path(folder, "doctrees")}
        building.build_project(first.source, "html", **out)
        answer(log, answers)


def answer(log: str, answers: TextIO) -> None:
    """Fork off a build for each line of the standard input, and answer how it ended."""
    from sphinx.cmd.build import main

    for line in sys.stdin:
        die, folder, *arguments = json.loads(line)
        child = os.fork()
        if not child:
            code = 70
            try:
                os.setsid()
                output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
                os.dup2(output, 1)
                os.dup2(output, 2)
                if die:
                    die_at(die, folder)
                code = main(["-q", "--no-color", *arguments])
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        answers.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
        answers.flush()


def die_at(write: int, folder: str) -> None:
    """Have this process killed as it has opened a file below ``folder`` for writing, the ``write``-th time."""
    left = [write]

    def watch(event: str, arguments: Any) -> None:
        if event != "open" or not isinstance(arguments[0], str) or not arguments[0].startswith(folder):
            return
        mode, flags = arguments[1] or "", arguments[2]
        writes = re.search("[wax+]", mode) if mode else flags & (os.O_WRONLY | os.O_RDWR)
        left[0] -= bool(writes)
        if writes and left[0] <= 0:
            if os.path.isfile(arguments[0]) and "a" not in mode:
                os.truncate(arguments[0], 0)  # what opening it would have done
            os.killpg(0, signal.SIGKILL)

    sys.addaudithook(watch)


# --- comparison ------------------------------------------------------------------------------------------


def difference(built: Path, clean: Path) -> str:
    """Return what differs between two output folders; empty where nothing does.

    But for the notes that Sphinx keeps there for itself.
    """
    ours, theirs = (
        {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file() and not path.name.startswith(".buildinfo")
        }
        for folder in (built, clean)
    )
    out = [f"only in one: {name}" for name in sorted(ours.keys() ^ theirs.keys())]
    for name in sorted(ours.keys() & theirs.keys()):
        if ours[name] != theirs[name]:
            texts = [
                re.sub("(?<=[,>])", "\n", data[name].decode("utf-8", "replace")).splitlines() for data in (ours, theirs)
            ]
            out += [name, *list(difflib.unified_diff(*texts, "incremental", "clean", n=1, lineterm=""))[:20]]
    return "\n".join(out)


def fresh(folder: Path) -> Path:
    """Return the folder, empty."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


if __name__ == "__main__":
    serve(sys.argv[1])
