"""Whole builds, each in a process of its own: CPU time, memory, and how many bytes they leave."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.bench.content import content
from tests.bench.variants import write_project

STEPS = ("clean", "nothing changed", "one record edited", "one page edited")


@dataclass
class Cost:
    """What one variant took at one size; times are CPU seconds, a list of the same length for each step."""

    times: dict[str, list[float]] = field(default_factory=lambda: {step: [] for step in STEPS})
    memory: list[int] = field(default_factory=list)
    """Bytes at the peak of a clean build."""
    kept: int = 0
    """Bytes of doctrees and environment."""
    cache: int = 0
    """Bytes of what else lies beside them."""
    html: int = 0
    fresh: bool = True
    """Whether every page that shows the edited record showed it as edited after the next build."""

    def seconds(self, step: str) -> float:
        """Return the median of a step's times."""
        return median(self.times[step])


def environment(work: Path) -> dict[str, str]:
    """Return the environment of every build: modules are compiled once, or the first would pay for the others."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "SOURCE_DATE_EPOCH": "0", "PYTHONPYCACHEPREFIX": str(work / "compiled"), "PYTHONHASHSEED": "0"}


def run(command: list[str], work: Path) -> tuple[float, int]:
    """Run a command; return the CPU seconds of it and its children, and the peak of its memory in bytes."""
    log = work / "log.txt"
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env=environment(work))
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{log.read_text('utf-8', 'replace')[-3000:]}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


class Site:
    """One variant's project at one size."""

    def __init__(self, variant: str, count: int, cited: bool, work: Path, python: str) -> None:
        self.variant, self.count, self.work, self.python = variant, count, work, python
        self.folder = work / f"{variant.replace(' ', '-')}-{count}{'-cited' if cited else ''}"
        shutil.rmtree(self.folder, ignore_errors=True)
        write_project(variant, self.folder, count, cited)
        self.doctrees, self.out = self.folder / "_doctrees", self.folder / "_html"
        self.cost = Cost()

    def build(self, step: str) -> None:
        """Build, and note what it took."""
        options = ["-q", "-b", "html", "-d", str(self.doctrees), "-D", "exclude_patterns=records,_*"]
        seconds, memory = run([self.python, "-m", "sphinx", *options, str(self.folder), str(self.out)], self.work)
        self.cost.times[step].append(seconds)
        print(
            f"{self.count} {self.variant}, {step}: {seconds:.2f} s, {memory / 1e6:.0f} MB", file=sys.stderr, flush=True
        )
        if step == "clean":
            self.cost.memory.append(memory)

    def clean(self) -> None:
        """Build from nothing, and weigh what that leaves."""
        shutil.rmtree(self.doctrees, ignore_errors=True)
        shutil.rmtree(self.out, ignore_errors=True)
        self.build("clean")
        self.weigh()

    def changes(self, number: int) -> None:
        """Build after nothing has changed, then after one record has, then after one page has."""
        self.build("nothing changed")
        if self.variant != "empty":
            word = f"Rewritten{number}"
            record = content(self.count)[self.count // 2]
            self.replace(record.action[:60], f"{word} {record.action[:60]}")
            self.build("one record edited")
            shown = [name for name in (f"topic-{record.topic}.html", "all.html") if word in self.page(name)]
            self.cost.fresh = len(shown) == 2
        self.replace("# Topic 0\n", "# Topic 0\n\nOne sentence more.\n")
        self.build("one page edited")

    def replace(self, old: str, new: str) -> None:
        """Change a text wherever the project holds it."""
        sources = [*self.folder.glob("*.md"), *self.folder.glob("records/*.yaml"), *self.folder.glob("needs.json")]
        for path in sources:
            if old in (text := path.read_text("utf-8")):
                path.write_text(text.replace(old, new), "utf-8")

    def page(self, name: str) -> str:
        """Return a page's HTML."""
        return (self.out / name).read_text("utf-8")

    def weigh(self) -> None:
        """Note how many bytes a clean build left."""
        files = [path for path in self.doctrees.rglob("*") if path.is_file()]
        kept = [path for path in files if path.suffix in (".doctree", ".pickle")]
        self.cost.kept = sum(path.stat().st_size for path in kept)
        self.cost.cache = sum(path.stat().st_size for path in files) - self.cost.kept
        self.cost.html = sum(
            path.stat().st_size for page in ("topic-*", "all", "index") for path in self.out.glob(f"{page}.html")
        )


def compare(
    variants: Mapping[str, str], count: int, runs: int, cited: bool, work: Path, check: Callable[[list[Site]], None]
) -> dict[str, Cost]:
    """Return what each variant (given with its Python) took; variants take turns, so that a busy machine slows all."""
    sites = [Site(variant, count, cited, work, python) for variant, python in variants.items()]
    for number in range(runs):
        for site in sites:
            site.clean()
        if not number:
            check(sites)
        for site in sites:
            site.changes(number)
    return {site.variant: site.cost for site in sites}
