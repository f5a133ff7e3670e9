"""The site as a copy in the reader's browser: ``sw.js``, which saves one build and answers where the network does not.

Its code stands in ``workers/``; what it is to save is worked out here from the finished files, so it is written last. Who
changes the files afterwards refreshes it.
"""

from __future__ import annotations

import gzip
import hashlib
import html
import json
import posixpath
import re
from pathlib import Path
from urllib.parse import quote, unquote

import rjsmin  # type: ignore[import-untyped]

from clinic_snippets.export.writing import write_changed

WORKER = "sw.js"
"""The worker's name at the site's root: it may answer for no page outside its own folder."""
SCRIPT = "saved-copy.js"
"""The script of the pages that has the browser load the worker."""
LIMIT = 5_000_000
"""How much may be saved, in bytes as they are saved: packed."""
_WORKERS = Path(__file__).parent / "workers"
_NOT_PAGES = ("_static", "_sources", "_downloads", "_images")
_DATA = re.compile(r"^const COPY = (.*);$", re.MULTILINE)
_SCRIPT_TAG = re.compile(rf'<script\b[^>]*/{re.escape(SCRIPT)}[?"][^>]*></script>\s*')
_TAGS = re.compile(r"<(link|script|img|source|object|embed)\b([^>]*)>")
_ADDRESS = re.compile(r'\b(?:href|src|data)="([^"]*)"')
_RELATION = re.compile(r'\brel="(?:[^"]* )?(?:stylesheet|icon|preload)(?: [^"]*)?"')
_IN_STYLES = re.compile(r"""url\(\s*["']?([^"')]+)""")


def write_worker(folder: Path, version: str) -> list[str]:
    """Have browsers save the site in a folder, under this version; return the files that were too much."""
    # It is shown inside a tag's attribute.
    code = (_WORKERS / "save.js").read_text("utf-8")
    data = _DATA.search(code)
    assert data is not None
    # The line with the list stays a line of its own: it is read and written again.
    code = f'"use strict";\n{data[0]}\n{rjsmin.jsmin(code[data.end() :])}\n'
    return _write(folder, code, re.sub(r'[&"<>]', "", version))


def refresh_worker(folder: Path) -> list[str]:
    """Have the worker that is in a folder, if it saves, save the files as they now are; return those that were too much.

    Only its list changes: a site that was built with an older package keeps the worker that fits its pages.
    """
    path = folder / WORKER
    code = path.read_text("utf-8") if path.is_file() else ""
    data = _DATA.search(code)
    return _write(folder, code, json.loads(data[1])["version"]) if data else []


def retire_worker(folder: Path) -> None:
    """Have browsers that saved an earlier site from this folder delete it."""
    write_changed(folder / WORKER, (_WORKERS / "retire.js").read_text("utf-8"))


def without_script(page: str) -> str:
    """Return a page that no longer asks browsers to save its site."""
    return _SCRIPT_TAG.sub("", page)


def _write(folder: Path, code: str, version: str) -> list[str]:
    files, dropped = choose(folder, files_of(folder))
    code = _DATA.sub("const COPY = {};", code, count=1)
    digest = hashlib.sha256(code.encode() + version.encode())
    for name in files:
        content = (folder / name).read_bytes()
        digest.update(f"\n{name} {len(content)}\n".encode() + content)
    addresses = [quote(name, safe="/!$&'()*+,;=@~") for name in files]
    data = json.dumps({"digest": digest.hexdigest()[:16], "files": addresses, "version": version})
    write_changed(folder / WORKER, _DATA.sub(lambda _: f"const COPY = {data};", code, count=1))
    return dropped


def files_of(folder: Path) -> list[str]:
    """Return every page of a site and what the pages load to be shown, as sorted paths with slashes.

    Followed from the pages and not taken from the disk, where a file may be left that no page uses any more.
    """
    pages = (path.relative_to(folder) for path in folder.rglob("*.html"))
    found = {page.as_posix() for page in pages if page.parts[0] not in _NOT_PAGES}
    waiting = sorted(found)
    while waiting:
        name = waiting.pop()
        for loaded in _loaded_by(name, (folder / name).read_text("utf-8", "replace")):
            if loaded not in found and not loaded.startswith("../") and (folder / loaded).is_file():
                found.add(loaded)
                if loaded.endswith(".css"):
                    waiting.append(loaded)
    return sorted(found)


def _loaded_by(name: str, text: str) -> set[str]:
    """Return the paths of the files that a page or a stylesheet loads."""
    if name.endswith(".css"):
        addresses = _IN_STYLES.findall(text)
    else:
        tags = [rest for tag, rest in _TAGS.findall(text) if tag != "link" or _RELATION.search(rest)]
        addresses = [html.unescape(address) for rest in tags for address in _ADDRESS.findall(rest)]
    paths = {unquote(re.split("[?#]", address)[0]) for address in addresses if not re.match(r"[a-z]+:|/", address)}
    return {posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) for path in paths if path}


def choose(folder: Path, files: list[str], limit: int = LIMIT) -> tuple[list[str], list[str]]:
    """Return the files to be saved and, largest last, those for which there is no room.

    Styles and scripts come first, then pages, then pictures; the smaller before the larger.
    """
    sizes = {name: (folder / name).stat().st_size for name in files}
    if sum(sizes.values()) <= limit:
        return files, []
    sizes = {name: len(gzip.compress((folder / name).read_bytes(), 6)) for name in files}
    ranks = {".css": 0, ".js": 0, ".html": 1}
    chosen, dropped, room = [], [], limit
    for name in sorted(files, key=lambda name: (ranks.get(Path(name).suffix, 2), sizes[name], name)):
        if sizes[name] <= room:
            chosen.append(name)
            room -= sizes[name]
        else:
            dropped.append(name)
    return sorted(chosen), dropped


def too_much(dropped: list[str]) -> str:
    """Return the words about files that were left out."""
    more = f" and {len(dropped) - 5} more" if len(dropped) > 5 else ""
    return (
        f"the copy for readers without a network has no room for {', '.join(dropped[:5])}{more}: "
        f"it takes at most {LIMIT / 1e6:.0f} MB, packed. Make pages or pictures smaller, or set clinic_offline = False"
    )
