"""What a table of records costs, in numbers that are the same on every machine: how often things are done, and bytes.

Times are for ``make bench``; here no clock is asked. The projects are those of the bench, small.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sphinx.search import en

from clinic_snippets.export import bundle_schema, spreadsheets
from clinic_snippets.reading import prose, records
from clinic_snippets.snippets import SNIPPETS, Row
from tests.bench.content import content
from tests.bench.equality import differences, shown
from tests.bench.variants import write_project

RECORDS = 100
TOPICS = 2


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """A maker of the bench's projects."""

    def make(variant: str, cited: bool = False, count: int = RECORDS) -> Path:
        folder = tmp_path_factory.mktemp("bench") / "site"
        write_project(variant, folder, count, cited)
        return folder

    return make


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any, str], Counter[Any]]:
    """A function that counts the calls of a function from now on, by their first argument."""

    def count(owner: Any, name: str) -> Counter[Any]:
        calls: Counter[Any] = Counter()
        function = getattr(owner, name)

        def counting(*arguments: Any, **options: Any) -> Any:
            calls[next((a for a in arguments if isinstance(a, str)), None)] += 1
            return function(*arguments, **options)

        monkeypatch.setattr(owner, name, counting)
        return calls

    return count


def pages(folder: Path) -> int:
    """Bytes of the pages that every variant has."""
    return sum(path.stat().st_size for name in ("topic-*", "all") for path in folder.glob(f"{name}.html"))


@pytest.mark.parametrize("cited", [False, True], ids=["dois", "citations"])
def test_all_variants_say_the_same_and_ours_in_few_more_bytes(made: Any, build_project: Any, cited: bool) -> None:
    built = {variant: build_project(made(variant, cited)) for variant in ("pipe tables", "list-table", "ours")}
    names = {record.id: record.name for record in content(RECORDS)}
    said = {variant: shown(build.outdir, names) for variant, build in built.items()}
    assert [build.warnings for build in built.values()] == [""] * 3
    assert len(said["ours"]["all.html"][0]) == RECORDS
    assert differences(said["pipe tables"], said["ours"], texts_only=False) == []
    assert differences(said["pipe tables"], said["list-table"], texts_only=False) == []
    assert pages(built["ours"].outdir) <= 1.05 * pages(built["pipe tables"].outdir)


def test_the_comparison_sees_another_word_and_another_target(made: Any, build_project: Any) -> None:
    """Otherwise it would prove nothing."""
    folder = made("pipe tables")
    names = {record.id: record.name for record in content(RECORDS)}
    before = shown(build_project(folder).outdir, names)
    record = content(RECORDS)[0]
    page = folder / "topic-0.md"
    page.write_text(page.read_text("utf-8").replace(record.action[:40], "Xyz " + record.action[:40]), "utf-8")
    assert "cells differ" in differences(before, shown(build_project(folder).outdir, names), False)[0]
    page.write_text(
        page.read_text("utf-8").replace("Xyz ", "").replace(f"(#precaution-{record.id})", "(#precaution-record-00007)"),
        "utf-8",
    )
    assert "links differ" in differences(before, shown(build_project(folder).outdir, names), False)[0]


def test_doctrees_do_not_grow_with_rows(made: Any, build_project: Any) -> None:
    few, many = made("ours", count=60), made("ours", count=600)
    sizes = []
    for folder in (few, many):
        build_project(folder, doctreedir=folder / "_doctrees")
        sizes.append({path.stem: path.stat().st_size for path in (folder / "_doctrees").glob("*.doctree")})
    # The links of the running text lead to other records, whose names are longer or shorter.
    assert abs(sizes[0]["topic-0"] - sizes[1]["topic-0"]) < 200
    # Not even the index entries of those that have their home there.
    assert abs(sizes[0]["all"] - sizes[1]["all"]) < 200


def test_index_entries_of_a_table_reach_the_outputs_that_read_them_from_its_page(made: Any, build_project: Any) -> None:
    folder = made("ours", count=20)
    name = content(20)[0].name
    entry = rf"\index{{{name}@\spxentry{{{name}}}|spxpagem}}"
    for builder, file, written in (("html", "searchindex.js", f'"{name.lower()}"'), ("latex", "bench.tex", entry)):
        for word in ("one", "two"):  # the second build does not read the table's page
            (folder / "topic-0.md").write_text(f"# Topic\n\nSentence {word}.\n", "utf-8")
            outdir = build_project(folder, builder, doctreedir=folder / "_doctrees").outdir
            assert written in (outdir / file).read_text("utf-8"), (builder, word)


def test_a_build_asks_each_snippet_once_and_parses_each_file_once(made: Any, build_project: Any, counted: Any) -> None:
    folder = made("ours")
    parsed, asked = counted(records, "text_of"), Counter[str]()
    build_project(folder)
    assert sum(parsed.values()) == TOPICS
    parsed.clear()

    class Counting(dict[str, Any]):
        def __getitem__(self, name: str) -> Any:
            asked[name] += 1
            return super().__getitem__(name)

    from clinic_snippets.sphinx_ext import domain

    before, domain.SNIPPETS = domain.SNIPPETS, Counting(SNIPPETS)
    try:
        build_project(folder)
        assert not asked, "nothing has changed, and a snippet was asked again"
        assert not parsed, "nothing has changed, and a file was parsed again"
        text = (folder / "records" / "topic-001.yaml").read_text("utf-8")
        (folder / "records" / "topic-001.yaml").write_text(
            text.replace("action: |\n    ", "action: |\n    Now ", 1), "utf-8"
        )
        build = build_project(folder)
    finally:
        domain.SNIPPETS = before
    assert asked == {"bench-table": TOPICS + 1}
    assert sum(parsed.values()) == 1
    assert "Now" in build.read("topic-1.html") and "Now" in build.read("all.html")


def test_of_rows_and_cards_only_the_html_is_kept(made: Any, build_project: Any) -> None:
    """What it was made of takes more memory than the records."""

    def alive() -> int:
        return sum(isinstance(found, Row) and bool(found.cells) for found in gc.get_objects())

    folder, before = made("ours"), alive()
    domain = build_project(folder).app.env.get_domain("clinic")
    assert (
        len([row for page in domain.calls for _, block in domain.shown_on(page) for row in block.rows]) == 2 * RECORDS
    )
    assert alive() == before


def test_plain_words_and_simple_markup_need_no_parser(made: Any, counted: Any) -> None:
    """One parser serves all, and only the few texts that are more than a paragraph are given to it."""
    folder = made("ours")
    prose.read_prose.cache_clear()
    prose._parser.cache_clear()
    parsed = counted(prose.MarkdownIt, "parse")
    read = records.read_records(folder / "records")
    assert len(read.records) == RECORDS and not read.problems
    assert not parsed
    assert prose.read_prose("- one\n- two")[1] == () and prose.read_prose("- one\n- three")[1] == ()
    assert sum(parsed.values()) == 2
    assert prose._parser.cache_info().misses == 1


def test_a_word_is_stemmed_once(made: Any, build_project: Any, counted: Any) -> None:
    stemmed = counted(en.SearchEnglish, "stem")
    build_project(made("ours"))
    assert len(stemmed) > 500
    assert set(stemmed.values()) == {1}


def test_no_schema_is_made_for_the_kinds_of_the_package(made: Any, build_project: Any, counted: Any) -> None:
    """To make it takes longer than all other data of a small handbook."""
    calls = counted(bundle_schema, "make_schema")
    build = build_project(made("ours"))
    assert (build.outdir / "data" / "bundle.schema.json").read_bytes() == bundle_schema.READY.read_bytes()
    assert not calls


def test_spreadsheets_ask_each_kind_once_what_its_columns_are(made: Any, build_project: Any, counted: Any) -> None:
    calls = counted(spreadsheets, "_columns")
    build_project(made("ours"))
    assert 0 < calls.total() < RECORDS / 10
