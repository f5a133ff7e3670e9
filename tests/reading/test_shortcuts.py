"""The quick ways past the Markdown parser and past the close look at YAML give what the long ways do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic_snippets.library import load_library
from clinic_snippets.reading import prose, yaml_events
from clinic_snippets.reading.simple_prose import is_plain, read_simple
from clinic_snippets.records import KINDS
from clinic_snippets.records.base import prose_fields

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
