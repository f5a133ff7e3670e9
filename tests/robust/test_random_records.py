"""Whatever the fields of a record hold: the check ends with problems or with none, and what it accepts can be built."""

from __future__ import annotations

import datetime
import enum
import json
import os
import shutil
import typing
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic.fields import FieldInfo

from clinic_snippets.cli.check import FORMATS
from clinic_snippets.cli.handbook import find_handbook
from clinic_snippets.export.bundle import bundle
from clinic_snippets.export.search import search_data
from clinic_snippets.export.spreadsheets import spreadsheets
from clinic_snippets.library import Library
from clinic_snippets.problems import Problem
from clinic_snippets.reading.explain import part_in
from clinic_snippets.records import KINDS
from clinic_snippets.records.base import Part
from clinic_snippets.rendering.html import HtmlRenderer
from clinic_snippets.rendering.svg import for_print
from clinic_snippets.rendering.typography import Typography
from clinic_snippets.snippets import SNIPPETS, OptionError
from clinic_snippets.snippets.blocks import Picture, parts

FEATURES = Path(__file__).resolve().parent.parent / "roots" / "features"
CASES = int(os.environ.get("CLINIC_CASES", "0"))
"""How many cases the long test runs; the environment may ask for more."""
LEFT_ALONE = ("kind", "id", "topic", "owner")
LARGE = "9" * 400

# Most values fit their fields, so that many records are accepted; some fit nothing.
WORDS = st.lists(
    st.sampled_from(
        ["word", "Word.", "a; b", "1 in 5", "x < y & z", "**strong**", "*em*", "`code`", "{cite:p}`first`", "{term}`Quick-Bleed`"]
        + ["{clinic:ref}`lung`", "{ref}`harm-page`", "[link](https://example.org/a?b=c)", "<https://example.org>", "{sub}`2`"]
        + ["{abbr}`INR (ratio)`", "\\*", "'quoted'", '"quoted"', "<b>", "#[]", "$x$", "\\input{x}", "{{ x }}", "&amp;", "—", "é"]
        + ["W" * 90, "وخز", "%s", "::", "|", "~", "^", "=1+1", "@x", "-", "may be uncertain", "was seen"]
    ),
    min_size=1, max_size=5,
).map(" ".join)  # fmt: skip
BLOCKS = st.lists(WORDS | WORDS.map("- {}\n- b".format) | WORDS.map("1. {}".format), min_size=1, max_size=3).map(
    "\n\n".join
)
NUMBERS = st.sampled_from(
    ["0", "1", "2", "5", "10", "37", "99", "100", "1000", "5000", "100000", "0.5", "-0.5", "2.75", "-3", "0.0001"] + [
        "99.99", "1000000", "12345678901234567890", LARGE, f"0.{LARGE}", f"-{LARGE}", "-0", "007", "1e5", "nan", "inf", "1,000"]
)  # fmt: skip
STRANGE = st.sampled_from(
    ["", " ", "[]", "yes", "0", "all", "neck", "\x07", "\u202e", "a\nb", "a" * 300, "نعم"]
) | st.text(max_size=5)
DAYS = st.dates(datetime.date(2000, 1, 1), datetime.date(2030, 1, 1)).map(str)
POINTS = st.lists(
    st.tuples(st.integers(0, 400), st.integers(0, 900)).map("{0[0]},{0[1]}".format), min_size=1, max_size=6
).map(" ".join)

IDS = st.sampled_from(["lung", "needle-gap", "mild", "bruise", "thorax", "taut-band", "wash-hands", "nobody"])
REGIONS = st.sampled_from(["thorax", "leg", "foot", "all"])
SOURCES = st.sampled_from(["first", "second", "who_text"])
REFERENCES = ("sources", "source", "region", "regions", "within", "severity")
FIGURES = ("value", "low", "high", "percent", "percent_from", "per", "one_in", "total", "events", "of_points")


def values(info: FieldInfo, name: str, depth: int = 0) -> st.SearchStrategy[Any]:
    """What an author may write in a field."""
    of_its_kind = _values(info.annotation, name, depth)
    return st.integers(0, 19).flatmap(lambda die: STRANGE if die == 11 else of_its_kind)


def _values(annotation: Any, name: str, depth: int) -> st.SearchStrategy[Any]:
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return st.sampled_from([member.value for member in annotation])
    if part := part_in(annotation):
        inner = st.deferred(lambda: fields(part, depth + 1)) if depth < 3 else WORDS
        many = st.lists(inner, min_size=1, max_size=3)
        return many | inner | BLOCKS if typing.get_origin(annotation) is tuple else inner
    if annotation is bool:
        return st.sampled_from(["yes", "no"])
    if annotation is datetime.date:
        return DAYS
    inside = _inside(annotation)
    for found in inside:
        if isinstance(found, type) and issubclass(found, enum.Enum):
            words = st.sampled_from([member.value for member in found])
            return words | st.lists(words, min_size=1, max_size=2)
    if "pattern='^[a-z]" in str(annotation) or name in REFERENCES:
        ids = SOURCES if name in ("sources", "source") else REGIONS if name in ("region", "regions", "within") else IDS
        return st.lists(ids, min_size=1, max_size=2) if typing.get_origin(annotation) is tuple else ids
    if float in inside:
        return POINTS
    if int in inside or name in FIGURES:
        return NUMBERS
    if typing.get_origin(annotation) is tuple:
        return WORDS | st.lists(WORDS, min_size=1, max_size=3)
    return WORDS | BLOCKS | NUMBERS


def _inside(annotation: Any) -> list[Any]:
    return [annotation, *(found for inner in typing.get_args(annotation) for found in _inside(inner))]


def fields(model: type[Part], depth: int = 0) -> st.SearchStrategy[dict[str, Any]]:
    """The fields of a part: all that it needs, and some that it may have."""
    needed, other = {}, {}
    for name, info in model.model_fields.items():
        (needed if info.is_required() else other)[info.alias or name] = values(info, name, depth)
    # A statement has no support of its own in most records.
    few = st.sets(st.sampled_from(sorted(other)), max_size=2) if other else st.just(set())
    return few.flatmap(lambda chosen: st.fixed_dictionaries(needed | {name: other[name] for name in sorted(chosen)}))


class Bench:
    """A handbook that uses everything, in which one record at a time is another."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(FEATURES, folder)
        self.files = {
            path: yaml.load(path.read_text("utf-8").replace("中文, ", ""), yaml.BaseLoader)
            for path in sorted((folder / "records").rglob("*.yaml"))
        }
        self.places = [(path, number) for path, data in self.files.items() for number in range(len(data["records"]))]
        self.kinds = [self.files[path]["records"][number]["kind"] for path, number in self.places]
        for path in self.files:
            self.write(path)

    def write(self, path: Path, at: int = -1, record: Any = None) -> None:
        """Write a file, with another record in one place."""
        data = self.files[path]
        records = [record if index == at else old for index, old in enumerate(data["records"])]
        quoted = yaml.safe_dump(
            {**data, "records": records}, default_style='"', width=10**9, allow_unicode=True, sort_keys=False
        )
        path.write_text(quoted, "utf-8")

    def load(self) -> tuple[Library, list[Problem]]:
        """Read everything, as ``clinic-snippets check`` does."""
        handbook = find_handbook(self.folder)
        library, problems = handbook.load()
        for form in FORMATS.values():
            assert isinstance(form(len(library), problems), str)
        return library, problems


@st.composite
def cases(draw: st.DrawFn, bench: Bench) -> tuple[int, dict[str, Any]]:
    """Which record is changed, and what it then is: some fields of its model are others."""
    which = draw(st.integers(0, len(bench.places) - 1))
    path, number = bench.places[which]
    record = dict(bench.files[path]["records"][number])
    model = KINDS[record["kind"]]
    names = {info.alias or name: (name, info) for name, info in model.model_fields.items() if name not in LEFT_ALONE}
    for written in draw(st.lists(st.sampled_from(sorted(names)), min_size=1, max_size=3, unique=True)):
        record[written] = draw(values(names[written][1], names[written][0]))
    return which, record


CHOICES = {
    "adoption-checklist": [{"about": about} for about in ("disagreement", "synthesis", "unverified", "grade-d")],
    "consent-risks": [{"counted": counted} for counted in ("treatments", "patients", "neither")],
    "icon-array": [{"rate": "ache@first"}, {"rate": "ache@second"}, {"rate": "bruise@first"}],
    "forest-plot": [{"measure": measure} for measure in ("mean difference", "standardised mean difference", "risk ratio", "odds ratio")],
    "screening-form": [{"asked": "each time"}, {"asked": "once"}],
    "aftercare-signs": [{"call": call} for call in ("emergency", "emergency-department", "doctor", "nobody")],
    "self-check": [{"topic": "practice and evidence"}], "reporting-items": [{"checklist": "A checklist"}],
}  # fmt: skip
"""Options of snippets that show nothing, or less, without."""


def show(library: Library, folder: Path) -> None:
    """Have everything made of a library that needs no Sphinx."""
    renderer = HtmlRenderer(Typography())
    for snippet in SNIPPETS.values():
        for options in ({}, *CHOICES.get(snippet.name, ())):
            try:
                block = snippet(library, options)
            except OptionError:
                continue
            for part in parts(block):
                assert renderer.fragment(part)
            for drawing in block.drawings if isinstance(block, Picture) else ():
                assert renderer.fragment(drawing) and for_print(drawing, str)
    assert json.loads("".join(bundle(library, "Random", "en", folder)))["records"]
    assert all("".join(lines) for lines in spreadsheets(library).values())
    assert search_data(library, dict.fromkeys(library.records, "a.html"))


def try_many(bench: Bench, **options: Any) -> tuple[Counter[str], dict[int, Any]]:
    """Check cases; return how many were accepted or refused, and an accepted record for each place."""
    ends: Counter[str] = Counter()
    kept: dict[int, Any] = {}

    @given(cases(bench))
    @settings(deadline=None, suppress_health_check=list(HealthCheck), **options)
    def try_one(case: tuple[int, dict[str, Any]]) -> None:
        which, record = case
        path, number = bench.places[which]
        bench.write(path, number, record)
        try:
            library, problems = bench.load()
            ends["refused" if problems else "accepted"] += 1
            if not problems:
                show(library, bench.folder)
                kept[which] = record
        finally:
            bench.write(path)

    try_one()
    return ends, kept


def put_in(bench: Bench, kept: dict[int, Any]) -> int:
    """Put the records in, but for those that do not go together with others; return how many stayed.

    Signs that no font of the PDF has are left out: its builder names them, and their pages.
    """
    kept = {
        which: record for which, record in kept.items() if max(map(ord, json.dumps(record, ensure_ascii=False))) < 0x250
    }
    for which, record in kept.items():
        path, number = bench.places[which]
        before = bench.files[path]["records"][number]
        bench.files[path]["records"][number] = record
        bench.write(path)
        if bench.load()[1]:
            bench.files[path]["records"][number] = before
            bench.write(path)
    return sum(
        bench.files[bench.places[which][0]]["records"][bench.places[which][1]] is record
        for which, record in kept.items()
    )


def build(bench: Bench, build_project: Callable[..., Any]) -> None:
    """Build web pages and the PDF of what stands there."""
    for builder in ("html", "typstpdf"):
        made = build_project(bench.folder, builder, confoverrides={"extensions": [*EXTENSIONS]})
        assert any(made.outdir.glob("*.html" if builder == "html" else "*.pdf"))


EXTENSIONS = ("myst_parser", "clinic_snippets", "clinic_snippets.pdf")


@pytest.mark.slow
def test_some_records(tmp_path: Path, build_project: Callable[..., Any]) -> None:
    bench = Bench(tmp_path / "source")
    assert bench.load()[1] == []
    ends, kept = try_many(bench, max_examples=100, derandomize=True)
    assert ends["accepted"] > 20 and ends["refused"] > 20, ends
    assert put_in(bench, kept) > 5
    build(bench, build_project)


@pytest.mark.full
def test_many_records(
    tmp_path: Path, build_project: Callable[..., Any], record_property: Callable[[str, object], None]
) -> None:
    total: Counter[str] = Counter()
    for round in range(max(1, (CASES or 2000) // 500)):
        bench = Bench(tmp_path / str(round))
        ends, kept = try_many(bench, max_examples=500)
        total += ends
        total["built"] += put_in(bench, kept)
        build(bench, build_project)
    record_property("in short", f"records with other fields: {dict(total)}")
