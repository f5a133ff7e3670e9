"""Which commit is which release.

A release is its tag ``vX.Y.Z``. Where a clone has no tags, it is the commit that added ``<source>/releases/X.Y.Z.json``.
Where both are there they must agree: a site that shows one text under the name of another is worse than none.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from clinic_snippets.library.release import is_version, number
from clinic_snippets.publishing.stopping import stop

FETCH_ALL = "git fetch --unshallow --tags"
_SET_BY_HOOKS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")


@dataclass(frozen=True)
class ReleaseCommit:
    """A release, the commit that is it, and its day."""

    version: str
    commit: str
    date: date


class Repository:
    """The git repository that holds a handbook; ``root`` is the folder in which the handbook is built."""

    def __init__(self, root: Path, source: str) -> None:
        """Raise ClinicError where ``root`` is in no repository."""
        self.root = root
        self.source = source
        # A handbook may be one folder of a larger repository; commits name files from the top.
        self.prefix = self.git("rev-parse", "--show-prefix")

    def git(self, *arguments: str) -> str:
        """Return what git prints; raises ClinicError with git's own words where it fails."""
        run = self._run(*arguments)
        if run.returncode:
            stop(
                self.root, "", f"git {arguments[0]}: {run.stderr.strip()}", "releases are read from the history in git"
            )
        return run.stdout.strip()

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        # A git hook that publishes would pass on which repository and index it was called for.
        environment = {name: value for name, value in os.environ.items() if name not in _SET_BY_HOOKS}
        command = ["git", "-C", str(self.root), *arguments]
        try:
            return subprocess.run(
                command, env=environment, capture_output=True, text=True, errors="replace", check=False
            )
        except FileNotFoundError:
            stop(self.root, "", "git is not installed", "releases are read from the history in git")

    def remove_worktree(self, tree: Path) -> None:
        """Remove a worktree, whole or not, and let git forget it."""
        self._run("worktree", "remove", "--force", str(tree))
        shutil.rmtree(tree, ignore_errors=True)

    def content(self, commit: str, path: str) -> str | None:
        """Return a file as a commit has it; None where it has none."""
        run = self._run("show", f"{commit}:{self.prefix}{path}")
        return None if run.returncode else run.stdout

    def releases(self) -> list[ReleaseCommit]:
        """Return every release, lowest version first; raises ClinicError where one cannot be told or is not there."""
        tags = self._tags()
        born = self._run("rev-parse", "--verify", "--quiet", "HEAD").returncode == 0
        files = self._files() if born else set()
        added = self._added([*(["HEAD"] if born else []), *tags.values()])
        edge = self._shallow_edge()
        self._check_agreement(tags, added, edge)
        commits = tags | {
            version: commit
            for version in files - tags.keys()
            for commit in [commit for commit in added.get(version, []) if commit not in edge][:1]
        }
        self._check_complete(commits, files, shallow=bool(edge))
        return [
            ReleaseCommit(version, commits[version], self._date(version, commits[version]))
            for version in sorted(commits, key=number)
        ]

    def _path(self, version: str) -> str:
        return f"{self.source}/releases/{version}.json"

    def _tags(self) -> dict[str, str]:
        """Return the commit of each tag that names a version."""
        format = "%(refname:strip=2) %(if)%(*objectname)%(then)%(*objectname)%(else)%(objectname)%(end)"
        lines = [line.split() for line in self.git("for-each-ref", f"--format={format}", "refs/tags").splitlines()]
        return {name[1:]: commit for name, commit in lines if name.startswith("v") and is_version(name[1:])}

    def _files(self) -> set[str]:
        """Return the versions that have a release file in the current commit."""
        names = self.git("ls-tree", "--name-only", "HEAD", f"{self.source}/releases/").splitlines()
        return set(_versions(names))

    def _added(self, starts: list[str]) -> dict[str, list[str]]:
        """Return, for each version, the commits that added its file, latest first."""
        if not starts:
            return {}
        # Without renames: two release files may be so alike that git would take one for the other, moved.
        options = ["--no-renames", "--diff-filter=A", "--name-only", "--format=commit %H"]
        found: dict[str, list[str]] = {}
        commit = ""
        for line in self.git("log", *options, *starts, "--", f"{self.source}/releases/").splitlines():
            if line.startswith("commit "):
                commit = line.removeprefix("commit ")
            for version in _versions([line]):
                found.setdefault(version, []).append(commit)
        return found

    def _shallow_edge(self) -> set[str]:
        """Return the commits whose parents a shallow clone lacks: every file looks as if they had added it."""
        path = self.root / self.git("rev-parse", "--git-path", "shallow")
        return set(path.read_text("utf-8").split()) if path.is_file() else set()

    def _check_agreement(self, tags: Mapping[str, str], added: Mapping[str, list[str]], edge: set[str]) -> None:
        for version, tagged in tags.items():
            adding = [commit for commit in added.get(version, []) if commit not in edge]
            if adding and tagged not in added[version]:
                message = f"the tag v{version} is on commit {tagged[:12]}, but the file was added by {adding[0][:12]}"
                hint = f"move the one that is wrong, for example: git tag --force v{version} {adding[0][:12]}"
                stop(self._path(version), f"release {version}", message, hint)

    def _check_complete(self, commits: Mapping[str, str], files: set[str], shallow: bool) -> None:
        missing = ", ".join(sorted(files - commits.keys(), key=number))
        if shallow and missing:
            message = f"this clone is shallow and lacks the commits of: {missing}"
            stop(f"{self.source}/releases", "", message, f"get the whole history: {FETCH_ALL}")
        if missing:
            message = f"no commit is known that added the release files of: {missing}"
            stop(f"{self.source}/releases", "", message, "tag the commit of each, for example: git tag v0.2.0 COMMIT")
        # Publishing nothing but the draft, in the place of releases that were not fetched, must not happen silently.
        if shallow and not commits:
            message = "this clone is shallow and shows no release, so whether there are any cannot be known"
            stop(self.root, "", message, f"get the whole history: {FETCH_ALL}")

    def _date(self, version: str, commit: str) -> date:
        """Return the day in the release file, or that of the commit where the release has no file."""
        path = self._path(version)
        file = self.content(commit, path)
        if file is None:
            return date.fromisoformat(self.git("log", "-1", "--format=%cs", commit))
        try:
            return date.fromisoformat(json.loads(file)["date"])
        except (ValueError, KeyError, TypeError):
            message = f"in commit {commit[:12]} this file has no 'date' that could be read"
            stop(path, f"release {version}", message, "tag another commit, or take the file back")


def _versions(paths: Iterable[str]) -> Iterable[str]:
    """Yield the version of each path that is a release file's."""
    for path in map(Path, paths):
        if path.suffix == ".json" and is_version(path.stem):
            yield path.stem
