"""Reviews, sign-offs, change notes and releases as files: what they say of a record, and every slip in them as a problem."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from sphinx.config import Config

from clinic_snippets.library import Library, load_library
from clinic_snippets.library.governance import Governance, fingerprint
from clinic_snippets.library.load_governance import load_governance
from clinic_snippets.library.release import Release, fields_of, read_release, snapshot, write_release
from clinic_snippets.library.signing import append_sign_offs, sign_off
from clinic_snippets.problems import ClinicError, Problem
from clinic_snippets.sphinx_ext.config import day_of

HEADER = "topic: bleeding\nowner: safety lead\nwritten: {written}\nreview_by: {review_by}\nrecords:\n"
PRECAUTION = (
    "- kind: precaution\n  id: {id}\n  name: Blood thinner\n  level: precaution\n  applies_to: person\n  rule: refer\n"
    "  regions: all\n  techniques: all\n  action: Ask.\n  why: Bleeding.\n  sources: [brady2014]\n"
)
REVIEW = (
    "- date: {date}\n  reviewer: medical director\n  topics: bleeding\n  searched: Two databases.\n  outcome: no change\n"
    "  next_review: {next}\n"
)
NOTE = "- records: [{record}]\n  what: Words.\n  why: Reasons.\n  effective_from: 2026-06-01\n  author: Ann\n"
DAY = date(2026, 7, 1)


class Handbook:
    """A handbook's folder with two precautions, and what was found when it was last loaded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "records").mkdir()
        (folder / "references.bib").write_text("@misc{brady2014, title = {Events}}\n")
        self.library = Library()
        self.problems: list[Problem] = []
        self.write()

    def write(
        self, *changes: tuple[str, str], written: str = "2026-01-01", review_by: str = "2027-01-01",
        ids: tuple[str, ...] = ("warfarin", "heparin"),
    ) -> Handbook:  # fmt: skip
        """Write the record file again, each change being made in the first record."""
        first, *others = (PRECAUTION.format(id=identifier) for identifier in ids)
        for old, new in changes:
            assert old in first
            first = first.replace(old, new)
        text = HEADER.format(written=written, review_by=review_by) + first + "".join(others)
        (self.folder / "records" / "bleeding.yaml").write_text(text)
        return self

    def put(self, name: str, text: str) -> Handbook:
        """Write another file."""
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return self

    def load(self, as_of: date | None = None) -> Handbook:
        self.library, problems = load_library(self.folder / "records", [self.folder / "references.bib"])
        self.library.governance, found = load_governance(self.folder, self.library, as_of=as_of)
        self.problems = [*problems, *found]
        return self

    @property
    def codes(self) -> list[str]:
        return [f"{problem.subject} {problem.code}" for problem in self.load().problems]

    def release(self, version: str = "0.1.0") -> Handbook:
        write_release(snapshot(self.load().library.records, version, date(2026, 2, 1)), self.folder / "releases")
        return self

    def sign(self, name: str = "Bob", role: str = "medical director") -> Handbook:
        self.load()
        entry = sign_off(self.library.governance, self.library.records["warfarin"], name, role, date(2026, 3, 1))
        append_sign_offs(self.folder / "sign-offs.yaml", [entry])
        return self

    @property
    def signers(self) -> list[str]:
        self.load()
        return [signed.name for signed in self.library.governance.valid_sign_offs(self.library.records["warfarin"])]


@pytest.fixture
def handbook(tmp_path: Path) -> Handbook:
    return Handbook(tmp_path)


# --- sign-offs ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "holds"),
    [
        ("rule: refer", "rule: adapt", False),
        ("action: Ask.", "action: Ask twice.", False),
        ("name: Blood thinner", "name: Blood thinners", False),
        ("kind: precaution\n", "kind: precaution\n  also_known_as: [aspirin]\n", True),
        ("kind: precaution\n", "kind: precaution\n  topic: drugs\n", True),
        ("kind: precaution\n", "kind: precaution\n  review_by: 2026-12-01\n", True),
        ("  level: precaution\n  applies_to: person\n", "  applies_to: [person]\n  level: precaution\n", True),
    ],
)
def test_a_sign_off_holds_until_a_clinical_field_changes(handbook: Handbook, old: str, new: str, holds: bool) -> None:
    assert handbook.sign().signers == ["Bob"]
    handbook.write((old, new))
    assert handbook.signers == (["Bob"] if holds else [])
    lapsed = handbook.library.governance.lapsed_sign_off(handbook.library.records["warfarin"])
    assert (lapsed is None) == holds
    assert handbook.problems == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("record: warfarin", "record: heparin"),
        ("name: Bob", "name: Cyd"),
        ("role: medical director", "role: physician"),
        ("2026-03-01", "2026-03-02"),
        ("fingerprint: ", "fingerprint: 0"),
    ],
)
def test_a_copied_sign_off_is_a_problem_and_holds_for_nothing(handbook: Handbook, old: str, new: str) -> None:
    file = handbook.sign().folder / "sign-offs.yaml"
    copy = file.read_text().removeprefix("sign-offs:\n").replace(old, new)
    assert copy not in file.read_text()
    file.write_text(file.read_text() + copy)
    assert handbook.codes == ["sign-offs[2] sign-off-copied"]
    assert "clinic-snippets sign" in str(handbook.problems[0])
    assert str(handbook.problems[0]).startswith(f"{file}:{2 + copy.count(chr(10))}:")
    assert handbook.signers == ["Bob"]
    assert handbook.library.governance.valid_sign_offs(handbook.library.records["heparin"]) == []


def test_who_owns_a_record_cannot_sign_it_however_the_role_is_written(handbook: Handbook) -> None:
    assert handbook.sign(role="Safety  Lead").codes == ["sign-offs[1] sign-off-by-owner"]


def test_who_wrote_a_change_does_not_approve_it_and_nobody_counts_twice(handbook: Handbook) -> None:
    for name in ("ANN", "Bob", "bob"):
        handbook.sign(name)
    handbook.put("changes/a.yaml", "changes:\n" + NOTE.format(record="warfarin")).load()
    record = handbook.library.records["warfarin"]
    assert [signed.name for signed in handbook.library.governance.approvals(record)] == ["Bob"]


AUTHORED = {"what": "Words.", "why": "Reasons.", "effective_from": "2026-06-01"}


@pytest.mark.parametrize(
    ("topics", "barred"),
    [
        (["drugs", "bleeding", "bleeding"], True),
        (["bleeding", "drugs", "drugs"], True),
        (["drugs", "drugs", "bleeding"], False),
        ([None, None, "bleeding"], False),
    ],
)
def test_a_note_about_a_topic_is_about_what_stood_there_when_it_was_released(
    handbook: Handbook, topics: list[str | None], barred: bool
) -> None:
    """The second of three releases holds Ann's note about the topic of bleeding."""
    handbook.load()
    fields = fields_of(handbook.library.records["warfarin"])
    releases = [
        Release(
            f"0.{number}.0", DAY, {"warfarin": {**fields, "topic": topic}} if topic else {},
            ({**AUTHORED, "topics": ["bleeding"], "author": "Ann"},) if number == 2 else (),
        )
        for number, topic in enumerate(topics, 1)
    ]  # fmt: skip
    authors = Governance(releases=tuple(releases)).authors_of(handbook.library.records["warfarin"])
    assert authors == ({"Ann"} if barred else set())


def test_the_fingerprint_is_that_of_the_record_not_of_its_translation(handbook: Handbook) -> None:
    handbook.sign().load()
    record = handbook.library.records["warfarin"]
    translated = record.model_copy(update={"name": "Blutverdünner"})
    assert fingerprint(fields_of(translated)) != fingerprint(fields_of(record))
    assert handbook.library.governance.valid_sign_offs(translated)


# --- dates -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "overdue"), [("2026-12-31", False), ("2027-01-01", False), ("2027-01-02", True)])
def test_a_review_is_overdue_from_the_day_after(handbook: Handbook, day: str, overdue: bool) -> None:
    handbook.load(as_of=date.fromisoformat(day))
    assert handbook.library.governance.overdue(handbook.library.records["warfarin"]) == overdue


def test_without_a_day_nothing_is_overdue(handbook: Handbook) -> None:
    handbook.load()
    assert not handbook.library.governance.overdue(handbook.library.records["warfarin"])


@pytest.mark.parametrize(("review_by", "found"), [("2029-01-01", []), ("2029-01-02", ["review_by review-too-late"])])
def test_a_review_more_than_36_months_away_is_a_problem(handbook: Handbook, review_by: str, found: list[str]) -> None:
    assert handbook.write(review_by=review_by).codes == found
    if found:
        assert str(handbook.problems[0]).endswith("write 2029-01-01 or earlier, or add the review to reviews.yaml")


def test_a_review_starts_the_time_again_as_far_as_it_says(handbook: Handbook) -> None:
    handbook.put("reviews.yaml", "reviews:\n" + REVIEW.format(date="2026-06-01", next="2029-06-01"))
    assert handbook.write(review_by="2029-06-01").codes == []
    assert handbook.write(review_by="2029-06-02").codes == ["review_by review-too-late"]
    handbook.put("reviews.yaml", "reviews:\n" + REVIEW.format(date="2026-06-01", next="2026-12-01"))
    assert handbook.write(review_by="2026-12-02").codes == ["review_by review-too-late"]
    assert "later than what the review of 2026-06-01 allows" in str(handbook.problems[0])


@pytest.mark.parametrize(
    ("written", "review_by", "found"),
    [
        ("2026-01-01", "2027-01-02", ["review_by date-bumped"]),
        ("2026-02-01", "2027-01-01", ["written date-bumped"]),
        ("2026-02-01", "2027-02-01", ["review_by date-bumped", "written date-bumped"]),
        ("2026-01-01", "2026-12-01", []),
    ],
)
def test_dates_moved_without_a_review_are_a_problem(
    handbook: Handbook, written: str, review_by: str, found: list[str]
) -> None:
    handbook.release()
    assert handbook.write(written=written, review_by=review_by).codes == found


def test_a_review_moves_the_date_as_far_as_the_last_one_says(handbook: Handbook) -> None:
    handbook.release()
    older = REVIEW.format(date="2026-03-01", next="2028-06-01")
    newer = REVIEW.format(date="2026-04-01", next="2028-01-01")
    handbook.put("reviews.yaml", "reviews:\n" + older + newer)
    assert handbook.write(review_by="2028-01-01").codes == []
    assert handbook.write(review_by="2028-01-02").codes == ["review_by date-bumped"]
    assert str(handbook.problems[0]).endswith("write 2028-01-01 or earlier")


def test_a_review_older_than_the_text_puts_nothing_off(handbook: Handbook) -> None:
    handbook.release()
    review = REVIEW.format(date="{day}", next="2028-01-01")
    handbook.put("reviews.yaml", "reviews:\n" + review.format(day="2025-12-31"))
    assert handbook.write(review_by="2028-01-01").codes == ["review_by date-bumped"]
    assert "that of 2025-12-31 is older than the text" in str(handbook.problems[0])
    handbook.put("reviews.yaml", "reviews:\n" + review.format(day="2026-01-01"))
    assert handbook.codes == []


def test_the_calendar_ends_before_the_time_to_a_review_does(handbook: Handbook) -> None:
    assert handbook.write(written="9998-01-01", review_by="9999-12-31").codes == []


WITHDREW = REVIEW.format(date="2026-06-01", next="2027-06-01").replace("no change", "withdrawn")
TOMBSTONE = "kind: precaution\n  status: withdrawn\n  withdrawn:\n    date: 2026-06-01\n    reason: Another.\n"


def test_what_a_review_withdrew_is_withdrawn(handbook: Handbook) -> None:
    handbook.put("reviews.yaml", "reviews:\n" + WITHDREW.replace("topics: bleeding", "records: [warfarin]"))
    assert handbook.codes == ["reviews[1] not-withdrawn"]
    assert "reviews.yaml:6:12: reviews[1]: it ended with 'warfarin' being withdrawn" in str(handbook.problems[0])
    assert handbook.write(("kind: precaution\n", TOMBSTONE)).codes == []


def test_a_whole_topic_that_a_review_withdrew_is_told_record_by_record(handbook: Handbook) -> None:
    handbook.put("reviews.yaml", "reviews:\n" + WITHDREW).write(("kind: precaution\n", TOMBSTONE))
    assert [("'heparin'" in str(p), p.code) for p in handbook.load().problems] == [(True, "not-withdrawn")]


@pytest.mark.parametrize("later", ["a later text", "a later review"])
def test_what_came_back_after_it_was_withdrawn_may_stand(handbook: Handbook, later: str) -> None:
    text = "reviews:\n" + WITHDREW
    if later == "a later text":
        handbook.write(written="2026-07-01", review_by="2027-01-01")
    else:
        text += REVIEW.format(date="2026-07-01", next="2027-06-01")
    assert handbook.put("reviews.yaml", text).codes == []


def test_no_record_takes_its_own_place(handbook: Handbook) -> None:
    handbook.write(("kind: precaution\n", TOMBSTONE + "    replaced_by: [heparin, warfarin]\n"))
    assert handbook.codes == ["warfarin.withdrawn.replaced_by[2] replaced-by-itself"]
    assert "bleeding.yaml:11:28: " in str(handbook.problems[0])
    assert handbook.write(("kind: precaution\n", TOMBSTONE + "    replaced_by: [heparin]\n")).codes == []


@pytest.mark.parametrize("day", ["20261122", "2026-W47-7", "2026-11-22T00:00", "soon"])
def test_the_day_of_a_build_is_written_in_one_way(day: str) -> None:
    with pytest.raises(ValueError):
        day_of(cast(Config, SimpleNamespace(clinic_as_of=day)))
    assert day_of(cast(Config, SimpleNamespace(clinic_as_of="2026-11-22"))) == date(2026, 11, 22)


def test_a_text_written_anew_has_new_dates(handbook: Handbook) -> None:
    handbook.release()
    new = {"written": "2026-06-01", "review_by": "2027-06-01", "ids": ("warfarin",)}
    gone = "heparin vanished"
    assert handbook.write(("Ask.", "Ask twice."), **new).codes == [gone]
    same_day = {**new, "written": "2026-01-01"}
    assert handbook.write(("Ask.", "Ask twice."), **same_day).codes == ["review_by date-bumped", gone]


# --- releases ----------------------------------------------------------------------------------------------------


def test_a_record_that_vanished_is_a_problem_and_a_withdrawn_one_is_not(handbook: Handbook) -> None:
    handbook.release().write(ids=("heparin",))
    assert handbook.codes == ["warfarin vanished"]
    assert "release 0.1.0" in str(handbook.problems[0])
    assert "status: withdrawn" in str(handbook.problems[0])
    tombstone = "kind: precaution\n  status: withdrawn\n  withdrawn:\n    date: 2026-06-01\n    reason: Another.\n"
    assert handbook.write(("kind: precaution\n", tombstone)).codes == []


@pytest.mark.parametrize(("old", "new"), [("refer", "refre"), ("Blood thinner", "Blood: thinner")])
def test_a_record_with_a_slip_has_not_vanished(handbook: Handbook, old: str, new: str) -> None:
    handbook.release().put("changes/a.yaml", "changes:\n" + NOTE.format(record="warfarin"))
    assert {code.split()[1] for code in handbook.write((old, new)).codes} <= {"wrong-word", "yaml-syntax"}


def test_who_names_a_record_with_a_slip_is_not_reported(handbook: Handbook) -> None:
    """The slip is told once, where it is."""
    handbook.put("changes/a.yaml", "changes:\n" + NOTE.format(record="warfarin")).write(("rule: refer", "rule: refre"))
    assert handbook.codes == ["warfarin.rule wrong-word"]


def test_a_release_reads_as_it_was_written(handbook: Handbook) -> None:
    handbook.release()
    path = handbook.folder / "releases" / "0.1.0.json"
    before = path.read_bytes()
    release = read_release(path)
    assert dict(release.records) == {i: fields_of(record) for i, record in handbook.library.records.items()}
    assert write_release(release, path.parent).read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["0.1.0.json"], "nothing else is left behind"


def test_releases_vouch_for_those_before_them(handbook: Handbook) -> None:
    for version in ("0.1.0", "0.2.0", "0.3.0"):
        assert handbook.release(version).codes == []
    folder = handbook.folder / "releases"
    one, two = (folder / "0.1.0.json").read_bytes(), (folder / "0.2.0.json").read_bytes()
    digests = {"0.1.0": hashlib.sha256(one).hexdigest(), "0.2.0": hashlib.sha256(two).hexdigest()}
    assert json.loads((folder / "0.3.0.json").read_bytes())["releases"] == digests
    assert "releases" not in json.loads(one), "the first has none before it"

    def told() -> str:
        (problem,) = handbook.load().problems
        assert problem.code == "release"
        return str(problem).removeprefix(f"{folder}/").partition(";")[0]

    (folder / "0.2.0.json").write_bytes(two.replace(b"Blood", b"Bloods"))
    assert told() == "0.2.0.json:1:1: this file is not as it was when release 0.3.0 was made"
    (folder / "0.2.0.json").unlink()
    assert told() == "0.2.0.json:1:1: this release is gone, and release 0.3.0 came after it"
    (folder / "0.2.0.json").write_bytes(two.replace(b"\n", b"\r\n"))
    assert handbook.codes == [], "the ends of lines are no edit"
    (folder / "0.1.5.json").write_bytes(one.replace(b"0.1.0", b"0.1.5"))
    assert told() == "0.1.5.json:1:1: this release was not there when release 0.2.0 was made"


def test_a_release_from_before_digests_were_kept_is_vouched_for_by_the_next(handbook: Handbook) -> None:
    handbook.release("0.1.0").release("0.2.0")
    path = handbook.folder / "releases" / "0.2.0.json"
    content = json.loads(path.read_text())
    del content["releases"]
    path.write_text(json.dumps(content))
    assert handbook.release("0.3.0").codes == []
    path.write_text(path.read_text() + "\n")
    assert [problem.place.file for problem in handbook.load().problems] == [str(path)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "not a release"),
        ({"releases": {"0.0.1": "abc"}}, "its 'releases' are not versions with digests"),
        ({"releases": {"first": "0" * 64}}, "its 'releases' are not versions with digests"),
        ({"releases": "none"}, "its 'releases' are not versions with digests"),
        ("[]", "not a release"),
        ({"schema": 2}, "its form is 2, and this version reads form 1"),
        ({"version": "0.2.0"}, "it is named 0.1.0 and holds 0.2.0"),
        ({"version": "1"}, "'1' is not a version"),
        ({"date": "soon"}, "Invalid isoformat string"),
        ({"records": {"a": {"id": "a"}}}, "'a' is not a record"),
        ({"records": {"a": "b"}}, "'a' is not a record"),
        ({"notes": [{"what": "Words."}]}, "note 1 is not a change note"),
        ({"notes": None}, "not a release"),
    ],
)
def test_a_damaged_release_is_a_problem(handbook: Handbook, content: str | dict[str, object], words: str) -> None:
    whole = {"schema": 1, "version": "0.1.0", "date": "2026-02-01", "records": {}, "notes": []}
    text = content if isinstance(content, str) else json.dumps(whole | content)
    handbook.put("releases/0.1.0.json", text).load()
    assert [problem.code for problem in handbook.problems] == ["release"]
    assert words in str(handbook.problems[0])
    assert "take the file from version control again" in str(handbook.problems[0])


# --- the files ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["reviews:\n", "reviews: []\n", "# none yet\nreviews:\n"])
def test_a_file_without_entries_is_no_problem(handbook: Handbook, text: str) -> None:
    assert handbook.put("reviews.yaml", text).codes == []


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("reviews.yaml", "", "the file is empty; write 'reviews:' at its top"),
        ("reviews.yaml", "review:\n- a\n", "the file is not a list of reviews; write 'reviews:' at its top"),
        ("reviews.yaml", "reviews:\n- words\n", "2:3: reviews[1]: this is not an entry; "),
        (
            "reviews.yaml",
            "reviews:\n" + REVIEW.format(date="2026-06-01", next="2026-06-01"),
            "the next review is not after this one",
        ),
        (
            "reviews.yaml",
            "reviews:\n"
            + REVIEW.format(date="2026-06-01", next="2027-06-01").replace("topics: bleeding", "topics: bleding"),
            "reviews[1]: no record file has the topic 'bleding'; did you mean 'bleeding'?",
        ),
        (
            "reviews.yaml",
            "reviews:\n"
            + REVIEW.format(date="2026-06-01", next="2027-06-01").replace("Two", "As in {cite:p}`brady2015`, two"),
            "reviews[1].searched: 'brady2015' is not in the bibliography; did you mean 'brady2014'?",
        ),
        (
            "changes/b.yaml",
            "changes:\n" + NOTE.format(record="warfarine"),
            "changes[1].records[1]: no record has the id 'warfarine'; did you mean 'warfarin'?",
        ),
        (
            "changes/b.yml",
            "changes:\n" + NOTE.format(record="warfarin").replace("Reasons", "See {clinic:ref}`heparine`"),
            "changes[1].why: no record has the id 'heparine'; did you mean 'heparin'?",
        ),
        (
            "changes/b.yaml",
            "changes:\n" + NOTE.format(record="warfarin") + "  class: harsher\n",
            "changes[1].class: 'harsher' is not a word for 'class'; allowed: looser, stricter,",
        ),
        *(
            (
                "changes/b.yaml",
                "changes:\n" + NOTE.format(record="warfarin") + f"  class: {kind}\n",
                f"7:10: changes[1].class: '{kind}' is not for a note to say; it is seen in the records themselves; "
                "give looser, stricter or wording",
            )
            for kind in ("moved", "new", "withdrawn", "not clinical")
        ),
        (
            "changes/b.yaml",
            "changes:\n" + NOTE.format(record="warfarin").replace("records: [warfarin]", "what_for: x"),
            "changes[1].what_for: unknown field",
        ),
        (
            "sign-offs.yaml",
            "sign-offs:\n- record: wafarin\n  name: B\n  role: r\n  date: 2026-01-01\n  fingerprint: a\n  seal: b\n",
            "2:11: sign-offs[1]: no record has the id 'wafarin'; did you mean 'warfarin'?",
        ),
    ],
)
def test_a_slip_is_told_with_its_place_and_the_way_out(handbook: Handbook, name: str, text: str, message: str) -> None:
    handbook.put("changes/a.yaml", "changes:\n" + NOTE.format(record="heparin") * 2).put(name, text).load()
    told = [str(problem) for problem in handbook.problems]
    assert any(line.startswith(str(handbook.folder / name)) and message in line for line in told), told


@pytest.mark.parametrize(
    ("text", "indent"),
    [
        ("", ""),
        ("sign-offs:", ""),
        ("# Ours.\nsign-offs:\n", ""),
        ("sign-offs:\n  - record: heparin\n    name: 'C: yd'\n    role: r\n    date: 2026-01-01\n{}", "  "),
        ("sign-offs:\n- record: heparin\n  name: Cyd\n  role: r\n  date: 2026-01-01\n{}# Signed so far.", ""),
    ],
)
def test_signing_adds_at_the_end_and_keeps_what_is_there_byte_for_byte(
    handbook: Handbook, text: str, indent: str
) -> None:
    text = text.format(f"{indent}  fingerprint: a\n{indent}  seal: b\n")
    handbook.put("sign-offs.yaml", text) if text else None
    old = (handbook.folder / "sign-offs.yaml").read_bytes() if text else b""
    handbook.load()
    entry = sign_off(handbook.library.governance, handbook.library.records["warfarin"], 'A "B" #1', "ä: ö", DAY)
    append_sign_offs(handbook.folder / "sign-offs.yaml", [entry])
    new = (handbook.folder / "sign-offs.yaml").read_bytes()
    assert new.startswith(old)
    assert f"{indent}- record: warfarin\n".encode() in new
    assert handbook.signers == ['A "B" #1']
    assert [path.name for path in handbook.folder.iterdir() if "sign" in path.name] == ["sign-offs.yaml"]


@pytest.mark.parametrize("text", ["sign-offs: []\n", "sign-offs:\n- words\n", "other:\n"])
def test_a_file_that_nothing_can_be_added_to_stays_as_it_is(handbook: Handbook, text: str) -> None:
    handbook.load().put("sign-offs.yaml", text)
    entry = sign_off(handbook.library.governance, handbook.library.records["warfarin"], "Bob", "role", DAY)
    with pytest.raises(ClinicError, match="sign-offs.yaml"):
        append_sign_offs(handbook.folder / "sign-offs.yaml", [entry])
    assert (handbook.folder / "sign-offs.yaml").read_text() == text
