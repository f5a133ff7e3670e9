"""The pages and the PDF as one zip."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from clinic_snippets.problems import ClinicError
from clinic_snippets.publishing.site_zip import pack, version_in

INVENTORY = b"# Sphinx inventory version 2\n# Project: Book\n# Version: 0.2.0\n# The remainder\nx\x9c"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "html"
    for name, content in {
        "index.html": b"<p>one</p>", "deep/page.html": b"<p>two</p>", "objects.inv": INVENTORY, ".buildinfo": b"b",
        ".doctrees/index.doctree": b"d", "_static/a.css": b"c" * 5000,
    }.items():  # fmt: skip
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (tmp_path / "my-book.pdf").write_bytes(b"%PDF")
    return folder


def test_it_holds_one_folder_named_after_the_book_and_its_version(site: Path, tmp_path: Path) -> None:
    path = pack(site, tmp_path / "out", site.with_name("my-book.pdf"))
    assert path == tmp_path / "out" / "my-book-0.2.0.zip"
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert archive.getinfo("my-book-0.2.0/_static/a.css").compress_size < 500
    expected = ["_static/a.css", "deep/page.html", "index.html", "my-book.pdf", "objects.inv"]
    assert names == [f"my-book-0.2.0/{name}" for name in expected]


def test_sheets_to_print_are_beside_their_pages(site: Path, tmp_path: Path) -> None:
    pdf = site.with_name("my-book.pdf")
    (tmp_path / "sheets").mkdir()
    (tmp_path / "sheets" / "card.pdf").write_bytes(b"%PDF")
    (site / "sheets").mkdir()
    (site / "sheets" / "card.html").write_text("<p>card</p>", "utf-8")
    with zipfile.ZipFile(pack(site, tmp_path / "out", pdf)) as archive:
        assert {f"my-book-0.2.0/sheets/card.{kind}" for kind in ("html", "pdf")} <= set(archive.namelist())


def test_the_same_pages_give_the_same_bytes_whatever_the_time(site: Path, tmp_path: Path) -> None:
    first = pack(site, tmp_path / "one").read_bytes()
    for path in site.rglob("*"):
        os.utime(path, (10**9, 10**9))
        path.chmod(0o700)
    assert pack(site, tmp_path / "two").read_bytes() == first
    (site / "index.html").write_text("<p>other</p>", "utf-8")
    assert pack(site, tmp_path / "two").read_bytes() != first


def test_a_run_that_fails_leaves_the_old_zip(site: Path, tmp_path: Path) -> None:
    path = pack(site, tmp_path / "out")
    before = path.read_bytes()
    with pytest.raises(OSError):
        pack(site, tmp_path / "out", tmp_path, name="handbook")
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_folder_without_pages_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ClinicError, match="make html"):
        pack(tmp_path, tmp_path)


def test_a_version_may_be_missing_or_odd(site: Path) -> None:
    (site / "objects.inv").write_bytes(INVENTORY.replace(b"0.2.0", b"../0.2"))
    assert version_in(site) == "..-0.2"
    (site / "objects.inv").unlink()
    assert version_in(site) == ""


def test_the_command_says_where_the_zip_is_and_what_is_wrong(site: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "clinic_snippets.publishing.site_zip"]
    good = [str(site), "--out", str(tmp_path), "--name", "book"]
    run = subprocess.run([*command, *good], capture_output=True, text=True, check=False)
    assert run.returncode == 0 and run.stdout.strip() == str(tmp_path / "book-0.2.0.zip")
    (tmp_path / "empty").mkdir()
    run = subprocess.run([*command, str(tmp_path / "empty")], capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert run.stderr.startswith("Error: ") and "no index.html" in run.stderr and "Traceback" not in run.stderr
