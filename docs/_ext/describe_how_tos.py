"""The list of how-tos, by the ``group`` in their front matter."""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "how-to"
GROUPS = ("Start", "Write", "Keep right", "Publish", "Extend")
OTHERS = "More"
"""Where a how-to stands that names no group."""


def how_tos() -> str:
    """Return a table of contents for each group; a how-to that is added is in it by itself."""
    found: dict[str, list[str]] = {group: [] for group in (*GROUPS, OTHERS)}
    for page in sorted(FOLDER.glob("*.md")):
        if page.stem != "index":
            group = re.match(r"---\n(?:.*\n)*?group: (.+)\n(?:.*\n)*?---\n", page.read_text(encoding="utf-8"))
            found.setdefault(group[1] if group else OTHERS, []).append(page.stem)
    out = []
    for group, pages in found.items():
        if pages:
            out += [f"## {group}", "", "```{toctree}", ":maxdepth: 1", "", *pages, "```", ""]
    return "\n".join(out)
