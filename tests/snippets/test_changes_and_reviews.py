"""What the handbook shows of releases, sign-offs and reviews: rows, the foot of a card, and the mark of what is overdue."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from clinic_snippets.library import Library, load_library
from clinic_snippets.library.codes import current_code
from clinic_snippets.library.governance import Governance
from clinic_snippets.library.release import Release, fields_of
from clinic_snippets.library.signing import sign_off
from clinic_snippets.records import Precaution, Record, Region, Source
from clinic_snippets.records.governance import ChangeNote, Review
from clinic_snippets.records.text import Added, Anchor, Badge, Day, Paragraph, RecordLink, Removed, Words, plain, walk
from clinic_snippets.snippets import SNIPPETS, Card, Cards, OptionError, Picture, Row, Table
from clinic_snippets.snippets.blocks import Fold, parts
from clinic_snippets.snippets.overdue import OVERDUE, marked, overdue_words

HEADER = {"topic": "bleeding", "owner": "safety lead", "written": "2026-01-01", "review_by": "2027-01-01"}
NECK = Region.model_validate({**HEADER, "kind": "region", "id": "neck", "name": "Neck"})
WITHDRAWN = {"status": "withdrawn", "withdrawn": {"date": "2026-06-01", "reason": "Two said it.", "replaced_by": "b"}}


def precaution(identifier: str, **fields: Any) -> Precaution:
    said = {
        "kind": "precaution", "id": identifier, "name": f"Name of {identifier}", "level": "precaution",
        "applies_to": "person", "rule": "refer", "regions": "all", "techniques": "all", "action": "Ask the doctor today.",
        "why": "It bleeds.", "sources": ["one"],
    }  # fmt: skip
    return Precaution.model_validate({**HEADER, **said, **fields})


def note(*records: str, **fields: Any) -> ChangeNote:
    said = {"what": "What is new.", "why": "Why it is.", "effective_from": "2026-07-01", "author": "Ann"}
    return ChangeNote.model_validate({"records": records, **said, **fields})


def release(version: str, *records: Record, notes: Iterable[ChangeNote] = (), day: str = "2026-02-01") -> Release:
    dumped = tuple(n.model_dump(mode="json", exclude_defaults=True, by_alias=True) for n in notes)
    return Release(version, date.fromisoformat(day), {r.id: fields_of(r) for r in records}, dumped)


def library(*records: Record, **governance: Any) -> Library:
    out = Library([NECK, *records], {"one": Source("one", "Brady 2014", "T"), "two": Source("two", "Hsieh 2023", "T")})
    out.governance = Governance(**governance)
    return out


def table(found: Library, name: str, **options: str) -> Table:
    block = SNIPPETS[name](found, options)
    assert isinstance(block, Table)
    return block


def card(found: Library, identifier: str) -> Card:
    block = SNIPPETS["precaution-cards"](found, {})
    assert isinstance(block, Cards)
    return next(card for card in block.cards if card.record == identifier)


def said(part: Row | Card | Fold | tuple[Any, ...]) -> str:
    """The words of a part, with those of marks and of links to records."""
    found = part if isinstance(part, tuple) else part.cells if isinstance(part, Row) else part.body
    out = []
    for piece in walk(found):
        if isinstance(piece, Removed | Added):
            out.append(f"[{piece.mark}:")
        if isinstance(piece, Words | Badge | Day):
            out.append(piece.text)
        elif isinstance(piece, RecordLink):
            out.append(f"<{piece.words or piece.id}>")
        elif isinstance(piece, Paragraph):
            out.append("|")
    return " ".join(" ".join(out).split())


def history(found: Library, identifier: str) -> Fold | None:
    folds = [block for block in card(found, identifier).body if isinstance(block, Fold) and block.summary == "History"]
    return folds[0] if folds else None


# --- release-changes -------------------------------------------------------------------------------------------------


def five() -> Library:
    """One record added, one withdrawn, two edited, one moved, and one whose fields come in another order."""
    same = precaution("same")
    before = [
        precaution("gone"), precaution("looser"), precaution("edited"), precaution("moved", topic="lung"), same,
    ]  # fmt: skip
    swapped = {name: value for name, value in reversed(fields_of(same).items())}
    now = [
        precaution("gone", **WITHDRAWN), precaution("looser", rule="adapt"),
        precaution("edited", action="Ask the nurse today."), precaution("moved"), Precaution.model_validate(swapped),
        precaution("b"),
    ]  # fmt: skip
    notes = (note("edited", **{"class": "wording"}), note("looser"))
    return library(*now, releases=(release("0.1.0", NECK, *before),), notes=notes)


def test_five_changes_are_five_rows_looser_first_each_with_its_class_in_words() -> None:
    rows = table(five(), "release-changes").rows
    assert [(row.record, [p.text for p in walk(row.cells[0]) if isinstance(p, Badge)]) for row in rows] == [
        ("looser", ["Looser"]),
        ("gone", ["Withdrawn"]),
        ("b", ["New"]),
        ("edited", ["Wording"]),
        ("moved", ["Moved"]),
    ]


def test_a_row_says_what_was_removed_and_added_why_and_from_when() -> None:
    rows = {row.record: row for row in table(five(), "release-changes").rows}
    what, why = said(rows["edited"].cells[1]), said(rows["edited"].cells[2])
    assert what == "| What is new. | What to do | Ask the [removed: doctor [added: nurse today."
    assert why == "| Why it is. | Effective from 2026-07-01."
    assert said(rows["looser"].cells[1]).endswith("| Rule | [removed: Refer first [added: Ask, then adapt")
    assert said(rows["moved"].cells[1]) == "| Topic | [removed: lung [added: bleeding"
    assert said(rows["gone"].cells[1]) == "| Withdrawn on 2026-06-01. | Two said it. | Use instead: <b> ."
    assert said(rows["b"].cells[1]) == "| New precaution."


def test_a_change_without_a_note_says_so_until_it_is_released() -> None:
    old, new = precaution("a"), precaution("a", action="Ask the nurse today.")
    first, second = release("0.1.0", NECK, old), release("0.2.0", NECK, new)
    (pending,) = table(library(new, releases=(first,)), "release-changes").rows
    assert "Not yet classed" in said(pending)
    assert said(pending.cells[2]) == "| No change note says why yet."
    (released,) = table(library(new, releases=(first, second)), "release-changes", release="0.2.0").rows
    assert released.cells[2] == ()


def test_new_records_of_a_kind_share_a_row_that_names_and_links_each() -> None:
    found = library(*(precaution(name) for name in "abc"), releases=(release("0.1.0", NECK),))
    (row,) = table(found, "release-changes").rows
    assert said(row) == "| 3 precautions | New | <a> ; <b> ; <c> . | No change note says why yet."


def test_new_records_with_notes_of_their_own_have_rows_of_their_own() -> None:
    found = library(*(precaution(n) for n in "abc"), releases=(release("0.1.0", NECK),), notes=(note("a"),))
    assert len(table(found, "release-changes").rows) == 2


def test_what_is_not_clinical_is_left_out() -> None:
    shape = {"view": "front", "mirrored": "yes", "label": "0,60", "points": "0,40 20,40 20,90"}
    drawn = Region.model_validate({**NECK.model_dump(), "shapes": [shape]})
    found = Library([drawn])
    found.governance = Governance(releases=(release("0.1.0", NECK),))
    assert table(found, "release-changes").rows == ()


def test_without_changes_a_calm_sentence_says_of_what() -> None:
    old = precaution("a")
    first, second = release("0.1.0", NECK, old), release("1.0.0", NECK, old)
    for found, options, sentence in (
        (library(old), {}, "No release has been made yet."),
        (library(old, releases=(first,)), {}, "Nothing has changed since release 0.1.0."),
        (library(old, releases=(first,)), {"release": "0.1.0"}, "Draft release 0.1.0 is the first, so no entry had changed."),
        (library(old, releases=(first, second)), {"release": "1.0.0"}, "Release 1.0.0 changed no entry."),
    ):  # fmt: skip
        block = table(found, "release-changes", **options)
        assert (block.rows, block.empty, block.calm) == ((), sentence, True)


def test_a_release_that_is_not_there_is_explained() -> None:
    for missing in ("0.0.9", "next"):
        with pytest.raises(OptionError, match=rf"there is no release '{missing}'; allowed: 0\.1\.0"):
            table(library(releases=(release("0.1.0"),)), "release-changes", release=missing)


def test_the_section_of_the_next_release_can_be_written_before_it() -> None:
    found = library(precaution("a"), releases=(release("0.1.0", NECK),))
    block = table(found, "release-changes", release="0.2.0")
    assert block.title == "0.2.0, not yet released: changed since 0.1.0"
    assert [row.record for row in block.rows] == ["a"]


@pytest.mark.parametrize(
    ("field", "before", "after", "shown"),
    [
        ("action", "Wait 3 days.", "Wait 5 days.", "What to do | Wait [removed: 3 [added: 5 days."),
        ("action", ["One.", "Two.", "Three."], ["One.", "Two now.", "Three."], "What to do | Two [added: now . | 2 other parts are unchanged."),
        ("action", ["One.", "Two."], ["One."], "What to do | [removed: Two. | One other part is unchanged."),
        ("action", "Ask *the* doctor, see {clinic:ref}`neck`.", "Ask *the* doctor, see {clinic:ref}`neck` {cite:p}`two`.",
         "What to do | Ask the doctor, see Neck [added: [Hsieh 2023] ."),
        ("action", {"text": "Ask the doctor today.", "sources": ["one"]}, {"text": "Ask the doctor today.", "synthesis": "yes"},
         "What to do | Ask the doctor today. [removed: (Brady 2014) [added: (our synthesis)"),
        ("why", "A red dog barks.", "Nobody has seen such a thing anywhere.", "Why | [removed: A red dog barks. [added: Nobody has seen such a thing anywhere."),
        ("regions", "all", "neck", "Where | [removed: all [added: Neck"),
        ("applies_to", "person", ["person", "site"], "It is about | the person [added: , the site"),
        ("sources", ["one"], ["one", "two"], "Sources | Brady 2014 [added: , Hsieh 2023"),
        ("level", "precaution", "contraindication", "Level | [removed: Precaution [added: Contraindication"),
        ("disagreement", None,
         {"question": "Is it?", "views": [{"view": "Yes.", "sources": ["one"]}], "house_rule": "No."},
         "Where sources disagree | [added: Is it? | [added: What this handbook does: No. | [added: Views: Yes. (Brady 2014)"),
    ],
)  # fmt: skip
def test_fields_are_told_in_plain_words(field: str, before: Any, after: Any, shown: str) -> None:
    old, new = precaution("a", **{field: before}), precaution("a", **{field: after})
    found = library(new, releases=(release("0.1.0", NECK, old),))
    (row,) = table(found, "release-changes").rows
    assert said(row.cells[1]).replace(" ,", ",").replace("  ", " ") == f"| {shown}".replace(" ,", ",")


# --- history, sign-offs and dates on a card --------------------------------------------------------------------------


def test_a_record_that_never_changed_has_no_history() -> None:
    old = precaution("a")
    assert history(library(old), "a") is None
    assert history(library(old, releases=(release("0.1.0", old), release("0.2.0", old))), "a") is None


def test_history_is_told_latest_first_with_version_date_class_what_and_why() -> None:
    steps = [precaution("a"), precaution("a", rule="adapt"), precaution("a", rule="adapt", name="Other")]
    releases = (
        release("0.1.0", steps[0]),
        release("0.2.0", steps[1], notes=[note("a")], day="2026-07-01"),
    )
    fold = history(library(steps[2], releases=releases), "a")
    assert fold is not None
    assert said(fold) == (
        "| Not yet released: Not yet classed | Changed: Name. "
        "| Release 0.2.0, 2026-07-01: Looser | What is new. | Why it is. | Release 0.1.0, 2026-02-01: New"
    )


def foot(found: Library, identifier: str = "a") -> str:
    (line,) = [b for b in card(found, identifier).body if isinstance(b, Paragraph) and "Written" in plain(b)]
    return plain(line)


def test_the_foot_names_its_dates_as_dates_and_that_nobody_signed_or_reviewed() -> None:
    found = library(precaution("a"))
    assert foot(found) == (
        f"Record a, code {current_code(found, 'a')}. Written 2026-01-01. Last reviewed: never. Review by 2027-01-01. Owner: safety lead. "
        "Not clinically signed off."
    )
    days = [piece for piece in walk(card(found, "a").body) if isinstance(piece, Day)]
    assert days == [Day("2026-01-01"), Day("2027-01-01", review=True)]


def test_the_foot_names_the_last_review_also_of_the_whole_topic() -> None:
    reviews = [
        Review.model_validate({
            "date": day, "reviewer": "medical director", "topics": ["bleeding"], "searched": "All.", "outcome": "no change",
            "next_review": "2027-01-01",
        })
        for day in ("2026-05-01", "2026-09-01", "2026-03-01")
    ]  # fmt: skip
    assert "Last reviewed: 2026-09-01." in foot(library(precaution("a"), reviews=tuple(reviews)))


def test_a_sign_off_holds_until_a_clinical_field_changes() -> None:
    signed = precaution("a")
    entries = tuple(
        sign_off(Governance(), signed, name, role, date(2026, 3, day))
        for day, (name, role) in enumerate([("Ann Lee", "matron"), ("Bo Day", "doctor")], 1)
    )
    every = "Signed off by Ann Lee, matron, 2026-03-01; Bo Day, doctor, 2026-03-02."
    assert foot(library(signed, sign_offs=entries)).endswith(every)
    assert foot(library(precaution("a", also_known_as=["other"]), sign_offs=entries)).endswith(every)
    changed = "Changed since sign-off by Bo Day, 2026-03-02."
    assert foot(library(precaution("a", rule="adapt"), sign_offs=entries)).endswith(changed)
    assert foot(library(precaution("b"), sign_offs=entries), "b").endswith("Not clinically signed off.")


# --- review-table and withdrawn-list ---------------------------------------------------------------------------------


def test_reviews_are_listed_by_topic_the_first_due_at_the_top_with_a_link_to_its_entry() -> None:
    found = library(
        precaution("late"), precaution("soon", review_by="2026-06-01", owner="matron", written="2026-02-01"),
        precaution("lung", topic="lung", review_by="2026-09-01"), precaution("gone", topic="gone", **WITHDRAWN),
        reviews=(Review.model_validate({
            "date": "2026-05-01", "reviewer": "matron", "records": ["soon"], "searched": "All.", "outcome": "no change",
            "next_review": "2026-06-01",
        }),),
    )  # fmt: skip
    rows = table(found, "review-table").rows
    assert [row.record for row in rows] == ["soon", "lung"]
    assert [said(cell) for cell in rows[0].cells] == [
        "| Bleeding", "| matron, safety lead", "| 3", "| 2026-01-01 to 2026-02-01", "| 1 of 3 entries: 2026-05-01",
        "| 2026-06-01: <soon> .",
    ]  # fmt: skip
    assert [said(cell) for cell in rows[1].cells][1:] == [
        "| safety lead", "| 1", "| 2026-01-01", "| never", "| 2026-09-01: <lung> .",
    ]  # fmt: skip


def test_a_withdrawn_record_is_at_home_in_its_list_with_its_old_anchor() -> None:
    found = library(precaution("a", **WITHDRAWN), precaution("b"))
    block = table(found, "withdrawn-list")
    (row,) = block.rows
    assert (row.record, block.home) == ("a", True)
    assert row.cells[0][0].children[0] == Anchor("precaution-a")
    assert said(row) == "| Name of a | Withdrawn | | 2026-06-01 | Two said it. | <b>"


def test_the_list_keeps_to_a_kind_and_a_level() -> None:
    found = library(precaution("a", **WITHDRAWN), precaution("c", level="contraindication", rule="never", **WITHDRAWN))

    def ids(**options: str) -> list[str]:
        return [row.record for row in table(found, "withdrawn-list", **options).rows]

    assert ids(kind="precaution") == ["a", "c"]
    assert ids(level="contraindication") == ["c"]
    assert ids(kind="hazard") == []
    assert table(found, "withdrawn-list", kind="hazard").empty == "No hazards have been withdrawn."
    with pytest.raises(OptionError, match="'precautions' is no kind of record; .*did you mean 'precaution'"):
        table(found, "withdrawn-list", kind="precautions")


# --- what is overdue -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def everything(repository: Path) -> Library:
    """Records of every kind, all to be reviewed by 2027-01-10."""
    root = repository / "tests" / "roots" / "features"
    return load_library(root / "records", [root / "references.bib"])[0]


def shown(found: Library, snippet: str) -> list[Row | Card]:
    try:
        return list(parts(SNIPPETS[snippet](found, {})))
    except OptionError:
        return []  # it needs an option; other tests call it


def marks(part: Row | Card) -> int:
    head = part.cells[0] if isinstance(part, Row) else part.body
    return sum(piece == OVERDUE for piece in walk(head))


@pytest.mark.parametrize("snippet", sorted(SNIPPETS))
def test_every_row_and_card_is_marked_on_the_day_after_and_none_on_the_day(everything: Library, snippet: str) -> None:
    for day, count in ((date(2027, 1, 10), 0), (date(2027, 1, 11), 1)):
        found = Library(everything.records.values(), everything.sources, everything.origins)
        found.governance = Governance(as_of=day)
        gone = {record.id for record in found.withdrawn()}
        assert {marks(part) for part in shown(found, snippet) if part.record not in gone} <= {count}
        assert {marks(part) for part in shown(found, snippet) if part.record in gone} <= {0}


def test_the_mark_stands_behind_the_other_marks_and_only_where_it_must() -> None:
    found = library(precaution("late", review_by="2026-06-01"), precaution("fine"), as_of=date(2026, 6, 2))
    rows = {row.record: row for row in table(found, "precaution-table").rows}
    assert [p.text for p in walk(rows["late"].cells[0]) if isinstance(p, Badge)] == ["Refer first", "Review overdue"]
    assert marks(rows["fine"]) == 0
    assert card(found, "late").body[0] == Paragraph(
        (*card(library(precaution("late")), "late").body[0].children, Words(" "), OVERDUE), "clinic-badges"
    )


def test_a_snippet_of_the_handbooks_own_is_marked_too_and_its_picture_as_well() -> None:
    found = library(precaution("a"), as_of=date(2027, 1, 2))
    cells = ((Paragraph((Words("A"),)),),)
    inner = Table("T", (), (Row("a", cells),), "none")
    picture = marked(Picture("P", (), inner), found)
    assert isinstance(picture, Picture)
    assert [marks(row) for row in picture.table.rows] == [1]
    assert marked(inner, library(precaution("a"))) is inner, "no day, no mark"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (["2027-01-10"], "1 entry on this page was to be reviewed by 2027-01-10. "),
        (["2027-01-10"] * 3, "3 entries on this page were to be reviewed by 2027-01-10. "),
        (["2027-01-10", "2026-05-01"], "2 entries on this page were to be reviewed, the first by 2026-05-01. "),
    ],
)
def test_a_page_says_how_many_are_overdue_and_since_when(days: list[str], words: str) -> None:
    assert overdue_words([date.fromisoformat(day) for day in days]).startswith(words)
