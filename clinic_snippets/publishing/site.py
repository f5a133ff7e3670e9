"""What a site is made of: its versions, which of them is the current one, and what stands where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from clinic_snippets.library.release import number
from clinic_snippets.publishing.build_version import START, Built
from clinic_snippets.publishing.releases_in_git import ReleaseCommit

LATEST = "latest"
"""The folder of the current tree."""
STABLE = "stable"
"""The folder that always holds the current release."""
_NOT_PAGES = ("_static", "_sources", "_downloads", "_images")


@dataclass(frozen=True)
class Version:
    """One version of the site; ``name`` is its folder. A draft, the current tree, has neither a commit nor a day."""

    name: str
    built: Built
    pages: frozenset[str]
    commit: str = ""
    released: date | None = None
    superseded: date | None = None

    @property
    def draft(self) -> bool:
        """Say whether this is the current tree."""
        return self.name == LATEST

    @property
    def pdf(self) -> str:
        """Return the name of its PDF; empty where it has none."""
        return self.built.pdf.name if self.built.pdf else ""

    def page_like(self, page: str) -> str:
        """Return the same page in this version, or its start where it has no such page."""
        return page if page in self.pages else START


@dataclass(frozen=True)
class Site:
    """All versions in the order of the menu: the current release, older ones, the draft. ``url`` may be empty."""

    versions: Sequence[Version]
    url: str = ""

    @property
    def stable(self) -> Version | None:
        """Return the current release; None before the first."""
        return self.versions[0] if not self.versions[0].draft else None


def make_site(releases: Iterable[tuple[ReleaseCommit, Built]], current: Built, url: str = "") -> Site:
    """Return the site of these releases and the current tree."""
    pairs = sorted(releases, key=lambda pair: number(pair[0].version), reverse=True)
    versions = []
    for position, (release, built) in enumerate(pairs):
        # A release made for an older line, after a higher version was there, is superseded from its first day.
        higher = min((other.date for other, _ in pairs[:position]), default=None)
        superseded = max(higher, release.date) if higher else None
        versions.append(Version(release.version, built, pages_in(built.html), release.commit, release.date, superseded))
    return Site([*versions, Version(LATEST, current, pages_in(current.html))], url)


def pages_in(folder: Path) -> frozenset[str]:
    """Return the pages of a built version, as paths with slashes."""
    files = (path.relative_to(folder) for path in folder.rglob("*.html"))
    return frozenset(path.as_posix() for path in files if path.parts[0] not in _NOT_PAGES)
