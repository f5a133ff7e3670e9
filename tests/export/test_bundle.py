"""``records.json``: typed, described by its own schema, and the way back to equal records."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import Field, PlainSerializer

from clinic_snippets.export.bundle import RECORDS, SCHEMA, as_fields, bundle, read_bundle
from clinic_snippets.export.bundle_schema import READY, bundle_schema, make_schema
from clinic_snippets.export.data_files import SUMS, json_files, read_sums, sums
from clinic_snippets.export.spreadsheets import spreadsheets
from clinic_snippets.export.writing import write_pieces
from clinic_snippets.library import Library
from clinic_snippets.library.governance import Governance, fingerprint
from clinic_snippets.library.load import load_library
from clinic_snippets.library.load_governance import load_governance
from clinic_snippets.library.release import fields_of, snapshot
from clinic_snippets.library.signing import sign_off
from clinic_snippets.problems import ClinicError
from clinic_snippets.records import KINDS, AdverseEvent, Grade, Precaution, Read, Record, Region, Source
from clinic_snippets.records.kinds import OURS

LITTLE = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
PRECAUTION: dict[str, Any] = {
    "kind": "precaution", "id": "bleeding", "name": "Bleeding", "level": "precaution", "applies_to": "person",
    "rule": "adapt", "regions": "all", "techniques": "all", "action": "Ask.", "why": "It bleeds.", "sources": ["a"],
    "topic": "t", "owner": "o", "written": "2026-01-01", "review_by": "2027-01-01",
}  # fmt: skip


def precaution(**fields: Any) -> Precaution:
    return Precaution.model_validate({**PRECAUTION, **fields})


def text(library: Library, folder: Path = Path()) -> str:
    return "".join(bundle(library, "H", "en", folder))


def there_and_back(folder: Path, library: Library) -> Any:
    (folder / RECORDS).write_text(text(library, folder), "utf-8", newline="\n")
    return read_bundle(folder / RECORDS)


@pytest.fixture(scope="module")
def handbook(repository: Path) -> Library:
    """The real handbook."""
    source = repository / "source"
    library, problems = load_library(source / "records", [source / "references.bib"])
    library.governance, found = load_governance(source, library)
    assert not problems and not found
    return library


# --- there and back -------------------------------------------------------------------------------------------------


def test_the_handbook_comes_back_as_it_was(handbook: Library, tmp_path: Path) -> None:
    read = there_and_back(tmp_path, handbook)
    assert read.records == tuple(handbook.records.values())
    assert [type(record) for record in read.records] == [type(record) for record in handbook.records.values()]
    assert read.sources == handbook.sources
    again = Library(read.records, read.sources)
    again.governance = handbook.governance
    assert (
        json.loads(text(again, tmp_path))["records"] == json.loads((tmp_path / RECORDS).read_text("utf-8"))["records"]
    )


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r"), min_size=1).filter(str.strip)
LINE = TEXT.map(lambda text: " ".join(text.split())).filter(bool)
ID = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)
IDS = st.lists(ID, min_size=1, max_size=3)
DAY = st.dates(date(1900, 1, 1), date(2100, 1, 1))
KEYS = st.lists(TEXT, min_size=1, max_size=3)
FIGURE = st.from_regex(r"-?[0-9]{1,5}(\.[0-9]{1,4})?", fullmatch=True)
STATEMENT = st.fixed_dictionaries({"text": TEXT}, optional={"note": TEXT, "unverified": TEXT, "sources": KEYS})
STATEMENTS = st.lists(st.one_of(TEXT, STATEMENT), min_size=1, max_size=3)
POINT = st.tuples(st.floats(-90, 90), st.floats(0, 400))
COMMON = {
    "id": ID, "name": LINE, "topic": LINE, "owner": LINE, "written": DAY, "review_by": st.just(date(2101, 1, 1)),
    "sources": KEYS,
}  # fmt: skip
MAYBE = {
    "also_known_as": st.lists(LINE, min_size=1, max_size=3), "searched_as": LINE, "see_also": IDS,
    "synthesis": st.booleans(), "note": TEXT, "unverified": TEXT, "status": st.just("draft"),
}  # fmt: skip
DISAGREEMENT = st.fixed_dictionaries({
    "question": TEXT, "house_rule": TEXT, "synthesis": st.booleans(),
    "views": st.lists(st.fixed_dictionaries({"view": TEXT, "sources": KEYS}), min_size=1, max_size=2),
})  # fmt: skip
RATE = st.fixed_dictionaries(
    {
        "source": LINE, "needling": st.sampled_from(["dry needling", "acupuncture"]), "setting": LINE,
        "reported_by": st.sampled_from(["clinicians", "patients"]), "unit": st.just("needles"),
    },
    optional={"oddity": TEXT},
).flatmap(lambda rate: st.one_of(
    st.fixed_dictionaries({"events": st.integers(0, 10**9), "total": st.integers(1, 10**9), "counted": st.just("events")}),
    st.fixed_dictionaries({"value": FIGURE, "per": st.integers(1, 10**6), "counted": st.just("events")}),
    st.fixed_dictionaries({"words": TEXT}),
).map(lambda form: {**rate, **form}))  # fmt: skip
RECORDS_OF_MANY_SHAPES = st.one_of(
    st.fixed_dictionaries(
        {
            **COMMON, "kind": st.just("precaution"), "level": st.just("contraindication"), "action": STATEMENTS, "why": STATEMENTS,
            "applies_to": st.lists(st.sampled_from(["person", "site", "time"]), min_size=1), "regions": LINE, "techniques": LINE,
            "rule": st.sampled_from(["never", "refer", "adapt"]),
        },
        optional={**MAYBE, "never": STATEMENTS, "disagreement": DISAGREEMENT},
    ),
    st.fixed_dictionaries(
        {
            **COMMON, "kind": st.just("adverse-event"), "severity": IDS,
            "rates": st.lists(RATE, max_size=3, unique_by=lambda rate: rate["source"].strip()),
        },
        optional=MAYBE,
    ),
    st.fixed_dictionaries(
        {**COMMON, "kind": st.just("region")},
        optional={**MAYBE, "shapes": st.lists(st.fixed_dictionaries({
            "view": st.sampled_from(["front", "back"]), "mirrored": st.just(False), "label": st.tuples(POINT),
            "points": st.lists(POINT, min_size=3, max_size=6, unique=True),
        }), min_size=1, max_size=2)},
    ),
)  # fmt: skip
SOURCES = st.builds(
    Source, LINE, LINE, st.text(), st.sampled_from([None, *Grade]), st.sampled_from([None, *Read]), st.text(),
    st.dictionaries(LINE, st.text(), max_size=3).map(lambda fields: tuple(sorted(fields.items()))),
)  # fmt: skip


@given(
    given_records=st.lists(RECORDS_OF_MANY_SHAPES, max_size=4, unique_by=lambda fields: fields["id"]),
    given_sources=st.lists(SOURCES, max_size=3),
)
@LITTLE
def test_any_records_and_sources_come_back_as_they_were(
    given_records: list[dict[str, Any]], given_sources: list[Source], tmp_path_factory: pytest.TempPathFactory
) -> None:
    records: list[Record] = [KINDS[fields["kind"]].model_validate(fields) for fields in given_records]
    library = Library(records, {source.key: source for source in given_sources})
    read = there_and_back(tmp_path_factory.mktemp("bundle"), library)
    assert read.records == tuple(records)
    assert read.sources == library.sources


# --- the short way ---------------------------------------------------------------------------------------------------


def assert_written_as_pydantic_dumps_them(library: Library) -> None:
    """Each record to the letter, and its fingerprint, without which no sign-off would hold."""
    _, _, lines = text(library).partition('"records": [\n')
    longer = [json.dumps(as_fields(record), ensure_ascii=False) for record in library.records.values()]
    assert lines.startswith(",\n".join(longer))
    for record in library.records.values():
        assert library.governance.fingerprint(record) == fingerprint(fields_of(record))


@pytest.mark.parametrize("source", ["source", "tests/roots/features"])
def test_records_of_every_kind_are_written_as_pydantic_dumps_them(repository: Path, source: str) -> None:
    library, _ = load_library(repository / source / "records", [repository / source / "references.bib"])
    assert {record.kind for record in library.records.values()} >= {kind for kind, _ in OURS} - {"reporting-item"}
    assert_written_as_pydantic_dumps_them(library)


@given(st.lists(RECORDS_OF_MANY_SHAPES, max_size=3, unique_by=lambda fields: fields["id"]))
@LITTLE
def test_any_records_are_written_as_pydantic_dumps_them(given_records: list[dict[str, Any]]) -> None:
    assert_written_as_pydantic_dumps_them(
        Library([KINDS[fields["kind"]].model_validate(fields) for fields in given_records])
    )


def test_a_kind_of_a_handbook_is_written_as_it_says_itself() -> None:
    class Batch(Record):
        """A batch of needles."""

        kind: Literal["batch"]
        size: Annotated[float, PlainSerializer(lambda size: f"{size} mm")] = Field(serialization_alias="length")

    common = {name: PRECAUTION[name] for name in ("topic", "owner", "written", "review_by", "sources")}
    one = Batch.model_validate({**common, "kind": "batch", "id": "a", "name": "A", "size": 30})
    library = Library([one])
    assert json.loads(text(library))["records"][0]["length"] == "30.0 mm"
    assert_written_as_pydantic_dumps_them(library)


def test_the_schema_that_stands_ready_is_the_one_of_the_models() -> None:
    assert READY.read_text("utf-8") == make_schema(dict(OURS)), "the models have changed; run: make schema"
    fewer = dict(OURS[:3])
    assert list(json.loads(bundle_schema(fewer))["properties"]["records"]["items"]["properties"]["kind"]["enum"]) == [
        *fewer
    ]


# --- what it says of the records ------------------------------------------------------------------------------------


def test_it_says_where_a_record_comes_from_and_who_stands_for_it(tmp_path: Path, project: Any) -> None:
    folder = project({"records/a.yaml": """
        topic: t
        owner: o
        written: 2026-01-01
        review_by: 2027-01-01
        records:
        - kind: region
          id: neck
          name: Neck
        - kind: region
          id: arm
          name: Arm
    """})  # fmt: skip
    library, _ = load_library(folder / "records", [])
    neck = library.records["neck"]
    signed = sign_off(Governance(), neck, "Ann Roe", "matron", date(2026, 5, 2))
    library.governance = Governance(sign_offs=(signed,))
    content = json.loads("".join(bundle(library, "Needles", "de", folder)))
    assert (content["handbook"], content["language"], content["version"], content["changed_since"]) == (
        "Needles", "de", None, True,
    )  # fmt: skip
    assert content["provenance"]["neck"] | {"code": "", "fingerprint": ""} == {
        "file": "records/a.yaml", "line": 6, "code": "", "fingerprint": "", "last_reviewed": None,
        "signed_off": [{"name": "Ann Roe", "role": "matron", "date": "2026-05-02"}],
    }  # fmt: skip
    assert content["provenance"]["neck"]["fingerprint"] == signed.fingerprint
    assert content["provenance"]["arm"]["signed_off"] == []


def test_it_names_the_latest_release_and_whether_the_records_are_still_those() -> None:
    now = precaution()
    library = Library([now])
    library.governance = Governance(releases=(snapshot({now.id: now}, "0.1.0", date(2026, 1, 1)),))
    assert '"version": "0.1.0",\n"changed_since": false,' in text(library)
    later = Library([precaution(action="Ask twice.")])
    later.governance = library.governance
    assert '"version": "0.1.0",\n"changed_since": true,' in text(later)


def test_a_withdrawn_record_is_in_it_and_says_so(tmp_path: Path) -> None:
    gone = precaution(status="withdrawn", withdrawn={"date": "2026-06-01", "reason": "Twice."})
    [fields] = json.loads(text(Library([gone])))["records"]
    assert (fields["status"], fields["withdrawn"]) == ("withdrawn", {"date": "2026-06-01", "reason": "Twice."})


def test_its_schema_accepts_the_handbook_and_refuses_what_is_none(handbook: Library, tmp_path: Path) -> None:
    files = {name: "".join(pieces) for name, pieces in json_files(handbook, "H", "en", tmp_path).items()}
    content = json.loads(files[RECORDS])
    [record, *_] = content["records"]
    one = {**content, "records": [record]}
    broken = {
        "unknown": {**one, "advice": "None."},
        "no-sources": {name: value for name, value in one.items() if name != "sources"},
        "form": {**one, "form": 2},
        "yes-as-text": {**one, "records": [{**record, "synthesis": "yes"}]},
        "field": {**one, "records": [{**record, "recipe": "3 cm"}]},
        "grade": {**one, "sources": {"a": {"key": "a", "label": "A", "fields": {}, "grade": "E"}}},
        "signed": {**one, "provenance": {"a": {"signed_off": "yes"}}},
    }
    (tmp_path / "one.json").write_text(json.dumps(one), encoding="utf-8")
    paths = [tmp_path / f"{name}.json" for name in broken]
    for path, text in zip(paths, broken.values(), strict=True):
        path.write_text(json.dumps(text), encoding="utf-8")
    for name in (RECORDS, SCHEMA):
        (tmp_path / name).write_text(files[name], "utf-8")
    command = [sys.executable, "-m", "check_jsonschema", "--output-format", "json", "--schemafile", tmp_path / SCHEMA]
    sound = [tmp_path / RECORDS, tmp_path / "one.json"]
    run = subprocess.run([*command, *sound, *paths], capture_output=True, text=True, check=False)
    assert {Path(error["filename"]) for error in json.loads(run.stdout)["errors"]} == set(paths)
    metaschema = [*command[:3], "--check-metaschema", tmp_path / SCHEMA]
    assert subprocess.run(metaschema, capture_output=True, check=False).returncode == 0


# --- what cannot be read back ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"form": 2}, "not a bundle of records: its form is 2, and this version reads form 1"),
        ({"sources": None}, "not a bundle of records: "),
        ({"edition": ...}, "not a bundle of records: it has no 'edition'"),
        ({"records": [{"kind": "recipe", "id": "a"}]}, "a: this is not a record of a known kind"),
        ({"records": ["a"]}, "records[1]: this is not a record of a known kind"),
        ({"records": [{**PRECAUTION, "level": "high"}]}, "bleeding.level: 'high' is not a word for 'level'"),
    ],
)
def test_a_bundle_that_cannot_be_read_says_why(change: dict[str, Any], words: str, tmp_path: Path) -> None:
    content = json.loads(text(Library([precaution()]))) | change
    path = tmp_path / RECORDS
    path.write_text(json.dumps({n: v for n, v in content.items() if v is not ...}), encoding="utf-8")
    with pytest.raises(ClinicError) as caught:
        read_bundle(path)
    assert words in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_file_that_is_no_json_or_is_not_there_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{", encoding="utf-8")
    for name in ("a.json", "b.json"):
        with pytest.raises(ClinicError, match="not a bundle of records"):
            read_bundle(tmp_path / name)


# --- the files together ---------------------------------------------------------------------------------------------


def test_the_same_records_give_the_same_bytes_and_sums(handbook: Library, repository: Path, tmp_path: Path) -> None:
    source = repository / "source"
    written = [
        {
            name: write_pieces(tmp_path / name, pieces)
            for name, pieces in {**json_files(handbook, "H", "en", source), **spreadsheets(handbook)}.items()
        }
        for _ in range(2)
    ]
    first, again = written
    assert {name: (digest, False) for name, (digest, _) in first.items()} == again, "nothing is written again"
    (tmp_path / SUMS).write_text(sums({name: digest for name, (digest, _) in first.items()}))
    command = ["sha256sum", "--check", "--strict", SUMS]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    (tmp_path / "term.csv").write_bytes(b"changed")
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode != 0
    assert list(read_sums(tmp_path / SUMS)) == sorted(first)


def test_a_list_of_sums_leads_to_no_other_folder(tmp_path: Path) -> None:
    (tmp_path / SUMS).write_text("00  a.csv\n00  ../b.csv\n00  c/d.csv\nnonsense\n")
    assert read_sums(tmp_path / SUMS) == {"a.csv": "00"}
    assert read_sums(tmp_path / "none") == {}


def test_a_source_without_grade_stays_without(tmp_path: Path) -> None:
    bare = Source("a", "A 2020", "")
    graded = replace(bare, key="b", grade=Grade.A_MINUS, read=Read.ABSTRACT, fields=(("year", "2020"),))
    read = there_and_back(tmp_path, Library([], {"a": bare, "b": graded}))
    assert read.sources == {"a": bare, "b": graded}


def test_points_and_rates_keep_their_form(tmp_path: Path) -> None:
    shape = {"view": "front", "mirrored": "no", "label": "1,2", "points": "0,0 10,0.5 10,20"}
    common = {name: PRECAUTION[name] for name in ("topic", "owner", "written", "review_by")}
    region = Region.model_validate({**common, "kind": "region", "id": "neck", "name": "Neck", "shapes": shape})
    rate = {
        "source": "a", "needling": "dry needling", "reported_by": "clinicians", "setting": "here", "unit": "needles",
        "percent": "7.70",
    }  # fmt: skip
    event = AdverseEvent.model_validate(
        {**common, "kind": "adverse-event", "id": "b", "name": "B", "severity": "mild", "rates": [rate]}
    )
    read = there_and_back(tmp_path, Library([region, event]))
    assert read.records == (region, event)
    assert read.records[1].rates[0].percent == "7.70"
