"""``records-search.js``: what a search page is told of each record."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from clinic_snippets.export.search import search_data
from clinic_snippets.library import Library
from clinic_snippets.library.codes import record_code
from clinic_snippets.library.release import fields_of
from clinic_snippets.records import KINDS, Record
from clinic_snippets.snippets import SNIPPETS
from clinic_snippets.snippets.blocks import parts
from clinic_snippets.snippets.redline import without_markup

HEADER = {"topic": "t", "owner": "safety lead", "written": "2026-01-01", "review_by": "2027-01-01", "synthesis": "yes"}
PRECAUTION = {
    "kind": "precaution", "level": "precaution", "applies_to": "person", "rule": "refer", "regions": "all",
    "techniques": "all", "action": "Ask.", "why": "It bleeds.",
}  # fmt: skip


def record(identifier: str, **fields: Any) -> Record:
    """A record, a precaution unless told otherwise."""
    about = {**HEADER, **(PRECAUTION if fields.get("kind", "precaution") == "precaution" else {})}
    said = {**about, "id": identifier, "name": identifier.capitalize(), **fields}
    if said["kind"] == "incident":
        del said["synthesis"]
    return KINDS[said["kind"]].model_validate(said)


def incident(identifier: str, *steps: dict[str, Any], **fields: Any) -> Record:
    said = [{"synthesis": "yes", **step} for step in steps]
    return record(identifier, kind="incident", urgency="emergency", signs={"text": "Pale.", "synthesis": "yes"}, steps=said, **fields)  # fmt: skip


def data(*records: Record, index: str = "") -> Any:
    """The data of a page, every record being at home on one page."""
    script = search_data(Library(records), {r.id: f"page.html#{r.anchor}" for r in records}, index)
    (said,) = re.findall(r"^var clinicRecords = (\{.*\});\n$", script, re.DOTALL)
    return json.loads(said)


def told(one: Record) -> str:
    """What the page is told that a record comes down to."""
    return data(one)["records"][0][3]


def test_a_record_is_told_by_name_address_words_and_level() -> None:
    one = record("bleeding", level="contraindication", also_known_as=["bleed"], searched_as=["thin blood"])
    said = data(one, index="all.html")
    (kind, *entry) = said["records"][0]
    assert entry == ["Bleeding", "page.html#precaution-bleeding", "Ask.", ["Bleeding"], ["bleed"], ["thin blood"]]
    assert (said["kinds"][kind]["word"], said["kinds"][kind]["style"]) == ("Contraindication", "contraindication")
    assert said["index"] == "all.html"


def test_a_hazard_is_found_by_its_place(repository: Any) -> None:
    region = record("neck", kind="region", name="Side of the neck")
    hazard = record(
        "vessels", kind="hazard", region=["neck"], muscles=["scalenes"], structure=["artery"], specialist_only="yes",
        avoid="Leave it.", harm="None known.",
    )  # fmt: skip
    names = {entry[1]: entry[-1] for entry in data(region, hazard)["records"]}
    assert names == {"Side of the neck": [], "Vessels": ["Side of the neck"]}
    everywhere = hazard.model_copy(update={"region": ("all",)})
    assert data(everywhere)["records"][0][-1] == []


def test_what_keeps_a_patient_safe_ranks_first() -> None:
    records = [
        record("term", kind="term", meaning="A word."), record("prec"), record("contra", level="contraindication"),
        incident("faint", {"do": "Lay flat."}), record("claim", kind="claim", says="So.", verdict="supported", because="So."),
    ]  # fmt: skip
    said = data(*records)
    kinds = {entry[2].partition("-")[2]: said["kinds"][entry[0]] for entry in said["records"]}
    assert sorted(kinds, key=lambda name: (kinds[name]["rank"], -kinds[name]["more"])) == [
        "faint",
        "contra",
        "prec",
        "term",
        "claim",
    ]
    assert kinds["faint"]["more"] > 0 > kinds["claim"]["more"]


@pytest.mark.parametrize(
    ("name", "head"),
    [("Pregnancy, any stage", ["Pregnancy"]), ("Metal allergy (nickel)", ["Metal allergy"]), ("Diabetes", [])],
)
def test_the_head_of_a_long_name_is_a_name_too(name: str, head: list[str]) -> None:
    assert data(record("a", name=name))["records"][0][5] == head


def test_the_order_is_that_of_names_whatever_the_order_of_files() -> None:
    one, two = record("b", name="alpha"), record("a", name="Beta")
    assert [entry[1] for entry in data(two, one)["records"]] == ["alpha", "Beta"]


def test_what_is_withdrawn_or_without_a_home_is_not_found() -> None:
    gone = record("gone", status="withdrawn", withdrawn={"date": "2026-06-01", "reason": "Twice."})
    assert data(gone)["records"] == []
    assert '"Lost"' not in search_data(Library([record("lost")]), {})


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("Ask.", "Ask."),
        ("Ask. Then refer.", "Ask. Then refer."),
        ("Ask which drug, the dose and the last result, and write it down. Start lightly.", "Ask which drug, the dose and the last result, and write it down. …"),
        ("Press **hard** on {clinic:ref}`the site <a>`.", "Press hard on the site."),
    ],
)  # fmt: skip
def test_an_action_is_told_by_its_first_sentences_and_dots_tell_of_more(action: str, said: str) -> None:
    assert told(record("a", action=action)) == said


def test_an_incident_is_told_by_its_whole_first_step() -> None:
    step = "Stop. Take the needles out. Keep the patient upright and at rest, and lay flat only if fainting. Leave nobody alone."
    assert told(incident("lung", {"do": step})) == step
    assert told(incident("lung", {"do": "Stop."}, {"do": "Call."})) == "Stop. …"
    assert told(incident("lung", {"when": "Pale", "do": "Stop."})) == "If: Pale. Stop."


def test_every_kind_that_says_something_is_told_by_words(repository: Any) -> None:
    """Of the handbook's own records; regions and items of checklists are names."""
    from clinic_snippets.library import load_library

    library, problems = load_library(repository / "source/records", [repository / "source/references.bib"])
    assert not problems
    said = data(*library.of())
    mute = {said["kinds"][entry[0]]["word"] for entry in said["records"] if not entry[3]}
    assert mute <= {"Region", "Reporting item"}


# --- searched_as -----------------------------------------------------------------------------------------------------


def test_words_for_the_search_alone_change_no_release_code_or_sign_off() -> None:
    assert fields_of(record("a", searched_as=["lay word"])) == fields_of(record("a"))
    assert record_code(fields_of(record("a", searched_as=["lay word"]))) == record_code(fields_of(record("a")))


@pytest.mark.parametrize("name", ["precaution-cards", "precaution-table", "record-index"])
def test_words_for_the_search_alone_are_printed_nowhere(name: str) -> None:
    library = Library([record("a", also_known_as=["other name"], searched_as=["lay word"])])
    assert "lay word" not in repr(parts(SNIPPETS[name](library, {})))
    assert "lay word" not in without_markup(library, "{clinic:ref}`a`")
