"""A small handbook for commands about reviews, sign-offs, releases and changes.

``handbook``  write it, changed by some files, and go where its ``source`` folder is
``edit``      change some words in one of its files
``clinic``    run ``clinic-snippets`` with arguments
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clinic_snippets.cli import main, sign
from clinic_snippets.snippets import SNIPPETS

FILES = {
    "source/conf.py": """
        bibtex_bibfiles = ["references.bib"]
        clinic_numbers = {"emergency": "", "doctor": ""}
    """,
    "source/references.bib": """
        @misc{brady2014, title = {Events}, year = {2014}, author = {Brady, Sarah}}
        @misc{hsieh2023, title = {Bleeding}, year = {2023}, author = {Hsieh, Li}}
    """,
    "source/records/bleeding.yaml": """
        topic: bleeding
        owner: safety lead
        written: 2026-01-01
        review_by: 2027-01-01
        records:

        - kind: precaution
          id: warfarin
          name: Blood thinner
          level: precaution
          applies_to: person
          rule: refer
          regions: all
          techniques: all
          action: Ask which drug.
          why: It may bleed.
          sources: [brady2014]

        - kind: precaution
          id: bruises
          name: Bruises easily
          level: precaution
          applies_to: person
          rule: adapt
          regions: [neck]
          techniques: all
          action: Press for longer.
          why:
            text: It may bleed.
            sources: [hsieh2023]
          see_also: [warfarin]
          sources: [brady2014]
    """,
    "source/records/lung.yaml": """
        topic: lung
        owner: chest lead
        written: 2026-01-01
        review_by: 2027-03-01
        records:

        - kind: hazard
          id: pleura
          name: Lung apex
          region: neck
          muscles: any
          structure: pleura
          specialist_only: no
          avoid: Needle flat. If the person bleeds easily, see {clinic:ref}`warfarin`.
          harm: A collapsed lung, as {cite:t}`hsieh2023` reports.
          sources: [brady2014]
    """,
    "source/records/regions.yaml": """
        topic: body regions
        owner: chest lead
        written: 2026-01-01
        review_by: 2028-01-01
        records:

        - kind: region
          id: neck
          name: Neck
    """,
}


@pytest.fixture
def handbook(monkeypatch: pytest.MonkeyPatch, project: Callable[..., Path]) -> Callable[..., Path]:
    """Write a small handbook, changed by files, and go to the folder that holds its ``source``."""

    def make(files: dict[str, str] | None = None) -> Path:
        folder = project(FILES | (files or {}))
        monkeypatch.chdir(folder)
        return folder

    return make


@pytest.fixture
def edit() -> Callable[[str, str, str], None]:
    """Change words that stand once in a file of the current folder."""

    def change(name: str, old: str, new: str) -> None:
        text = Path(name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        Path(name).write_text(text.replace(old, new), encoding="utf-8")

    return change


@pytest.fixture
def clinic() -> Callable[..., Result]:
    """Run ``clinic-snippets`` with arguments in the current folder."""
    return lambda *arguments: CliRunner().invoke(main, list(arguments))


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let signing happen on 1 December 2026, whatever the clock of this machine says."""

    class Today(date):
        @classmethod
        def today(cls) -> date:
            return date(2026, 12, 1)

    monkeypatch.setattr(sign, "date", Today)


@pytest.fixture(autouse=True)
def _own_snippets_end_with_the_test() -> Iterator[None]:
    """Take back the snippets that a handbook of a test registered."""
    before = dict(SNIPPETS)
    yield
    SNIPPETS.clear()
    SNIPPETS.update(before)
