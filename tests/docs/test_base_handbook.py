"""The how-to about a base handbook, done as it says, with a base that has two releases."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

BASE = {
    "source/records/skin.yaml": """
        topic: skin
        owner: safety lead
        written: 2026-01-01
        review_by: 2027-01-01
        records:
        - kind: precaution
          id: broken-skin
          name: Broken skin
          level: precaution
          applies_to: site
          rule: adapt
          regions: [all]
          techniques: [all]
          action: Keep the needle out of it.
          why: Germs get in.
          sources: [leaflet]
        """,
    "source/references.bib": "@misc{leaflet, author = {A, B}, title = {A leaflet}, year = {2020}}\n",
}


class Reader:
    """Somebody who works in a folder as a page says; ``code.example`` is where the base is."""

    def __init__(self, folder: Path, base: Path) -> None:
        self.folder, self.base = folder, base

    def run(self, *lines: str) -> str:
        """Run lines of a shell, each of which must end well, and return what they say."""
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        somebody = {f"GIT_{who}_{what}": "a@b.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        no_settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        said = ""
        for line in lines:
            line = line.replace("https://code.example/base-handbook", str(self.base))
            done = subprocess.run(
                line, shell=True, cwd=self.folder, env=os.environ | {"PATH": path} | somebody | no_settings,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
            )  # fmt: skip
            assert done.returncode == 0, f"{line}\n{done.stdout}"
            said += done.stdout
        return said


@pytest.mark.slow
def test_a_clinic_takes_a_base_over_and_sees_what_its_next_release_changes(
    docs: Path, of_docs: Callable[[str], ModuleType], project: Callable[..., Path], build_project: Callable[..., Any]
) -> None:
    base = project(BASE)
    in_base = Reader(base, base)
    in_base.run("git init --quiet", "git add --all", "git commit --quiet --message one", "git tag v1.0.0")
    file = base / "source" / "records" / "skin.yaml"
    file.write_text(file.read_text("utf-8").replace("rule: adapt", "rule: refer"), "utf-8")
    in_base.run("git commit --quiet --all --message two", "git tag v1.1.0")

    clinic = project({}) / "clinic"
    reader = Reader(clinic.parent, base)
    reader.run("clinic-snippets new handbook clinic")
    reader.folder = clinic
    reader.run("git init --quiet", "git add --all", "git commit --quiet --message start")
    blocks = list(of_docs("code_blocks").blocks(docs / "how-to" / "build-on-a-base.md"))
    assert [block.language for block in blocks] == ["sh", "python", "sh", "sh", "sh"]
    said = ""
    for block in blocks:
        if block.language == "python":
            conf = clinic / "source" / "conf.py"
            given, count = re.subn(r"(?m)^bibtex_bibfiles = .*\n", block.code, conf.read_text("utf-8"))
            assert count == 1
            conf.write_text(given, "utf-8")
        else:
            said = reader.run(*block.code.splitlines())
            if "clinic-snippets check" in block.code:
                assert said == "2 records, no problems\n"
    assert "From HEAD to .: 1 change" in said and "rule: [-adapt-]{+refer+}" in said
    page = build_project(clinic / "source", warningiserror=True).read("contraindications.html")
    assert "Broken skin" in page and "Example, not advice" in page
