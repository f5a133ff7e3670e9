"""Putting the site together: all of it or nothing, whenever it ends, and quickly."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from clinic_snippets.problems import ClinicError
from clinic_snippets.publishing import assembly, swap
from clinic_snippets.publishing.assembly import assemble, check_target
from clinic_snippets.publishing.releases_in_git import ReleaseCommit
from clinic_snippets.publishing.site import Site, make_site

PAGE = '<html lang="de"><head><title>T &amp; U</title></head><body><p>{}</p></body></html>'


def small_site(built_folder: Callable[..., Any], word: str, releases: int = 2) -> Site:
    """A site whose pages all hold ``word``."""
    files = {
        "index.html": PAGE.format(word), "deep/page.html": PAGE.format(word), "objects.inv": b"\x00\xff",
        "_static/part.html": word, ".buildinfo": word, ".doctrees/x": word, "_sources/index.rst.txt": word,
    }  # fmt: skip
    made = [
        (ReleaseCommit(f"0.{n}.0", f"commit{n}", date(2026, n, 1)), built_folder(f"{word}{n}", files, pdf=b"%PDF"))
        for n in range(1, releases + 1)
    ]
    return make_site(made, built_folder(f"{word} draft", files))


def test_a_site_holds_every_version_and_the_ways_to_them(
    built_folder: Callable[..., Any], tmp_path: Path, files_in: Callable[..., Any]
) -> None:
    out = tmp_path / "out" / "site"
    pages = assemble(small_site(built_folder, "one"), out)
    found = files_in(out)
    versions = ("0.1.0", "0.2.0", "latest", "stable")
    names = {"index.html", "deep/page.html", "objects.inv", "_static/part.html", "_sources/index.rst.txt"}
    expected = {f"{version}/{name}" for version in versions for name in names}
    expected |= {f"{version}/book.pdf" for version in ("0.1.0", "0.2.0", "stable")}
    assert set(found) == expected | {"index.html", "versions.json", "_static/versions.css"}
    assert pages == 2 * len(versions) + 1
    assert found["0.1.0/objects.inv"] == b"\x00\xff"
    assert found["0.1.0/_static/part.html"] == b"one", "what is no page is left alone"
    stable = {name.partition("/")[2]: content for name, content in found.items() if name.startswith("stable/")}
    assert stable == {name.partition("/")[2]: c for name, c in found.items() if name.startswith("0.2.0/")}


def test_the_root_leads_to_the_current_release_without_a_script(
    built_folder: Callable[..., Any], tmp_path: Path
) -> None:
    assemble(small_site(built_folder, "one"), tmp_path / "site")
    root = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert '<meta http-equiv="refresh" content="0; url=stable/index.html">' in root
    assert '<a href="stable/index.html">' in root
    assert '<html lang="de">' in root and "<title>T &amp; U</title>" in root
    assert "script" not in root
    assemble(small_site(built_folder, "none", releases=0), tmp_path / "first")
    assert "url=latest/index.html" in (tmp_path / "first" / "index.html").read_text(encoding="utf-8")
    assert not (tmp_path / "first" / "stable").exists()


def test_programs_are_told_what_there_is(built_folder: Callable[..., Any], tmp_path: Path) -> None:
    assemble(small_site(built_folder, "one"), tmp_path / "site")
    told = json.loads((tmp_path / "site" / "versions.json").read_text(encoding="utf-8"))["versions"]
    assert [(entry["version"], entry["state"], entry["superseded"]) for entry in told] == [
        ("0.2.0", "current", None), ("0.1.0", "superseded", "2026-02-01"), ("latest", "draft", None),
    ]  # fmt: skip
    for entry in told:
        assert (tmp_path / "site" / entry["path"] / "index.html").exists()
        assert entry["pdf"] is None or (tmp_path / "site" / entry["pdf"]).exists()


def test_the_same_versions_give_the_same_bytes(
    built_folder: Callable[..., Any], tmp_path: Path, files_in: Callable[..., Any]
) -> None:
    site = small_site(built_folder, "one")
    for name in ("a", "b"):
        assemble(site, tmp_path / name)
    assert files_in(tmp_path / "a") == files_in(tmp_path / "b")


def test_the_bytes_of_a_page_in_another_encoding_survive(built_folder: Callable[..., Any], tmp_path: Path) -> None:
    page = "<html><head></head><body>Müller</body></html>".encode("latin-1")
    assemble(make_site([], built_folder("x", {"index.html": PAGE, "old.html": page})), tmp_path / "site")
    assert "Müller".encode("latin-1") in (tmp_path / "site/latest/old.html").read_bytes()


def test_five_versions_of_sixty_pages_are_quickly_together(
    built_folder: Callable[..., Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chapters = '<div class="sidebar-scroll">' + "<div><a href='x.html'>Chapter</a></div>" * 60 + "</div>"
    page = PAGE.format(chapters + "<p>Some words of a page. </p>" * 3000)
    files = {f"folder/page-{n}.html": page for n in range(59)} | {"index.html": page}
    files |= {f"_static/{n}.js": "x" * 10_000 for n in range(60)}
    made = [
        (ReleaseCommit(f"0.{n}.0", f"commit{n}", date(2026, n, 1)), built_folder(f"{n}", files, pdf=b"x" * 2_000_000))
        for n in range(1, 5)
    ]
    site = make_site(made, built_folder("draft", files))
    start = time.perf_counter()
    pages = assemble(site, tmp_path / "site")
    seconds = time.perf_counter() - start
    with capsys.disabled():
        print(f"\n  five versions of 60 pages of {len(page) // 1000} kB: {seconds:.2f} s")
    assert pages == 6 * 60 + 1, "five versions, the copy in stable, and the start page"
    assert len(list((tmp_path / "site").rglob("*.html"))) == pages
    written = (tmp_path / "site/0.1.0/folder/page-58.html").read_text(encoding="utf-8")
    assert len(re.findall('<nav class="clinic-versions"', written)) == 1
    # Many times what it takes on a quiet machine: only a mistake of another order is caught here.
    assert seconds < 15


# --- nothing but a whole site is ever seen ----------------------------------------------------------------

KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, {here!r})
import pickle
from clinic_snippets.publishing import swap
from clinic_snippets.publishing.assembly import assemble
if {without_exchange!r}:
    swap.exchange = lambda one, other: False
site, out, last = pickle.loads({site!r}), Path({out!r}), {last!r}
seen, swapping = 0, []

def count(event, arguments):
    global seen
    if event in ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.copyfile", "ctypes.dlsym"):
        seen += 1
        if event in ("os.rename", "ctypes.dlsym"):
            swapping.append(seen)
        if seen == last:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(count)
assemble(site, out)
print(seen, *swapping)
"""


@pytest.fixture
def run_until(repository: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """A function that puts a site together in a process which is killed at its n-th step on the disk."""
    import pickle

    def run(site: Site, out: Path, last: int, without_exchange: bool) -> subprocess.CompletedProcess[str]:
        code = KILLED.format(
            here=str(repository), site=pickle.dumps(site), out=str(out), last=last, without_exchange=without_exchange
        )
        return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    return run


@pytest.mark.slow
@pytest.mark.parametrize("without_exchange", [False, True], ids=["exchanged", "renamed twice"])
def test_whenever_it_is_killed_there_is_a_whole_site(
    built_folder: Callable[..., Any],
    tmp_path: Path,
    files_in: Callable[..., Any],
    run_until: Callable[..., subprocess.CompletedProcess[str]],
    without_exchange: bool,
) -> None:
    old, new = small_site(built_folder, "old"), small_site(built_folder, "new", releases=1)
    whole = {}
    for name, site in (("old", old), ("new", new)):
        assemble(site, tmp_path / name)
        whole[name] = files_in(tmp_path / name)
    shutil.copytree(tmp_path / "old", tmp_path / "counted")
    steps, *swapping = map(int, run_until(new, tmp_path / "counted", -1, without_exchange).stdout.split())
    assert steps > 60
    seen = []
    # Spread over the whole run, and every step around the swap.
    around = {step + more for step in swapping for more in (-1, 0, 1)}
    for last in sorted(around | set(range(1, steps + 1, 20)) | {steps}):
        out = tmp_path / f"killed {last}"
        shutil.copytree(tmp_path / "old", out)
        run = run_until(new, out, last, without_exchange)
        assert run.returncode == -signal.SIGKILL, run.stderr
        if not out.exists():
            seen.append("between")
        swap.put_right(out)  # as the next run does before all else
        found = files_in(out)
        assert found in (whole["old"], whole["new"]), f"half a site after step {last} of {steps}"
        seen.append("old" if found == whole["old"] else "new")
        assemble(new, out)
        assert files_in(out) == whole["new"]
        assert [path.name for path in tmp_path.iterdir() if path.name.startswith(f".{out.name}")] == []
        shutil.rmtree(out)
    assert {"old", "new"} <= set(seen), "it was not killed before and after the swap"
    assert ("between" in seen) == without_exchange, "only two renames leave a moment without a site"


FULL = [
    *((shutil, "copy2", number) for number in (1, 4)),
    *((Path, "write_bytes", number) for number in (1, 4)),
    *((Path, "mkdir", number) for number in (1, 5)),
    *((Path, "rename", number) for number in (1, 2)),
]


@pytest.mark.parametrize(("owner", "name", "number"), FULL, ids=[f"{name} {number}" for _, name, number in FULL])
def test_a_full_disk_leaves_the_old_site(
    built_folder: Callable[..., Any],
    tmp_path: Path,
    files_in: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    owner: Any,
    name: str,
    number: int,
) -> None:
    out = tmp_path / "site"
    old, new = small_site(built_folder, "old"), small_site(built_folder, "new")
    assemble(old, out)
    before = files_in(out)
    done = 0
    real = getattr(owner, name)

    def full(*arguments: Any, **options: Any) -> Any:
        nonlocal done
        done += 1
        if done == number:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(*arguments, **options)

    monkeypatch.setattr(swap, "exchange", lambda one, other: False)
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, full)
        with pytest.raises(OSError, match="No space left"):
            assemble(new, out)
    assert files_in(out) == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_two_folders_are_exchanged_in_one_step_on_linux(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    assert swap.exchange(tmp_path / "one", tmp_path / "other") == sys.platform.startswith("linux")
    if sys.platform.startswith("linux"):
        assert (tmp_path / "one" / "other").exists() and (tmp_path / "other" / "one").exists()
    assert not swap.exchange(tmp_path / "one", tmp_path / "not there")


def test_a_folder_that_is_no_site_is_never_replaced(built_folder: Callable[..., Any], tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    theirs = tmp_path / "documents"
    theirs.mkdir()
    check_target(theirs, cache)  # empty: nothing is lost
    (theirs / "thesis.txt").touch()
    with pytest.raises(ClinicError, match=r"holds no versions\.json"):
        check_target(theirs, cache)
    with pytest.raises(ClinicError, match="is a file"):
        check_target(theirs / "thesis.txt", cache)
    for out in (cache, cache / "site", tmp_path):
        with pytest.raises(ClinicError, match="inside one another"):
            check_target(out, cache)
    assemble(small_site(built_folder, "one"), tmp_path / "site")
    check_target(tmp_path / "site", cache)


def test_the_address_of_the_stylesheet_changes_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = assembly.stylesheet()
    (tmp_path / "versions.css").write_text("other", encoding="utf-8")
    monkeypatch.setattr(assembly, "STATIC", tmp_path)
    assert assembly.stylesheet() != before
