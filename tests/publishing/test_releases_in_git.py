"""Which commit is which release, in every kind of clone; where it cannot be known, an error that says how to mend it."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from clinic_snippets.problems import ClinicError
from clinic_snippets.publishing.releases_in_git import FETCH_ALL, ReleaseCommit, Repository


def releases(handbook: Any) -> list[ReleaseCommit]:
    return Repository(handbook.root, "source").releases()


def refusal(handbook: Any) -> str:
    with pytest.raises(ClinicError) as caught:
        releases(handbook)
    return str(caught.value)


@pytest.fixture
def handbook(make_handbook: Callable[..., Any]) -> Any:
    return make_handbook()


@pytest.fixture
def clone(tmp_path: Path) -> Callable[..., Any]:
    """A function that clones a handbook, over the wire protocol so that a depth counts."""

    def make(handbook: Any, *options: str) -> Any:
        folder = tmp_path / f"clone {len(list(tmp_path.iterdir()))}"
        handbook.git("clone", "--quiet", *options, f"file://{handbook.root}", str(folder))
        return type(handbook)(folder)

    return make


def test_tags_are_releases_lowest_version_first(handbook: Any) -> None:
    first = handbook.release("0.9.0", "2026-01-10")
    second = handbook.release("0.10.0", "2026-02-20")
    for other in ("v1", "v1.0", "v1.0.0rc1", "nightly", "v01.0.0"):
        handbook.git("tag", other)
    assert releases(handbook) == [
        ReleaseCommit("0.9.0", first, date(2026, 1, 10)),
        ReleaseCommit("0.10.0", second, date(2026, 2, 20)),
    ]


def test_a_tag_without_a_release_file_has_the_day_of_its_commit(handbook: Any) -> None:
    commit = handbook.commit("Before release files", day="2025-12-24")
    handbook.git("tag", "v0.1.0", day="2026-06-06")
    assert releases(handbook) == [ReleaseCommit("0.1.0", commit, date(2025, 12, 24))]


def test_without_tags_the_commits_that_added_the_files_are_the_releases(three_releases: Any, clone: Any) -> None:
    assert releases(clone(three_releases, "--no-tags")) == releases(three_releases)
    assert len(releases(three_releases)) == 3


def test_a_detached_clone_knows_the_same_releases(three_releases: Any, clone: Any) -> None:
    """As continuous integration checks out: no branch, and perhaps no tags."""
    for options in ((), ("--no-tags",)):
        detached = clone(three_releases, *options)
        detached.git("checkout", "--quiet", "--detach")
        assert releases(detached) == releases(three_releases)


def test_a_release_file_much_like_another_is_still_an_addition(handbook: Any) -> None:
    """git would call it a file that moved."""
    file = '{{"version": "{}", "date": "2026-01-10",\n"records": {{"many": [\n' + "1,\n" * 100 + "1]}}}}\n"
    handbook.write({"source/releases/0.1.0.json": file.format("0.1.0")})
    handbook.commit()
    (handbook.root / "source/releases/0.1.0.json").unlink()
    handbook.write({"source/releases/0.2.0.json": file.format("0.2.0")})
    commit = handbook.commit()
    assert releases(handbook) == [ReleaseCommit("0.2.0", commit, date(2026, 1, 10))]


def test_a_file_that_was_taken_back_and_added_again_counts_from_then(handbook: Any) -> None:
    handbook.release("0.1.0", "2026-01-10", tag=False)
    (handbook.root / "source/releases/0.1.0.json").unlink()
    handbook.commit("Take it back")
    assert releases(handbook) == []
    again = handbook.release("0.1.0", "2026-01-12", tag=False)
    assert releases(handbook) == [ReleaseCommit("0.1.0", again, date(2026, 1, 12))]


def test_a_tag_and_a_file_that_disagree_are_named_both(handbook: Any) -> None:
    added = handbook.release("0.1.0", "2026-01-10", tag=False)
    tagged = handbook.commit("Something else")
    handbook.git("tag", "--annotate", "--message", "x", "v0.1.0")
    said = refusal(handbook)
    assert "source/releases/0.1.0.json" in said
    assert f"v0.1.0 is on commit {tagged[:12]}" in said
    assert f"added by {added[:12]}" in said
    handbook.git(*shlex.split(said.partition("for example: git ")[2]))
    assert [release.commit for release in releases(handbook)] == [added], "the command in the message must mend it"


def test_a_shallow_clone_says_what_it_lacks_and_how_to_get_it(three_releases: Any, clone: Any) -> None:
    shallow = clone(three_releases, "--depth", "1")
    said = refusal(shallow)
    assert "shallow" in said
    assert "0.1.0, 0.2.0, 0.3.0" in said
    assert FETCH_ALL in said
    shallow.git(*FETCH_ALL.split()[1:])
    assert releases(shallow) == releases(three_releases)


def test_a_shallow_clone_that_has_a_part_names_the_rest(three_releases: Any, clone: Any) -> None:
    assert "lacks the commits of: 0.1.0, 0.2.0;" in refusal(clone(three_releases, "--depth", "2"))


def test_a_shallow_clone_of_a_tag_has_that_release(handbook: Any, clone: Any) -> None:
    commit = handbook.release("0.1.0", "2026-01-10")
    assert [release.commit for release in releases(clone(handbook, "--depth", "1"))] == [commit]


def test_a_shallow_clone_without_a_release_cannot_know(handbook: Any, clone: Any) -> None:
    handbook.commit("Before release files")
    handbook.git("tag", "v0.1.0")
    handbook.commit("Go on")
    assert FETCH_ALL in refusal(clone(handbook, "--depth", "1"))


def test_no_release_is_no_error(handbook: Any) -> None:
    assert releases(handbook) == []


def test_a_repository_without_a_commit_has_no_release(tmp_path: Path, handbook: Any) -> None:
    empty = type(handbook)(tmp_path)
    empty.git("init", "--quiet")
    assert releases(empty) == []


def test_a_folder_that_is_no_repository_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(ClinicError, match="not a git repository.*history"):
        Repository(tmp_path, "source")


def test_without_git_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ClinicError, match="git is not installed"):
        Repository(tmp_path, "source")


def test_a_handbook_may_be_a_folder_of_a_larger_repository(handbook: Any) -> None:
    inner = type(handbook)(handbook.root / "clinic")
    inner.root.mkdir()
    commit = inner.release("0.1.0", "2026-01-10", tag=False)
    handbook.write({"source/releases/0.5.0.json": "{}"})
    handbook.commit("A release of something else")
    assert releases(inner) == [ReleaseCommit("0.1.0", commit, date(2026, 1, 10))]


def test_a_release_file_without_a_day_is_named(handbook: Any) -> None:
    handbook.write({"source/releases/0.1.0.json": '{"version": "0.1.0"}'})
    commit = handbook.commit()
    said = refusal(handbook)
    assert "source/releases/0.1.0.json" in said
    assert commit[:12] in said


def test_a_git_hook_may_publish(three_releases: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """git tells its hooks for which repository they are called; here it is another one."""
    monkeypatch.setenv("GIT_DIR", str(tmp_path))
    assert len(releases(three_releases)) == 3
