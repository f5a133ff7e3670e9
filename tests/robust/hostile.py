"""Records, reviews, notes and titles in which every text is meant to do harm: ``tests/roots/features`` with its words made so."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from clinic_snippets.library.governance import seal
from clinic_snippets.reading.entries import read_entries
from clinic_snippets.reading.prose import read_prose
from clinic_snippets.records import KINDS, Record
from clinic_snippets.records.base import prose_fields
from clinic_snippets.records.governance import SignOff
from clinic_snippets.records.text import plain

FEATURES = Path(__file__).resolve().parent.parent / "roots" / "features"
WORDS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    '" onmouseover="alert(3)" x=\'',
    "--></style></title></textarea><svg onload=alert(4)>",
    "[x](javascript:alert(5)) <javascript:alert(6)>",
    "data:text/html,<iframe src=javascript:alert(7)>",
    "{{ 7 * 7 }}{% raw %}${7*7}#{7*7}",
    '#read("/etc/passwd") #import "/etc/passwd" $x^2$ @ref <label> ~ // c /* c */',
    r"\input{/etc/passwd} \write18{id} %c $\alpha$ & ^^41 \\",
    "```{include} /etc/passwd``` {raw:html}`<b>` |sub| `x`__ [^1] :doc:`x`",
    "&lt;b&gt; &amp;amp; &#60; ]]> <![CDATA[ <?php ?> <!--",
    "\\u003cscript\\u003e \\x3c %s %(x)s {0} {x}",
    "وخز 'x' Ωμέγα",
    "[bold]b[/bold] [link=javascript:alert(8)]l[/link] [/] ]8;;x",
    "W" * 240,
)
"""HTML, quotes, addresses that run, templates, Typst, LaTeX, MyST and reStructuredText, escapes, a script written from
right to left, markup of terminals, a word longer than a line."""
ALL = " ".join(WORDS)
BARE = re.sub(r"[{}\\%~`]|--", "", ALL)
"""The words in a bibliography: braces must match there, and its reader takes these signs for LaTeX."""
_OWN = {
    "kind", "id", "regions", "region", "within", "sources", "source", "condition", "checklist", "topic", "about",
    "techniques", "page",
}  # fmt: skip
"""Fields that name something that must exist, or that the pages ask for by its words."""
_MARKS = re.compile(r"([\\`*_{}\[\]<>&#+\-.!()|~=])")


def as_prose(text: str) -> str:
    """Return prose that shows ``text`` as it is."""
    escaped = _MARKS.sub(r"\\\1", text)
    blocks, troubles = read_prose(escaped)
    assert not troubles and plain(blocks) == text
    return escaped


def spoilt_features(folder: Path, words: str = ALL) -> Path:
    """Copy the handbook that uses everything, with ``words`` in every text of every record and every source."""
    shutil.copytree(FEATURES, folder)
    for path in sorted((folder / "records").rglob("*.yaml")):
        _spoil_file(path, words)
    bibliography = folder / "references.bib"
    fields = r"(?m)^( *(?:title|journal|caution|publisher) = \{.*)\},$"
    bibliography.write_text(
        re.sub(fields, lambda m: f"{m[1]} {BARE if words == ALL else words}}},", bibliography.read_text("utf-8")),
        "utf-8",
    )
    _spoil_governance(folder, words)
    for name, text in {**PAGES, **_titled(words)}.items():
        (folder / name).write_text(text, "utf-8")
    with (folder / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write(CONF)
        # The numbers to call stand in sentences and on sheets. The project's name Sphinx takes for HTML, as it says.
        conf.write(f"clinic_numbers = {{'emergency': {words!r}, 'doctor': {words!r}}}\n")
    return folder


def _spoil_governance(folder: Path, words: str) -> None:
    """Put the words into reviews, change notes and releases, and into the names of those who signed."""
    prose = as_prose(words)
    for name, top, fields in (
        ("reviews.yaml", "reviews", {"reviewer": words, "searched": prose, "note": prose}),
        ("changes/pending.yaml", "changes", {"author": words, "what": prose, "why": prose}),
    ):
        entries = yaml.load((folder / name).read_text("utf-8"), yaml.BaseLoader)[top]
        for entry in entries:
            entry.update({field: f"{entry.get(field, '')} {text}".strip() for field, text in fields.items()})
        _dump(folder / name, {top: entries})
    signed = [entry.value for entry in read_entries(folder / "sign-offs.yaml", "sign-offs", SignOff)[0]]
    signed = [
        entry.model_copy(update={"name": f"{entry.name} {words}", "role": f"{entry.role} {words}"}) for entry in signed
    ]
    sealed = [entry.model_copy(update={"seal": seal(entry)}).model_dump(mode="json") for entry in signed]
    _dump(folder / "sign-offs.yaml", {"sign-offs": sealed})


def _titled(words: str) -> dict[str, str]:
    """Return a page that has the words in its title, in a heading and as the text of a link."""
    prose = as_prose(words)
    text = f"""---
orphan: true
---
# Titled {prose}

## Again {prose}

[{prose}](harm.md)
"""
    return {"titled.md": text}


def _dump(path: Path, data: Any) -> None:
    path.write_text(yaml.safe_dump(data, default_style='"', width=10**9, allow_unicode=True, sort_keys=False), "utf-8")


CONF = """
extensions += ["clinic_snippets.pdf", "clinic_snippets.sphinx_ext.accessibility"]
smartquotes = False
typstpdf_filename = "hostile"
html_theme = "furo"
html_sidebars = {}
"""
PAGES = {
    "codes.md": "---\norphan: true\n---\n# Codes\n\n```{clinic:code-list}\n```\n\n```{clinic:copy-marks}\n```\n",
    "sheet.md": "---\norphan: true\n---\n# Sheet\n\n```{clinic:aftercare-advice}\n```\n\n```{clinic:copy-mark}\n```\n",
}


def _spoil_file(path: Path, words: str) -> None:
    data = yaml.load(path.read_text("utf-8").replace("中文, ", ""), yaml.BaseLoader)
    header = {name: value for name, value in data.items() if name != "records"}
    for record in data["records"]:
        for at, holder, key in list(_texts(record)):
            if _OWN.isdisjoint(at):
                _spoil(record, header, holder, key, words)
    _dump(path, data)


def _spoil(record: dict[str, Any], header: dict[str, Any], holder: Any, key: Any, words: str) -> None:
    """Put the words behind a text, if the field takes any text."""
    before, probe = holder[key].rstrip(), "probe"

    def judged() -> Record | None:
        try:
            return KINDS[record["kind"]].model_validate({**header, **record})
        except ValidationError:
            return None

    holder[key] = f"{before} {probe}"
    found = judged()
    in_prose = found and any(text == holder[key] for _, text in prose_fields(found))
    holder[key] = f"{before} {as_prose(words) if in_prose else words}"
    if not found or not judged():
        holder[key] = before


def _texts(node: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any, Any]]:
    """Yield each text with the way to it, and what holds it under which name or number."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        if isinstance(value, str):
            yield (*at, key), node, key
        else:
            yield from _texts(value, (*at, key))
