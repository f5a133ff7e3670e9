"""``reviews.json`` and ``changes.atom``: what other programs read of the records."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import lxml.etree
import lxml.html
import pytest

from clinic_snippets.export.atom import feed
from clinic_snippets.export.reviews import reviews
from clinic_snippets.library import Library
from clinic_snippets.library.governance import Governance
from clinic_snippets.library.release import Release, fields_of
from clinic_snippets.library.signing import sign_off
from clinic_snippets.records import Region
from clinic_snippets.records.governance import Review

ATOM = {"a": "http://www.w3.org/2005/Atom"}
PAGES = {"": "what-changed.html", "0.1.0": "old.html"}


def region(identifier: str, **fields: Any) -> Region:
    said = {"topic": "body", "owner": "safety lead", "written": "2026-01-01", "review_by": "2027-01-01"}
    return Region.model_validate(
        {"kind": "region", "id": identifier, "name": f"The {identifier} <x> & y", **said, **fields}
    )


def library(*records: Region, **governance: Any) -> Library:
    out = Library(records)
    out.governance = Governance(**governance)
    return out


def release(version: str, day: str, *records: Region, notes: tuple[dict[str, Any], ...] = ()) -> Release:
    return Release(version, date.fromisoformat(day), {record.id: fields_of(record) for record in records}, notes)


# --- reviews.json ----------------------------------------------------------------------------------------------------


def test_every_record_that_is_not_withdrawn_is_told_by_id() -> None:
    neck, gone = (
        region("neck"),
        region("gone", status="withdrawn", withdrawn={"date": "2026-06-01", "reason": "Twice."}),
    )
    review = Review.model_validate({
        "date": "2026-05-01", "reviewer": "matron", "topics": ["body"], "searched": "All.", "outcome": "no change",
        "next_review": "2027-01-01",
    })  # fmt: skip
    signed = sign_off(Governance(), neck, "Ann", "matron", date(2026, 5, 2))
    found = json.loads(reviews(library(neck, gone, region("arm"), reviews=(review,), sign_offs=(signed,))))
    assert [entry["id"] for entry in found["records"]] == ["arm", "neck"]
    assert found["records"][1] == {
        "id": "neck", "name": "The neck <x> & y", "kind": "region", "owner": "safety lead", "topic": "body",
        "written": "2026-01-01", "last_reviewed": "2026-05-01", "review_by": "2027-01-01", "signed": True,
    }  # fmt: skip
    assert found["records"][0]["signed"] is False


@pytest.mark.parametrize(
    ("day", "overdue"), [(None, []), ("2027-01-01", [False, False]), ("2027-01-02", [False, True])]
)
def test_overdue_is_told_only_where_the_day_is_known(day: str | None, overdue: list[bool]) -> None:
    as_of = date.fromisoformat(day) if day else None
    found = json.loads(reviews(library(region("neck"), region("arm", review_by="2028-01-01"), as_of=as_of)))
    assert found.get("as_of") == day
    assert [entry["overdue"] for entry in found["records"] if "overdue" in entry] == overdue


# --- changes.atom ----------------------------------------------------------------------------------------------------

NOTES = (
    {
        "records": ["neck"], "what": "See {clinic:ref}`arm` & *more*.", "why": "A < B.", "effective_from": "2026-07-01",
        "author": "Ann",
    },
)  # fmt: skip


def two_releases() -> Library:
    old, new = region("neck"), region("neck", name="Nape")
    first = release("0.1.0", "2026-01-01", old, region("leg", topic="other"))
    second = release("1.0.0", "2026-07-01", new, region("leg"), region("arm"), region("hip"), notes=NOTES)
    return library(new, region("leg"), region("arm"), region("hip"), releases=(first, second))


def parsed(text: str) -> Any:
    return lxml.etree.fromstring(text.encode())


def texts(tree: Any, path: str) -> list[str]:
    return [str(found) for found in tree.xpath(path, namespaces=ATOM)]


def test_one_entry_for_each_release_latest_first_dated_by_its_day() -> None:
    tree = parsed(feed(two_releases(), "Needles & more", "", PAGES))
    assert texts(tree, "a:title/text()") == ["Needles & more: what changed"]
    assert texts(tree, "a:entry/a:title/text()") == ["Release 1.0.0", "Draft release 0.1.0"]
    assert texts(tree, "a:entry/a:updated/text()") == ["2026-07-01T00:00:00Z", "2026-01-01T00:00:00Z"]
    assert texts(tree, "a:updated/text()") == ["2026-07-01T00:00:00Z"]
    # What the format asks for beside that.
    assert texts(tree, "a:author/a:name/text()") == ["Needles & more"]
    assert len({*texts(tree, "//a:id/text()")}) == 3


def test_ids_stay_when_the_feed_moves_grows_or_is_built_elsewhere() -> None:
    found = two_releases()
    older = library(*found.records.values(), releases=found.governance.releases[:1])  # type: ignore[arg-type]
    ids = texts(parsed(feed(found, "Needles", "", PAGES)), "//a:id/text()")
    assert texts(parsed(feed(found, "Needles", "https://other.example/a/", {})), "//a:id/text()") == ids
    assert texts(parsed(feed(older, "Needles", "", PAGES)), "//a:id/text()") == [ids[0], ids[2]]
    assert all(one.startswith("urn:uuid:") for one in ids)


def test_an_entry_tells_each_change_in_words() -> None:
    (body, _) = texts(parsed(feed(two_releases(), "N", "", PAGES)), "a:entry/a:content[@type='html']/text()")
    items = [item.text_content() for item in lxml.html.fromstring(body).xpath("//li")]
    assert items == [
        "Not yet classed: Nape. See The arm <x> & y & more. A < B. Effective from 2026-07-01.",
        "Moved: The leg <x> & y. Changed: Topic.",
        "New: 2 regions: The arm <x> & y; The hip <x> & y.",
    ]


def test_the_first_release_says_how_many_entries_it_had() -> None:
    (_, first) = texts(parsed(feed(two_releases(), "N", "", PAGES)), "a:entry/a:content/text()")
    assert first == "<p>The first release, with 2 entries.</p>"


@pytest.mark.parametrize(
    ("base", "links"),
    [
        ("", ["changes.atom", "what-changed.html", "what-changed.html", "old.html"]),
        ("https://h.example/en", [
            "https://h.example/en/changes.atom", "https://h.example/en/what-changed.html",
            "https://h.example/en/what-changed.html", "https://h.example/en/old.html",
        ]),
    ],
)  # fmt: skip
def test_links_are_those_of_the_base_address_if_there_is_one(base: str, links: list[str]) -> None:
    assert texts(parsed(feed(two_releases(), "N", base, PAGES)), "//a:link/@href") == links
