"""Record files as they come: encodings, line ends, odd names, what is cached, and where every value stands.

What a broken record is told stands in ``tests/example-records``.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from clinic_snippets.problems import Problem
from clinic_snippets.reading import records as reader
from clinic_snippets.reading.files import text_of
from clinic_snippets.reading.records import RecordFiles, read_records
from clinic_snippets.reading.yaml_events import read_yaml
from clinic_snippets.records import Region

FILE = """\
topic: bleeding
owner: safety lead
written: 2026-01-01
review_by: 2027-01-01

records:

- kind: region
  id: neck
  name: Neck
- kind: region
  id: upper-neck
  name: "Upper neck"
  within: neck
  note: |
    First line.

    Third line.
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write bytes or text to a record file and return the folder."""

    def make(content: bytes | str = FILE, name: str = "a.yaml") -> Path:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path

    return make


def said(problems: list[Problem], folder: Path) -> list[str]:
    """Problems as lines, with paths from ``folder``."""
    return [str(problem).replace(f"{folder}{os.sep}", "") for problem in sorted(problems)]


def ids(files: RecordFiles) -> list[str]:
    assert not files.problems
    return [record.id for record in files.records]


# --- files as editors write them ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        FILE.encode("utf-8-sig"),
        FILE.replace("\n", "\r\n").encode(),
        FILE.replace("\n", "\r").encode(),
        FILE.strip().encode(),
    ],
    ids=["byte order mark", "Windows line ends", "old Macintosh line ends", "no line end at the end"],
)
def test_what_editors_do_to_a_file_changes_nothing(write: Write, content: bytes) -> None:
    files = read_records(write(content))
    assert ids(files) == ["neck", "upper-neck"]
    place = files.origins[1].place_in(("note",), "First line.\n\nThird line.\n", 13)
    assert (place.line, place.column) == (18, 5)


@pytest.mark.parametrize("name", ["b.yml", "B.YAML", "by region/neck.yaml", "deeply/nested/folder/a.yaml"])
def test_any_yaml_file_below_the_folder_is_read(write: Write, name: str) -> None:
    assert ids(read_records(write(name=name))) == ["neck", "upper-neck"]


@pytest.mark.parametrize("name", ["notes.txt", ".hidden.yaml", "a.yaml~", "a.yaml.bak"])
def test_other_files_are_left_alone(write: Write, name: str) -> None:
    assert ids(read_records(write(b"\xff not YAML", name=name))) == []


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"topic: bl\xe4ding", "a.yaml", "a.yaml:1:1: the file is not UTF-8 text (invalid continuation byte); save it as UTF-8"),
        ("", "a.yaml", "a.yaml:1:1: the file is empty; write the header and 'records:', or remove the file"),
        ("# nothing\n", "a.yaml", "a.yaml:1:1: the file is empty; write the header and 'records:', or remove the file"),
        ("text", "a.yaml", "a.yaml:1:1: the file does not start with a header; start with topic, owner, written, review_by and 'records:'"),
        (FILE, "a.yaml.txt", "a.yaml.txt:1:1: this file is not read, because its name ends in '.txt'; take '.txt' off its name"),
        ("a: \0", "a.yaml", "a.yaml:1:4: a character that cannot be seen stands here (U+0000); delete it; use plain spaces and line ends"),
        ("a: b\n\xa0 c: d", "a.yaml", "a.yaml:2:1: a character that cannot be seen stands here (U+00A0); delete it; use plain spaces and line ends"),
        ("a: " + "[" * 50, "a.yaml", "a.yaml:1:33: a: this cannot be read as YAML (nested too deeply); if it is text, put the text on its own line after '|'; if it is a field, indent it like its neighbours"),
    ],
    ids=["not UTF-8", "empty", "only a comment", "no header", "Notepad's .txt", "NUL", "no-break space as indentation", "deep"],
)  # fmt: skip
def test_a_file_that_is_no_record_file_is_one_problem(
    write: Write, content: bytes | str, name: str, message: str
) -> None:
    folder = write(content, name)
    assert said(read_records(folder).problems, folder) == [message]


def test_a_link_that_leads_nowhere_is_a_problem_and_not_a_silence(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").symlink_to(tmp_path / "gone")
    problems = said(read_records(tmp_path).problems, tmp_path)
    assert problems == ["a.yaml:1:1: the file cannot be read (No such file or directory); check the file"]


# --- header ------------------------------------------------------------------------------------------------------


def test_records_inherit_the_header_and_may_say_otherwise(write: Write) -> None:
    files = read_records(write(FILE.replace("  within", "  owner: another role\n  within")))
    first, second = files.records
    assert (first.topic, first.owner, str(first.review_by)) == ("bleeding", "safety lead", "2027-01-01")
    assert (second.topic, second.owner) == ("bleeding", "another role")


@pytest.mark.parametrize("line", ["topic: bleeding\n", "owner: safety lead\n", "written: 2026-01-01\n", "review_by: 2027-01-01\n"])  # fmt: skip
def test_a_missing_header_field_is_reported_once_and_not_by_every_record(write: Write, line: str) -> None:
    files = read_records(write(FILE.replace(line, "")))
    field = line.partition(":")[0]
    (problem,) = files.problems
    assert str(problem).endswith(f"a.yaml:1:1: {field}: missing from the header; add '{field}:' at the top of the file; its records inherit it")  # fmt: skip
    assert files.records == []
    assert set(files.ids) == {"neck", "upper-neck"}


# --- places ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("yaml", "path", "place"),
    [
        ("a: x", ("a",), (1, 4)),
        ("é: x", ("é",), (1, 4)),
        ('a: "x"', ("a",), (1, 4)),
        ("a:\n  - x\n  - b: y", ("a", 1, "b"), (3, 8)),
        ("a: {b: [x, y]}", ("a", "b", 1), (1, 12)),
        ("a: |\n   x", ("a",), (2, 4)),
        ("a:\n  - |\n    x\n", ("a", 0), (3, 5)),
        ("a: x", ("a", 0, "text"), (1, 4)),
        ("a: {b: x}", ("a", 0, "missing"), (1, 4)),
        ("a: |\n\n", ("a",), (1, 4)),
    ],
)
def test_a_value_keeps_its_place(yaml: str, path: tuple[str | int, ...], place: tuple[int, int]) -> None:
    _data, marks, problems = read_yaml(yaml, "a.yaml")
    assert not problems
    found = reader.Origin("a.yaml", marks).place(*path)
    assert (found.line, found.column) == place


@pytest.mark.parametrize(
    ("yaml", "place"),
    [
        ("a: say here", (1, 8)),
        ('a: "say here"', (1, 9)),
        ("a: 'say here'", (1, 9)),
        ('a: "s\\x61y here"', (1, 4)),
        ("a: |\n  say here\n", (2, 7)),
        ("a: |\n\n     say here", (3, 10)),
        ("a: |-\n  say\n\n  here", (4, 3)),
    ],
    ids=[
        "plain",
        "double",
        "single",
        "escaped: where the value starts",
        "bar",
        "deeper, blank line first",
        "later line",
    ],
)
def test_a_word_within_a_text_has_its_place(yaml: str, place: tuple[int, int]) -> None:
    data, marks, problems = read_yaml(yaml, "a.yaml")
    assert not problems
    found = reader.Origin("a.yaml", marks).place_in(("a",), data["a"], data["a"].index("here"))
    assert (found.line, found.column) == place


# --- cache -------------------------------------------------------------------------------------------------------


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files whose text is read."""
    names: list[str] = []

    def counted(path: Path, folder: Path) -> str:
        names.append(path.name)
        return text_of(path, folder)

    monkeypatch.setattr(reader, "text_of", counted)
    return names


@pytest.fixture
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("build") / "not" / "yet" / "there.cache"


OTHER = FILE.replace("neck", "arm")


def folder_of(files: RecordFiles) -> Path:
    """The folder that ``files`` were read from."""
    return Path(files.origins[0].file).parent


def test_an_unchanged_file_is_not_parsed_again(write: Write, parsed: list[str], cache: Path) -> None:
    write(OTHER, "b.yaml")
    first = read_records(write(), cache)
    again = read_records(folder_of(first), cache)
    assert parsed == ["a.yaml", "b.yaml"]
    assert again == first


def test_only_the_file_that_changed_is_parsed_again(write: Write, parsed: list[str], cache: Path) -> None:
    write(OTHER, "b.yaml")
    folder = folder_of(read_records(write(), cache))
    parsed.clear()
    write(OTHER.replace("arm", "leg"), "b.yaml")
    assert ids(read_records(folder, cache)) == ["neck", "upper-neck", "leg", "upper-leg"]
    assert parsed == ["b.yaml"]


def test_a_file_that_is_gone_leaves_no_record_behind(write: Write, cache: Path) -> None:
    write(OTHER, "b.yaml")
    folder = folder_of(read_records(write(), cache))
    (folder / "b.yaml").unlink()
    assert ids(read_records(folder, cache)) == ["neck", "upper-neck"]


def test_a_file_with_problems_is_parsed_every_time(write: Write, parsed: list[str], cache: Path) -> None:
    folder = write(FILE + "  note: twice\n")
    first = read_records(folder, cache).problems
    assert read_records(folder, cache).problems == first
    assert len(first) == 1
    assert parsed == ["a.yaml", "a.yaml"]


@pytest.mark.parametrize("damage", ["cut", "changed", "empty", "foreign", "a folder"])
def test_a_damaged_cache_is_ignored_and_replaced(write: Write, parsed: list[str], cache: Path, damage: str) -> None:
    folder = write()
    read_records(folder, cache)
    whole = cache.read_bytes()
    if damage == "a folder":
        cache.unlink()
        cache.mkdir()
    else:
        damaged = {"cut": whole[:-5], "changed": whole.replace(b"neck", b"leck"), "empty": b"", "foreign": b"x" * 500}
        cache.write_bytes(damaged[damage])
    assert ids(read_records(folder, cache)) == ["neck", "upper-neck"]
    assert parsed == ["a.yaml", "a.yaml"]
    if damage != "a folder":
        assert cache.read_bytes() == whole


def test_what_other_code_found_right_is_read_again(
    write: Write, parsed: list[str], cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_of(read_records(write(), cache))
    monkeypatch.setattr("clinic_snippets.reading.cache._code", lambda: b"another version")
    assert ids(read_records(folder, cache)) == ["neck", "upper-neck"]
    assert parsed == ["a.yaml", "a.yaml"]


def test_records_of_an_own_kind_are_read_every_time(write: Write, parsed: list[str], cache: Path) -> None:
    """What its Python files find right may be wrong after they change."""

    class OwnRegion(Region):
        """A region of a handbook's own."""

    folder = write()
    for _ in range(2):
        assert type(read_records(folder, cache, {"region": OwnRegion}).records[0]) is OwnRegion
    assert parsed == ["a.yaml", "a.yaml"]


def test_an_id_that_is_taken_since_is_told_though_its_file_is_kept(write: Write, cache: Path) -> None:
    write(OTHER, "b.yaml")
    folder = folder_of(read_records(write(), cache))
    write(OTHER.replace("upper-arm", "hand").replace("review_by: 2027", "review_by: 2028"), "a.yaml")
    [problem] = said(read_records(folder, cache).problems, folder)
    assert problem.startswith("b.yaml:9:7: arm.id: this id is taken (first: ")
    assert problem.endswith("a.yaml:9:7); an id stands for one record; choose another")


# --- places that are asked for later ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kept", [False, True])
def test_a_field_of_a_file_that_changed_since_has_the_place_of_its_record(
    write: Write, cache: Path, kept: bool
) -> None:
    folder = write()
    for _ in range(2 if kept else 1):
        first, second = read_records(folder, cache).origins
    assert (second.place().line, second.place("name").line) == (11, 13)
    write(f"# One line more\n{FILE}")
    assert (first.place().line, first.place("name").line) == (8, 10), "its file was looked at before"
    first, second = read_records(folder).origins
    write(FILE)
    assert (second.place().line, second.place("name").line) == (12, 12)
    assert second.place("name").column == second.place().column == 3


@pytest.mark.parametrize("before", ["", "topic: t\n", "topic: t\nowner: |\n  words\n"])
def test_two_versions_that_git_left_are_told_as_such(before: str) -> None:
    text = f"{before}<<<<<<< HEAD\nname: A\n=======\nname: B\n>>>>>>> other\n"
    data, _, (problem,) = read_yaml(text, "a.yaml")
    assert data is None and problem.code == "merge-conflict"
    assert str(problem).startswith(f"a.yaml:{before.count(chr(10)) + 1}:1: git could not merge two versions")
