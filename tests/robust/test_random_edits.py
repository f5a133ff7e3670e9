"""Whatever is edited in whatever order, and whatever builds were killed in between: the last build is as a clean one."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

SEQUENCES = int(os.environ.get("CLINIC_SEQUENCES", "0"))
"""How many sequences the long test runs; the environment may ask for more."""
WHICH = st.integers(0, 10_000)


def machine(parts: ModuleType, root: Path, builds: Any, ends: list[int]) -> type[RuleBasedStateMachine]:
    """Return the machine whose steps are edits and builds; it notes in ``ends`` how builds end."""

    class Edits(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.folder = parts.fresh(root / "sequence")
            self.handbook = parts.Handbook(self.folder / "source")
            self.handbook.write()
            self.builders: set[str] = set()

        # --- edits

        @rule(
            name=st.sampled_from(parts.RECORDS), what=st.sampled_from(["name", "text", "level", "source"]), which=WHICH
        )
        def edit_a_record(self, name: str, what: str, which: int) -> None:
            pools = {
                "name": parts.NAMES, "text": parts.PROSE, "level": ("precaution", "contraindication"),
                "source": parts.SOURCES,
            }  # fmt: skip
            if name in self.handbook.records:
                self.handbook.records[name][what] = pools[what][which % len(pools[what])]
            self.handbook.write()

        @rule(name=st.sampled_from(parts.RECORDS), file=st.sampled_from(parts.FILES))
        def add_or_move_a_record(self, name: str, file: str) -> None:
            self.handbook.add_record(name, file)
            self.handbook.records[name]["file"] = file
            self.handbook.write()

        @rule(name=st.sampled_from(parts.RECORDS))
        def delete_a_record(self, name: str) -> None:
            self.handbook.records.pop(name, None)
            self.handbook.write()

        @rule(name=st.sampled_from(parts.RECORDS))
        def withdraw_a_record_or_bring_it_back(self, name: str) -> None:
            if name in self.handbook.records:
                self.handbook.records[name]["gone"] ^= True
            self.handbook.write()

        @rule(order=st.permutations(parts.RECORDS))
        def reorder_records(self, order: list[str]) -> None:
            records = self.handbook.records
            self.handbook.records = {name: records[name] for name in order if name in records}
            self.handbook.write()

        @rule(what=st.sampled_from([("region", "Nape"), ("affected", "7"), ("due", "2026-09-09"), ("words", "Lose it."), ("topic", "all")]))  # fmt: skip
        def edit_a_fact(self, what: tuple[str, str]) -> None:
            self.handbook.facts[what[0]] = what[1]
            self.handbook.write()

        @rule()
        def spoil_or_mend_records(self) -> None:
            self.handbook.spoilt ^= True
            self.handbook.write()

        @rule(name=st.sampled_from(parts.PAGES), block=st.sampled_from(parts.BLOCKS))
        def add_a_page_or_to_it(self, name: str, block: str) -> None:
            page = self.handbook.pages.setdefault(name, {"title": name.title(), "blocks": []})
            if block in parts.NAMED and any(block in other["blocks"] for other in self.handbook.pages.values()):
                return
            if block not in page["blocks"]:
                page["blocks"].append(block)
            self.handbook.write()

        @rule(name=st.sampled_from(parts.PAGES), which=WHICH)
        def take_something_from_a_page(self, name: str, which: int) -> None:
            blocks = self.handbook.pages.get(name, {}).get("blocks")
            if blocks:
                del blocks[which % len(blocks)]
            self.handbook.write()

        @rule(name=st.sampled_from(parts.PAGES), title=st.sampled_from(["Other", "*Styled* & <b>", "Tables"]))
        def retitle_a_page(self, name: str, title: str) -> None:
            if name in self.handbook.pages:
                self.handbook.pages[name]["title"] = title
            self.handbook.write()

        @rule(name=st.sampled_from(parts.PAGES), level=st.integers(1, 4))
        def let_the_headings_of_a_page_drift(self, name: str, level: int) -> None:
            if name in self.handbook.pages:
                self.handbook.pages[name]["level"] = level
            self.handbook.write()

        @rule(name=st.sampled_from(parts.PAGES))
        def delete_a_page(self, name: str) -> None:
            self.handbook.pages.pop(name, None)
            self.handbook.write()

        @rule(old=st.sampled_from(parts.PAGES), new=st.sampled_from(parts.PAGES))
        def rename_a_page(self, old: str, new: str) -> None:
            pages = self.handbook.pages
            if old in pages and new not in pages:
                self.handbook.pages = {new if name == old else name: page for name, page in pages.items()}
            self.handbook.write()

        @rule(order=st.permutations(parts.PAGES))
        def reorder_pages(self, order: list[str]) -> None:
            pages = self.handbook.pages
            self.handbook.pages = {name: pages[name] for name in order if name in pages}
            self.handbook.write()

        @rule(key=st.sampled_from(parts.SOURCES), what=st.sampled_from(["title", "year"]), value=st.sampled_from(["1999", "2002"]))  # fmt: skip
        def edit_or_add_a_source(self, key: str, what: str, value: str) -> None:
            self.handbook.sources.setdefault(key, {"title": "Back", "year": "2001"})[what] = value
            self.handbook.write()

        @rule(key=st.sampled_from(parts.SOURCES[1:]))
        def delete_a_source(self, key: str) -> None:
            self.handbook.sources.pop(key, None)
            self.handbook.write()

        @rule(line=st.sampled_from(parts.SETTINGS))
        def change_a_setting(self, line: str) -> None:
            self.handbook.settings ^= {line}
            self.handbook.write()

        @rule(which=WHICH)
        def touch_a_file(self, which: int) -> None:
            files = sorted(path for path in self.handbook.source.rglob("*") if path.is_file())
            files[which % len(files)].touch()

        # --- builds

        def build(self, builder: str, place: Path, parallel: int = 1, die: int = 0) -> int:
            code = builds.build(self.handbook.source, place, builder, parallel, die)
            ends.append(code)
            return code

        @rule(builder=st.sampled_from(["html", "html", "html", "typstpdf"]), parallel=st.sampled_from([1, 1, 2]))
        def build_it(self, builder: str, parallel: int) -> None:
            code = self.build(builder, self.folder / "now", parallel)
            assert (code == parts.STOPPED) == self.is_spoilt()
            self.builders.add(builder)

        @rule(builder=st.sampled_from(["html", "html", "html", "typstpdf"]), write=st.integers(1, 60))
        def start_to_build_it_and_be_killed(self, builder: str, write: int) -> None:
            self.build(builder, self.folder / "now", die=write)
            self.builders.add(builder)

        # A second time, so that there are not fewer builds than edits of one kind.

        @rule()
        def build_pages(self) -> None:
            self.build_it("html", 1)

        @rule(write=st.integers(1, 40))
        def start_to_build_pages_and_be_killed(self, write: int) -> None:
            self.start_to_build_it_and_be_killed("html", write)

        @rule()
        def spoil_records_and_build_and_mend_them(self) -> None:
            self.spoil_or_mend_records()
            self.build_it("html", 1)
            self.spoil_or_mend_records()

        def is_spoilt(self) -> bool:
            return self.handbook.spoilt and bool(self.handbook.records)

        def teardown(self) -> None:
            self.handbook.spoilt = False
            self.handbook.write()
            for builder in sorted(self.builders or {"html"}):
                clean = parts.fresh(root / "clean")
                for place in (self.folder / "now", clean):
                    assert self.build(builder, place) == 0
                assert parts.difference(self.folder / "now" / builder, clean / builder) == ""

    return Edits


def run(parts: ModuleType, root: Path, **options: Any) -> Counter[int]:
    """Run the machine; return how many of its builds ended with which exit code."""
    ends: list[int] = []
    builds = parts.Builder(root / "log.txt")
    made = machine(parts, root, builds, ends)
    # Making a sequence that failed shorter takes longer than reading it.
    kept = settings(
        deadline=None, suppress_health_check=list(HealthCheck), stateful_step_count=options.pop("steps"),
        phases=[Phase.explicit, Phase.reuse, Phase.generate], **options,
    )  # fmt: skip
    try:
        run_state_machine_as_test(made, settings=kept)
    finally:
        builds.close()
    return Counter(ends)


def test_the_index_goes_with_the_last_record(parts: ModuleType, tmp_path: Path) -> None:
    handbook = parts.Handbook(tmp_path / "source")
    handbook.pages = {
        name: {"title": name, "blocks": [block]} for name, block in (("cards", parts.BLOCKS[2]), ("more", "Words."))
    }
    handbook.write()
    builds = parts.Builder(tmp_path / "log.txt")
    assert builds.build(handbook.source, tmp_path / "now", "html") == 0
    assert "clinic-records.html" in (tmp_path / "now/html/more.html").read_text("utf-8")
    handbook.records = {}
    handbook.write()
    for place in ("now", "clean"):
        assert builds.build(handbook.source, tmp_path / place, "html") == 0
    builds.close()
    assert parts.difference(tmp_path / "now/html", tmp_path / "clean/html") == ""
    assert not (tmp_path / "now/html/clinic-records.html").exists()


@pytest.mark.slow
def test_a_few_sequences(parts: ModuleType, tmp_path: Path) -> None:
    """The same ones each time: what fails, fails for everybody."""
    ends = run(parts, tmp_path, max_examples=6, steps=14, derandomize=True)
    assert ends[0] > 10 and ends[parts.STOPPED] and ends[-signal.SIGKILL], ends


@pytest.mark.full
def test_many_sequences(parts: ModuleType, tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    count = SEQUENCES or 60
    ends = run(parts, tmp_path, max_examples=count, steps=25)
    killed, stopped = ends[-signal.SIGKILL], ends[parts.STOPPED]
    record_property("in short", f"{count} sequences of edits: {ends[0]} builds, {killed} killed, {stopped} refused")
