"""What the documentation shows as an answer, or leaves to the reader's own files, is what comes out."""

from __future__ import annotations

import contextlib
import json
import re
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import lxml.html
import pytest
from babel.messages.pofile import read_po
from click.testing import CliRunner, Result

from clinic_snippets.cli import main
from clinic_snippets.library import Library
from clinic_snippets.library.translation import context, texts
from clinic_snippets.records import KINDS

BLEEDING = """
    topic: bleeding
    owner: safety lead
    written: 2026-11-22
    review_by: 2027-11-22
    records:
    - kind: region
      id: neck
      name: Neck
      synthesis: yes
    - kind: precaution
      id: anticoagulants
      name: Anticoagulant or antiplatelet drug
      level: precaution
      applies_to: person
      rule: adapt
      regions: [neck]
      techniques: [all]
      action: Press for two minutes.
      why: A bleed lasts longer.
      synthesis: yes
    - kind: precaution
      id: unstable-spinal-segment
      name: Unstable spinal segment
      level: contraindication
      applies_to: site
      rule: refer
      regions: [neck]
      techniques: [all]
      action: Refer.
      why: The cord is near.
      synthesis: yes
    """


class Reader:
    """Somebody with a small handbook, who calls the command in the folder above its source."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def call(self, *words: str) -> Result:
        with contextlib.chdir(self.folder):
            return CliRunner().invoke(main, words)

    def edit(self, old: str, new: str, name: str = "source/records/bleeding.yaml") -> None:
        text = (self.folder / name).read_text("utf-8")
        assert text.count(old) == 1
        (self.folder / name).write_text(text.replace(old, new), "utf-8")

    def add(self, name: str, text: str) -> None:
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(textwrap.dedent(text), "utf-8")


@pytest.fixture
def reader(project: Callable[..., Path]) -> Iterator[Reader]:
    yield Reader(project({"source/conf.py": "extensions = []", "source/records/bleeding.yaml": BLEEDING}))


@pytest.fixture
def block(docs: Path, of_docs: Callable[[str], ModuleType]) -> Callable[[str, str, str], str]:
    """A function that returns the one block of a page in a language that holds some words."""

    def find(page: str, language: str, words: str) -> str:
        [found] = [
            block.code
            for block in of_docs("code_blocks").blocks(docs / page)
            if block.language == language and words in block.code
        ]
        return str(found)

    return find


def test_the_answer_of_check(block: Callable[..., str], reader: Reader) -> None:
    reader.edit("rule: adapt", "rule: adpat")
    said = block("reference/command-line.md", "text", "adpat")
    # Line and column are of the reader's own file.
    assert reader.call("check").stdout == re.sub(r":\d+:\d+:", ":15:9:", said)


def test_the_answer_of_review(block: Callable[..., str], reader: Reader) -> None:
    said = block("reference/command-line.md", "text", "Overdue on")
    shown = reader.call("review", "--as-of", "2027-11-23", "--within", "60d").stdout
    others = r"  2027-11-22  (?:neck|unstable-spinal-segment):.*\n"
    assert re.sub(others, "", shown).replace("3 records", "1 record") == said


def test_the_answer_of_diff(block: Callable[..., str], reader: Reader) -> None:
    assert reader.call("release", "0.1.0", "--date", "2026-12-01").exit_code == 0
    reader.edit("rule: adapt", "rule: refer")
    reader.edit("for two minutes", "for five minutes")
    note = """
        changes:
        - records: [anticoagulants]
          what: Press for five minutes instead of two.
          why: A survey of bleeds was published.
          effective_from: 2027-01-01
          author: A. Author
        """
    reader.add("source/changes/press.yaml", note)
    assert reader.call("diff", "0.1.0", ".").stdout == block("reference/command-line.md", "text", "From 0.1.0")


def test_the_answer_of_coverage(block: Callable[..., str], reader: Reader) -> None:
    page = "# Card\n" + "\n" * 11 + "```{clinic:couch-precautions}\n:region: neck\n:level: precaution\n```\n"
    reader.add("source/sheets/couch-card-neck.md", page)
    reader.add("source/index.md", "# Home\n\n```{clinic:coverage-matrix}\n:outputs: card\n```\n")
    said = block("how-to/see-what-is-covered.md", "text", "couch-card-neck")
    assert said in reader.call("check").stdout


def test_the_program_that_reads_an_export(block: Callable[..., str], reader: Reader) -> None:
    assert reader.call("export", "json", "--out", "_build/data").exit_code == 0
    edition = json.loads((reader.folder / "_build/data/records.json").read_text("utf-8"))["edition"]
    said: list[tuple[Any, ...]] = []
    with contextlib.chdir(reader.folder):
        exec(block("how-to/export-the-records.md", "python", "read_bundle"), {"print": lambda *what: said.append(what)})
    assert said == [(edition, 3)]


def test_the_entry_of_a_translation(block: Callable[..., str], handbook_library: Library, tmp_path: Path) -> None:
    (tmp_path / "records.po").write_text(block("how-to/translate.md", "po", "msgctxt"), "utf-8")
    with (tmp_path / "records.po").open("rb") as file:
        [message] = [message for message in read_po(file, abort_invalid=True) if message.id]
    record = handbook_library.records[str(message.context).partition(".")[0]]
    assert (message.context, message.id) in [(context(record, path), text) for path, text in texts(record)]
    assert message.string


def test_the_fields_of_a_part_of_a_record(docs: Path, of_docs: Callable[[str], ModuleType]) -> None:
    parts = [
        block
        for page in docs.rglob("*.md")
        for block in of_docs("code_blocks").blocks(page)
        if block.untested == "a part of a record"
    ]
    assert parts
    for block in parts:
        fields = re.findall(r"(?m)^(?:- |  )(\w+): (.+)$", block.code)
        assert fields[0][0] == "kind"
        assert {name for name, _ in fields} <= KINDS[fields[0][1]].model_fields.keys()


def test_links_to_other_sites(
    block: Callable[..., str], docs: Path, project: Callable[..., Path], build_project: Callable[..., Any]
) -> None:
    """The settings and the roles of the pages, with inventories that were fetched."""
    record = {"records/a.yaml": BLEEDING, "index.md": "# Home\n\n```{clinic:precaution-cards}\n```\n"}
    conf = 'extensions = ["myst_parser", "clinic_snippets", "sphinx.ext.intersphinx"]\nhtml_theme = "basic"\n'
    inventory = build_project(project({"conf.py": conf, **record})).outdir / "objects.inv"
    settings = block("how-to/export-the-records.md", "python", "intersphinx_mapping")
    values: dict[str, Any] = {}
    exec(settings, values)
    mapping = {name: (url, str(inventory)) for name, (url, _) in values["intersphinx_mapping"].items()}
    mapping["base"] = ("https://base.example", str(inventory))
    roles = re.findall(r"\{external\+[^`]+`[^`]+`", (docs / "how-to/export-the-records.md").read_text("utf-8"))
    page = "\n\n".join(["# Other", *roles, block("explanation/scale.md", "md", "external")])
    other = project({"conf.py": f"{conf}intersphinx_mapping = {mapping!r}\nnitpicky = True\n", "index.md": page})
    build = build_project(other, warningiserror=True)
    assert build.warnings == ""
    links = lxml.html.fromstring(build.read("index.html")).xpath("//section/p//a/@href")
    assert links == [
        f"{url}/index.html#precaution-anticoagulants"
        for url in ("https://handbook.example/stable", "https://handbook.example/0.1.0", "https://base.example")
    ]


def test_every_answer_is_compared(docs: Path, of_docs: Callable[[str], ModuleType]) -> None:
    """A new one needs a test above; the tutorial's are compared where it is done, and the one of scale is a picture."""
    pages = Counter(
        str(page.relative_to(docs))
        for page in docs.rglob("*.md")
        for block in of_docs("code_blocks").blocks(page)
        if block.language in ("text", "po")
    )
    assert pages == {
        "reference/command-line.md": 3,
        "how-to/see-what-is-covered.md": 1,
        "how-to/translate.md": 1,
        "tutorial/your-first-handbook.md": 3,
        "explanation/scale.md": 1,
    }
