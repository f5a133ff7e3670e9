"""An incremental build gives the bytes of a clean one, and reads and writes no more than it must.

The handbook under test is ``tests/roots/test-rebuilds``: nearly every page shows something that stands elsewhere.
"""

from __future__ import annotations

import contextlib
import difflib
import os
import pickle
import random
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from sphinx.builders.html import StandaloneHTMLBuilder

from clinic_snippets.library import load_library
from clinic_snippets.library.release import Release, fields_of, snapshot, write_release
from clinic_snippets.library.signing import append_sign_offs, sign_off
from clinic_snippets.snippets import SNIPPETS
from clinic_snippets.sphinx_ext import mends, rebuilds
from clinic_snippets.sphinx_ext.domain import Call
from clinic_snippets.sphinx_ext.stopping import BuildStopped

REPOSITORY = Path(__file__).parents[2]
ROOT = REPOSITORY / "tests" / "roots" / "test-rebuilds"
ALL = frozenset(page.relative_to(ROOT).with_suffix("").as_posix() for page in ROOT.rglob("*.md"))
NONE: frozenset[str] = frozenset()
BLEEDING, CHEST, FEAR, HYGIENE = (f"records/{name}.yaml" for name in ("bleeding", "chest", "fear", "hygiene"))


# --- the bench -------------------------------------------------------------------------------------------


def files_in(folder: Path) -> dict[str, bytes]:
    """Every file below ``folder``, hidden ones too, by its path; an empty folder counts as one.

    But for an ``.epub``, which packs the files beside it together with their times.
    """
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".epub":
            continue
        if path.is_file():
            found[path.relative_to(folder).as_posix()] = path.read_bytes()
        elif not any(path.iterdir()):
            found[path.relative_to(folder).as_posix() + "/"] = b""
    return found


def difference(built: Path, clean: Path) -> str:
    """What differs between two output folders; empty where nothing does."""
    ours, theirs = files_in(built), files_in(clean)
    out = [
        f"only in {folder}: {name}"
        for folder, a, b in ((built, ours, theirs), (clean, theirs, ours))
        for name in sorted(a.keys() - b)
    ]
    for name in sorted(ours.keys() & theirs.keys()):
        if ours[name] != theirs[name]:
            # The search index is one long line.
            texts = [
                re.sub(r"(?<=[,>])", "\n", data[name].decode("utf-8", "replace")).splitlines()
                for data in (ours, theirs)
            ]
            lines = list(difflib.unified_diff(*texts, str(built / name), str(clean / name), n=2, lineterm=""))
            out += lines[:30] or [f"{name} differs in its line ends"]
    return "\n".join(out)


class Bench:
    """A handbook that was built once, and can be put back to that state, at the same place, in a moment."""

    def __init__(
        self,
        root: Path,
        build_project: Callable[..., Any],
        prepare: Callable[[Bench], object] | None = None,
        **options: Any,
    ) -> None:
        self.root, self.build_project, self.options = root, build_project, options
        self.now = root / "now"
        self.source, self.doctrees, self.html = self.now / "source", self.now / "doctrees", self.now / "html"
        self.clean_builds = 0
        shutil.copytree(ROOT, self.source)
        if prepare:
            prepare(self)
        self.build()
        shutil.copytree(self.now, root / "first")

    def reset(self) -> None:
        """Put source, doctrees and output back, times of files included."""
        shutil.rmtree(self.now)
        shutil.copytree(self.root / "first", self.now)

    def build(self, builder: str = "html", outdir: Path | None = None, doctreedir: Path | None = None) -> Any:
        """Build on top of what is there."""
        for name, snippet in list(SNIPPETS.items()):
            # In use, each build has a process of its own, which knows no snippets of earlier ones.
            if not snippet.function.__module__.startswith("clinic_snippets."):
                del SNIPPETS[name]
        place = {"outdir": outdir or self.now / builder, "doctreedir": doctreedir or self.doctrees}
        return self.build_project(self.source, builder, **place, **self.options)

    def clean(self, builder: str = "html") -> Path:
        """Build from the source alone, in another place; return the output folder."""
        self.clean_builds += 1
        place = self.root / f"clean-{self.clean_builds}"
        self.build(builder, place / "out", place / "doctrees")
        return place / "out"

    def run(self, *options: str, page: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        """Build on top of what is there in a process of its own, as a user does: all that is needed, or one page."""
        command = [sys.executable, "-m", "sphinx", "--no-color", *options, "-d", self.doctrees, self.source, self.html]
        command += [self.source / page] if page else []
        known = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
        return subprocess.run(
            command, cwd=REPOSITORY, env=known | environment, capture_output=True, text=True, check=False
        )

    def differs(self, builder: str = "html") -> str:
        """How the output differs from that of a clean build; empty where it does not."""
        return difference(self.now / builder, self.clean(builder))

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace the only occurrence of ``old`` in a source file."""
        text = (self.source / name).read_text("utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        (self.source / name).write_text(text.replace(old, new), "utf-8")

    def add(self, name: str, text: str) -> None:
        """Write to the end of a source file, which need not be there yet."""
        (self.source / name).parent.mkdir(exist_ok=True)
        with (self.source / name).open("a", encoding="utf-8") as file:
            file.write(text)

    def remove(self, name: str) -> None:
        """Remove a source file."""
        (self.source / name).unlink()


@pytest.fixture(scope="module")
def made_bench(tmp_path_factory: pytest.TempPathFactory, build_project: Callable[..., Any]) -> Bench:
    """The bench itself, with which no test starts: another may have left its edits there."""
    return Bench(tmp_path_factory.mktemp("rebuilds"), build_project)


@pytest.fixture
def bench(made_bench: Bench) -> Bench:
    """The handbook as it was after its first build."""
    made_bench.reset()
    return made_bench


# --- edits -----------------------------------------------------------------------------------------------

Change = Callable[[Bench], object]


class Edit(NamedTuple):
    """A change to the source, and the pages that are read and written because of it."""

    name: str
    change: Change
    read: frozenset[str] | set[str] = NONE
    written: frozenset[str] | set[str] = ALL


def edit(name: str, old: str, new: str) -> Change:
    """Replace words in a source file."""
    return lambda bench: bench.edit(name, old, new)


def add(name: str, text: str) -> Change:
    """Write to the end of a source file."""
    return lambda bench: bench.add(name, text)


def remove(name: str) -> Change:
    """Remove a source file."""
    return lambda bench: bench.remove(name)


def several(*changes: Change) -> Change:
    """Make one change after another."""
    return lambda bench: [change(bench) for change in changes]


GONE = "  status: withdrawn\n  withdrawn:\n    date: 2026-06-01\n    reason: Another says the same.\n"
HEADER = "topic: midwifery\nowner: safety lead\nwritten: 2026-01-05\nreview_by: 2027-01-05\n\nrecords:\n"
PREGNANCY = """
- kind: precaution
  id: pregnancy
  name: Pregnancy
  also_known_as: expecting
  level: contraindication
  applies_to: person
  rule: refer
  regions: [all]
  techniques: [all]
  action: Ask the midwife.
  why: Little is known.
  sources: [fourth2004]
"""
SHOW_BLOOD_THINNERS = {"bleeding/drugs", "cards", "neck", "precautions"}

# fmt: off
# Sphinx also writes the page of the table of contents, `index`, whenever it writes a page listed there.
EDITS = [
    Edit("nothing", lambda bench: None, NONE, NONE),
    Edit("a record file touched", lambda bench: (bench.source / BLEEDING).touch(), NONE, NONE),
    Edit("prose of a page", edit("first-aid.md", "Lay the", "Gently lay the"), {"first-aid"}, {"first-aid", "index"}),
    Edit("an included file", edit("shared/before.txt", "rings", "gloves"), {"links"}, {"links", "index"}),
    Edit("prose of a record", edit(BLEEDING, "lasts longer", "may last"), NONE, SHOW_BLOOD_THINNERS | {"index"}),
    Edit("brackets of its citation", edit(BLEEDING, "{cite:p}`s", "{cite:t}`s"), NONE, SHOW_BLOOD_THINNERS | {"index"}),
    Edit("words of its link", edit(BLEEDING, "`the place <", "`here <"), NONE, SHOW_BLOOD_THINNERS | {"index"}),
    Edit("words of its term", edit(BLEEDING, "`haematoma`", "`bruise <haematoma>`"), NONE, SHOW_BLOOD_THINNERS | {"index"}),
    Edit("other names", edit(BLEEDING, "[warfarin, heparin]", "[warfarin, DOAC]"), {"cards"}, {"cards", "records", "index"}),
    Edit("lay words for the search", edit(BLEEDING, "[warfarin, heparin]", "[warfarin, heparin]\n  searched_as: thin blood"), NONE, NONE),
    # A card's heading stands in the sidebar of every page.
    Edit("name of a record with a card", edit(BLEEDING, "name: Blood", "name: Drugs, blood"), {"cards"}),
    Edit("name of a record with a row", edit(HYGIENE, "Clean hands", "Washed hands"), {"hygiene"}, {"hygiene", "hands", "links", "records", "index"}),
    Edit("title of a page", edit("glossary.md", "# Words", "# What words mean"), {"glossary"}),
    Edit("title of a labelled section", edit("bleeding/drugs.md", "## Where to", "## How to"), {"bleeding/drugs"}),
    Edit("a term", edit("glossary.md", "haematoma\n", "bleed\n"), {"glossary"}),
    Edit("an index entry", edit("first-aid.md", "on a wound", "on a cut"), {"first-aid"}, {"first-aid", "index"}),
    Edit(
        "page added",
        several(add("more.md", "# More\n\n```{index} more\n```\n\n{any}`clean-hands`\n"), edit("index.md", "links\n", "links\nmore\n")),
        {"more", "index"}, ALL | {"more"},
    ),
    Edit("page with cards removed", several(remove("cards.md"), edit("index.md", "cards\n", "")), {"index"}, ALL - {"cards"}),
    Edit("only page of a folder removed", several(remove("bleeding/drugs.md"), edit("index.md", "bleeding/drugs\n", "")), {"index"}, ALL - {"bleeding/drugs"}),
    Edit("page renamed", several(lambda bench: (bench.source / "links.md").rename(bench.source / "ways.md"), edit("index.md", "links", "ways")), {"index", "ways"}, ALL - {"links"} | {"ways"}),
    Edit("order of pages", edit("index.md", "hands\nlinks\n", "links\nhands\n"), {"index"}),
    Edit("sections numbered", edit("index.md", ":maxdepth: 2", ":maxdepth: 2\n:numbered:"), {"index"}),
    Edit("source added to a record", edit(HYGIENE, "[third2003]", "[third2003, fourth2004]"), {"hygiene"}, {"hygiene", "bibliography", "index"}),
    Edit("level changed", edit(FEAR, "level: precaution", "level: contraindication"), {"cards", "precautions"}),
    Edit("a table emptied", several(edit(FEAR, "level: precaution", "level: contraindication"), edit(BLEEDING, "level: precaution", "level: contraindication")), {"contraindications", "precautions"}),
    Edit("a table given its first row", edit(FEAR, "applies_to: person", "applies_to: [person, practitioner]"), {"nothing-here"}),
    Edit("record added", add(FEAR, PREGNANCY), {"bleeding/drugs", "cards", "contraindications", "neck"}),
    Edit("record file added", add("records/pregnancy.yaml", HEADER + PREGNANCY), {"bleeding/drugs", "cards", "contraindications", "neck"}),
    Edit("record file removed", remove(HYGIENE), {"hygiene"}),
    Edit("record withdrawn", edit(FEAR, "  level: prec", GONE + "  level: prec"), {"cards", "precautions"}),
    Edit("id of a record", edit(FEAR, "id: fear-of-needles", "id: needle-fear"), {"cards"}),
    Edit("id of a record that pages link to", edit(HYGIENE, "id: clean-hands", "id: washed-hands"), {"hygiene"}, {"hygiene", "hands", "links", "records", "index"}),
    Edit("a figure", edit("records/events.yaml", "events: 5", "events: 6"), NONE, {"events", "figures", "index"}),
    Edit("a figure's source", edit("records/events.yaml", "source: first2001", "source: fourth2004"), {"events", "figures"}, {"events", "figures", "bibliography", "index"}),
    Edit("year of a source", edit("references.bib", "{2002}", "{1999}"), {"bibliography"}, SHOW_BLOOD_THINNERS | {"bibliography", "index"}),
    Edit("title of a source", edit("references.bib", "Needling and thin", "On thin"), {"bibliography"}, SHOW_BLOOD_THINNERS | {"bibliography", "index"}),
    Edit("name of a region", edit("records/regions.yaml", "name: Neck", "name: The neck"), {"regions"}),
    Edit("id of a region that a page asks for", several(edit("records/regions.yaml", "id: neck", "id: nape"), edit(CHEST, "regions: [neck]", "regions: [nape]")), {"neck", "regions"}),
    Edit("title of an own snippet's cards", edit("records/regions.yaml", "topic: regions", "topic: body"), {"regions"}),
    Edit("columns of an own snippet", edit("own_snippets.py", '"Precaution", 2', '"Record", 2'), {"owners"}, {"owners", "index"}),
    Edit("rows of an own snippet", edit("own_snippets.py", "Words(record.owner)", "Words(record.topic)"), NONE, {"owners", "index"}),
    Edit("address behind 'Edit this record'", add("conf.py", '\nclinic_edit_url = "https://example.org/{path}#L{line}"\n'), NONE, {"cards", "events", "hazards", "index"}),
    Edit("tables without numbers", edit("conf.py", "numfig = True", "numfig = False"), ALL),
]
MANY = several(*(e.change for e in EDITS if e.name in {
    "prose of a page", "prose of a record", "other names", "name of a record with a card", "title of a page", "page added",
    "only page of a folder removed", "source added to a record", "level changed", "record file added", "title of a source",
}))
# fmt: on
"""What a week of work may change between two builds."""


@pytest.mark.slow
@pytest.mark.parametrize("case", EDITS, ids=lambda case: case.name)
def test_incremental_equals_clean_and_does_no_more_than_it_must(bench: Bench, case: Edit) -> None:
    case.change(bench)

    built = bench.build()

    assert bench.differs() == ""
    assert set(built.app.pages_read) == case.read
    assert set(built.app.pages_written) == case.written


# --- reviews, sign-offs and releases ---------------------------------------------------------------------


NOTE = """changes:
- records: [anticoagulants]
  what: Press longer than before.
  why: It bleeds on.
  class: stricter
  effective_from: 2026-02-01
  author: Ann
"""
REVIEW = """reviews:
- date: 2026-05-01
  reviewer: medical director
  records: [fear-of-needles]
  searched: One database.
  outcome: no change
  next_review: 2027-01-05
"""


def with_releases(bench: Bench) -> None:
    """Give the handbook two releases, a change since then with its note, and pages that show them."""
    library, _ = load_library(bench.source / "records", [bench.source / "references.bib"])
    before = [fields_of(record) for record in library.records.values()]
    changed = {"anticoagulants": {"rule": "inform"}, "clean-hands": {"topic": "hands"}}
    records = [{fields["id"]: {**fields, **changed.get(fields["id"], {})} for fields in before}] * 2
    records[0] = {**records[0], "low-platelets": {**records[0]["low-platelets"], "rule": "never"}}
    for version, month, said in zip(("0.1.0", "0.2.0"), (1, 2), records, strict=True):
        write_release(Release(version, date(2026, month, 6), said), bench.source / "releases")
    bench.add("changes/a.yaml", NOTE)
    bench.add("next.md", "# Next\n\n```{clinic:release-changes}\n```\n")
    bench.add("second.md", "# Second\n\n```{clinic:release-changes}\n:release: 0.2.0\n```\n")
    bench.add("reviews.md", "# Reviews\n\n```{clinic:review-table}\n```\n")
    bench.edit("index.md", "bibliography\n", "bibliography\nnext\nsecond\nreviews\n")


def sign(identifier: str) -> Change:
    """Sign a record off as it stands."""

    def change(bench: Bench) -> None:
        library, _ = load_library(bench.source / "records", [bench.source / "references.bib"])
        entry = sign_off(library.governance, library.records[identifier], "Ann", "matron", date(2026, 5, 1))
        append_sign_offs(bench.source / "sign-offs.yaml", [entry])

    return change


def release(bench: Bench) -> None:
    """Release what is pending."""
    library, _ = load_library(bench.source / "records", [bench.source / "references.bib"])
    notes = [
        {"records": ["anticoagulants"], "what": "W.", "why": "W.", "effective_from": "2026-02-01", "author": "Ann"}
    ]
    write_release(snapshot(library.records, "0.3.0", date(2026, 3, 6), notes), bench.source / "releases")
    bench.remove("changes/a.yaml")


# fmt: off
REVIEW_EDITS = [
    Edit("nothing", lambda bench: None, NONE, NONE),
    Edit("sign-off of a record with a card", sign("anticoagulants"), NONE, {"cards", "index"}),
    Edit("sign-off of a record without a card", sign("clean-hands"), NONE, {"hygiene", "index"}),
    Edit("sign-off that lapses", several(sign("low-platelets"), edit(BLEEDING, "vessels bleed", "vessels will bleed")), NONE, {"bleeding/drugs", "cards", "contraindications", "neck", "next", "index"}),
    # Its card names the day, and each table with it the day of its last word.
    Edit("review", add("reviews.yaml", REVIEW), NONE, SHOW_BLOOD_THINNERS | {"records", "owners", "reviews", "index"}),
    Edit("note", edit("changes/a.yaml", "bleeds on", "bleeds for long"), NONE, {"cards", "next", "index"}),
    Edit("note about another record", add("changes/b.yaml", NOTE.replace("anticoagulants", "clean-hands")), NONE, {"next", "index"}),
    Edit("note removed", remove("changes/a.yaml"), NONE, {"cards", "next", "index"}),
    # What is pending gets another title, and a record that a page no longer shows is no longer "used in" it.
    Edit("release, and a change after it", several(release, edit(HYGIENE, "Hands carry germs", "Hands carry much")), {"next"}, {"cards", "hygiene", "next", "index"}),
    # Without anything pending there is no table, so all tables behind it have another number.
    Edit("release", release, {"next"}, ALL | {"next", "reviews", "second"}),
    Edit("the day of the last review", add("conf.py", '\nclinic_as_of = "2027-01-05"\n'), NONE, NONE),
]
# fmt: on


@pytest.fixture(scope="module")
def made_released_bench(tmp_path_factory: pytest.TempPathFactory, build_project: Callable[..., Any]) -> Bench:
    """The bench with releases; no test starts with it, for another may have left its edits there."""
    return Bench(tmp_path_factory.mktemp("released"), build_project, with_releases)


@pytest.fixture
def released_bench(made_released_bench: Bench) -> Bench:
    """The handbook with releases as it was after its first build."""
    made_released_bench.reset()
    return made_released_bench


@pytest.mark.parametrize("case", REVIEW_EDITS, ids=lambda case: case.name)
def test_what_is_said_of_records_is_shown_where_it_must_and_nowhere_else(released_bench: Bench, case: Edit) -> None:
    case.change(released_bench)

    built = released_bench.build()

    assert released_bench.differs() == ""
    assert set(built.app.pages_read) == case.read
    assert set(built.app.pages_written) == case.written


def test_a_day_later_every_page_with_an_overdue_record_is_written_and_none_is_read(released_bench: Bench) -> None:
    released_bench.add("conf.py", '\nclinic_as_of = "2027-01-06"\n')

    built = released_bench.build()

    assert released_bench.differs() == ""
    assert built.app.pages_read == []
    overdue = {
        page.stem for page in released_bench.html.glob("**/*.html") if "clinic-overdue" in page.read_text("utf-8")
    }
    assert {page.rpartition("/")[2] for page in built.app.pages_written} == overdue | {"index"}
    assert "reviews" in overdue and "first-aid" not in overdue


def test_the_files_beside_the_site_are_as_a_clean_build_makes_them(released_bench: Bench) -> None:
    assert {"reviews.json", "copies.json", "changes.atom"} <= {path.name for path in released_bench.html.iterdir()}
    for path in sorted((released_bench.source / "releases").iterdir()):
        path.unlink()
    released_bench.build()
    assert not (released_bench.html / "changes.atom").exists()
    assert released_bench.differs() == ""


# --- several builders on the same doctrees ---------------------------------------------------------------


@pytest.mark.parametrize("other", ["text", "dirhtml", "typstpdf"])
def test_builders_share_doctrees_in_either_order(bench: Bench, other: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    bench.build(other)

    MANY(bench)
    (bench.source / "hands").mkdir()
    (bench.source / "hands.md").rename(bench.source / "hands/index.md")  # dirhtml writes both to one place
    bench.edit("index.md", "hands\n", "hands/index\n")
    bench.build("html")
    bench.build(other)
    assert bench.differs("html") == ""
    assert bench.differs(other) == ""

    # What the first builder reads again, the second finds read: it must write it all the same.
    bench.edit("shared/before.txt", "rings", "gloves")
    bench.build(other)
    bench.build("html")
    assert bench.differs(other) == ""
    assert bench.differs("html") == ""


# --- what was left behind --------------------------------------------------------------------------------


def test_a_build_killed_while_writing_is_made_good(bench: Bench) -> None:
    bench.edit(BLEEDING, "lasts longer", "may last")

    died = bench.run(DIE_WHILE_WRITING="neck")

    assert died.returncode == -signal.SIGKILL
    written, waiting = ((bench.html / page).read_text("utf-8") for page in ("cards.html", "precautions.html"))
    assert "may last" in written and "lasts longer" in waiting, "it did not die half-way"
    bench.build()
    assert bench.differs() == ""


@pytest.mark.parametrize(
    ("end", "method", "taken_back"),
    [
        (KeyboardInterrupt, "write_doc", False),
        (KeyboardInterrupt, "write_doc", True),
        (KeyboardInterrupt, "dump_search_index", True),
        (RuntimeError, "write_doc", False),
    ],
)
def test_a_build_that_stopped_while_writing_is_made_good(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, end: type[BaseException], method: str, taken_back: bool
) -> None:
    bench.edit(BLEEDING, "lasts longer", "may last")
    right = getattr(StandaloneHTMLBuilder, method)

    def stop(self: StandaloneHTMLBuilder, docname: str = "neck", *arguments: Any) -> None:
        if docname == "neck":
            raise end
        right(self, docname, *arguments)

    with monkeypatch.context() as patch, pytest.raises(end):
        patch.setattr(StandaloneHTMLBuilder, method, stop)
        bench.build()
    if taken_back:
        bench.edit(BLEEDING, "may last", "lasts longer")
    bench.build()
    assert bench.differs() == ""


def test_a_build_that_stopped_after_reading_is_made_good(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The doctree with the heading that was taken back must not be used when its page is written next."""

    def stop(app: object, env: object) -> None:
        raise KeyboardInterrupt

    bench.edit(BLEEDING, "name: Blood thinners", "name: Drugs")
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(rebuilds, "settle", stop)
        bench.build()
    bench.edit(BLEEDING, "name: Drugs", "name: Blood thinners")
    bench.edit(BLEEDING, "lasts longer", "may last")

    built = bench.build()

    assert built.app.pages_read == ["cards"]
    assert bench.differs() == ""


def test_pages_left_out_of_a_build_of_one_page_are_written_by_the_next(bench: Bench) -> None:
    bench.edit(BLEEDING, "lasts longer", "may last")

    run = bench.run(page="cards.md")

    assert run.returncode == 0, run.stderr
    assert "may last" in (bench.html / "cards.html").read_text("utf-8")
    assert "lasts longer" in (bench.html / "precautions.html").read_text("utf-8"), "it wrote more than one page"
    bench.build()
    assert bench.differs() == ""


@pytest.mark.parametrize("gone", ["html", "doctrees", "html/cards.html", "html/searchindex.js doctrees"])
def test_output_or_doctrees_may_be_deleted(bench: Bench, gone: str) -> None:
    bench.edit(BLEEDING, "lasts longer", "may last")
    bench.edit("glossary.md", "# Words", "# What words mean")
    for name in gone.split():
        path = bench.now / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    bench.build()

    assert bench.differs() == ""


def test_a_new_style_sheet_is_asked_for_by_every_page(bench: Bench) -> None:
    """A page names the sheet with its checksum; one that kept the old name would be shown with the old sheet."""
    bench.edit("_static/handbook.css", "top", "middle")
    run = bench.run()  # within one process, Sphinx works out a file's checksum only once
    assert run.returncode == 0, run.stderr
    assert bench.differs() == ""


@pytest.mark.parametrize("lines", range(4))
def test_a_build_killed_while_it_wrote_sphinx_s_note_of_the_settings_is_made_good(bench: Bench, lines: int) -> None:
    note = bench.build().outdir / ".buildinfo"
    whole = note.read_bytes()
    note.write_bytes(b"".join(whole.splitlines(keepends=True)[:lines]))
    bench.build()
    assert bench.differs() == ""
    assert note.read_bytes() == whole


def test_a_damaged_note_of_what_was_written_means_to_write_everything(bench: Bench) -> None:
    (note,) = bench.doctrees.glob("clinic-written-*.json")
    note.write_text("[1,")

    built = bench.build()

    assert set(built.app.pages_written) == ALL


def test_a_page_whose_snippet_was_missing_is_read_again_when_it_is_there(bench: Bench) -> None:
    bench.edit("own_snippets.py", "def owner_list", "def list_of_owners")
    missing = bench.build()
    assert "owners.md:3: WARNING: there is no directive 'clinic:owner-list'" in missing.warnings
    assert bench.differs() == ""

    bench.edit("own_snippets.py", "def list_of_owners", "def owner_list")
    bench.build()
    assert bench.differs() == ""


# --- several processes, other machines, other days -------------------------------------------------------


def in_chunks(status: str) -> set[str]:
    """What Sphinx says it did for several pages at once, in more than one process."""
    # On some machines, such as those that set CI, Sphinx clears the line before it writes it.
    plain = re.sub(r"\x1b\[\d*[A-Za-z]", "", status)
    return set(re.findall(r"^(\w+) \w+\.\.\. \[ *\d+%\] \S+ \.\. \S+", plain, re.MULTILINE))


def test_two_processes_write_what_one_writes(bench: Bench) -> None:
    shutil.rmtree(bench.html)
    shutil.rmtree(bench.doctrees)

    first = bench.run("-j", "2", PYTHONHASHSEED="1")
    assert in_chunks(first.stdout) == {"reading", "writing"}
    assert bench.differs() == ""

    MANY(bench)
    second = bench.run("-j", "2", PYTHONHASHSEED="2")
    assert in_chunks(second.stdout) == {"reading", "writing"}
    assert bench.differs() == ""


def test_place_day_and_hash_seed_do_not_show(bench: Bench, tmp_path: Path) -> None:
    """Between the two time zones lie 26 hours, so their dates differ at every moment."""
    elsewhere = Bench.__new__(Bench)
    elsewhere.source, elsewhere.doctrees, elsewhere.html = (
        tmp_path / "a" / "source",
        tmp_path / "trees",
        tmp_path / "site",
    )
    shutil.copytree(bench.source, elsewhere.source)
    shutil.rmtree(bench.html)
    shutil.rmtree(bench.doctrees)

    here = bench.run(TZ="EARLY+12", PYTHONHASHSEED="1")
    there = elsewhere.run(TZ="LATE-14", PYTHONHASHSEED="2")

    assert here.returncode == there.returncode == 0, here.stderr + there.stderr
    assert difference(bench.html, elsewhere.html) == ""


def test_another_theme(tmp_path: Path, build_project: Callable[..., Any]) -> None:
    options = {"html_theme": "furo", "html_theme_options": {}, "html_sidebars": {}}
    bench = Bench(tmp_path, build_project, confoverrides=options)

    MANY(bench)
    bench.build()

    assert bench.differs() == ""


# --- what is kept between builds -------------------------------------------------------------------------


def test_nothing_that_is_kept_holds_the_text_of_records(bench: Bench) -> None:
    kept = {
        path.name: path.read_bytes() for path in bench.doctrees.rglob("*") if path.suffix in (".pickle", ".doctree")
    }
    assert len(kept) == len(ALL) + 1
    for words in ("lasts longer", "Small vessels", "Leave it to people", "Hands carry germs"):
        assert [name for name, data in kept.items() if words.encode() in data] == []

    data = pickle.loads(kept["environment.pickle"]).domaindata["clinic"]
    kept_by_page = {"calls", "references", "marks", "mark_lists", "matrices", "pdf_links"}
    assert set(data) == {*kept_by_page, "version"}
    assert all(set(data[name]) <= ALL for name in kept_by_page)


def test_forgetting_and_merging_touch_only_the_pages_given(bench: Bench) -> None:
    domain = bench.build().app.env.get_domain("clinic")
    calls, references = dict(domain.calls), dict(domain.references)

    domain.clear_doc("cards")
    domain.clear_doc("advice")
    assert domain.calls == {page: made for page, made in calls.items() if page != "cards"}
    assert domain.references == {page: made for page, made in references.items() if page != "advice"}

    new = [Call("precaution-table", (), 1, ("empty", "Nothing."))]
    read_elsewhere = {
        "calls": {"cards": new, "neck": new}, "references": {"advice": {"mild": ""}, "hands": {}},
        "marks": {"cards": 1, "neck": 2}, "mark_lists": {}, "matrices": {}, "pdf_links": {},
    }  # fmt: skip
    domain.merge_domaindata({"cards", "advice"}, read_elsewhere)
    assert domain.calls == {**calls, "cards": new}
    assert domain.references == {**references, "advice": {"mild": ""}}
    assert domain.marks == {"cards": 1}


# --- warnings --------------------------------------------------------------------------------------------


def test_every_build_warns_of_an_empty_table(bench: Bench) -> None:
    for _ in range(2):
        built = bench.build()
        assert built.app.pages_read == []
        assert re.search(
            r"nothing-here\.md:3: WARNING: nothing fits here, .*'No precaution is recorded for: practitioner\.",
            built.warnings,
        )


def test_every_build_warns_of_a_second_home_and_names_both(bench: Bench) -> None:
    bench.add(
        "second.md", "---\norphan: true\n---\n# Second\n\n```{clinic:precaution-cards}\n:level: precaution\n```\n"
    )
    for read in (["second"], []):
        built = bench.build()
        assert built.app.pages_read == read
        assert built.warnings.count("second home") == 2
        assert (
            "second.md:6: WARNING: 'anticoagulants' has a second home here, and links can lead to one only; its first home is cards, line 3"
            in built.warnings
        )
    assert 'href="cards.html#precaution-anticoagulants"' in built.read("advice.html")

    bench.remove("cards.md")
    bench.edit("index.md", "cards\n", "")
    built = bench.build()
    assert "second home" not in built.warnings
    assert 'href="second.html#precaution-anticoagulants"' in built.read("advice.html")
    assert bench.differs() == ""


def test_links_to_a_home_that_is_gone_become_words(bench: Bench) -> None:
    bench.remove("cards.md")
    bench.edit("index.md", "cards\n", "")

    built = bench.build()

    assert "advice.md:3: WARNING: 'anticoagulants' has no home" in built.warnings
    assert "cards.html" not in built.read("advice.html") + built.read("precautions.html")
    assert '<span class="clinic-record">Blood thinners</span>' in built.read("precautions.html")


# --- mends of Sphinx -------------------------------------------------------------------------------------

MENDED = "the output is right without this mend: Sphinx has mended it itself, so take it out of mends.py"


def test_without_mend_index_entries_are_lost_from_search(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.edit("first-aid.md", "Lay the", "Gently lay the")
    with monkeypatch.context() as patch:
        patch.setattr(mends, "restore_index_entries", lambda index, loaded: None)
        bench.build()
        assert "searchindex.js" in bench.differs(), MENDED


def test_without_mend_search_keeps_words_without_pages(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.edit("first-aid.md", "Lay the person down", "Raise the legs")
    with monkeypatch.context() as patch:
        patch.setattr(mends, "drop_words_without_pages", lambda index, pages: None)
        bench.build()
        assert "searchindex.js" in bench.differs(), MENDED


def test_without_mend_removed_pages_stay(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.remove("first-aid.md")
    bench.edit("index.md", "first-aid\n", "")
    with monkeypatch.context() as patch:
        patch.setattr(rebuilds, "remove_pages", lambda app, pages: None)
        bench.build()
        assert bench.differs().count("first-aid") == 3, MENDED


@pytest.mark.parametrize("mended", [True, False])
def test_without_mend_sections_keep_numbers_that_they_lost(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, mended: bool
) -> None:
    bench.edit("index.md", ":maxdepth: 2", ":maxdepth: 2\n:numbered:")
    bench.build()
    bench.edit("index.md", ":numbered:\n", "")
    if not mended:
        monkeypatch.setattr(mends, "forget_section_numbers", lambda app, env: [])
    bench.build()
    if mended:
        assert bench.differs() == ""
    else:
        assert "12. Advice" in bench.differs(), MENDED


def test_mends_change_nothing_that_is_right() -> None:
    """As it will be once Sphinx restores index entries and drops words itself."""
    entries = {"a": [("drug", "id1", "main")], "b": []}
    index: Any = SimpleNamespace(
        _index_entries=dict(entries),
        _titles={"a": "A", "b": "B"},
        _mapping={"drug": {"a", "b"}},
        _title_mapping={"a": {"a"}},
    )
    old = {"docnames": ["a", "b"], "indexentries": {"drug": [[0, "id1", True]], "other": [[1, "id2", False]]}}

    mends.restore_index_entries(index, old)
    mends.drop_words_without_pages(index, {"a", "b"})

    assert index._index_entries == entries
    assert (index._mapping, index._title_mapping) == ({"drug": {"a", "b"}}, {"a": {"a"}})


def test_removing_a_page_leaves_its_neighbours(bench: Bench) -> None:
    """Only files of the page itself go, not those of a page whose name begins alike; and nothing need be there."""
    bench.add("hands.more.md", "# More about hands\n")
    bench.edit("index.md", "links\n", "links\nhands.more\n")
    bench.build()
    bench.remove("hands.md")
    bench.edit("index.md", "hands\n", "")
    (bench.html / "hands.html").unlink()

    bench.build()

    assert (bench.html / "_sources" / "hands.more.md.txt").exists()
    assert bench.differs() == ""


# --- the long way round ----------------------------------------------------------------------------------


@pytest.mark.full
@pytest.mark.parametrize("case", EDITS, ids=lambda case: case.name)
def test_every_edit_in_two_processes(bench: Bench, case: Edit) -> None:
    case.change(bench)
    run = bench.run("-j", "2")
    assert run.returncode == 0, run.stderr
    assert bench.differs() == ""


@pytest.fixture(scope="module")
def made_furo_bench(tmp_path_factory: pytest.TempPathFactory, build_project: Callable[..., Any]) -> Bench:
    """A bench with another theme."""
    options = {"html_theme": "furo", "html_theme_options": {}, "html_sidebars": {}}
    return Bench(tmp_path_factory.mktemp("furo"), build_project, confoverrides=options)


@pytest.mark.full
@pytest.mark.parametrize("case", EDITS, ids=lambda case: case.name)
def test_every_edit_in_another_theme(made_furo_bench: Bench, case: Edit) -> None:
    made_furo_bench.reset()
    case.change(made_furo_bench)
    made_furo_bench.build()
    assert made_furo_bench.differs() == ""


@pytest.mark.full
@pytest.mark.parametrize("builder", ["text", "dirhtml", "epub"])
@pytest.mark.parametrize("case", EDITS, ids=lambda case: case.name)
def test_every_edit_with_two_builders(bench: Bench, monkeypatch: pytest.MonkeyPatch, case: Edit, builder: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")  # an e-book says when it was made
    bench.build(builder)
    case.change(bench)
    bench.build(builder)
    bench.build("html")
    assert bench.differs(builder) == ""
    assert bench.differs("html") == ""


@pytest.mark.full
@pytest.mark.parametrize("seed", range(3))
def test_edits_in_any_order(bench: Bench, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """A working week: edits made and taken back, builds with one builder or another, some of them stopped."""
    chance = random.Random(seed)
    right = StandaloneHTMLBuilder.write_doc

    def stop(self: StandaloneHTMLBuilder, docname: str, *arguments: Any) -> None:
        if docname == page:
            raise KeyboardInterrupt
        right(self, docname, *arguments)

    for _ in range(30):
        if chance.random() < 0.4:
            shutil.rmtree(bench.source)
            # As a version control system does it: what is put back is new.
            shutil.copytree(ROOT, bench.source, copy_function=shutil.copyfile)
        case, page = chance.choice(EDITS), chance.choice(sorted(ALL))
        builder = chance.choice(["html", "html", "html", "text", "dirhtml"])
        with contextlib.suppress(AssertionError, FileNotFoundError):  # an edit that does not fit earlier ones
            case.change(bench)
        with monkeypatch.context() as patch, contextlib.suppress(KeyboardInterrupt, BuildStopped):
            if chance.random() < 0.25:
                patch.setattr(StandaloneHTMLBuilder, "write_doc", stop)
            bench.build(builder)
            assert bench.differs(builder) == "", case.name


# --- marks of printed copies -----------------------------------------------------------------------------


SHEET = """---
owner: Ann
written: 2026-01-01
review_by: 2026-12-01
---
# Sheet

```{clinic:hazard-table}
```

```{clinic:copy-mark}
```
"""


def with_sheets(bench: Bench) -> None:
    """Give the handbook a page with a mark, and the page that lists the marks."""
    bench.add("sheet.md", SHEET)
    bench.add("codes.md", "# Codes\n\n```{clinic:code-list}\n```\n\n```{clinic:copy-marks}\n```\n")
    bench.edit("index.md", "bibliography\n", "bibliography\nsheet\ncodes\n")


SHEET_EDITS = [
    Edit("nothing", lambda bench: None, NONE, NONE),
    Edit("words of the sheet", edit("sheet.md", "# Sheet\n", "# Sheet\n\nMore.\n"), {"sheet"}, {"sheet", "codes", "index"}),
    Edit("its review date", edit("sheet.md", "2026-12-01", "2026-11-01"), {"sheet"}, {"sheet", "codes", "index"}),
    # Its text is the same, and so is its code.
    Edit("a day of a record on it", edit(CHEST, "2027-01-05", "2026-11-05"), NONE, {"bleeding/drugs", "cards", "codes", "contraindications", "hazards", "neck", "owners", "records", "sheet", "index"}),
    Edit("a mark taken out", edit("sheet.md", "```{clinic:copy-mark}\n```\n", ""), {"sheet"}, {"sheet", "codes", "index"}),
]  # fmt: skip


@pytest.mark.parametrize("case", SHEET_EDITS, ids=lambda case: case.name)
def test_marks_of_printed_copies_are_written_where_they_must(
    tmp_path: Path, build_project: Callable[..., Any], case: Edit
) -> None:
    bench = Bench(tmp_path / "sheets", build_project, with_sheets)
    case.change(bench)

    built = bench.build()

    assert bench.differs() == ""
    assert set(built.app.pages_read) == case.read
    assert set(built.app.pages_written) == case.written


# --- the coverage matrix ---------------------------------------------------------------------------------


def with_matrix(bench: Bench) -> None:
    """Give the handbook a couch card, and the page that shows what stands where."""
    bench.add("couch.md", "# Couch\n\n```{clinic:couch-precautions}\n```\n")
    bench.add("coverage.md", "# Coverage\n\n```{clinic:coverage-matrix}\n:outputs: entry, card\n```\n")
    bench.edit("index.md", "bibliography\n", "bibliography\ncouch\ncoverage\n")


HIDE = edit("couch.md", "cautions}\n", "cautions}\n:level: precaution\n")
REASON = edit(
    BLEEDING, "why: Small vessels bleed on.",
    "why: Small vessels bleed on.\n  left_out_of:\n    - output: card\n      because: A reason.",
)  # fmt: skip
MATRIX_EDITS = [
    Edit("nothing", lambda bench: None, NONE, NONE),
    Edit("prose of a page", edit("first-aid.md", "Lay the", "Gently lay the"), {"first-aid"}, {"first-aid", "index"}),
    Edit("prose of a record", edit(HYGIENE, "Clean hands", "Washed hands"), {"hygiene"}, {"hygiene", "hands", "links", "records", "index"}),
    Edit("a card that hides its rows", HIDE, {"couch"}, {"cards", "couch", "coverage", "index"}),
    Edit("a card without a page", several(remove("couch.md"), edit("index.md", "couch\n", "")), {"index"}, ALL | {"coverage"}),
    Edit("name of a contraindication", edit(BLEEDING, "name: Too few", "name: Few"), {"cards"}, ALL | {"couch", "coverage"}),
    Edit("an exception that excepts nothing", REASON, NONE, NONE),
    Edit("an exception", several(REASON, HIDE), {"couch"}, {"cards", "couch", "coverage", "index"}),
]  # fmt: skip


@pytest.mark.parametrize("case", MATRIX_EDITS, ids=lambda case: case.name)
def test_the_matrix_is_written_when_what_it_shows_changes(
    tmp_path: Path, build_project: Callable[..., Any], case: Edit
) -> None:
    bench = Bench(tmp_path / "matrix", build_project, with_matrix)
    case.change(bench)

    built = bench.build()

    assert bench.differs() == ""
    assert set(built.app.pages_read) == case.read
    assert set(built.app.pages_written) == case.written
