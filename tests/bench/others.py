"""Figures that are not of builds side by side: reading records, the PDF, and how soon a saved record can be seen."""

from __future__ import annotations

import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from urllib.error import URLError
from urllib.request import urlopen

from tests.bench.measure import environment, run
from tests.bench.variants import write_project

REPOSITORY = Path(__file__).resolve().parents[2]
# Each in a process of its own: what one leaves in memory would slow the other.
_THEIRS = """
import sys, time, yaml
from pathlib import Path
start = time.process_time()
for path in sorted(Path(sys.argv[1]).glob("records/*.yaml")):
    yaml.load(path.read_bytes(), yaml.CSafeLoader)
print(time.process_time() - start)
"""
_OURS = """
import sys, time
from pathlib import Path
from clinic_snippets.library import load_library
folder, start = Path(sys.argv[1]), time.process_time()
library, problems = load_library(folder / "records", [folder / "references.bib"])
assert len(library) and not problems
print(time.process_time() - start)
"""


def extras(work: Path) -> list[str]:
    """Return one row for each figure."""
    rows = ["| measured | figure |", "|---|---|"]
    theirs, ours = reading(work, 10_000)
    rows.append(
        f"| reading and checking 10,000 records, to `yaml.CSafeLoader`'s {theirs:.2f} s | {ours / theirs:.2f} |"
    )
    seconds, memory = pdf(REPOSITORY / "source", work / "pdf", work)
    rows.append(f"| the PDF of the real handbook | {seconds:.1f} s, {memory / 1e9:.2f} GB |")
    folder = work / "long"
    shutil.rmtree(folder, ignore_errors=True)
    write_project("ours", folder, 2000)
    with (folder / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write('extensions.append("clinic_snippets.pdf")\nexclude_patterns += ["topic-*"]\n')
    (folder / "index.md").write_text("# Bench\n\n```{toctree}\nall\n```\n", "utf-8")
    seconds, memory = pdf(folder, work / "long-pdf", work)
    rows.append(f"| a table of 2,000 rows as PDF | {seconds:.1f} s, {memory / 1e9:.2f} GB |")
    rows.append(f"| from saving one of 500 records to the refreshed page | {live(work, 500):.1f} s |")
    return rows


def reading(work: Path, count: int) -> tuple[float, float]:
    """Return the CPU seconds that PyYAML takes to load records, and that we take to read and check them."""
    folder = work / "reading"
    shutil.rmtree(folder, ignore_errors=True)
    write_project("ours", folder, count)
    times: dict[str, list[float]] = {_THEIRS: [], _OURS: []}
    for code in 3 * list(times):
        done = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True)
        times[code].append(float(done.stdout))
    return median(times[_THEIRS]), median(times[_OURS])


def pdf(source: Path, out: Path, work: Path) -> tuple[float, int]:
    """Return the CPU seconds and the memory that the PDF of a project takes, its pages read already."""
    options = ["-q", "-d", str(out / "doctrees"), str(source)]
    run([sys.executable, "-m", "sphinx", "-b", "html", *options, str(out / "html")], work)
    return run([sys.executable, "-m", "sphinx", "-b", "typstpdf", *options, str(out / "pdf")], work)


def live(work: Path, count: int) -> float:
    """Return the seconds (by the clock, as a reader waits) from saving a record until the page shows it."""
    folder = work / "live"
    shutil.rmtree(folder, ignore_errors=True)
    write_project("ours", folder, count)
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "sphinx_autobuild",
        "--port",
        str(port),
        "-q",
        str(folder),
        str(work / "live-html"),
    ]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, env=environment(work)
    )
    try:
        address = f"http://127.0.0.1:{port}/topic-2.html"
        _wait_for(address, "record-00100", 120)
        time.sleep(1)  # until it watches
        path = folder / "records" / "topic-002.yaml"
        text = re.sub(r"action: \|\n    ", "action: |\n    Rewritten ", path.read_text("utf-8"), count=1)
        start = time.monotonic()
        path.write_text(text, "utf-8")
        _wait_for(address, "Rewritten", 120)
        return time.monotonic() - start
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def _wait_for(address: str, words: str, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urlopen(address, timeout=5) as page:
                if words in page.read().decode("utf-8"):
                    return
        except (URLError, OSError):
            pass
        time.sleep(0.05)
    raise TimeoutError(f"{address} does not show '{words}' after {seconds} s")
