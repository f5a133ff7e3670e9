"""The licence of every package in requirements.txt; exit code 1 where one is not known to be free.

    python .ci/licences.py [requirements.txt]

A package says its licence itself, in its metadata. Where it names several, all of them must be free.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

from packaging.requirements import Requirement

FREE = {
    "0BSD", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "GPL", "ISC", "MIT", "MIT-CMU", "MPL-2.0",
    "OFL-1.1", "PSF-2.0", "Public-Domain", "Unlicense", "Zlib",
}  # fmt: skip
"""By their names in SPDX. GPL is one of three licences of docutils, that of parts which no output holds."""
SAME = {
    "Apache 2.0": "Apache-2.0", "Apache Software License": "Apache-2.0", "BSD License": "BSD",
    "GNU General Public License (GPL)": "GPL", "MIT License": "MIT", "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Public Domain": "Public-Domain", "Python Software Foundation License": "PSF-2.0",
}  # fmt: skip
"""Other names of the same licences."""
READ = {"axe-playwright-python": "MIT", "pypdfium2": "BSD-3-Clause, Apache-2.0"}
"""What a package's own licence file says, where its metadata says nothing or refers to that file."""


def locked(requirements: str) -> Iterator[str]:
    """Yield the name of each package that a lock has for this Python."""
    for line in re.findall(r"(?m)^[a-z0-9].*?(?= \\$|$)", requirements):
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate():
            yield requirement.name


def licences(name: str) -> list[str]:
    """Return the licences of an installed package, by the names in FREE as far as they are known."""
    said = metadata(name)
    classifiers = (
        line.rpartition(" :: ")[2] for line in said.get_all("Classifier") or [] if line.startswith("License")
    )
    classified = [SAME.get(name, name) for name in classifiers]
    text = READ.get(name) or said.get("License-Expression") or ", ".join(classified) or said.get("License") or ""
    parts = (part.strip() for part in re.split(r"[(),]| AND | OR ", text))
    return [SAME.get(part, part) for part in parts if part]


def table(names: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return a line for each package, and what is wrong with some."""
    lines, wrong = [], []
    for name in names:
        try:
            found = licences(name)
        except PackageNotFoundError:
            wrong.append(f"{name} is not installed; run `make setup`")
            continue
        lines.append(f"{name:32} {metadata(name)['Version']:18} {', '.join(found) or 'unknown'}")
        if strange := [licence for licence in found if licence not in FREE] or ([] if found else ["unknown"]):
            wrong.append(
                f"{name}: {', '.join(strange)[:80]} is no licence that is known to be free; see .ci/licences.py"
            )
    return lines, wrong


def main(lock: Path) -> int:
    """Print the table; return the exit code."""
    lines, wrong = table(locked(lock.read_text("utf-8")))
    print("\n".join(lines))
    print("\n".join([*wrong, f"{len(lines)} packages, {len(wrong)} of them with a problem"]), file=sys.stderr)
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(Path(*sys.argv[1:] or ["requirements.txt"])))
