"""Every block of code in the documentation is tried: records are read, Python is run, directives are built in MyST and
in reStructuredText, our own commands are called.

A block that cannot be tried says why where it starts: ``sh untested: needs the network``.
"""

from __future__ import annotations

import ast
import contextlib
import json
import re
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import pytest
import yaml
from click.testing import CliRunner
from markdown_it import MarkdownIt
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin

from clinic_snippets.cli import main
from clinic_snippets.cli.new import TEMPLATES
from clinic_snippets.library.load import load_library
from clinic_snippets.reading.entries import read_entries
from clinic_snippets.reading.page_calls import CODE
from clinic_snippets.records import KINDS
from clinic_snippets.records.governance import ChangeNote, Review
from clinic_snippets.snippets import SNIPPETS
from clinic_snippets.snippets.own import load_snippet_files
from clinic_snippets.sphinx_ext.config import check_values

DOCS = Path(__file__).parents[2] / "docs"
HEADER = "topic: docs\nowner: safety lead\nwritten: 2026-01-01\nreview_by: 2027-01-01\n\nrecords:\n\n"
RUN = {"check", "show", "snippets", "review", "impact", "gettext"}
"""Commands that change nothing, so that they are run; of the others the call is read."""
ELSEWHERE = {"nginx", "text", "po"}
"""Languages that other tests try: see ``tests/publishing`` and ``test_answers.py``."""
SHOWN = {"bibtex"}
"""Languages of what is tried where it stands in a tutorial."""


def _code_blocks() -> ModuleType:
    sys.path.insert(0, str(DOCS / "_ext"))
    try:
        return __import__("code_blocks")
    finally:
        sys.path.remove(str(DOCS / "_ext"))


BLOCKS = [block for page in sorted(DOCS.rglob("*.md")) for block in _code_blocks().blocks(page)]
TUTORIAL = "your-first-handbook.md"


def tried(*languages: str) -> list[Any]:
    """The blocks in some languages that are to be tried here; the tutorial is done as a whole elsewhere."""
    found = [b for b in BLOCKS if b.language in languages and not b.untested and b.page.name != TUTORIAL]
    assert found, f"no block in {' or '.join(languages)} was found"
    return [pytest.param(block, id=f"{block.page.relative_to(DOCS)}:{block.line}") for block in found]


def code_in(text: str) -> Iterator[tuple[str, str]]:
    """Every block of code in a text of MyST, language and code, found by a Markdown parser; the collector has none."""
    parser = MarkdownIt("commonmark").use(front_matter_plugin).use(colon_fence_plugin).use(myst_block_plugin)
    for token in parser.parse(text):
        directive = re.match(r"\{([\w:-]+)\} *(.*)", token.info)
        if token.type == "code_block":
            yield "", token.content
        elif token.type not in ("fence", "colon_fence"):
            continue
        elif not directive:
            yield token.info.partition(" ")[0], token.content
        elif directive[1] in CODE - {"toctree"}:
            yield directive[2], re.sub(r"\A(?::[\w-]+:.*\n)+", "", token.content)
        else:
            yield from code_in(token.content)


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: str(page.relative_to(DOCS)))
def test_no_block_is_passed_over(page: Path) -> None:
    found = [block for block in BLOCKS if block.page == page]
    there = [
        ("md" if language == "markdown" else language, code) for language, code in code_in(page.read_text("utf-8"))
    ]
    assert [(block.language, block.code) for block in found] == there
    known = {"yaml", "python", "sh", "md", "json"} | ELSEWHERE | SHOWN
    assert not [str(block) for block in found if block.language not in known]


@pytest.mark.parametrize(
    "text",
    [
        "    indented",
        "~~~sh\nmake\n~~~",
        "```{code-block} sh\n:linenos:\n\nmake\n```",
        ":::{note}\n```\nno language\n```\n:::",
        "```{literalinclude} conf.py\n```",
        "- item\n\n  ```shell-session\n  $ make\n  ```",
    ],
)
def test_a_block_that_the_collector_does_not_know_is_seen(text: str, tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(f"# Page\n\n{text}\n", "utf-8")
    collected = [(block.language, block.code) for block in _code_blocks().blocks(tmp_path / "page.md")]
    assert list(code_in((tmp_path / "page.md").read_text("utf-8"))) != collected


def test_no_page_is_passed_over() -> None:
    assert {path.suffix for path in DOCS.rglob("*.*") if path.is_file() and "_build" not in path.parts} <= {
        *(".md", ".py", ".pyc", ".css", ".png"),
        *(".yaml",),  # how Read the Docs builds it
    }


# --- records ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def problems_of_records(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What the reader says of each block of records, put beside those of the handbook under other ids."""
    records = tmp_path_factory.mktemp("records") / "records"
    shutil.copytree(repository / "source" / "records", records)
    files = {}
    for number, block in enumerate(BLOCKS):
        if block.language == "yaml" and (kind := of_what(block.code)) in ("records", "file of records"):
            text = block.code if kind == "file of records" else HEADER + block.code
            files[str(block)] = f"docs-{number}.yaml"
            renamed = re.sub(r"^( *(?:- )?id: \S+)$", rf"\1-docs-{number}", text, flags=re.MULTILINE)
            (records / files[str(block)]).write_text(renamed, encoding="utf-8")
    _, problems = load_library(records, [repository / "source" / "references.bib"])
    return {
        block: [str(problem) for problem in problems if Path(problem.place.file).name == file]
        for block, file in files.items()
    }


def of_what(code: str) -> str:
    """Say what a block of YAML is."""
    data = yaml.safe_load(code)
    if isinstance(data, list) and all(isinstance(item, dict) and "kind" in item for item in data):
        return "records"
    for top, what in (("records", "file of records"), ("reviews", "reviews"), ("changes", "changes")):
        if isinstance(data, dict) and isinstance(data.get(top), list):
            return what
    return "something else"


@pytest.mark.parametrize("block", tried("yaml"))
def test_yaml(block: Any, problems_of_records: dict[str, list[str]], tmp_path: Path) -> None:
    what = of_what(block.code)
    if what in ("records", "file of records"):
        assert problems_of_records[str(block)] == []
    elif what in ("reviews", "changes"):
        file = tmp_path / f"{what}.yaml"
        file.write_text(block.code, encoding="utf-8")
        entries, problems = read_entries(file, what, Review if what == "reviews" else ChangeNote)
        assert entries and not problems


# --- Python -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def app(project: Callable[..., Path], build_project: Callable[..., Any]) -> Any:
    """A Sphinx that knows the settings of all that a handbook loads."""
    extensions = ["myst_parser", "clinic_snippets", "clinic_snippets.pdf", "sphinx.ext.intersphinx"]
    folder = project({"conf.py": f"extensions = {extensions!r}\nbibtex_bibfiles = []\n", "index.md": "# A\n"})
    return build_project(folder, "dummy").app


@pytest.mark.parametrize("block", tried("python"))
def test_python(block: Any, app: Any, repository: Path, tmp_path: Path) -> None:
    tree = ast.parse(block.code)
    if any(isinstance(statement, ast.FunctionDef) for statement in tree.body):
        before = set(SNIPPETS)
        (tmp_path / "own.py").write_text(block.code, encoding="utf-8")
        load_snippet_files([tmp_path / "own.py"])
        assert set(SNIPPETS) - before, "the block registers no snippet"
        library, _ = load_library(repository / "source" / "records", [repository / "source" / "references.bib"])
        for name in set(SNIPPETS) - before:
            assert SNIPPETS.pop(name)(library, {}).title
        return
    if any(isinstance(statement, ast.ClassDef) for statement in tree.body):
        kinds = set(KINDS)
        (tmp_path / "own.py").write_text(block.code, encoding="utf-8")
        load_snippet_files([tmp_path / "own.py"])
        assert (new := set(KINDS) - kinds), "the block declares no kind of record"
        for word in new:
            del KINDS[word]
        return
    if imports := [statement for statement in tree.body if isinstance(statement, ast.Import | ast.ImportFrom)]:
        # A program for the reader's own files: what it takes from us must be there.
        exec(compile(ast.Module(imports, []), str(block), "exec"), {})
        return
    values: dict[str, Any] = {}
    exec(block.code, values)
    for name in (statement.id for statement in ast.walk(tree) if isinstance(statement, ast.Name)):
        assert name in app.config, f"'{name}' is no setting"
    for name, value in values.items():
        if name.startswith("clinic_"):
            setattr(app.config, name, value)
    check_values(app, app.config)


# --- commands ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def handbook(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of the handbook as ``source``."""
    folder = tmp_path_factory.mktemp("handbook")
    shutil.copytree(repository / "source", folder / "source")
    return folder


@pytest.mark.parametrize("block", tried("sh"))
def test_shell(block: Any, handbook: Path, repository: Path) -> None:
    makefile = (repository / "Makefile").read_text(encoding="utf-8")
    for line in block.code.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        if words[:1] == ["make"]:
            assert re.search(rf"^{words[1]}:", makefile, re.MULTILINE), f"there is no target '{words[1]}'"
        elif words[:1] == ["clinic-snippets"]:
            call(words[1:], handbook)


def call(words: list[str], folder: Path) -> None:
    """Run a command that changes nothing; of any other, see that it takes what it is given."""
    with contextlib.chdir(folder):
        if words[0] in RUN:
            result = CliRunner().invoke(main, words)
            assert result.exit_code == 0, result.output
            return
        context = click.Context(main)
        command, rest = main.get_command(context, words[0]), words[1:]
        assert command is not None
        while isinstance(command, click.Group):
            command, rest = command.get_command(context, rest[0]), rest[1:]
            assert command is not None, words
        command.make_context(" ".join(words), rest)


@pytest.mark.parametrize("block", tried("json") if any(b.language == "json" for b in BLOCKS) else [])
def test_json(block: Any) -> None:
    json.loads(block.code)


# --- directives and roles ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shown(
    project: Callable[..., Path], build_project: Callable[..., Any], of_docs: Callable[[str], ModuleType],
    repository: Path,
) -> Callable[[str, str], tuple[str, list[str]]]:  # fmt: skip
    """A function that builds a page with the handbook's records in one markup: what it shows, what was said about it."""
    index = "Index\n=====\n\n.. toctree::\n\n   page\n   sources\n"
    conf = """
        extensions = ["myst_parser", "clinic_snippets"]
        myst_enable_extensions = ["colon_fence", "deflist"]
        exclude_patterns = ["records", "releases", "changes"]
        bibtex_bibfiles = ["references.bib"]
        html_theme = "basic"
        """
    folder = project({"conf.py": conf, "index.rst": index, "sources.rst": "Sources\n=======\n\n.. bibliography::\n"})
    for name in ("records", "releases"):
        shutil.copytree(repository / "source" / name, folder / name)
    shutil.copy(repository / "source" / "references.bib", folder)

    def build(text: str, suffix: str) -> tuple[str, list[str]]:
        for other in folder.glob("page.*"):
            other.unlink()
        page = text if text.startswith(("# ", "---")) else f"# Page\n\n{text}"
        if suffix == "rst":
            page = of_docs("restructured").as_restructuredtext(page)
        (folder / f"page.{suffix}").write_text(page, encoding="utf-8")
        built = build_project(folder)
        body = re.search(
            r'<div class="body" role="main">(.*?)<div class="clearer">', built.read("page.html"), re.DOTALL
        )
        said = [line for line in built.warnings.splitlines() if f"page.{suffix}:" in line]
        # Nothing stands here but what the block itself places.
        said = [
            line for line in said if not re.search(r"\[clinic\.(coverage|empty|missing|release|second-home)\]", line)
        ]
        return without_source(body[1]), said

    return build


def without_source(body: str) -> str:
    """What a page shows, without what differs by the file it was made from."""
    body = re.sub(r"<span[^>]*></span>", "", body)
    # A printed copy's code is of the page's own source, so each markup has its own.
    body = re.sub(r"<svg[^>]*clinic-qr.*?</svg>|[0-9A-Z]{4}-[0-9A-Z]{4}", "", body, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r'(?:id|href)="[^"]*"', "", body))


@pytest.mark.parametrize("block", tried("md"))
def test_markup_in_both_languages(block: Any, shown: Callable[[str, str], tuple[str, list[str]]]) -> None:
    in_myst, said = shown(block.code, "md")
    assert not said
    in_rst, said = shown(block.code, "rst")
    assert not said
    assert in_myst == in_rst


def test_every_directive_works_in_both_languages(
    shown: Callable[[str, str], tuple[str, list[str]]], of_docs: Callable[[str], ModuleType]
) -> None:
    """As the reference shows them; cards last, since what stands behind them is part of the last one."""
    example = of_docs("describe_directives").example
    calls = [example(snippet) for name, snippet in SNIPPETS.items()]
    text = "# Page\n\n" + "\n\n".join(f"## Number {number}\n\n{call}" for number, call in enumerate(calls))
    in_myst, said = shown(text, "md")
    assert not said
    in_rst, said = shown(text, "rst")
    assert not said and in_myst == in_rst
    assert in_myst.count("<h2>") >= len(calls)


def test_a_new_handbook_has_the_commands_of_the_how_tos() -> None:
    makefile = (TEMPLATES / "handbook" / "Makefile").read_text(encoding="utf-8")
    there = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    named = {
        target
        for page in (DOCS / "how-to").glob("*.md")
        for target in re.findall(r"(?:`|^ *|run: )make ([a-z]+)", page.read_text("utf-8"), re.MULTILINE)
    }
    # As the list of how-tos says.
    assert named - there == {"live", "release", "zip"}


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: str(page.relative_to(DOCS)))
def test_what_pages_name_is_there(page: Path, of_docs: Callable[[str], ModuleType]) -> None:
    """Roles, directives and settings of ours; make targets."""
    text = page.read_text(encoding="utf-8")
    own = {"never-table", "vaccine-table", "vaccine-contraindication"}  # made on the page that names it
    described = of_docs("describe_directives")
    known = {*described.all_roles(), *described.added("directive"), *SNIPPETS, *own}
    assert not [name for name in re.findall(r"\{clinic:([a-z-]+)\}", text) if name not in known]
    makefile = (DOCS.parent / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`make ([a-z-]+)", text):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"there is no target '{target}'"
