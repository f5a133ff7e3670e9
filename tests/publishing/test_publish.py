"""All of it, on a handbook of its own with three releases whose code, data and lock differ."""

from __future__ import annotations

import os
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

from clinic_snippets.library.release import snapshot, write_release
from clinic_snippets.problems import ClinicError

pytestmark = pytest.mark.slow
INDEX_WITH_CARD = """
Little handbook
===============

.. toctree::

   sheets/card
   deep/page
   other

.. clinic:pdf-link:: All of it
"""


@pytest.fixture
def handbook(published: Any, tmp_path: Path) -> Any:
    """A published handbook that the test may change."""
    return published.copy(tmp_path / "handbook")


@pytest.fixture
def plain(make_handbook: Callable[..., Any]) -> Any:
    """A handbook without a release, in a theme that is built quickly."""
    return make_handbook()


def test_every_version_is_made_of_its_own_code_data_and_lock(published: Any) -> None:
    assert published.environments == [
        ("0.1.0", "# first lock\n"), ("0.2.0", "# second lock\n"), ("0.3.0", "# third lock\n")
    ]  # fmt: skip
    for folder, code, data in (
        ("0.1.0", "first code", "first data"),
        ("0.2.0", "second code", "second data"),
        ("0.3.0", "third code", "third data"),
        ("latest", "third code", "draft data"),
        ("stable", "third code", "third data"),
    ):
        assert f"Code: {code}. Data: {data}." in published.read(f"{folder}/index.html")


def test_every_version_has_its_pdf(published: Any) -> None:
    for folder in ("0.1.0", "0.2.0", "0.3.0", "latest", "stable"):
        assert (published.site / folder / "little-handbook.pdf").read_bytes().startswith(b"%PDF-")
    pdf = (published.site / "stable/little-handbook.pdf").read_bytes()
    assert pdf == (published.site / "0.3.0/little-handbook.pdf").read_bytes()
    assert pdf != (published.site / "0.2.0/little-handbook.pdf").read_bytes()


def test_the_inventory_of_a_version_is_as_sphinx_wrote_it(published: Any) -> None:
    inventories = {path.read_bytes() for path in published.cache.glob("releases/*/html/objects.inv")}
    assert {(published.site / name / "objects.inv").read_bytes() for name in ("0.1.0", "0.2.0", "0.3.0")} == inventories


def test_no_worktree_and_nothing_unfinished_is_left(published: Any) -> None:
    assert len(published.git("worktree", "list").splitlines()) == 1
    assert len(list((published.cache / "releases").iterdir())) == 3
    assert {path.name for path in published.site.parent.iterdir()} == {"site", "versions"}
    assert published.git("status", "--porcelain") == ""


def test_a_second_run_builds_no_release_and_an_edit_only_the_draft(
    handbook: Any, files_in: Callable[..., dict[str, bytes]]
) -> None:
    url = "https://handbook.example/sub"
    handbook.publish(url=url)  # the folder is another one than before, which Sphinx takes for a change
    before = files_in(handbook.site)
    other = handbook.cache / "current/html/other.html"
    written = other.stat().st_mtime_ns
    handbook.write({"source/deep/page.rst": "A page in a folder\n==================\n\nEdited.\n"})
    done = handbook.publish(url=url)
    assert (done.releases, done.built) == (("0.1.0", "0.2.0", "0.3.0"), ())
    assert handbook.environments == [], "nothing that is built asks for an environment"
    after = files_in(handbook.site)
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {
        f"latest/{name}"
        for name in ("deep/page.html", "_sources/deep/page.rst.txt", "little-handbook.pdf", "searchindex.js")
    }
    assert "Edited." in handbook.read("latest/deep/page.html"), "the working tree is published, committed or not"
    assert other.stat().st_mtime_ns == written, "a page that did not change is not built again"


def test_frozen_releases_learn_of_a_newer_one_without_a_rebuild(handbook: Any) -> None:
    assert "Superseded" not in handbook.read("0.3.0/index.html")
    handbook.release("0.4.0", "2026-05-05", tag=False)
    assert handbook.publish().built == ("0.4.0",)
    assert "Superseded on 2026-05-05: this is version 0.3.0." in handbook.read("0.3.0/index.html")
    assert "0.4.0 (current)" in handbook.read("0.1.0/deep/page.html")
    assert "Superseded on 2026-02-20: this is version 0.1.0." in handbook.read("0.1.0/index.html")


def test_a_release_that_does_not_build_fails_the_run_and_leaves_the_site(
    handbook: Any, files_in: Callable[..., dict[str, bytes]]
) -> None:
    before, built = files_in(handbook.site), files_in(handbook.cache / "releases")
    handbook.write({"source/deep/page.rst": "A page in a folder\n==================\n\n:nosuchrole:`x`\n"})
    handbook.release("0.4.0", "2026-05-05")
    handbook.write({"source/deep/page.rst": "A page in a folder\n==================\n\nMended.\n"})
    handbook.commit("Mend")
    for _ in range(2):
        with pytest.raises(ClinicError, match=r"(?s)0\.4\.0: it does not build \(typstpdf\).*nosuchrole"):
            handbook.publish()
        assert files_in(handbook.site) == before
        assert files_in(handbook.cache / "releases") == built, "no half result"
    assert len(handbook.git("worktree", "list").splitlines()) == 1


def test_a_current_tree_that_does_not_build_fails_every_run(
    handbook: Any, files_in: Callable[..., dict[str, bytes]]
) -> None:
    """Sphinx gives a warning met while reading only once."""
    before = files_in(handbook.site)
    handbook.write({"source/deep/page.rst": "A page in a folder\n==================\n\n:nosuchrole:`x`\n"})
    for _ in range(2):
        with pytest.raises(ClinicError, match=r"(?s)current tree: it does not build.*nosuchrole"):
            handbook.publish()
        assert files_in(handbook.site) == before


def test_pages_lead_to_the_pdfs_of_their_own_version(make_handbook: Any) -> None:
    handbook = make_handbook("basic", ("clinic_snippets", "clinic_snippets.pdf"))
    with (handbook.root / "source/conf.py").open("a") as conf:
        conf.write('import os\nclinic_pdfs = os.environ.get("CLINIC_PDFS", "")\n')
    card = ":sheet: any\n\nCard\n====\n\n{}\n"
    handbook.write({"source/sheets/card.rst": card.format("Old."), "source/index.rst": INDEX_WITH_CARD})
    write_release(snapshot({}, "0.1.0", date(2026, 1, 10), []), handbook.root / "source/releases")
    handbook.commit("Release 0.1.0", "2026-01-10")
    handbook.git("tag", "--annotate", "--message", "Release 0.1.0", "v0.1.0", day="2026-01-10")
    handbook.write({"source/sheets/card.rst": card.format("New.")})
    handbook.publish()
    for folder in ("0.1.0", "stable", "latest"):
        assert 'href="little-handbook.pdf"' in handbook.read(f"{folder}/index.html")
        assert 'href="card.pdf"' in handbook.read(f"{folder}/sheets/card.html")
    sheets = {name: (handbook.site / name / "sheets/card.pdf").read_bytes() for name in ("0.1.0", "stable", "latest")}
    assert sheets["0.1.0"] == sheets["stable"] != sheets["latest"]


def test_a_pdf_of_yesterday_is_never_given_out(handbook: Any) -> None:
    conf = (handbook.root / "source/conf.py").read_text(encoding="utf-8")
    handbook.write({"source/conf.py": conf + 'typstpdf_filename = "another"\n'})
    handbook.publish()
    for folder in (handbook.cache / "current/pdf", handbook.site / "latest"):
        assert [path.name for path in folder.glob("*.pdf")] == ["another.pdf"]
    assert '<a href="another.pdf">' in handbook.read("latest/index.html")


def test_before_the_first_release_the_draft_is_the_site(plain: Any) -> None:
    done = plain.publish()
    assert (done.releases, done.built) == ((), ())
    assert sorted(path.name for path in plain.site.iterdir()) == ["_static", "index.html", "latest", "versions.json"]
    assert "clinic-version-banner" not in plain.read("latest/index.html")
    assert "PDF" not in plain.read("latest/index.html"), "its conf.py loads no PDF builder"


def test_a_detached_clone_without_tags_publishes_the_same_site(
    published: Any, tmp_path: Path, files_in: Callable[..., dict[str, bytes]]
) -> None:
    published.git("clone", "--quiet", "--no-tags", "file://" + str(published.root), str(tmp_path / "clone"))
    clone = type(published)(tmp_path / "clone")
    clone.git("checkout", "--quiet", "--detach")
    shutil.copytree(published.cache / "releases", clone.cache / "releases")
    done = clone.publish(url="https://handbook.example/sub")
    assert (done.releases, done.built) == (("0.1.0", "0.2.0", "0.3.0"), ()), "the same commits under the same locks"
    assert files_in(clone.site) == files_in(published.site)


def test_the_address_may_come_from_conf_py(plain: Any) -> None:
    with (plain.root / "source/conf.py").open("a", encoding="utf-8") as conf:
        conf.write('html_baseurl = "https://clinic.example/book/"\n')
    plain.release("0.1.0", "2026-01-10")
    plain.publish()
    canonical = '<link rel="canonical" href="https://clinic.example/book/stable/deep/page.html">'
    for folder in ("0.1.0", "latest", "stable"):
        assert plain.read(f"{folder}/deep/page.html").count('rel="canonical"') == 1
        assert canonical in plain.read(f"{folder}/deep/page.html")


def test_a_release_without_a_lock_is_refused(plain: Any) -> None:
    (plain.root / "requirements.txt").unlink()
    commit = plain.release("0.1.0", "2026-01-10")
    with pytest.raises(ClinicError, match=rf"requirements\.txt: 0\.1\.0: commit {commit[:12]} has no such file"):
        plain.publish()


def test_a_release_without_a_handbook_is_refused(plain: Any) -> None:
    (plain.root / "source/conf.py").rename(plain.root / "conf.py")
    plain.release("0.1.0", "2026-01-10")
    with pytest.raises(ClinicError, match=r"source/conf\.py: 0\.1\.0: there is no such file"):
        plain.publish()


def test_two_runs_do_not_work_in_one_cache_at_once(plain: Any) -> None:
    import fcntl

    plain.cache.mkdir(parents=True)
    with (plain.cache / "lock").open("w") as claimed:
        fcntl.flock(claimed, fcntl.LOCK_EX)
        with pytest.raises(ClinicError, match="another run is at work"):
            plain.publish()
    plain.publish()


def test_a_site_that_a_killed_run_left_aside_is_put_back_even_if_nothing_builds(
    plain: Any, files_in: Callable[..., dict[str, bytes]]
) -> None:
    plain.publish()
    before = files_in(plain.site)
    plain.site.rename(plain.site.with_name(".site.old"))
    plain.site.with_name(".site.new").mkdir()
    plain.write({"source/index.rst": "Little handbook\n===============\n\n:nosuchrole:`x`\n"})
    with pytest.raises(ClinicError, match="does not build"):
        plain.publish()
    assert files_in(plain.site) == before
    assert {path.name for path in plain.site.parent.iterdir()} == {"site", "versions"}


KILLED = """
import sys
from pathlib import Path
from clinic_snippets.publishing.publish import publish
root = Path(sys.argv[1])
publish(root, "source", root / "_build/site", root / "_build/versions", environment=lambda *_: Path(sys.executable))
"""


def publish_when_free(handbook: Any) -> Any:
    """Publish as soon as the Sphinx that a killed run has left behind has ended too."""
    for _ in range(300):
        try:
            return handbook.publish()
        except ClinicError as error:
            assert "another run is at work" in str(error)
            time.sleep(0.1)
    pytest.fail("the claim on the cache was never given up")


def test_a_run_that_is_killed_while_building_leaves_the_site_and_no_trace(
    plain: Any, repository: Path, files_in: Callable[..., dict[str, bytes]]
) -> None:
    plain.publish()
    before = files_in(plain.site)
    with (plain.root / "source/conf.py").open("a", encoding="utf-8") as conf:
        conf.write("import os\nif 'KILL' in os.environ:\n    os.kill(os.getppid(), 9)\n")
    plain.release("0.1.0", "2026-01-10")
    command = [sys.executable, "-c", KILLED, str(plain.root)]
    run = subprocess.run(command, cwd=repository, env=os.environ | {"KILL": "yes"}, check=False)
    assert run.returncode == -signal.SIGKILL
    assert files_in(plain.site) == before
    assert len(plain.git("worktree", "list").splitlines()) == 2, "it was not killed while building"
    assert publish_when_free(plain).built == ("0.1.0",)
    assert len(plain.git("worktree", "list").splitlines()) == 1
    assert len(list((plain.cache / "releases").iterdir())) == 1


# --- as it is called --------------------------------------------------------------------------------------


def call(folder: Path, repository: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "clinic_snippets.cli", "versions", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(repository)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_publishes_and_says_what(plain: Any, repository: Path) -> None:
    run = call(plain.root, repository, "--site-url", "https://handbook.example", "--out", "public", "--cache", "kept")
    assert run.returncode == 0, run.stderr
    assert "Releases: none yet" in run.stdout
    assert "public/index.html: " in run.stdout
    address = '<link rel="canonical" href="https://handbook.example/latest/index.html">'
    assert address in (plain.root / "public/latest/index.html").read_text(encoding="utf-8")
    assert (plain.root / "kept/current").is_dir()


def test_the_command_says_what_is_wrong_and_that_the_site_is_untouched(plain: Any, repository: Path) -> None:
    assert call(plain.root, repository).returncode == 0
    plain.write({"source/index.rst": "Little handbook\n===============\n\n:nosuchrole:`x`\n"})
    run = call(plain.root, repository)
    assert run.returncode == 1
    assert "current tree: it does not build (html)" in run.stderr
    assert "nosuchrole" in run.stderr
    assert "_build/site is as it was." in run.stderr
    assert "Traceback" not in run.stderr


def test_the_command_refuses_what_it_cannot_do(plain: Any, repository: Path, tmp_path: Path) -> None:
    run = call(plain.root, repository, "--site-url", "handbook.example")
    assert (run.returncode, "write it in full" in run.stderr) == (2, True)
    run = call(plain.root, repository, "no-such-folder")
    assert (run.returncode, "'no-such-folder' does not exist" in run.stderr) == (2, True)
    run = call(plain.root, repository, "--out", "source")
    assert (run.returncode, "holds no versions.json" in run.stderr) == (1, True)
    assert (plain.root / "source/conf.py").exists()


def test_its_help_is_its_own(repository: Path) -> None:
    run = call(repository, repository, "--help")
    assert run.returncode == 0
    for word in ("clinic-snippets versions", "--out", "--cache", "--site-url"):
        assert word in run.stdout
