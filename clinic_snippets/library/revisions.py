"""The records as they were at some time: in a release, in a folder, or in a commit that git knows."""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from clinic_snippets.library.changes import Change, Note, diff
from clinic_snippets.library.load_governance import read_notes
from clinic_snippets.library.release import Fields, Release, fields_of, number, read_release, read_releases
from clinic_snippets.problems import ClinicError, Place, Problem, nearest, shown
from clinic_snippets.reading.records import read_records


@dataclass(frozen=True)
class Revision:
    """The records at some time, with the releases up to then and the change notes that were in none of them."""

    records: Mapping[str, Fields]
    releases: tuple[Release, ...] = ()
    pending: tuple[Note, ...] = ()


def find_revision(name: str, folder: Path, records: Path) -> Revision:
    """Return the revision with a name; raises ClinicError that says what may be given.

    ``.`` is what the handbook in ``folder`` holds now, its records in ``records``. Any other name is a release of it, a
    release file, a folder (a handbook's, or one of record files), or what git takes for a commit.
    """
    if name == ".":
        return _from_folder(folder, records)
    releases, path = folder / "releases", Path(name)
    if (releases / f"{name}.json").is_file():
        release = read_release(releases / f"{name}.json")
        until = [r for r in read_releases(releases) if number(r.version) <= number(release.version)]
        return Revision(release.records, tuple(until))
    if path.is_file():
        release = read_release(path)
        return Revision(release.records, (release,))
    if path.is_dir():
        inner = path / os.path.relpath(records, folder)
        return _from_folder(path, inner if inner.is_dir() else path)
    return _from_git(name, folder, records)


def changes_between(before: Revision, after: Revision) -> list[Change]:
    """Return what changed from one revision to another, with the notes written in between."""
    known = max((number(release.version) for release in before.releases), default=(-1, 0, 0))
    notes = [note for release in after.releases if number(release.version) > known for note in release.notes]
    since = [note for note in [*notes, *after.pending] if note not in before.pending]
    return diff(before.records, after.records, since)


def _problem(place: str, message: str, hint: str) -> ClinicError:
    return ClinicError([Problem(Place(place), "", message, hint)])


def _from_folder(folder: Path, records: Path) -> Revision:
    files = read_records(records)
    notes, problems = read_notes(folder)
    if files.problems or problems:
        # A record left out because of a slip would be told as withdrawn.
        raise ClinicError([*files.problems, *problems])
    if not files.records:
        raise _problem(str(records), "there is no record file", "name a handbook's source folder or its records folder")
    return Revision(
        {record.id: fields_of(record) for record in files.records},
        tuple(read_releases(folder / "releases")),
        tuple(entry.value.model_dump(mode="json", by_alias=True, exclude_defaults=True) for entry in notes),
    )


def _from_git(name: str, folder: Path, records: Path) -> Revision:
    """Return the records of a commit, read from a temporary copy of what they are made of."""
    versions = [path.stem for path in sorted((folder / "releases").glob("*.json"))]
    other = (
        nearest(name, versions) or f"releases: {', '.join(versions) or 'none'}; '.' stands for the records as they are"
    )
    unknown = _problem(shown(name), "this is no release, file or folder, and no commit that git knows", other)
    top = _git(folder, name, "rev-parse", "--show-toplevel")
    commit = _git(folder, name, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
    if top is None or commit is None:
        raise unknown
    root, sha = Path(top.decode().rstrip("\n")), commit.decode().strip()
    wanted = [_below(root, path) for path in (records, folder / "changes", folder / "releases")]
    listed = _git(root, name, "ls-tree", "-z", "--name-only", sha, "--", *wanted) or b""
    there = listed.decode().split("\0")[:-1]
    if wanted[0] not in there:
        raise _problem(
            shown(name), f"this commit has no folder '{wanted[0]}'", "name a commit that has the records there"
        )
    archive = _git(root, name, "archive", "--format=tar", sha, "--", *there)
    if archive is None:
        raise _problem(shown(name), "git cannot give the files of this commit", "fetch them: git fetch --refetch")
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary)
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            for member in files:
                target = copy / member.name
                target.parent.mkdir(parents=True, exist_ok=True)
                if member.issym():  # read as any other link, or refused as one
                    target.symlink_to(member.linkname)
                elif content := files.extractfile(member):
                    target.write_bytes(content.read())
        try:
            return _from_folder(copy / _below(root, folder), copy / wanted[0])
        except ClinicError as error:
            # The copy is gone when somebody reads this.
            moved = [
                replace(
                    p, place=replace(p.place, file=f"{name}:{Path(os.path.relpath(p.place.file, copy)).as_posix()}")
                )
                for p in error.problems
            ]
            raise ClinicError(moved) from None


def _below(root: Path, path: Path) -> str:
    return Path(os.path.relpath(path.resolve(), root.resolve())).as_posix()


def _git(folder: Path, name: str, *arguments: str) -> bytes | None:
    """Return what git says, or None where it refuses."""
    try:
        run = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=False)
    except FileNotFoundError:
        message = "this is no release, file or folder, and git is not installed"
        raise _problem(shown(name), message, "name a release, a release file or a folder") from None
    return run.stdout if run.returncode == 0 else None
