"""``clinic-snippets diff``: the same changes in words, as data and as Markdown, between whatever names the records."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

BLEEDING, LUNG, RELEASES = "source/records/bleeding.yaml", "source/records/lung.yaml", Path("source/releases")
NOTE = """changes:
- records: [{record}]
  what: {what}
  why: A study was read.
  effective_from: 2026-06-01
  author: Ann
"""
FIVE = [
    ("warfarin", "looser"), ("bruises", "stricter"), ("apex", "withdrawn"), ("arm", "new"), ("pleura", "moved")
]  # fmt: skip


def note(record: str, what: str) -> None:
    Path("source/changes").mkdir(exist_ok=True)
    Path(f"source/changes/{record}.yaml").write_text(NOTE.format(record=record, what=what))


@pytest.fixture
def five(handbook: Callable[..., Path], clinic: Callable[..., Result], edit: Callable[..., None]) -> None:
    """Release a handbook, then add, withdraw and move a record, edit two, and swap the fields of another."""
    handbook()
    text = Path(LUNG).read_text()
    other = text[text.index("- kind") :].replace("id: pleura", "id: apex").replace("Lung apex", "Another apex")
    Path(LUNG).write_text(text + "\n" + other)
    assert clinic("release", "0.1.0", "--date", "2026-02-01").exit_code == 0
    edit(BLEEDING, "rule: refer", "rule: inform")
    edit(BLEEDING, "rule: adapt", "rule: specialist-only")
    gone = "id: apex\n  status: withdrawn\n  withdrawn:\n    date: 2026-06-01\n    reason: Another.\n"
    edit(LUNG, "id: apex\n", gone)
    edit(LUNG, "id: pleura\n", "id: pleura\n  topic: chest\n")
    edit("source/records/regions.yaml", "  id: neck\n  name: Neck\n", "  name: Neck\n  id: neck\n")
    arm = "\n- kind: region\n  id: arm\n  name: Arm\n"
    Path("source/records/regions.yaml").write_text(Path("source/records/regions.yaml").read_text() + arm)


@pytest.fixture
def git(tmp_path: Path) -> Callable[..., None]:
    """Run git in the current folder as somebody."""

    def run(*arguments: str) -> None:
        person = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "init.defaultBranch=main")
        subprocess.run(["git", *person, *arguments], check=True, capture_output=True)

    return run


def entries(run: Result) -> list[tuple[str, str | None]]:
    assert run.exit_code == 0, run.output
    return [(change["id"], change["class"]) for change in json.loads(run.stdout)["changes"]]


@pytest.mark.usefixtures("five")
def test_one_added_one_withdrawn_two_edited_one_moved_and_fields_swapped_are_five_in_every_format(
    clinic: Callable[..., Result],
) -> None:
    assert entries(clinic("diff", "0.1.0", ".", "--format", "json")) == FIVE
    text = clinic("diff", "0.1.0", ".").stdout
    assert text.startswith("From 0.1.0 to .: 5 changes\n\nlooser: Blood thinner (precaution warfarin)\n")
    assert text.count("\n\n") == 5
    markdown = clinic("diff", "0.1.0", ".", "--format", "markdown").stdout
    assert [line for line in markdown.splitlines() if line.startswith("## ")] == [
        "## Looser", "## Stricter", "## Withdrawn", "## New", "## Moved",
    ]  # fmt: skip
    assert markdown.count("\n### ") == 5


@pytest.mark.usefixtures("five")
def test_backwards_a_looser_change_is_a_stricter_one(clinic: Callable[..., Result]) -> None:
    found = dict(entries(clinic("diff", ".", "0.1.0", "--format", "json")))
    assert (found["warfarin"], found["bruises"], found["arm"]) == ("stricter", "looser", "withdrawn")


def test_text_marks_words_in_words_and_gives_the_reasons(
    handbook: Callable[..., Path], clinic: Callable[..., Result], edit: Callable[..., None]
) -> None:
    handbook()
    clinic("release", "0.1.0", "--date", "2026-02-01")
    edit(BLEEDING, "Ask which drug.", "Ask which drug, and the dose.")
    edit(BLEEDING, "rule: refer", "rule: adapt")
    note("warfarin", "It is enough to adapt.")
    assert clinic("diff", "0.1.0", ".").stdout == (
        "From 0.1.0 to .: 1 change\n\n"
        "looser: Blood thinner (precaution warfarin)\n"
        "  rule: [-refer-]{+adapt+}\n"
        "  action: Ask which drug{+, and the dose+}.\n"
        "  what: It is enough to adapt.\n"
        "  why: A study was read.\n"
    )


def test_markdown_shows_words_as_they_are_before_and_after(
    handbook: Callable[..., Path], clinic: Callable[..., Result], edit: Callable[..., None]
) -> None:
    handbook()
    clinic("release", "0.1.0", "--date", "2026-02-01")
    edit(LUNG, "If the person bleeds easily, see {clinic:ref}`warfarin`.", "*Slowly*.")
    run = clinic("diff", "0.1.0", ".", "--format", "markdown")
    assert "## Not classed\n\n### Lung apex\n\n- hazard, `pleura`\n- avoid, before: Needle flat. If" in run.stdout
    assert "see \\{clinic:ref\\}\\`warfarin\\`.\n- avoid, after: Needle flat. \\*Slowly\\*.\n" in run.stdout


def test_json_holds_fields_and_notes(
    handbook: Callable[..., Path], clinic: Callable[..., Result], edit: Callable[..., None]
) -> None:
    handbook()
    clinic("release", "0.1.0", "--date", "2026-02-01")
    edit(BLEEDING, "rule: refer", "rule: adapt")
    note("warfarin", "It is enough to adapt.")
    content = json.loads(clinic("diff", "0.1.0", ".", "--format", "json").stdout)
    assert (content["from"], content["to"]) == ("0.1.0", ".")
    (change,) = content["changes"]
    assert change["fields"] == [{"name": "rule", "before": "refer", "after": "adapt"}]
    assert [given["what"] for given in change["notes"]] == ["It is enough to adapt."]


@pytest.mark.usefixtures("five")
def test_a_release_a_file_a_folder_and_a_commit_name_the_same_records(
    clinic: Callable[..., Result], git: Callable[..., None]
) -> None:
    git("init")
    git("add", "--all")
    git("commit", "--message", "Five changes")
    git("tag", "five")
    shutil.copytree("source", "elsewhere")
    now = ("source", "elsewhere", "elsewhere/records", "HEAD", "main", "five")
    for name in now:
        assert entries(clinic("diff", "0.1.0", name, "--format", "json")) == FIVE, name
        assert entries(clinic("diff", name, ".", "--format", "json")) == [], name
    assert entries(clinic("diff", str(RELEASES / "0.1.0.json"), "HEAD", "--format", "json")) == FIVE


def test_only_notes_written_in_between_explain_a_change(
    handbook: Callable[..., Path], clinic: Callable[..., Result], edit: Callable[..., None], git: Callable[..., None]
) -> None:
    handbook()
    git("init")
    clinic("release", "0.1.0", "--date", "2026-02-01")
    for version, old, new in (
        ("0.2.0", "refer", "adapt"),
        ("0.3.0", "adapt\n  regions: all", "inform\n  regions: all"),
    ):
        edit(BLEEDING, f"rule: {old}", f"rule: {new}")
        note("warfarin", f"For {version}.")
        git("add", "--all")
        git("commit", "--message", f"Noted for {version}")
        git("tag", f"noted-{version}")
        assert clinic("release", version, "--date", "2026-02-01").exit_code == 0

    def why(before: str, after: str) -> list[str]:
        (change,) = json.loads(clinic("diff", before, after, "--format", "json").stdout)["changes"]
        return [given["what"] for given in change["notes"]]

    assert why("0.1.0", "0.2.0") == ["For 0.2.0."]
    assert why("0.2.0", "0.3.0") == ["For 0.3.0."]
    assert why("0.1.0", "0.3.0") == why("0.1.0", ".") == ["For 0.2.0.", "For 0.3.0."]
    assert why("noted-0.2.0", "noted-0.3.0") == ["For 0.3.0."]
    assert why("0.3.0", "0.1.0") == []


# --- what cannot be compared -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("0.1.1", "0.1.1: this is no release, file or folder, and no commit that git knows; did you mean '0.1.0'?"),
        ("nothing", "nothing: this is no release, file or folder, and no commit that git knows; releases: 0.1.0; '.' "),
        ("HEAD:source", "HEAD:source: this is no release, file or folder, and no commit"),
        ("empty", "empty: this commit has no folder 'source/records'; name a commit that has the records there"),
        ("slip", "slip:source/records/bleeding.yaml:12:9: warfarin.rule: 'refre' is not a word for 'rule'; "),
        ("notes.txt", "notes.txt:1:1: not a release: "),
        ("bare", "bare: there is no record file; name a handbook's source folder or its records folder"),
    ],
)
def test_what_names_no_records_is_told_with_the_way_out(
    handbook: Callable[..., Path], clinic: Callable[..., Result], edit: Callable[..., None], git: Callable[..., None],
    name: str, words: str,
) -> None:  # fmt: skip
    handbook({"notes.txt": "words", "bare/words.txt": ""})
    clinic("release", "0.1.0", "--date", "2026-02-01")
    git("init")
    git("commit", "--allow-empty", "--message", "Nothing yet")
    git("tag", "empty")
    edit(BLEEDING, "rule: refer", "rule: refre")
    git("add", "--all")
    git("commit", "--message", "A slip")
    git("tag", "slip")
    edit(BLEEDING, "rule: refre", "rule: refer")
    run = clinic("diff", name, ".")
    assert (run.exit_code, run.stdout) == (2, "")
    assert run.stderr.startswith(f"Error: {words}")


def test_without_git_that_is_said(
    handbook: Callable[..., Path], clinic: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    handbook()
    assert "and no commit that git knows; releases: none; '.' stands" in clinic("diff", "HEAD", ".").stderr
    monkeypatch.setenv("PATH", "")
    run = clinic("diff", "HEAD", ".")
    assert run.exit_code == 2
    assert "HEAD: this is no release, file or folder, and git is not installed; name a release, a release" in run.stderr


def test_a_name_that_looks_like_an_option_of_git_is_none(
    handbook: Callable[..., Path], clinic: Callable[..., Result], git: Callable[..., None]
) -> None:
    handbook()
    git("init")
    run = clinic("diff", "--", "--since=yesterday", ".")
    assert run.exit_code == 2
    assert "--since=yesterday: this is no release, file or folder" in run.stderr


@pytest.mark.parametrize(
    ("target", "words"), [("../kept.txt", ""), ("/etc/passwd", "it is a link that leads out of the folder")]
)
def test_a_link_in_a_commit_is_read_as_any_other(
    handbook: Callable[..., Path], clinic: Callable[..., Result], git: Callable[..., None], target: str, words: str
) -> None:
    handbook()
    Path("source/records/more").mkdir()
    Path("source/records/regions.yaml").rename("source/records/kept.txt")
    Path("source/records/more/regions.yaml").symlink_to(target)
    git("init")
    git("add", "--all")
    git("commit", "--message", "A link")
    Path("source/records/more/regions.yaml").unlink()
    Path("source/records/kept.txt").rename("source/records/regions.yaml")
    run = clinic("diff", "HEAD", ".")
    assert (run.exit_code, "0 changes" in run.stdout) == ((2, False) if words else (0, True))
    assert words in run.stderr


def test_a_long_name_is_none(handbook: Callable[..., Path], clinic: Callable[..., Result]) -> None:
    handbook()
    run = clinic("diff", "n" * 500, ".")
    assert run.exit_code == 2 and "name too long" in run.stderr


def test_what_another_slip_leaves_out_is_not_told_as_withdrawn(
    handbook: Callable[..., Path], clinic: Callable[..., Result], edit: Callable[..., None]
) -> None:
    handbook()
    clinic("release", "0.1.0", "--date", "2026-02-01")
    edit(BLEEDING, "rule: refer", "rule: refre")
    run = clinic("diff", "0.1.0", ".")
    assert (run.exit_code, run.stdout) == (2, "")
    assert "warfarin.rule: 'refre' is not a word" in run.stderr
