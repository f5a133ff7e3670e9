"""The JSON Schemas of what an author writes, judged by a validator that is not ours: check-jsonschema."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from clinic_snippets.export.schema import FILES, field_docs, record_file_schema
from clinic_snippets.library.load import load_library
from clinic_snippets.reading.records import read_records
from clinic_snippets.records import KINDS, Record
from clinic_snippets.records.base import Line, Part

EXAMPLES = Path(__file__).parents[1] / "example-records"
REFUSED = {
    *("bold-start", "bracket-start", "colon-in-text", "duplicate-yaml-key", "empty-list", "empty-prose"),
    *("findings-and-learning", "header-missing", "header-typo", "indentation", "missing-field"),
    *("never-for-a-precaution", "no-header", "no-records", "quoted-word", "second-document", "several-problems"),
    *("statement-without-source", "tab", "two-supports", "unclosed-quote", "unknown-key", "unknown-kind"),
    *("very-long-id", "view-without-source", "withdrawn", "wrong-date", "wrong-id", "wrong-shape", "wrong-word"),
    "deep-place",
}
"""Negative examples in which one file alone, read as plain YAML, shows that something is wrong."""
HEADER = "topic: examples\nowner: safety lead\nwritten: 2026-01-01\nreview_by: 2027-01-01\n\nrecords:\n\n"


def refused(schema: Path, *files: Path) -> set[Path]:
    """Return the files that check-jsonschema refuses."""
    run = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--output-format", "json", "--schemafile", schema, *files],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.stdout, run.stderr
    found = json.loads(run.stdout)
    return {Path(error["filename"]) for error in [*found.get("errors", ()), *found.get("parse_errors", ())]}


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The schema of each kind of file, as a file."""
    folder = tmp_path_factory.mktemp("schemas")
    for name, schema in FILES.items():
        (folder / f"{name}.json").write_text(json.dumps(schema()), encoding="utf-8")
    return {name: folder / f"{name}.json" for name in FILES}


# --- what is sound, and what is not ---------------------------------------------------------------------------------


def test_the_schemas_are_schemas(schemas: dict[str, Path]) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--check-metaschema", *schemas.values()]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert all('"https://json-schema.org/draft/2020-12/schema"' in path.read_text("utf-8") for path in schemas.values())


def test_all_our_records_are_accepted(schemas: dict[str, Path], repository: Path) -> None:
    roots = (repository / "source", EXAMPLES / "positive", repository / "tests" / "roots" / "features")
    files = [path for root in roots for path in (root / "records").rglob("*.y*ml")]
    assert len(files) > 40
    assert refused(schemas["records"], *files) == set()


def test_broken_examples_are_refused_where_a_schema_can_see_it(schemas: dict[str, Path]) -> None:
    files = list((EXAMPLES / "negative").rglob("*.y*ml"))
    found = {path.stem for path in refused(schemas["records"], *files)}
    assert found >= REFUSED
    assert "regions" not in found and "duplicate-id-a" not in found, "these two have nothing wrong with them"


def one_of_each_kind(folder: Path) -> dict[str, dict[str, Any]]:
    """Return a written record of each kind, the one with most fields, with its file's header."""
    out: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.rglob("*.yaml")):
        data = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)
        for record in data["records"]:
            if len(record) > len(out.get(record["kind"], {"records": [()]})["records"][0]):
                out[record["kind"]] = {**data, "records": [record]}
    return out


def mutants(file: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what can go wrong in a record, each with its name."""
    [record] = file["records"]
    model = KINDS[record["kind"]]
    yield "unknown-field", {**record, "techniqes": "deep"}
    yield "no-kind", {name: value for name, value in record.items() if name != "kind"}
    yield "wrong-kind", {**record, "kind": "recipe"}
    for name, info in model.model_fields.items():
        if info.is_required() and name in record and name != "kind":
            yield f"no-{name}", {field: value for field, value in record.items() if field != name}
            yield f"fields-for-{name}", {**record, name: {"neither": "this", "nor": "that"}}
    yield "list-for-name", {**record, "name": ["a", "b"]}
    yield "empty-name", {**record, "name": " "}
    yield "two-lines-in-name", {**record, "name": "a\nb"}
    yield "wrong-id", {**record, "id": "Not An Id"}
    yield "wrong-date", {**record, "written": "1 January 2026"}
    yield "no-such-day", {**record, "review_by": "2027-02-30"}
    yield "wrong-status", {**record, "status": "finished"}
    yield "true-for-yes", {**record, "synthesis": True}
    yield "withdrawn-without-why", {**record, "status": "withdrawn"}
    yield "text-for-a-list-of-sources", {**record, "sources": "brady2014"}
    if model.needs_source:
        bare = {name: value for name, value in record.items() if name not in ("sources", "synthesis")}
        yield "no-source", bare
    for name, info in model.model_fields.items():
        if isinstance(info.annotation, type) and hasattr(info.annotation, "__members__"):
            yield f"wrong-{name}", {**record, name: "no such word"}


@pytest.mark.slow
def test_each_kind_is_accepted_and_its_mutants_are_refused_as_the_reader_does(
    schemas: dict[str, Path], repository: Path, tmp_path: Path
) -> None:
    """JSON is YAML too, so that what is written is what was meant."""
    known = one_of_each_kind(repository / "source" / "records")
    known = {**one_of_each_kind(repository / "tests" / "roots" / "features" / "records"), **known}
    assert known.keys() == KINDS.keys()
    for kind, file in known.items():
        (tmp_path / f"{kind}-sound.yaml").write_text(json.dumps(file), encoding="utf-8")
        for name, record in mutants(file):
            (tmp_path / f"{kind}-bad-{name}.yaml").write_text(
                json.dumps({**file, "records": [record]}), encoding="utf-8"
            )
    files = sorted(tmp_path.iterdir())
    bad = {path for path in files if "-bad-" in path.name}
    assert len(bad) > 15 * len(KINDS)
    assert refused(schemas["records"], *files) == bad
    for path in files:
        alone = tmp_path / path.stem
        alone.mkdir()
        path.rename(alone / path.name)
        told = [problem.code for problem in read_records(alone).problems]
        assert bool(told) == (path in bad), (path.name, told)


SCALARS = (
    # What is written, in which field, and whether it may stand there.
    ("name", "2014", True), ("name", "7.50", True), ("name", '"true"', True), ("name", "2026-01-01", True),
    ("name", "yes", True), ("name", "", False), ("name", "|\n    a\n    b", False), ("name", "|\n    a\n", True),
    ("synthesis", "yes", True), ("synthesis", '"no"', True), ("synthesis", "true", False), ("synthesis", "1", False),
    ("written", "2026-01-01", True), ("written", "2026-1-1", False), ("written", "2026", False),
    ("why", "12", True), ("why", "{text: a, synthesis: yes}", True), ("why", "[a, {text: b, note: c}]", True),
    ("why", "[]", False), ("why", "[[a]]", False), ("why", "{note: a}", False),
    ("regions", "all", True), ("regions", "[all]", True), ("regions", "{all: yes}", False),
    ("see_also", "a-b", True), ("see_also", "[a-b, c]", True), ("see_also", "A-b", False), ("see_also", "[]", False),
    ("applies_to", "[person, site]", True), ("applies_to", "sight", False), ("applies_to", "person", True),
    ("sources", "[2014, brady2014]", True), ("sources", "[]", False),
)  # fmt: skip
FIGURES = (
    ("events", "577", True), ("events", '"577"', True), ("events", "7.5", False), ("events", "-1", False),
    ("events", "7,629", False), ("events", "many", False), ("percent", "7.55", True), ("percent", "101", False),
    ("percent", "7%", False), ("value", "-1.50", True), ("value", '"12"', True), ("value", "about 3", False),
)  # fmt: skip
PRECAUTION = {
    "kind": "precaution", "id": "a", "name": "A", "level": "precaution", "applies_to": "person", "rule": "adapt",
    "regions": "all", "techniques": "all", "action": "Ask.", "why": "It bleeds.", "sources": "[brady2014]",
}  # fmt: skip
RATE = {
    "source": "brady2014",
    "needling": "dry needling",
    "reported_by": "clinicians",
    "setting": "here",
    "unit": "treatments",
}
NEEDED = {
    "events": {"total": "7629", "counted": "events"}, "percent": {}, "value": {"per": "100", "counted": "events"},
}  # fmt: skip


def test_a_value_is_accepted_as_it_is_written_where_the_reader_takes_it(
    schemas: dict[str, Path], tmp_path: Path
) -> None:
    expected = {}
    for number, (field, written, sound) in enumerate(SCALARS):
        lines = "\n  ".join(f"{name}: {value}" for name, value in {**PRECAUTION, field: written}.items())
        expected[tmp_path / f"{number}" / "a.yaml"] = (f"- {lines}\n", sound)
    for number, (field, written, sound) in enumerate(FIGURES, len(SCALARS)):
        lines = "\n      ".join(f"{name}: {value}" for name, value in {**RATE, **NEEDED[field], field: written}.items())
        event = f"- kind: adverse-event\n  id: a\n  name: A\n  severity: mild\n  rates:\n    - {lines}\n"
        expected[tmp_path / f"{number}" / "a.yaml"] = (event, sound)
    for path, (text, _) in expected.items():
        path.parent.mkdir()
        path.write_text(HEADER + text, encoding="utf-8")
    by_schema = refused(schemas["records"], *expected)
    for path, (text, sound) in expected.items():
        told = [str(problem) for problem in read_records(path.parent).problems]
        assert (not told, path not in by_schema) == (sound, sound), (text, told)


def test_reviews_sign_offs_and_change_notes(schemas: dict[str, Path], repository: Path, tmp_path: Path) -> None:
    root = repository / "tests" / "roots" / "features"
    assert refused(schemas["reviews"], root / "reviews.yaml") == set()
    assert refused(schemas["sign-offs"], root / "sign-offs.yaml") == set()
    assert refused(schemas["changes"], *(root / "changes").glob("*.yaml")) == set()
    for name, bad in (
        ("reviews", "reviews:\n- date: 2026-01-01\n"), ("sign-offs", "sign-offs:\n- record: a\n"),
        ("changes", "changes:\n- what: a\n  why: b\n  class: better\n"), ("reviews", "changes: []\n"),
    ):  # fmt: skip
        (tmp_path / "bad.yaml").write_text(bad, encoding="utf-8")
        assert refused(schemas[name], tmp_path / "bad.yaml")
        (tmp_path / "none.yaml").write_text(f"{name}:\n", encoding="utf-8")
        assert not refused(schemas[name], tmp_path / "none.yaml"), "a file without entries so far is sound"


# --- help in the editor ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_every_field_and_every_word_list_is_explained(name: str) -> None:
    for title, definition in FILES[name]()["$defs"].items():
        assert definition["description"].strip(), title
        for field, schema in definition.get("properties", {}).items():
            # A reference brings the description of what it leads to.
            assert schema.get("description") or "$ref" in schema or "const" in schema, f"{title}.{field}"


def test_a_kind_and_field_of_a_handbook_of_its_own_are_in_it() -> None:
    class Vaccination(Record):
        """A vaccination."""

        batch: Line
        """What stands on the box."""

    schema = record_file_schema({**KINDS, "vaccination": Vaccination})
    assert "vaccination" in schema["properties"]["records"]["items"]["properties"]["kind"]["enum"]
    assert schema["$defs"]["Vaccination"]["properties"]["batch"]["description"] == "What stands on the box."
    assert "batch" in schema["$defs"]["Vaccination"]["required"]


def test_what_stands_below_a_field_explains_it_and_may_be_inherited() -> None:
    class Own(Part):
        first: Line
        """Its words."""
        second: Line

    class More(Own):
        third: Line
        """More
        words."""

    assert field_docs(More) == {"first": "Its words.", "third": "More\nwords."}


# --- in the repository ----------------------------------------------------------------------------------------------


def test_the_editor_of_this_repository_has_the_schemas_as_they_are(repository: Path) -> None:
    settings = json.loads((repository / ".vscode" / "settings.json").read_text("utf-8"))["yaml.schemas"]
    assert settings.keys() == {f".vscode/{name}.schema.json" for name in FILES}
    for name, schema in FILES.items():
        tracked = (repository / ".vscode" / f"{name}.schema.json").read_text("utf-8")
        assert json.loads(tracked) == schema(), "the models have changed; run: make schema"


def test_records_of_the_handbook_are_those_the_schema_judged(repository: Path) -> None:
    """So that the tests above cannot pass for want of records."""
    library, problems = load_library(repository / "source" / "records", [repository / "source" / "references.bib"])
    assert not problems and len(library) > 500
