"""Building one version: a release from a worktree of its own, the current tree where it stands.

A release never changes, so what was built of it is kept, named after its commit and its lock. It is built aside and
renamed when it is complete: a build that fails or is killed leaves nothing that a later run could take for whole.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from clinic_snippets.publishing.environments import LOCK, Environment, clean_environment, key_of
from clinic_snippets.publishing.releases_in_git import ReleaseCommit, Repository
from clinic_snippets.publishing.stopping import stop

START = "index.html"
PDF_EXTENSION = "clinic_snippets.pdf"
"""A version whose conf.py loads this has a PDF."""
PDFS = "CLINIC_PDFS"
"""The variable in which a conf.py that has its pages lead to PDFs is told their folder."""
_HTML, _PDF, _WORKTREES, _RELEASES, _UNFINISHED = "html", "pdf", "worktrees", "releases", ".unfinished-"
Report = Callable[[str], None]


@dataclass(frozen=True)
class Built:
    """What was built of a version: its folder of pages, its PDF if it has one, and whether this run built it."""

    html: Path
    pdf: Path | None
    fresh: bool


def build_release(
    repository: Repository, release: ReleaseCommit, cache: Path, environment: Environment, report: Report
) -> Built:
    """Return the pages and the PDF of a release, building them unless that was done before; raises ClinicError."""
    lock = repository.content(release.commit, LOCK)
    if lock is None:
        message = f"commit {release.commit[:12]} has no such file, so what to build it with is not known"
        stop(LOCK, release.version, message)
    kept = cache / _RELEASES / f"{release.commit}-{key_of(lock)}"
    if kept.exists():
        return _built(kept, fresh=False)
    with _worktree(repository, release, cache) as tree:
        python = environment(release.version, tree / LOCK)
        report(f"{release.version}: building")
        with tempfile.TemporaryDirectory(prefix=_UNFINISHED, dir=_made(kept.parent)) as folder:
            new = Path(folder) / "built"
            _build(release.version, python, tree, repository.source, new, doctrees=Path(folder) / "doctrees")
            new.rename(kept)
    return _built(kept, fresh=True)


def build_current(root: Path, source: str, cache: Path, report: Report) -> Built:
    """Build the working tree as it is, with the Python that runs this; only what has changed is done again."""
    folder = cache / "current"
    passed = folder / "passed"
    # Sphinx gives a warning met while reading only once. What a run has read counts if that run ended well.
    if not passed.exists():
        shutil.rmtree(folder, ignore_errors=True)
    passed.unlink(missing_ok=True)
    report("current tree: building")
    _build("current tree", Path(sys.executable), root, source, folder, doctrees=folder / "doctrees")
    passed.touch()
    return _built(folder, fresh=True)


def clear_leftovers(repository: Repository, cache: Path) -> None:
    """Remove what a run that was killed has left."""
    for tree in (cache / _WORKTREES).glob("*"):
        repository.remove_worktree(tree)
    shutil.rmtree(cache / _WORKTREES, ignore_errors=True)
    for folder in (cache / _RELEASES).glob(f"{_UNFINISHED}*"):
        shutil.rmtree(folder, ignore_errors=True)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _built(folder: Path, fresh: bool) -> Built:
    return Built(folder / _HTML, next((folder / _PDF).glob("*.pdf"), None), fresh)


@contextmanager
def _worktree(repository: Repository, release: ReleaseCommit, cache: Path) -> Iterator[Path]:
    """Check a release out beside the others, and yield the handbook's folder in it."""
    tree = _made(cache / _WORKTREES) / release.version
    try:
        # With force: git may remember a worktree at this place that is there no more.
        repository.git("worktree", "add", "--quiet", "--detach", "--force", str(tree), release.commit)
        yield tree / repository.prefix
    finally:
        repository.remove_worktree(tree)


def _build(name: str, python: Path, tree: Path, source: str, target: Path, doctrees: Path) -> None:
    """Build PDF and pages as `make handbook` does: the current folder first on the path, no clock, no warnings."""
    conf = tree / source / "conf.py"
    if not conf.is_file():
        stop(f"{source}/conf.py", name, "there is no such file, so there is nothing to build")
    with_pdf = PDF_EXTENSION in conf.read_text("utf-8", errors="replace")
    # One that an earlier build wrote under another name would pass for this one's.
    shutil.rmtree(target / _PDF, ignore_errors=True)
    told = {PDFS: str((target / _PDF).resolve())} if with_pdf else {}
    for builder, folder in [("typstpdf", _PDF), ("html", _HTML)][1 - with_pdf :]:
        command = [str(python), "-m", "sphinx", "-W", "--keep-going", "-b", builder, "-d", str(doctrees)]
        run = subprocess.run(
            [*command, source, str(target / folder)],
            cwd=tree,
            env=clean_environment() | {"SOURCE_DATE_EPOCH": "0"} | told,
            capture_output=True,
            text=True,
            errors="replace",
            close_fds=False,  # the claim on the cache
            check=False,
        )
        if run.returncode:
            said = run.stderr.strip() or run.stdout.strip()
            stop(source, name, f"it does not build ({builder}):\n{said}")
    if not (target / _HTML / START).is_file():
        stop(source, name, f"it builds, but there is no {START} to start at")
    if with_pdf and _built(target, fresh=True).pdf is None:
        stop(source, name, "it builds, but there is no PDF")
