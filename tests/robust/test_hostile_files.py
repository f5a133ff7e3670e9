"""Files that no handbook should have: nothing hangs, nothing of other files is shown, and the message says what is wrong."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from click.testing import CliRunner

from clinic_snippets.cli import main
from clinic_snippets.library import load_library
from clinic_snippets.library.load_governance import governance_files
from clinic_snippets.reading import files

HEADER = "topic: body\nowner: safety lead\nwritten: 2026-01-01\nreview_by: 2027-01-01\nrecords:\n"
NECK = "- kind: region\n  id: neck\n  name: Neck\n"
SECRET = "topic: tip-top-secret\nrecords:\n- kind: tip-top-secret\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of records with a sound one, beside a file with a secret."""
    folder = tmp_path / "source" / "records"
    folder.mkdir(parents=True)
    (folder / "z.yaml").write_text(HEADER + NECK, "utf-8")
    (tmp_path / "secret.yaml").write_text(SECRET, "utf-8")
    return folder


def said(folder: Path) -> list[str]:
    """The problems of a folder, with paths from there; its sound record is read all the same."""
    library, problems = load_library(folder, [])
    assert "neck" in library.records
    return [str(problem).replace(f"{folder}{os.sep}", "") for problem in problems]


def link(target: str) -> Callable[[Path], None]:
    return lambda folder: (folder / "a.yaml").symlink_to(target)


def large(text: str) -> Callable[[Path], None]:
    """Make a file of 50 MB that takes no room on most disks."""

    def make(folder: Path) -> None:
        (folder / "a.yaml").write_text(text, "utf-8")
        os.truncate(folder / "a.yaml", 50_000_000)

    return make


REFUSED = {
    "a pipe": (lambda folder: os.mkfifo(folder / "a.yaml"), "it is not a file but a folder, pipe or device"),
    "a device": (link("/dev/zero"), "it is a link that leads out of the folder"),
    "a link to another file": (link("../../secret.yaml"), "it is a link that leads out of the folder"),
    "a link to a password file": (link("/etc/passwd"), "it is a link that leads out of the folder"),
    "a link to itself": (link("a.yaml"), "Too many levels of symbolic links"),
    "50 MB": (large(HEADER), "it has 50 MB, and may have 20"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_cannot_be_read_is_refused_by_name(folder: Path, case: str) -> None:
    make, why = REFUSED[case]
    make(folder)
    assert said(folder) == [f"a.yaml:1:1: the file cannot be read ({why}); check the file"]


OTHERS = ["reviews.yaml", "sign-offs.yaml", "changes/a.yaml", "references.bib", "releases/0.1.0.json"]


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize(
    ("make", "why"),
    [
        (os.mkfifo, "it is not a file but a folder, pipe or device"),
        (lambda path: path.symlink_to("nowhere"), "No such file or directory"),
        (lambda path: path.symlink_to("/dev/zero"), "it is not a file but a folder|it is a link that leads out"),
        (lambda path: path.write_bytes(b"\xff"), "can't decode|not UTF-8"),
    ],
    ids=["a pipe", "a link to nowhere", "a device", "no text"],
)
def test_other_files_of_a_handbook_are_read_with_the_same_care(
    folder: Path, name: str, make: Callable[[Path], None], why: str
) -> None:
    source = folder.parent
    (source / name).parent.mkdir(exist_ok=True)
    make(source / name)
    run = CliRunner().invoke(main, ["check", str(source)])
    assert (run.exit_code, run.exception.__class__) == (1, SystemExit)
    assert re.search(why, run.output) and name.rpartition("/")[2] in run.output


@pytest.mark.parametrize("name", [*OTHERS[:3], OTHERS[4]])
def test_no_other_file_of_a_handbook_leads_out_of_it(folder: Path, name: str) -> None:
    """But for a bibliography, which its program may keep elsewhere."""
    (folder.parent / name).parent.mkdir(exist_ok=True)
    (folder.parent / name).symlink_to(folder.parents[1] / "secret.yaml")
    run = CliRunner().invoke(main, ["check", str(folder.parent)])
    assert "it is a link that leads out of the folder" in run.stdout and "tip-top-secret" not in run.stdout


@pytest.mark.parametrize("name", ["reviews.yml", "Reviews.yaml", "SIGN-OFFS.YAML", "sign-offs.yaml.txt"])
def test_a_file_that_is_not_read_for_its_name_is_told(folder: Path, name: str) -> None:
    """What it says would count for nothing, and nobody would know."""
    (folder.parent / name).write_text("reviews:\n")
    run = CliRunner().invoke(main, ["check", str(folder.parent)])
    right = name.lower().partition(".")[0] + ".yaml"
    assert run.stdout.endswith(f"{name}: a file of this name is not read; name it {right}\n")


@pytest.mark.parametrize("name", ["A.YAML", "2026/a.yml", "a\nb.yaml", "-a.yaml"])
def test_a_change_note_is_read_wherever_a_record_would_be(folder: Path, name: str) -> None:
    file = folder.parent / "changes" / name
    file.parent.mkdir(parents=True)
    file.write_text("changes:\n- what: a slip\n")
    assert "changes[1].why: missing" in CliRunner().invoke(main, ["check", str(folder.parent)]).stdout
    assert file in governance_files(folder.parent)


def test_a_record_file_whose_name_is_not_text_is_told_and_not_built(folder: Path) -> None:
    """No page, no data file and no link could name it."""
    other = os.fsencode(folder) + b"/a\xff.yaml"
    Path(os.fsdecode(other)).write_text(HEADER + NECK.replace("neck", "arm"), "utf-8")
    (problem,) = said(folder)
    assert (
        problem
        == "a\N{REPLACEMENT CHARACTER}.yaml:1:1: the name of this file is not UTF-8 text, so no page can tell of it; rename it"
    )


@pytest.mark.parametrize(
    "text",
    [
        "1" * 200_000,
        "<!--" * 40_000,
        "](" * 100_000,
        "<a:" * 100_000,
        "1," * 100_000,
        "```{a}\n" * 2000,
        ":::{a}\n" * 2000,
    ],
    ids=["digits", "comments", "links", "addresses", "commas", "fences", "colons"],
)
def test_a_page_that_is_meant_to_take_long_is_read_like_others(folder: Path, text: str) -> None:
    (folder.parent / "conf.py").write_text('project = "A"\n')
    (folder.parent / "index.md").write_text(f"# A\n\n{text}\n")
    for arguments in (["check"], ["impact", "neck"]):
        assert CliRunner().invoke(main, [*arguments, str(folder.parent)]).exit_code == 0


def test_a_page_whose_name_is_not_text_is_told(folder: Path) -> None:
    (folder.parent / "conf.py").write_text('project = "A"\n')
    Path(os.fsdecode(os.fsencode(folder.parent) + b"/a\xff.md")).write_text("# A\n")
    run = CliRunner().invoke(main, ["check", str(folder.parent)])
    assert run.exit_code == 1 and "the name of this page is not UTF-8 text" in run.stdout


def test_names_of_files_do_no_harm_on_a_page(project: Callable[..., Path], build_project: Callable[..., Any]) -> None:
    """They stand in the address behind "Edit this record"."""
    names = ['a"><script>alert(1)<b>.yaml', "=b\n{line}%0a'.yaml", "--help.yaml"]
    precautions = {
        f"records/{name}": HEADER + PRECAUTION.replace("bleeding", f"bleeding-{n}") for n, name in enumerate(names)
    }
    conf = 'extensions = ["myst_parser", "clinic_snippets"]\nexclude_patterns = ["records"]\n'
    address = 'clinic_edit_url = "https://code.example/{path}?line={line}"\n'
    page = "# Page\n\n```{clinic:precaution-cards}\n```\n"
    made = build_project(project({"conf.py": conf + address, "index.md": page, **precautions}))
    links = re.findall(r'href="(https://code.example/[^"]*)"', made.read("index.html"))
    assert made.warnings == "" and len(links) == 3
    assert all(re.fullmatch(r"https://code\.example/records/[\w%.()-]+\.yaml\?line=\d+", link) for link in links), links
    assert {unquote(link).partition("records/")[2].rpartition("?")[0] for link in links} == set(names)
    assert "<script>alert" not in made.read("index.html")


RELEASE: dict[str, Any] = {"schema": 1, "version": "0.1.0", "date": "2026-01-01", "notes": [], "records": {}}
NECK_RELEASED = {"id": "neck", "kind": "region", "name": "Neck", "topic": "body"}


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "[]",
        "5",
        "\0" * 1000,
        "9" * 5000,
        json.dumps(RELEASE | {"schema": [1]}),
        json.dumps(RELEASE | {"notes": 5}),
        json.dumps(RELEASE | {"records": {"neck": NECK_RELEASED | {"name": ["Neck"]}}}),
        json.dumps(RELEASE | {"records": {"neck": NECK_RELEASED | {"topic": ["body"]}}}),
        json.dumps(RELEASE | {"records": {"neck": NECK_RELEASED | {"kind": {}}}}),
        json.dumps(RELEASE | {"records": {"neck": NECK_RELEASED | {"name": "Neck\ud800"}}}),
    ],
)
def test_a_release_file_that_is_none_is_a_problem(folder: Path, text: str) -> None:
    file = folder.parent / "releases" / "0.1.0.json"
    file.parent.mkdir()
    file.write_text(text)
    run = CliRunner().invoke(main, ["check", str(folder.parent)])
    assert (run.exit_code, run.exception.__class__) == (1, SystemExit)
    assert "0.1.0.json:1:1: not a release: " in run.stdout and "take the file from version control" in run.stdout


def test_a_link_within_the_folder_is_followed(folder: Path) -> None:
    (folder / "kept").mkdir()
    (folder / "kept" / "arm.txt").write_text(HEADER + NECK.replace("neck", "arm"), "utf-8")
    (folder / "a.yaml").symlink_to("kept/arm.txt")
    assert said(folder) == []
    assert "arm" in load_library(folder, [])[0].records


def test_a_link_to_a_folder_is_no_silence(folder: Path) -> None:
    (folder / "all").symlink_to(folder)
    assert said(folder) == [
        "all:1:1: a link to a folder is not followed; put the folder itself here, or remove the link"
    ]


def test_a_folder_that_is_named_like_a_file_holds_files(folder: Path) -> None:
    (folder / "a.yaml").mkdir()
    (folder / "a.yaml" / "b.yaml").write_text(HEADER + NECK.replace("neck", "arm"), "utf-8")
    assert said(folder) == []


AS_NOBODY = """
import clinic_snippets.cli.check, encodings.utf_8_sig, os
from clinic_snippets.cli import main
if os.geteuid() == 0:
    os.setgroups([]), os.setgid(65534), os.setuid(65534)
main(["check", "."])
"""
"""As somebody who may read only what everybody may: the administrator reads everything. All modules come first, since the
package may lie where nobody else can go, and the folder is where this runs, for the same reason."""


@pytest.mark.parametrize("name", ["records/a.yaml", "records/more", "changes", "releases", "changes/a.yaml"])
def test_what_may_not_be_read_is_told_and_not_passed_over(folder: Path, name: str) -> None:
    source = folder.parent
    closed = source / name
    closed.parent.mkdir(exist_ok=True)
    if closed.suffix:
        closed.write_text(HEADER, "utf-8")
    else:
        closed.mkdir()
        (closed / "b.yaml").write_text(HEADER, "utf-8")
    closed.chmod(0)
    try:
        command = [sys.executable, "-c", AS_NOBODY]
        run = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    finally:
        closed.chmod(0o755)
    (problem,) = run.stdout.splitlines()
    assert problem.startswith(f"{name}:") and "cannot be read (Permission denied)" in problem


def test_a_file_of_nothing_but_unseen_characters_is_told_in_few_words(folder: Path) -> None:
    (folder / "a.yaml").write_bytes(b"\0" * 1_000_000)
    found = said(folder)
    assert len(found) == 20
    assert found[0].startswith("a.yaml:1:1: a character that cannot be seen stands here (U+0000)")


@pytest.mark.parametrize(
    ("written", "sign"),
    [
        ("Neck\u202e", "U+202E"), ("Neck\u2066x", "U+2066"), ('"Neck\\x07"', "U+0007"), ('"Neck\\e[31m"', "U+001B"),
        ('"Neck\\0"', "U+0000"), ('"Neck\\u202e"', "U+202E"), ('"Neck\\uFFFF"', "U+FFFF"), ('"Neck\\u0085"', "U+0085"),
    ],
)  # fmt: skip
def test_signs_that_nobody_sees_are_refused_however_they_are_written(folder: Path, written: str, sign: str) -> None:
    (folder / "a.yaml").write_text(HEADER + NECK.replace("neck", "arm").replace("Neck", written), "utf-8")
    (problem,) = said(folder)
    assert problem.startswith("a.yaml:8:9: " if "\\" in written else "a.yaml:8:") and f"({sign})" in problem


def test_letters_from_right_to_left_are_as_good_as_others(folder: Path) -> None:
    (folder / "a.yaml").write_text(HEADER + NECK.replace("neck", "arm").replace("Neck", "ذراع זרוע"), "utf-8")
    assert said(folder) == []


def test_no_message_sends_a_terminal_anything_but_text(folder: Path) -> None:
    name = "\x1b[31m\n.yaml"
    (folder / name).write_text(HEADER + '- kind: "a\\e[2J\\x9b"\n  id: arm\n  "\\e[1m": x\n', "utf-8")
    run = CliRunner().invoke(main, ["check", str(folder.parent)])
    assert run.exit_code == 1
    assert [sign for sign in run.output if not (sign.isprintable() or sign == "\n")] == []


BOMB = "a: &a [x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (BOMB, "anchor"),
        ("a: " + "[" * 100_000, "yaml-syntax"),
        ("- " * 100_000, "yaml-syntax"),
        ("\n".join(" " * n + "a:" for n in range(2000)), "yaml-syntax"),
        (HEADER + "- kind: " + "q" * 1_000_000 + "\n  id: arm\n", "unknown-kind"),
        (HEADER + NECK.replace("neck", "arm") + "  see_also: [" + "-".join("q" * 50_000) + "]\n", "dangling-reference"),
        (HEADER + NECK.replace("neck", "arm") + "  see_also: [" + "q" * 100_000 + "]\n", "dangling-reference"),
        (HEADER + "- kind: region\n" + "  id: x\n" * 5_000, "duplicate-key"),
    ],
    ids=["a bomb", "brackets", "dashes", "steps", "a long word", "a long id", "a long reference", "one field again"],
)
def test_a_file_that_is_meant_to_take_long_is_a_problem_like_others(folder: Path, text: str, code: str) -> None:
    (folder / "a.yaml").write_text(text, "utf-8")
    _library, problems = load_library(folder, [])
    assert code in {problem.code for problem in problems}
    assert max(len(problem.message) for problem in problems) < 1000


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ("@misc{a, title = {A}, url = {javascript:alert(1)}}", "bib-address"),
        ("@misc{a, title = {A}, url = { data:text/html,x}}", "bib-address"),
        ("@misc{a, title = {A\x1b[31m}}", "unseen-character"),
        ("@misc{a, title = {A\u202eB}}", "unseen-character"),
        ("@misc{a, title = " + "{" * 5000 + "}" * 5000 + "}", "bib-syntax"),
        ("@misc{a" * 5000, "bib-syntax"),
    ],
    ids=["an address that runs", "an address that holds a page", "an escape", "letters turned round", "braces", "open"],
)
def test_a_source_is_no_better_than_a_record(folder: Path, entry: str, code: str) -> None:
    bibliography = folder.parent / "references.bib"
    bibliography.write_text(entry, "utf-8")
    assert code in {problem.code for problem in load_library(folder, [bibliography])[1]}


def test_the_largest_file_is_larger_than_any_that_is_written(repository: Path) -> None:
    sizes = [path.stat().st_size for path in (repository / "source").rglob("*.yaml")]
    assert max(sizes) * 50 < files.LARGEST


# --- replaced while it is built ----------------------------------------------------------------------------------

CONF = """
extensions = ["myst_parser", "clinic_snippets"]
exclude_patterns = ["records"]
import pathlib

def setup(app):
    record = pathlib.Path(app.srcdir, "records", "a.yaml")
    def replace(*arguments):
        if "CHANGED" not in record.read_text():
            (record.parent / "new").write_text(record.read_text().replace("AT FIRST", "CHANGED"))
            (record.parent / "new").rename(record)
    app.connect("MOMENT", replace)
"""
MOMENTS = ["config-inited", "env-before-read-docs", "html-page-context"]
PRECAUTION = """
- kind: precaution
  id: bleeding
  name: Bleeding
  level: precaution
  applies_to: person
  rule: adapt
  regions: all
  techniques: all
  action: AT FIRST
  why: Because.
  synthesis: yes
"""


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_file_replaced_while_pages_are_made_is_on_all_of_them_or_none(
    project: Callable[..., Path], build_project: Callable[..., Any], moment: str
) -> None:
    table = "# Page\n\n```{clinic:precaution-table}\n```\n"
    files = {
        "conf.py": CONF.replace("MOMENT", moment), "records/a.yaml": HEADER + PRECAUTION,
        "index.md": "# All\n\n```{toctree}\na\nb\n```\n", "a.md": table, "b.md": table,
    }  # fmt: skip
    source = project(files)
    made = build_project(source)
    assert made.read("a.html").count("AT FIRST") == made.read("b.html").count("AT FIRST")
    assert made.read("a.html").count("CHANGED") == made.read("b.html").count("CHANGED")
    again = build_project(source)
    assert "CHANGED" in again.read("a.html") and "CHANGED" in again.read("b.html")
