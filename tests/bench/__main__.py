"""``make bench``: what a table of records costs, as ratios to the same table typed by hand.

    make bench ARGS="--sizes 100,1000 --runs 3"      the usual run
    make bench ARGS="--sizes 10000 --runs 1 --variants 'pipe tables,empty,ours'"
    make bench ARGS="--write-doc"                    put what is printed into docs/explanation/performance.md

Every variant shows the same records on the same pages, which is checked before anything is compared. Figures are CPU
seconds (user and system, children included) and medians; they are compared within one run alone, and no test depends
on them. sphinx-needs is built by the Python that ``--needs`` names, which has it, MyST and furo installed; without one
it is left out and the output says so.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from tests.bench.content import content
from tests.bench.equality import differences, shown
from tests.bench.measure import STEPS, Cost, Site, compare, run
from tests.bench.others import extras
from tests.bench.variants import TABLES, write_project

REPOSITORY = Path(__file__).resolve().parents[2]
DOC = REPOSITORY / "docs" / "explanation" / "performance.md"
START, END = "<!-- bench -->\n", "<!-- /bench -->\n"
BASE = "pipe tables"
CITED = (BASE, "list-table", "csv-table", "empty", "ours")
"""Variants that can cite a bibliography; a cell of a needtable is plain text."""


def check(sites: list[Site]) -> None:
    """Stop where a variant does not show what the others do."""
    names = {record.id: record.name for record in content(sites[0].count)}
    pages = {
        site.variant: shown(site.out, names, site.variant == "sphinx-needs")
        for site in sites
        if site.variant != "empty"
    }
    for variant, found in pages.items():
        # Fields of needs hold no links.
        if wrong := differences(pages[BASE], found, texts_only=variant == "sphinx-needs"):
            sys.exit(f"{variant} does not show what {BASE} show:\n" + "\n".join(wrong[:3]))


def table(costs: dict[str, Cost]) -> list[str]:
    """Return the rows of one size: seconds of the yardstick, ratios of the others."""
    base = costs[BASE]

    def ratio(part: float, whole: float) -> str:
        return f"{part / whole:.2f}" if whole else "–"

    rows = []
    for step in STEPS:
        cells = [f"{base.seconds(step):.1f} s"]
        for variant in [name for name in costs if name != BASE]:
            times = costs[variant].times[step]
            stale = "" if costs[variant].fresh or step != "one record edited" else " (stale)"
            cells.append(ratio(costs[variant].seconds(step), base.seconds(step)) + stale if times else "–")
        rows.append(f"| {step} | {' | '.join(cells)} |")
    if "empty" in costs:
        floor = costs["empty"].seconds("clean")
        more = base.seconds("clean") - floor
        cells = [f"{more:.1f} s"] + [
            ratio(costs[name].seconds("clean") - floor, more) if name != "empty" else "0"
            for name in costs
            if name != BASE
        ]
        rows.append(f"| clean, above the empty site | {' | '.join(cells)} |")
    for words, weight in (
        ("peak memory", lambda cost: max(cost.memory)),
        ("environment and doctrees", lambda cost: cost.kept),
        ("the same with caches", lambda cost: cost.kept + cost.cache),
        ("HTML of the pages", lambda cost: cost.html),
    ):
        cells = [
            f"{weight(base) / 1e6:.1f} MB",
            *(ratio(weight(c), weight(base)) for n, c in costs.items() if n != BASE),
        ]
        rows.append(f"| {words} | {' | '.join(cells)} |")
    return rows


def main() -> None:
    """Measure, print, and put the text into the documentation if asked to."""
    parser = argparse.ArgumentParser(
        prog="make bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--sizes", default="100,1000", help="numbers of records, separated by commas")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--variants", default=",".join(TABLES), help=f"some of: {', '.join(TABLES)}")
    parser.add_argument(
        "--cited", default="1000", help="sizes of the second table, with a bibliography; empty for none"
    )
    parser.add_argument("--needs", default=os.environ.get("BENCH_NEEDS", ""), help="a Python that has sphinx-needs")
    parser.add_argument("--no-others", action="store_true", help="leave out reading, the PDF and the live build")
    parser.add_argument("--work", type=Path, help="where to build; a temporary folder if not given")
    parser.add_argument("--write-doc", action="store_true")
    given = parser.parse_args()
    wanted = [name.strip() for name in given.variants.split(",")]
    with tempfile.TemporaryDirectory() as temporary:
        work = (given.work or Path(temporary)).resolve()
        work.mkdir(parents=True, exist_ok=True)
        text = report(given, wanted, work)
    print(text)
    if given.write_doc:
        before, _, rest = DOC.read_text("utf-8").partition(START)
        DOC.write_text(f"{before}{START}{text}{END}{rest.partition(END)[2]}", "utf-8")


def report(given: argparse.Namespace, wanted: list[str], work: Path) -> str:
    """Return all that was measured, as Markdown."""
    names = ("sphinx", "docutils", "myst-parser", "furo", "sphinxcontrib-bibtex", "pydantic", "typst")
    lines = [
        f"{datetime.date.today()}, Python {platform.python_version()}, {', '.join(f'{n} {version(n)}' for n in names)}."
    ]
    pythons = dict.fromkeys(wanted, sys.executable)
    if "sphinx-needs" in pythons:
        code = "from importlib.metadata import version; print(version('sphinx-needs'))"
        asked = subprocess.run([given.needs or sys.executable, "-c", code], capture_output=True, text=True, check=False)
        if asked.returncode:
            del pythons["sphinx-needs"]
            lines.append("sphinx-needs is not installed where --needs says, and is left out.")
        else:
            pythons["sphinx-needs"] = given.needs or sys.executable
            lines.append(f"sphinx-needs {asked.stdout.strip()}.")
    for variant, python in pythons.items():  # compiles every module
        small = work / f"first-{variant.replace(' ', '-')}"
        write_project(variant, small, 50)
        run([python, "-m", "sphinx", "-q", "-b", "html", str(small), str(small / "_out")], work)
    clean: dict[int, dict[str, float]] = {}
    tasks = [(int(size), False) for size in given.sizes.split(",") if size]
    tasks += [(int(size), True) for size in given.cited.split(",") if size]
    for size, cited in tasks:
        chosen = {name: python for name, python in pythons.items() if not cited or name in CITED}
        costs = compare(chosen, size, given.runs, cited, work, check)
        others = [name for name in costs if name != BASE]
        what = "with a bibliography" if cited else "with DOI links"
        lines += [
            "",
            f"**{size:,} records, {what}** ({given.runs} runs)",
            "",
            f"| measured | {BASE} | {' | '.join(others)} |",
        ]
        lines += ["|---" * (len(others) + 2) + "|", *table(costs)]
        if not cited:
            clean[size] = {name: cost.seconds("clean") for name, cost in costs.items()}
    for small, large in zip(sorted(clean), sorted(clean)[1:], strict=False):
        grown = ", ".join(f"{name} {clean[large][name] / clean[small][name]:.1f}" for name in clean[large])
        lines += ["", f"From {small:,} to {large:,} records a clean build takes so many times as long: {grown}."]
    if not given.no_others:
        lines += ["", *extras(work)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
