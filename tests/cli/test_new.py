"""``clinic-snippets new``: a handbook that works as it is, and drafts that touch nothing else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lxml.html
import pytest
import yaml
from click.testing import Result
from packaging.requirements import Requirement

from clinic_snippets import __version__
from clinic_snippets.cli.new import TEMPLATES, requirement
from clinic_snippets.export.schema import FILES
from clinic_snippets.library.load import load_library
from clinic_snippets.records import Precaution, Status

Clinic = Callable[..., Result]
Handbook = Callable[..., Path]
DAY = ("--date", "2026-12-01")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


# --- a handbook -----------------------------------------------------------------------------------------------------


def test_a_new_handbook_has_sound_records_and_nothing_left_to_fill_in(here: Path, clinic: Clinic) -> None:
    run = clinic("new", "handbook", "my-clinic", *DAY)
    assert (run.exit_code, run.stdout) == (0, "my-clinic: 18 files. Now: cd my-clinic && make handbook\n")
    checked = clinic("check", "my-clinic/source")
    assert (checked.exit_code, checked.stderr) == (0, "1 record, no problems\n")
    files = {path.relative_to("my-clinic").as_posix(): path for path in Path("my-clinic").rglob("*") if path.is_file()}
    assert {
        ".gitignore",
        ".readthedocs.yaml",
        "Makefile",
        "README.md",
        "requirements.txt",
        "source/conf.py",
    } <= files.keys()
    for name, path in files.items():
        text = path.read_text("utf-8")
        assert "{{" not in text and text.endswith("\n") and "\r" not in text, name
    lines = files["requirements.txt"].read_text("utf-8").splitlines()
    assert [Requirement(line).name for line in lines if not line.startswith("#")] == [
        "clinic-snippets", "furo", "myst-parser",
    ]  # fmt: skip
    assert "written: 2026-12-01\nreview_by: 2027-12-01" in files["source/records/contraindications.yaml"].read_text()
    settings = json.loads(files[".vscode/settings.json"].read_text("utf-8"))["yaml.schemas"]
    assert set(settings) == {f".vscode/{name}.schema.json" for name in FILES} <= files.keys()


@pytest.mark.parametrize(
    ("kept", "line"),
    [
        (None, f"clinic-snippets[pdf]=={__version__}"),
        (
            {"url": "file:///drive/clinic_snippets-1.0-py3-none-any.whl", "archive_info": {}},
            "clinic-snippets[pdf] @ file:///drive/clinic_snippets-1.0-py3-none-any.whl",
        ),
        (
            {
                "url": "https://code.example/c",
                "vcs_info": {"vcs": "git", "commit_id": "a1b2", "requested_revision": "v1"},
            },
            "clinic-snippets[pdf] @ git+https://code.example/c@a1b2",
        ),
        (
            {"url": "https://code.example/c", "vcs_info": {"vcs": "git", "commit_id": "a1"}, "subdirectory": "package"},
            "clinic-snippets[pdf] @ git+https://code.example/c@a1#subdirectory=package",
        ),
    ],
)
def test_it_asks_for_the_package_from_where_it_was_installed(kept: dict[str, Any] | None, line: str) -> None:
    """A package index that does not have it is no help."""
    assert requirement(kept and json.dumps(kept)) == line
    Requirement(line)


@pytest.mark.slow
def test_it_tests_itself_and_builds_by_its_makefile(here: Path, clinic: Clinic) -> None:
    """`make test` builds pages and PDF with warnings as errors; then the example says that it is none."""
    clinic("new", "handbook", "my-clinic", "--name", "Needling (Ann's) & more")
    # The tutorial installs no pytest, and neither does `make setup`.
    (here / "without").mkdir()
    (here / "without" / "pytest.py").write_text("raise ImportError('not installed')")
    env = os.environ | {"PYTHONPATH": str(here / "without")}
    for target in ("check", "test", "html", "schema"):
        made = subprocess.run(
            ["make", target, f"PYTHON={sys.executable}"],
            cwd="my-clinic",
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, made.stdout + made.stderr
    page = lxml.html.parse("my-clinic/_build/html/contraindications.html")
    [row] = page.xpath("//table[contains(@class, 'clinic-table')]/tbody/tr")
    assert "Draft" in row.text_content() and "Example, not advice" in row.text_content()
    assert "Draft" in page.xpath("string(//section[@id='precaution-example-contraindication'])")
    assert (
        lxml.html.parse("my-clinic/_build/html/index.html").xpath("string(//h1)").startswith("Needling (Ann’s) & more")
    )
    assert Path("my-clinic/_build/html/data/records.json").is_file()


def test_a_warning_fails_its_build_again_and_again(here: Path, clinic: Clinic) -> None:
    """Sphinx gives a warning of a page once; then the page counts as read."""
    clinic("new", "handbook", "h")
    with Path("h/source/index.md").open("a") as file:
        file.write("\n{ref}`nowhere`\n")
    for _ in range(2):
        command = ["make", "html", f"PYTHON={sys.executable}"]
        assert subprocess.run(command, cwd="h", capture_output=True, check=False).returncode != 0


def test_its_source_is_one_of_ours(repository: Path) -> None:
    """Nothing is made up for an example: the entry says what ours says."""
    ours, _ = load_library(repository / "source" / "records", [repository / "source" / "references.bib"])
    theirs, problems = load_library(TEMPLATES / "nothing", [TEMPLATES / "handbook" / "source" / "references.bib"])
    assert not problems
    for key, source in theirs.sources.items():
        mine = ours.sources[key]
        assert (source.title, source.grade, source.read, source.caution) == (
            mine.title,
            mine.grade,
            mine.read,
            mine.caution,
        )
        assert set(source.fields) <= set(mine.fields)


def test_what_read_the_docs_runs_is_as_for_our_own_handbook(repository: Path) -> None:
    ours = yaml.safe_load((repository / ".readthedocs.yaml").read_text("utf-8"))
    theirs = yaml.safe_load((TEMPLATES / "handbook" / "dot-readthedocs.yaml").read_text("utf-8"))
    assert theirs["build"]["os"] == ours["build"]["os"] and theirs["build"]["tools"] == ours["build"]["tools"]
    assert theirs["build"]["jobs"]["build"]["html"] == ours["build"]["jobs"]["build"]["html"]


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("my-clinic", "My clinic"),
        ("needling_handbook", "Needling handbook"),
        ("2nd.try", "2nd try"),
        ("--", "Handbook"),
    ],
)
def test_without_a_name_it_is_called_as_its_folder(here: Path, clinic: Clinic, folder: str, name: str) -> None:
    assert clinic("new", "handbook", *DAY, "--", folder).exit_code == 0
    assert f'project = "{name}"\n' in Path(folder, "source/conf.py").read_text("utf-8")


def test_a_folder_fresh_from_git_counts_as_empty(here: Path, clinic: Clinic) -> None:
    (here / ".git").mkdir()
    assert clinic("new", "handbook", ".").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["full"], "'full' is not empty (notes.txt). Name a new folder, or an empty one."),
        (["full/notes.txt"], "'full/notes.txt' is a file. Name a new folder, or an empty one."),
        (["new", "--name", 'The "best"'], """'The "best"' cannot be a handbook's name"""),
        (["new", "--name", "{{name}}"], "cannot be a handbook's name"),
        (["new", "--name", "a\\b"], "cannot be a handbook's name"),
        (["new", "--name", ""], "'' cannot be a handbook's name"),
        (["new", "--date", "soon"], "'soon' is not a date"),
        (["new" * 100], "name too long"),
        ([], "Missing argument 'DIR'"),
    ],
)
def test_a_handbook_that_cannot_be_is_refused_and_nothing_is_written(
    here: Path, clinic: Clinic, arguments: list[str], words: str
) -> None:
    (here / "full").mkdir()
    (here / "full" / "notes.txt").write_text("mine")
    run = clinic("new", "handbook", *arguments)
    assert (run.exit_code, run.stdout) == (2, "")
    assert words in " ".join(run.stderr.split())
    assert [path.name for path in here.iterdir()] == ["full"]
    assert [path.name for path in (here / "full").iterdir()] == ["notes.txt"]


# --- a precaution ---------------------------------------------------------------------------------------------------


def test_a_draft_is_valid_strict_and_asks_its_questions(handbook: Handbook, clinic: Clinic) -> None:
    handbook()
    run = clinic("new", "precaution", "recent-tattoo", *DAY)
    assert run.stdout == (
        "source/records/drafts.yaml: recent-tattoo added, as a draft. Answer the questions in it, then: clinic-snippets "
        "check\n"
    )
    assert clinic("check").stderr == "5 records, no problems\n"
    library, _ = load_library(Path("source/records"), [Path("source/references.bib")])
    record = library.records["recent-tattoo"]
    assert isinstance(record, Precaution)
    assert (record.name, record.status, record.level, record.rule) == (
        "Recent tattoo",
        Status.DRAFT,
        "contraindication",
        "never",
    )
    assert (str(record.written), str(record.review_by)) == ("2026-12-01", "2027-12-01")
    text = Path("source/records/drafts.yaml").read_text("utf-8")
    assert text.count("?") >= 10
    assert "{{" not in text


def test_what_stands_in_a_file_already_stays_to_the_byte(handbook: Handbook, clinic: Clinic) -> None:
    handbook()
    file = Path("source/records/bleeding.yaml")
    before = {path: path.read_bytes() for path in Path("source").rglob("*") if path.is_file()}
    assert clinic("new", "precaution", "scar", "--file", "bleeding.yaml").exit_code == 0
    assert clinic("new", "precaution", "scald", "--file", str(file)).exit_code == 0
    assert file.read_bytes().startswith(before.pop(file))
    assert {path: path.read_bytes() for path in before} == before
    assert not Path("source/records/drafts.yaml").exists()
    assert clinic("check").stderr == "6 records, no problems\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [("\n", "\r\n"), ("- kind", "   - kind"), ("review_by: 2028-01-01\n", "review_by: 2028-01-01\n# ours\n")],
    ids=["line ends", "indented", "comment"],
)
def test_a_draft_fits_the_file_it_is_added_to(handbook: Handbook, clinic: Clinic, old: str, new: str) -> None:
    handbook()
    file = Path("source/records/regions.yaml")
    text = file.read_text("utf-8").rstrip("\n")
    if "- kind" in old:
        text = text.replace("  id:", "     id:").replace("  name:", "     name:")
    before = text.replace(old, new).encode()
    file.write_bytes(before)
    run = clinic("new", "precaution", "scar", "--file", "regions.yaml")
    assert run.exit_code == 0, run.stderr
    assert file.read_bytes().startswith(before)
    assert (b"\r\n" in before) == (b"\n" not in file.read_bytes().replace(b"\r\n", b""))
    assert clinic("check").stderr == "5 records, no problems\n"


BROKEN = "topic: a\nrecords: [\n"
FLOW = "topic: a\nowner: b\nwritten: 2026-01-01\nreview_by: 2027-01-01\nrecords: [{kind: region, id: arm, name: Arm}]\n"
MIDDLE = (
    "records:\n- kind: region\n  id: arm\n  name: Arm\ntopic: a\nowner: b\nwritten: 2026-01-01\nreview_by: 2027-01-01\n"
)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["Recent_Tattoo"], 2, "'Recent_Tattoo' is not an id; write lower-case words joined by hyphens, for example 'needle-phobia'"),
        (["warfarin"], 1, "The id 'warfarin' is taken (source/records/bleeding.yaml:8:7). An id stands for one record"),
        (["neck"], 1, "The id 'neck' is taken"),
        (["scar", "--file", "notes.txt"], 2, "'source/records/notes.txt' is not read as a record file. Let its name end in .yaml."),
        (["scar", "--file", "../a.yaml"], 2, "'../a.yaml' is not read as a record file. Name one in 'source/records'."),
        (["scar", "--file", "broken.yaml"], 1, "nothing is added: source/records/broken.yaml:"),
        (["scar", "--file", "flow.yaml"], 1, "nothing is added: source/records/flow.yaml: nothing can be added at the end"),
        (["scar", "--file", "middle.yaml"], 1, "nothing is added: source/records/middle.yaml: nothing can be added at the end"),
        (["scar", "--source", "nowhere"], 2, "There is no folder 'nowhere'"),
    ],
)  # fmt: skip
def test_a_draft_that_cannot_be_added_is_refused_and_nothing_is_touched(
    handbook: Handbook, clinic: Clinic, arguments: list[str], code: int, words: str
) -> None:
    handbook()
    for name, text in (("broken", BROKEN), ("flow", FLOW), ("middle", MIDDLE)):
        Path(f"source/records/{name}.yaml").write_text(text)
    before = {path: path.read_bytes() for path in Path(".").rglob("*") if path.is_file()}
    run = clinic("new", "precaution", *arguments)
    assert (run.exit_code, run.stdout) == (code, "")
    assert words in " ".join(run.stderr.split())
    assert {path: path.read_bytes() for path in Path(".").rglob("*") if path.is_file()} == before


def test_outside_a_handbook_nothing_is_written(here: Path, clinic: Clinic) -> None:
    run = clinic("new", "precaution", "scar")
    assert run.exit_code == 2
    assert "There is no records folder 'records'." in run.stderr
    assert not list(here.iterdir())


def test_a_draft_says_so_in_tables_and_cards_until_it_is_one_no_more(
    handbook: Handbook, clinic: Clinic, edit: Callable[..., None]
) -> None:
    handbook()
    clinic("new", "precaution", "scar")
    shown = clinic("show", "precaution-table").stdout
    assert "Scar" in shown and "Draft" in shown
    edit("source/records/drafts.yaml", "  status: draft\n", "")
    shown = clinic("show", "precaution-table").stdout
    assert "Scar" in shown and "Draft" not in shown


def test_the_templates_need_no_editor_to_be_read(tmp_path: Path) -> None:
    """They are kept under names of their own, so that a checkout of ours is not configured by them."""
    shutil.copytree(TEMPLATES, tmp_path / "templates")
    assert not [path.name for path in (tmp_path / "templates").rglob(".*")]
