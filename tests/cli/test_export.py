"""``clinic-snippets export`` and ``schema``: what they write, where, and what they refuse."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import lxml.etree
import pytest
from click.testing import Result

Clinic = Callable[..., Result]
Handbook = Callable[..., Path]


def test_json_and_csv_stand_in_one_folder_with_their_sums(handbook: Handbook, clinic: Clinic) -> None:
    handbook(
        {
            "source/conf.py": 'project = "Needles"\nlanguage = "en"\nhtml_title = project\nbibtex_bibfiles = ["references.bib"]\n'
        }
    )
    run = clinic("export", "json", "csv", "--out", "data")
    assert run.exit_code == 0, run.stderr
    names = ["records.json", "bundle.schema.json", "precaution.csv", "hazard.csv", "region.csv", "sources.csv"]
    assert sorted(run.stdout.splitlines()) == sorted(f"data/{name}" for name in names)
    assert run.stderr == "4 records, 6 files, data/SHA256SUMS\n"
    assert json.loads(Path("data/records.json").read_text("utf-8"))["handbook"] == "Needles"
    check = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    assert subprocess.run(check, cwd="data", capture_output=True, check=False).returncode == 0


def test_a_later_export_keeps_the_earlier_one_on_the_list(handbook: Handbook, clinic: Clinic) -> None:
    handbook()
    clinic("export", "json")
    clinic("export", "csv")
    listed = Path("_build/data/SHA256SUMS").read_text("utf-8")
    assert "records.json" in listed and "precaution.csv" in listed
    Path("_build/data/records.json").unlink()
    clinic("export", "csv")
    assert "records.json" not in Path("_build/data/SHA256SUMS").read_text("utf-8")


def test_the_feed_tells_of_releases_and_leads_to_the_site(handbook: Handbook, clinic: Clinic) -> None:
    handbook()
    run = clinic("export", "atom")
    assert (run.exit_code, run.stdout) == (1, "")
    assert "There is no release yet" in run.stderr and "clinic-snippets release" in run.stderr
    assert clinic("release", "0.1.0", "--date", "2026-03-01").exit_code == 0
    assert clinic("export", "atom", "--out", "data", "--site-url", "https://h.example/stable").exit_code == 0
    feed = lxml.etree.fromstring(Path("data/changes.atom").read_bytes())
    assert set(feed.xpath("//@href")) == {
        "https://h.example/stable/changes.atom",
        "https://h.example/stable/index.html",
    }


def test_nothing_is_exported_while_records_have_problems(
    handbook: Handbook, clinic: Clinic, edit: Callable[..., None]
) -> None:
    handbook()
    edit("source/records/lung.yaml", "specialist_only: no", "specialist_only: maybe")
    run = clinic("export", "json", "--out", "data")
    assert (run.exit_code, run.stdout) == (1, "")
    assert run.stderr.startswith("Nothing is exported, because the records have problems.")
    assert not Path("data").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["export"], "Missing argument"),
        (["export", "xml"], "'xml' is not one of 'json', 'csv', 'atom'"),
        (["export", "json", "--source", "nowhere"], "There is no folder 'nowhere'"),
        (["schema", "record"], "'record' is not one of 'records', 'reviews', 'sign-offs', 'changes'"),
        (["schema", "--source", "nowhere"], "There is no folder 'nowhere'"),
    ],
)
def test_a_call_that_does_not_fit_ends_with_2(
    handbook: Handbook, clinic: Clinic, arguments: list[str], words: str
) -> None:
    handbook()
    run = clinic(*arguments)
    assert (run.exit_code, run.stdout) == (2, "")
    assert words in run.stderr


def test_a_folder_that_cannot_be_written_is_told(handbook: Handbook, clinic: Clinic) -> None:
    handbook({"blocked": "a file"})
    for arguments in (("export", "json", "--out", "blocked/data"), ("schema", "--out", "blocked/a.json")):
        run = clinic(*arguments)
        assert (run.exit_code, run.stdout) == (1, "")
        assert "cannot be written" in run.stderr


def test_the_schema_is_printed_or_written(handbook: Handbook, clinic: Clinic) -> None:
    handbook()
    printed = clinic("schema")
    assert json.loads(printed.stdout)["title"] == "Record file"
    run = clinic("schema", "--out", ".vscode/records.schema.json")
    assert run.stdout == ".vscode/records.schema.json\n"
    assert Path(".vscode/records.schema.json").read_text("utf-8") == printed.stdout
    assert json.loads(clinic("schema", "sign-offs").stdout)["required"] == ["sign-offs"]


def test_the_schema_is_there_without_a_handbook(
    clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert json.loads(clinic("schema").stdout)["title"] == "Record file"


def test_a_name_worked_out_by_code_is_not_guessed(handbook: Handbook, clinic: Clinic) -> None:
    handbook({"source/conf.py": 'project = "Needles"\nproject += " again"\nbibtex_bibfiles = ["references.bib"]\n'})
    run = clinic("export", "json", "--out", "data")
    assert "note: 'project' in source/conf.py is not written out in one plain assignment" in run.stderr
    assert json.loads(Path("data/records.json").read_text("utf-8"))["handbook"] == "Handbook"
