"""Stylesheets of table columns: their widths, and the headings that a phone shows in front of each cell.

Both would stand in ``style`` attributes otherwise, which a site's Content-Security-Policy may forbid, and which every
page would repeat. Tables with the same columns share a stylesheet that is named after what it says: it never changes,
so no page has to be written again because another has gained a table.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Set
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.environment.collectors import EnvironmentCollector
from sphinx.transforms.post_transforms import SphinxPostTransform

from clinic_snippets.export.writing import write_changed
from clinic_snippets.sphinx_ext.late import labelled_tbody

PREFIX = "clinic-columns-"


def rules_of(table: nodes.table) -> str:
    """Return what a stylesheet has to say of one table's columns, ``&`` standing for the table; often nothing."""
    group = next(iter(table.findall(nodes.tgroup)))
    rules = []
    if "width" in table:
        unit = "" if table["width"][-1:] not in "0123456789." else "px"
        rules.append(f"&{{width:{table['width']}{unit}}}")
    body = group.children[-1]
    if isinstance(body, labelled_tbody):
        rules += [
            f'&>tbody>tr>td:nth-of-type({number}){{--heading:"{_quoted(label)}"}}'
            for number, label in enumerate(body["labels"], 1)
        ]
    if "colwidths-given" in table["classes"]:
        widths = [spec["colwidth"] for spec in group.findall(nodes.colspec)]
        first = "thead>tr" if any(group.findall(nodes.thead)) else "tbody>tr:first-child"
        rules += [
            f"&>{first}>:nth-child({number}){{width:{width / sum(widths):.0%}}}"
            for number, width in enumerate(widths, 1)
        ]
    return "\n".join(rules)


def class_of(rules: str) -> str:
    """Return the class of the tables, and the name of the stylesheet, that rules belong to."""
    return PREFIX + hashlib.sha256(rules.encode()).hexdigest()[:8]


def _quoted(words: str) -> str:
    return words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")


class ColumnRules(EnvironmentCollector):
    """Knows the columns of each page's tables; ``env.clinic_columns`` has their rules by page."""

    def clear_doc(self, app: Sphinx, env: BuildEnvironment, docname: str) -> None:
        """Forget a page."""
        _known(env).pop(docname, None)

    def merge_other(self, app: Sphinx, env: BuildEnvironment, docnames: Set[str], other: BuildEnvironment) -> None:
        """Take over what another process has read."""
        _known(env).update({page: rules for page, rules in _known(other).items() if page in docnames})

    def process_doc(self, app: Sphinx, doctree: nodes.document) -> None:
        """Note the columns of a page that was read."""
        rules = tuple(dict.fromkeys(filter(None, map(rules_of, doctree.findall(nodes.table)))))
        if rules:
            _known(app.env)[app.env.docname] = rules


def _known(env: Any) -> dict[str, tuple[str, ...]]:
    if not hasattr(env, "clinic_columns"):
        env.clinic_columns = {}
    known: dict[str, tuple[str, ...]] = env.clinic_columns
    return known


class NameColumns(SphinxPostTransform):
    """Gives each table of a web page the class that its columns' stylesheet is for, in place of written widths."""

    default_priority = 550  # after furo, which gives a table's classes to the box around it
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Work on every table of the document."""
        for table in self.document.findall(nodes.table):
            if rules := rules_of(table):
                widths = {"colwidths-given", "colwidths-auto"}
                kept = [name for name in table["classes"] if name not in widths]
                # So docutils writes no widths of its own.
                table["classes"] = [*kept, "colwidths-auto", class_of(rules)]
                table.attributes.pop("width", None)


def write_stylesheets(app: Sphinx, builder: Builder) -> None:
    """Write the stylesheets that some page asks for, before any page is, and delete all others."""
    if builder.format != "html":
        return
    folder = Path(app.outdir, "_static")
    wanted = {f"{class_of(rules)}.css": rules for rules in _all_rules(_known(app.env).values())}
    for path in folder.glob(f"{PREFIX}*.css"):
        if path.name not in wanted:
            path.unlink()
    for name, rules in wanted.items():
        write_changed(folder / name, rules.replace("&", f"table.{Path(name).stem}") + "\n")


def _all_rules(pages: Iterable[tuple[str, ...]]) -> list[str]:
    return list(dict.fromkeys(rules for page in pages for rules in page))


def link_stylesheets(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Load the stylesheets of the tables on a page; ``singlehtml`` has all tables on one."""
    known = _known(app.env)
    pages = known.values() if app.builder.name == "singlehtml" else [known.get(pagename, ())]
    for rules in _all_rules(pages):
        app.add_css_file(f"{class_of(rules)}.css")


def setup(app: Sphinx) -> None:
    """Register the collector and the transform."""
    app.add_env_collector(ColumnRules)
    app.add_post_transform(NameColumns)
    app.connect("write-started", write_stylesheets)
    app.connect("html-page-context", link_stylesheets)
