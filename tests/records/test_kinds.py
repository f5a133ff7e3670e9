"""Kinds of record that a handbook declares: what is taken, and what its author is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clinic_snippets.problems import ClinicError
from clinic_snippets.reading.prose import read_prose
from clinic_snippets.records import KINDS, plural_of
from clinic_snippets.records.text import Paragraph, RecordLink
from clinic_snippets.snippets.own import load_snippet_files

HEAD = "from typing import Literal\nfrom clinic_snippets.records import Record, record_kind\n\n\n@record_kind\n"
KIND = 'class Batch(Record):\n    """A batch."""\n\n    plural = "batches"\n    kind: Literal["batch"]\n'


@pytest.fixture(autouse=True)
def forget_own_kinds() -> Iterator[None]:
    """Take back what a test declared."""
    before = dict(KINDS)
    yield
    KINDS.clear()
    KINDS.update(before)
    read_prose.cache_clear()


@pytest.fixture
def declare(tmp_path: Path) -> Callable[..., str]:
    """Load Python files; returns what their author is told, without the folder."""

    def load(*texts: str) -> str:
        paths = [tmp_path / f"own{number or ''}.py" for number in range(len(texts))]
        for path, text in zip(paths, texts, strict=True):
            path.write_text(text, encoding="utf-8")
        try:
            load_snippet_files(paths)
        except ClinicError as error:
            return str(error).replace(f"{tmp_path}/", "")
        return ""

    return load


def test_a_kind_is_known_by_its_word(declare: Callable[..., str]) -> None:
    assert declare(HEAD + KIND) == ""
    assert KINDS["batch"].__name__ == "Batch"
    assert (plural_of("batch"), plural_of("given-up")) == ("batches", "given up records")


def test_a_file_may_be_loaded_again(declare: Callable[..., str]) -> None:
    assert declare(HEAD + KIND) == ""
    assert declare(HEAD + KIND.replace('"batches"', '"lots"')) == ""
    assert plural_of("batch") == "lots"


def test_its_role_works_in_prose_read_before(declare: Callable[..., str]) -> None:
    assert "unknown role 'clinic:batch'" in str(read_prose("See {clinic:batch}`b-1`.")[1])
    declare(HEAD + KIND)
    [paragraph], troubles = read_prose("See {clinic:batch}`b-1`.")
    assert not troubles and isinstance(paragraph, Paragraph)
    assert RecordLink("b-1", "batch", "") in paragraph.children


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (
            KIND.replace('"batch"', '"precaution"'),
            "own.py:5: the kind 'precaution' is there already (Precaution); choose another word",
        ),
        (KIND.replace('"batch"', '"ref"'), "own.py:5: 'ref' means something else already; choose another word for this kind"),
        (KIND.replace("(Record)", ""), "own.py:5: Batch is no kind of record; write 'class Batch(Record)' below @record_kind"),
        (
            "def batch(record):\n    pass\n",
            "own.py:5: batch is no kind of record; write 'class batch(Record)' below @record_kind",
        ),
        (
            KIND.replace('    kind: Literal["batch"]\n', ""),
            "own.py:5: Batch does not say what stands after 'kind:'; add one lower-case word, or words joined by hyphens, "
            "such as 'kind: Literal[\"batch\"]'",
        ),
        (KIND.replace('"batch"', '"Flu Batch"'), "own.py:5: Batch does not say what stands after 'kind:'; add one lower-case"),
        (KIND.replace('"batch"', '"batch", "lot"'), "own.py:5: Batch does not say what stands after 'kind:'; add one lower"),
        (KIND.replace('"""A batch."""', "pass"), "own.py:5: Batch has no docstring; say in one line what such a record is"),
    ],
)  # fmt: skip
def test_a_kind_that_does_not_fit_is_told_at_its_line(declare: Callable[..., str], kind: str, told: str) -> None:
    before = dict(KINDS)
    assert declare(HEAD + kind).startswith(told)
    assert before == KINDS


def test_two_files_cannot_declare_the_same_word(declare: Callable[..., str]) -> None:
    told = declare(HEAD + KIND, HEAD + KIND)
    assert told == "own1.py:5: the kind 'batch' is there already (Batch); choose another word"


def test_every_faulty_file_is_told_at_once(declare: Callable[..., str]) -> None:
    assert len(declare(HEAD + "x", "import nothing_of_that_name\n").splitlines()) == 2
