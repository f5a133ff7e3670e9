"""Making the one site: every version in its folder, each page told of the others, and the files at the root.

``stable`` is a copy, not a folder of redirects: a redirect without a script would lose what stands behind the ``#``, and
there is none for the PDF and ``objects.inv``. The handbook's pages and PDF take a few megabytes. ``latest`` is the
current tree's own folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path

from clinic_snippets.export.offline import WORKER, refresh_worker, retire_worker, too_much, without_script
from clinic_snippets.publishing.build_version import START
from clinic_snippets.publishing.menu import STYLESHEET, decorate
from clinic_snippets.publishing.site import LATEST, STABLE, Site, Version
from clinic_snippets.publishing.stopping import stop
from clinic_snippets.publishing.swap import new_folder, swap_in

VERSIONS = "versions.json"
"""Tells programs what is there, and this module that a folder is a site of its own making."""
STATIC = Path(__file__).parent / "static"
_BY_SPHINX_FOR_ITSELF = {".doctrees", ".buildinfo", ".buildinfo.bak"}


def check_target(out: Path, cache: Path) -> None:
    """Raise ClinicError where a site must not be put: whatever is there would be deleted."""
    if out == cache or out in cache.parents or cache in out.parents:
        stop(
            out, "", f"the site and the cache ({cache}) must not be inside one another", "name another --out or --cache"
        )
    if out.exists() and not out.is_dir():
        stop(out, "", "this is a file", "name another --out")
    if out.exists() and any(out.iterdir()) and not (out / VERSIONS).is_file():
        message = f"this folder is no site of versions: it holds no {VERSIONS}"
        stop(out, "", message, "name another --out, or empty the folder: all in it would be replaced")


def assemble(site: Site, out: Path, report: Callable[[str], None] = print) -> int:
    """Make the site aside, then put it in the place of the one in ``out``; return the number of pages.

    Whatever happens before the very end, the old site stays as it was; raises OSError. ``report`` is told of files for
    which the copies that browsers save have no room.
    """
    new = new_folder(out)
    try:
        new.mkdir(parents=True)
        pages = sum(_write_version(site, version, new / version.name) for version in site.versions)
        if site.stable:
            pages += _write_version(site, site.stable, new / STABLE)
        _write_root(site, new)
        _settle_workers(site, new, report)
        swap_in(out)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    return pages + 1


def stylesheet() -> str:
    """Return the stylesheet's address from the site's root; it changes with the content, so it may be kept for long."""
    digest = hashlib.sha256((STATIC / STYLESHEET).read_bytes()).hexdigest()
    return f"_static/{STYLESHEET}?v={digest[:8]}"


def _write_version(site: Site, version: Version, target: Path) -> int:
    styles = stylesheet()
    # Browsers save what changes under one address: a numbered folder's pages, saved, could not learn of a newer release.
    saved = target.name in (STABLE, LATEST)
    for name in files_for_readers(version.built.html):
        if name == WORKER and not saved:
            continue
        origin, copy = version.built.html / name, target / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        if name in version.pages:
            # Whatever encoding a page is in, its bytes stay what they are.
            text = origin.read_bytes().decode("utf-8", "surrogateescape")
            text = decorate(name, text if saved else without_script(text), version, site, styles)
            copy.write_bytes(text.encode("utf-8", "surrogateescape"))
        else:
            shutil.copy2(origin, copy)
    if version.built.pdf:
        shutil.copy2(version.built.pdf, target / version.pdf)
    return len(version.pages)


def files_for_readers(folder: Path) -> Iterator[str]:
    """Yield every file of a built version that is for readers, as a path with slashes."""
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(set(folders) - _BY_SPHINX_FOR_ITSELF)
        for name in sorted(set(names) - _BY_SPHINX_FOR_ITSELF):
            yield Path(parent, name).relative_to(folder).as_posix()


def _write_root(site: Site, new: Path) -> None:
    (new / "_static").mkdir()
    shutil.copyfile(STATIC / STYLESHEET, new / "_static" / STYLESHEET)
    (new / START).write_text(_start_page(site), "utf-8")
    (new / VERSIONS).write_text(_versions_json(site), "utf-8")


def _settle_workers(site: Site, new: Path, report: Callable[[str], None]) -> None:
    """Have browsers save the pages as they now are, and delete what they saved where nothing is to be saved any more."""
    if not any((version.built.html / WORKER).is_file() for version in site.versions):
        return
    for folder in (new / STABLE, new / LATEST):
        if (folder / WORKER).is_file():
            if dropped := refresh_worker(folder):
                report(f"{folder.name}: {too_much(dropped)}")
        elif folder.is_dir():
            retire_worker(folder)
    # Before there were versions, one build may have stood here.
    retire_worker(new)


def _start_page(site: Site) -> str:
    """Return the page at the root: it leads on to the current release by itself, or by a link."""
    first = site.versions[0]
    home = f"{STABLE if site.stable else first.name}/{START}"
    start = (first.built.html / START).read_text("utf-8", "replace")
    language = re.search(r'<html\b[^>]*\blang="([^"]*)"', start)
    title = re.search(r"<title>(.*?)</title>", start, re.DOTALL)
    canonical = f'<link rel="canonical" href="{escape(site.url.rstrip("/"))}/{home}">\n' if site.url else ""
    return (
        f'<!doctype html>\n<html lang="{language[1] if language else "en"}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f'<meta name="color-scheme" content="light dark">\n'
        f"<title>{title[1] if title else 'Handbook'}</title>\n"
        f'<meta http-equiv="refresh" content="0; url={home}">\n{canonical}</head>\n'
        f'<body>\n<main><p><a href="{home}">Continue to the handbook</a></p></main>\n</body>\n</html>\n'
    )


def _versions_json(site: Site) -> str:
    """Return what is there, for programs; no clock, so the same versions give the same bytes."""
    entries = [
        {
            "version": version.name,
            "path": f"{version.name}/",
            "state": "draft" if version.draft else "current" if version is site.stable else "superseded",
            "released": str(version.released) if version.released else None,
            "superseded": str(version.superseded) if version.superseded else None,
            "commit": version.commit or None,
            "pdf": f"{version.name}/{version.pdf}" if version.pdf else None,
        }
        for version in site.versions
    ]
    return json.dumps({"versions": entries}, indent=1) + "\n"
