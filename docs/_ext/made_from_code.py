"""Reference pages made from the code: nothing that the code says is typed a second time.

In a page, the block ````` ```{made-from-code} NAME ````` stands for the Markdown that the function of that name writes, and
a block of MyST (``` ```md ```) is shown in both markups. Both are done to a page's source before it is parsed, so that
headings, links and index entries are the page's own.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from describe_bundle import bundle
from describe_commands import command, other_commands
from describe_configuration import configuration
from describe_directives import directives, directives_beside, roles
from describe_how_tos import how_tos
from describe_problems import problems, warnings
from describe_records import building_blocks, fields_of_every_record, kinds
from restructured import as_restructuredtext
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

import clinic_snippets

MAKERS: dict[str, Callable[..., str]] = {
    "building-blocks": building_blocks,
    "bundle": bundle,
    "command": command,
    "configuration": configuration,
    "directives": directives,
    "directives-beside": directives_beside,
    "fields-of-every-record": fields_of_every_record,
    "how-tos": how_tos,
    "kinds": kinds,
    "other-commands": other_commands,
    "problems": problems,
    "roles": roles,
    "warnings": warnings,
}
_MADE = re.compile(r"^```\{made-from-code\} (?P<name>\S+)(?P<arguments>( \S+)*)\n```$", re.MULTILINE)
_MYST = re.compile(
    r"^(?P<indent> *)(?P<fence>`{3,})(?:md|markdown)\b(?P<info>[^\n]*)\n(?P<code>.*?)^ *(?P=fence)$",
    re.DOTALL | re.MULTILINE,
)


def made(text: str) -> str:
    """Return a page's source with what is made from the code filled in."""

    def fill(match: re.Match[str]) -> str:
        if match["name"] not in MAKERS:
            raise ExtensionError(f"made-from-code: there is no maker '{match['name']}'; there are {', '.join(MAKERS)}")
        return MAKERS[match["name"]](*match["arguments"].split())

    return _MADE.sub(fill, text)


def in_both_markups(text: str) -> str:
    """Return a page's source with each block of MyST shown as reStructuredText too."""

    def tabs(match: re.Match[str]) -> str:
        indent = match["indent"]
        code = re.sub(rf"^{indent}", "", match["code"], flags=re.MULTILINE)
        out = [":::::{tab-set}", ":sync-group: markup", "", "::::{tab-item} MyST", ":sync: myst", ""]
        out += ["``````md", *code.splitlines(), "``````", "::::", ""]
        out += ["::::{tab-item} reStructuredText", ":sync: rst", ""]
        out += ["``````rst", *as_restructuredtext(code).splitlines(), "``````", "::::", ":::::"]
        return "\n".join(f"{indent}{line}".rstrip() for line in out)

    return _MYST.sub(tabs, text)


def fill_in(app: Sphinx, docname: str, source: list[str]) -> None:
    """Fill in what a page says of the code; the page is read again when the code changes."""
    text = made(source[0])
    if text != source[0]:
        for folder in (Path(clinic_snippets.__file__).parent, Path(__file__).parent):
            for module in folder.rglob("*.py"):
                app.env.note_dependency(str(module), docname=docname)
    source[0] = in_both_markups(text)


def setup(app: Sphinx) -> dict[str, Any]:
    """Set up the extension."""
    importlib.import_module("house_map").setup(app)
    app.connect("source-read", fill_in)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
