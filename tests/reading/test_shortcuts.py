"""The quick ways past the parsers, past the fields of each record and past the reading of files give what the long ways do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic_snippets.library import Library, load, load_library
from clinic_snippets.problems import Problem
from clinic_snippets.reading import bibliography, prose, records, yaml_events
from clinic_snippets.reading.plain_yaml import read_plain_yaml
from clinic_snippets.reading.simple_prose import is_plain, read_simple
from clinic_snippets.records import KINDS
from clinic_snippets.records.base import prose_fields
from clinic_snippets.snippets import redline
from clinic_snippets.snippets.redline import on_one_line

_BITS = [
    "a", "B", "1", "é", " ", "  ", "\n", "\t", "*", "**", "_", "`", "\\", "<", ">", "[", "]", "(", ")", "{", "}", "~~~",
    "{clinic:ref}`an-id`", "{clinic:ref}`words <an-id>`", "{cite:p}`one,two`", "{no-role}`x`", "[a b](https://e.org/x)",
    "**a b**", "*c*", "`d e`", "http://a.b", ".", ",", "- ", "1. ", "# ", "&", "&amp;", "=", '"', "'", "!", "|", "\u00a0",
]  # fmt: skip
_LINES = [
    "records:\n", "- kind: precaution\n", "  id: an-id\n", "  name: A name\n", "  why: |\n    Some text.\n", "    # text\n",
    "  why: |\n\n      More.\n", "  sources: [one, two]\n", "  # a comment\n", "  a: b # lost\n", "  <<: c\n", "  id: again\n",
    '  quoted: "x"\n', "  many: one\n    two\n", "  fold: >\n    text\n", "  empty:\n", "  a: &b c\n", "  d: *b\n", "  t: !x y\n",
    "  blank: |\n     \n", "  - item\n", "    - deep: 1\n", "?\n", "---\n", "  x: 'it''s'\n", "  keep: |+\n    a\n\n",
]  # fmt: skip
_SIGNS = [
    "a", "b c", "key", "kind: ", "id: ", ":", ": ", " ", "  ", "    ", "\n", "\n\n", "\n  ", "\n    ", "\n  - ", "\n- ", "-", "|\n",
    "|", "[a, b]", "[a,b]", "[", "]", ", ", '"', '"q"', "'s'", "#", " #", "\t", "é", "\u00a0", "?", "-0.5", "{", "}", "%", "!",
]  # fmt: skip
_SLIPS = [
    "", "\n", " ", "  ", "- ", ":", ": ", "|", "[a, b]", '"', "'", " #", "*", "**", "{cite:p}`nobody`", "{clinic:ref}`nobody`", "]",
    "{clinic:ref}`neck`", "\n  see_also: [nobody]", "\n  status: withdrawn", "\n  sources: [nobody]", "\t", "\u200b",
    "\n  regions: [nowhere]", "\n  id: twice", "\n  note: {clinic:rate}`x`", "\n  # words",
]  # fmt: skip


@pytest.fixture
def long_way(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A function that reads a text without the shortcut."""

    def read(text: str) -> Any:
        with monkeypatch.context() as patched:
            patched.setattr(prose, "read_simple", lambda text, roles: None)
            return prose.read_prose.__wrapped__(text)

    return read


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(_BITS), min_size=1, max_size=14).map("".join).filter(str.strip))
def test_simple_markup_is_read_as_the_parser_reads_it(long_way: Any, text: str) -> None:
    assert prose.read_prose.__wrapped__(text) == long_way(text)


def test_the_handbook_is_read_as_the_parser_reads_it(long_way: Any, repository: Path) -> None:
    library, _ = load_library(repository / "source" / "records", [repository / "source" / "references.bib"])
    texts = {text for record in library.of() for _, text in prose_fields(record) if not is_plain(text.strip())}
    quickly = [text for text in texts if read_simple(text.strip(), prose._roles(tuple(KINDS)))]
    assert len(quickly) > len(texts) / 2, "the shortcut serves the minority"
    for text in texts:
        assert prose.read_prose.__wrapped__(text) == long_way(text)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(_LINES), min_size=1, max_size=9).map("".join))
def test_yaml_is_read_the_same_at_a_glance_and_closely(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    at_a_glance = yaml_events.read_yaml(text, "x.yaml")
    with monkeypatch.context() as patched:
        patched.setattr(yaml_events._Reader, "sound", lambda self, event, line, column: None)
        assert yaml_events.read_yaml(text, "x.yaml") == at_a_glance


@settings(max_examples=600, deadline=None)
@given(
    st.one_of(
        st.lists(st.sampled_from(_LINES), min_size=1, max_size=9).map("".join),
        st.lists(st.sampled_from(_SIGNS), min_size=1, max_size=16).map("".join),
        st.lists(st.sampled_from(_SIGNS), max_size=8).map(
            lambda signs: f"records:\n\n- kind: {''.join(signs)}\n  id: a\n"
        ),
    )
)
def test_plain_yaml_is_read_as_libyaml_reads_it(text: str) -> None:
    plain = read_plain_yaml(text)
    if plain is not None:
        closely, _, problems = yaml_events.read_yaml(text, "x.yaml")
        assert (plain, []) == (closely, problems) or {problem.code for problem in problems} == {"unseen-character"}


def test_the_handbook_is_plain_yaml(repository: Path) -> None:
    for path in (repository / "source" / "records").rglob("*.yaml"):
        text = path.read_text("utf-8")
        assert read_plain_yaml(text) == yaml_events.read_yaml(text, path.name)[0], path


# --- whole folders: no shortcut at all, all of them, and what was kept ----------------------------------------------


def everything(found: tuple[Library, list[Problem]]) -> Any:
    """All that a library holds, and every problem, with all places."""
    library, problems = found
    return (
        [repr(problem) for problem in problems],
        [(type(record), record.__dict__, record.model_fields_set) for record in library.records.values()],
        [(origin.file, origin.place(), origin.marks) for origin in library.origins.values()],
        library.sources,
        library.faulty,
    )


@pytest.fixture
def closely(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A function that loads a folder without a shortcut."""

    def load_closely(folder: Path, sources: list[Path]) -> Any:
        with monkeypatch.context() as patched:
            patched.setattr(records, "read_plain_yaml", lambda text: None)
            patched.setattr(load, "_all_there", lambda named, names: False)
            patched.setattr(bibliography, "_PLAIN", re.compile("(?!)"))
            return everything(load_library(folder, sources))

    return load_closely


def test_the_handbook_is_the_same_by_every_way(closely: Any, repository: Path, tmp_path: Path) -> None:
    folder, sources = repository / "source" / "records", [repository / "source" / "references.bib"]
    expected = closely(folder, sources)
    assert everything(load_library(folder, sources)) == expected
    for _ in range(2):
        assert everything(load_library(folder, sources, tmp_path / "records.cache")) == expected


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dice=st.randoms(use_true_random=False))
def test_slips_are_told_the_same_by_every_way(
    closely: Any, repository: Path, tmp_path_factory: pytest.TempPathFactory, dice: Random
) -> None:
    features, folder = repository / "tests" / "roots" / "features", tmp_path_factory.mktemp("records")
    sources = [features / "references.bib"]
    for name in ("precautions.yaml", "regions.yaml"):
        text = (features / "records" / name).read_text("utf-8")
        for _ in range(dice.randrange(3)):
            ends = [found.start() for found in re.finditer("\n", text)]
            at = dice.choice(ends) if dice.random() < 0.5 else dice.randrange(len(text))
            text = text[:at] + dice.choice(_SLIPS) + text[at + dice.choice([0, 0, 1, 5]) :]
        (folder / name).write_text(text, "utf-8")
    expected = closely(folder, sources)
    assert everything(load_library(folder, sources)) == expected
    for _ in range(2):
        assert everything(load_library(folder, sources, folder / "build" / "records.cache")) == expected


_BLANKS = st.sampled_from(
    ["a", "é", " ", "  ", "\n", "\t", "\r", "\u00a0", "\u2003", "\u2028", "\x1c", "\u200b", "\u0300"]
)


@given(st.lists(_BLANKS, max_size=12).map("".join))
def test_words_are_brought_on_one_line_as_if_they_were_split(text: str) -> None:
    assert on_one_line(text) == " ".join(text.split())


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*_BITS, "\u2003", "\x0b"]), min_size=1, max_size=14).map("".join).filter(str.strip))
def test_words_without_markup_are_those_of_the_pieces(text: str) -> None:
    library = Library()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(redline, "is_plain", lambda text: False)
        longer = redline.without_markup(library, text)
    assert redline.without_markup(library, text) == longer
