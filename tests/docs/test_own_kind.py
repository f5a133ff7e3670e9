"""The how-to about a kind of one's own, done as a reader does it: the package is as installed, the rest is on the page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import lxml.html
import pytest
import sphinx.util.inventory
import yaml
from click.testing import CliRunner, Result

from clinic_snippets.cli import main
from clinic_snippets.records import KINDS
from clinic_snippets.snippets import SNIPPETS

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "add-a-kind-of-record.md"
CONF = """
project = "Clinic"
extensions = ["myst_parser", "clinic_snippets"]
exclude_patterns = ["records"]
html_theme = "basic"
bibtex_bibfiles = []
"""


pytestmark = pytest.mark.usefixtures("forget_own_declarations")


@pytest.fixture
def source(of_docs: Callable[[str], ModuleType], project: Callable[..., Path]) -> Path:
    """A handbook made of what stands on the page."""
    code: dict[str, list[str]] = {}
    for block in of_docs("code_blocks").blocks(PAGE):
        code.setdefault(block.language, []).append(block.code)
    declared, table, setting = code["python"]
    [records], [page] = code["yaml"], code["md"]
    assert declared.startswith("# source/vaccination.py\n")
    index = f"{page}\n```{{clinic:record-index}}\n```\n\n```{{clinic:code-list}}\n```\n"
    return project(
        {"conf.py": CONF + setting, "vaccination.py": declared + table, "records/all.yaml": records, "index.md": index}
    )


def call(*words: str | Path) -> Result:
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    return result


def test_a_build_has_the_table_the_role_the_type_and_the_index(source: Path, build_project: Callable[..., Any]) -> None:
    build = build_project(source, warningiserror=True)
    assert build.ok, build.warnings
    page = lxml.html.fromstring(build.read("index.html"))
    [row] = page.xpath("//table[1]/tbody/tr")
    assert "An example of a vaccine" in row.text_content()
    [link] = page.xpath("//p[starts-with(., 'Not with')]//a")
    assert link.text_content() == "An example of a reason"
    assert page.get_element_by_id(link.get("href").removeprefix("#")) is not None
    assert "Vaccine contraindication" in page.xpath("//table[2]")[0].text_content()
    assert "An example of a reason" in page.xpath("//table[3]")[0].text_content()
    assert "An example of a reason" in build.read("clinic-records.html")
    assert "Vaccine contraindication" in build.read("_static/records-search.js")
    inventory = sphinx.util.inventory.InventoryFile.loads((build.outdir / "objects.inv").read_bytes(), uri="")
    assert "example-reason" in inventory.data["clinic:vaccine-contraindication"]


def test_a_second_build_after_a_change_shows_it(source: Path, build_project: Callable[..., Any]) -> None:
    build_project(source)
    for file, old, new in (
        ("records/all.yaml", "An example of a vaccine", "Another vaccine"),
        ("vaccination.py", 'Column("Vaccine")', 'Column("Vaccine or group")'),
    ):
        text = (source / file).read_text("utf-8")
        assert old in text
        (source / file).write_text(text.replace(old, new), "utf-8")
    page = build_project(source, warningiserror=True).read("index.html")
    assert "Another vaccine" in page and "Vaccine or group" in page


def test_the_commands_know_it(source: Path) -> None:
    assert "1 record, no problems" in call("check", source).stderr
    assert "An example of a vaccine" in call("show", "vaccine-table", "--source", source).stdout
    assert "example-reason" in call("show", "record-index", "--source", source).stdout
    assert "Reasons not to give a vaccine." in call("snippets", "--source", source).stdout


def test_the_schema_takes_its_records_and_refuses_others(source: Path) -> None:
    schema = json.loads(call("schema", "--source", source).stdout)
    records = yaml.load((source / "records/all.yaml").read_text("utf-8"), yaml.BaseLoader)
    jsonschema.validate(records, schema)
    assert "group of vaccines" in schema["$defs"]["VaccineContraindication"]["properties"]["vaccine"]["description"]
    del records["records"][0]["vaccine"]
    with pytest.raises(jsonschema.ValidationError, match="'vaccine' is a required property"):
        jsonschema.validate(records, schema)


def test_it_is_exported_and_released(source: Path, tmp_path: Path) -> None:
    call("export", "json", "csv", "--source", source, "--out", tmp_path)
    bundle = json.loads((tmp_path / "records.json").read_text("utf-8"))
    jsonschema.validate(bundle, json.loads((tmp_path / "bundle.schema.json").read_text("utf-8")))
    assert bundle["records"][0]["vaccine"] == "An example of a vaccine"
    assert "An example of a vaccine" in (tmp_path / "vaccine-contraindication.csv").read_text("utf-8-sig")
    call("release", "0.1.0", "--date", "2026-12-01", "--source", source)
    text = (source / "records/all.yaml").read_text("utf-8")
    (source / "records/all.yaml").write_text(text.replace("An example of a vaccine", "Another vaccine"), "utf-8")
    assert "vaccine: [-An example of a-]{+Another+} vaccine" in call("diff", "0.1.0", ".", "--source", source).stdout


def test_a_release_outlives_the_kind(source: Path, build_project: Callable[..., Any]) -> None:
    call("release", "0.1.0", "--date", "2026-12-01", "--source", source)
    del KINDS["vaccine-contraindication"], SNIPPETS["vaccine-table"]
    (source / "conf.py").write_text(CONF, "utf-8")
    # Ids are permanent: the record goes on as another kind.
    text = re.sub(r"  vaccine: .*\n", "", (source / "records/all.yaml").read_text("utf-8"))
    text = text.replace("kind: vaccine-contraindication", "kind: hygiene-rule\n  agreement: our synthesis")
    (source / "records/all.yaml").write_text(text, "utf-8")
    (source / "index.md").write_text("# Rules\n\n```{clinic:hygiene-list}\n```\n", "utf-8")
    assert "{+hygiene-rule+}" in call("diff", "0.1.0", ".", "--source", source).stdout
    assert build_project(source, warningiserror=True).ok


def test_a_problem_in_its_record_is_told_like_any_other(source: Path) -> None:
    text = (source / "records/all.yaml").read_text("utf-8")
    (source / "records/all.yaml").write_text(text.replace("vaccine: An", "vacine: An"), "utf-8")
    result = CliRunner().invoke(main, ["check", str(source)])
    assert result.exit_code == 1
    assert re.search(r"all\.yaml:\d+:3: example-reason\.vacine: unknown field.*did you mean 'vaccine'\?", result.stdout)
