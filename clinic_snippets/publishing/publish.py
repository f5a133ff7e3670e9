"""All versions of a handbook as one site: what is which release, building what is not built, putting it together."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from clinic_snippets.publishing.assembly import assemble, check_target
from clinic_snippets.publishing.build_version import START, build_current, build_release, clear_leftovers
from clinic_snippets.publishing.environments import Environment, Environments
from clinic_snippets.publishing.menu import site_url_in
from clinic_snippets.publishing.releases_in_git import Repository
from clinic_snippets.publishing.site import make_site
from clinic_snippets.publishing.stopping import stop
from clinic_snippets.publishing.swap import put_right


@dataclass(frozen=True)
class Published:
    """What a run came to: every release in the site, those that had to be built for it, and the number of pages."""

    releases: tuple[str, ...]
    built: tuple[str, ...]
    pages: int


def publish(
    root: Path,
    source: str,
    out: Path,
    cache: Path,
    url: str = "",
    environment: Environment | None = None,
    report: Callable[[str], None] = print,
) -> Published:
    """Publish every release and the working tree of the handbook in ``root`` as the site ``out``.

    ``environment`` gives the Python of a release. Raises ClinicError or OSError; the site that was there is then as it
    was.
    """
    # The folder itself is replaced: where ``out`` is a link, what it leads to.
    out, cache = out.resolve(), cache.resolve()
    check_target(out, cache)
    cache.mkdir(parents=True, exist_ok=True)
    with _alone(cache):
        put_right(out)
        repository = Repository(root, source)
        clear_leftovers(repository, cache)
        commits = repository.releases()
        environment = environment or Environments(cache / "environments", report)
        releases = [(release, build_release(repository, release, cache, environment, report)) for release in commits]
        current = build_current(root, source, cache, report)
        start = (current.html / START).read_text("utf-8", "replace")
        site = make_site(releases, current, url or site_url_in(start, START))
        pages = assemble(site, out, report)
    built = tuple(release.version for release, made in releases if made.fresh)
    return Published(tuple(release.version for release in commits), built, pages)


@contextmanager
def _alone(cache: Path) -> Iterator[None]:
    """Let one run at a time work in a cache; the system ends the claim of a run that is killed.

    The programs that a run starts inherit the claim: one may go on writing for a while after the run itself is gone.
    """
    handle = os.open(cache / "lock", os.O_CREAT | os.O_RDWR)
    os.set_inheritable(handle, True)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stop(cache, "", "another run is at work here", "wait until it has ended")
        yield
    finally:
        os.close(handle)
