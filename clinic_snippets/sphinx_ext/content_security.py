"""Furo's pages without scripts and styles inside them, so that a site works under ``default-src 'self'``.

Such a Content-Security-Policy refuses whatever a page brings in itself or from elsewhere, and so whatever somebody could
smuggle into a page. Furo writes a script, a block of variables and some ``style`` attributes into every page; here are
templates of the same names that load files in their stead. ``columns`` does the same for tables. Sphinx's words in the
page's language bring the rule of that language's plurals as text, from which a script makes a function: that is refused
too, so it is made one here.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.jinja2glue import SphinxFileSystemLoader

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates" / "furo"
STATIC = HERE / "static"
VARIABLES = "theme-variables-"
_VARIABLES = "partials/_head_css_variables.html"
_CALL = "Documentation.addTranslations("
_PLURAL = re.compile(r'"plural_expr": "([n\d\s()!=<>&|?:%+-]+)"')
_ADD = """(({ messages, locale }) => {
  Object.assign(Documentation, { LOCALE: locale, PLURAL_EXPR: (n) => Number(%s) });
  Object.assign(Documentation.TRANSLATIONS, messages);
})("""


def add_static_folder(app: Sphinx, config: Config) -> None:
    """Have the files copied that the templates name."""
    if str(STATIC) not in config.html_static_path:
        config.html_static_path = [*config.html_static_path, str(STATIC)]


def add_templates(app: Sphinx) -> None:
    """Put the templates, and a stylesheet, between the project's own, which win, and furo's."""
    builder: Any = app.builder
    # An e-book has a theme of its own, whatever the setting for web pages.
    if builder.format == "html" and getattr(builder, "theme", None) is not None and builder.theme.name == "furo":
        templates = builder.templates
        templates.loaders.insert(templates.templatepathlen, SphinxFileSystemLoader(str(TEMPLATES)))
        templates.templatepathlen += 1
        app.add_css_file("theme-repairs.css", priority=700)


def mend_translations(app: Sphinx) -> None:
    """Have the words in the page's language come with a function, as soon as they are copied."""
    builder: Any = app.builder
    if not hasattr(builder, "copy_translation_js"):
        return
    copy = builder.copy_translation_js

    def copy_and_mend() -> None:
        copy()
        path = Path(app.outdir, "_static", "translations.js")
        text = path.read_text("utf-8") if path.is_file() else ""
        if text.startswith(_CALL) and (plural := _PLURAL.search(text)):
            path.write_text(_ADD % plural[1] + text.removeprefix(_CALL), encoding="utf-8")

    builder.copy_translation_js = copy_and_mend


def write_variables(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Write the theme's variables into a file that is named after what it says, and tell the page its name."""
    if "furo_pygments" not in context:
        return
    builder: Any = app.builder
    page = builder.templates.render("!" + _VARIABLES, {**builder.globalcontext, **context})
    rules = "\n".join(line.strip() for line in re.sub(r"</?style>", "", page).splitlines() if line.strip()) + "\n"
    name = f"{VARIABLES}{hashlib.sha256(rules.encode()).hexdigest()[:8]}.css"
    context["theme_variables"] = name
    folder = Path(app.outdir, "_static")
    if not (folder / name).is_file():
        for path in folder.glob(f"{VARIABLES}*.css"):
            path.unlink(missing_ok=True)
        (folder / name).write_text(rules, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Set up the templates."""
    app.connect("config-inited", add_static_folder)
    app.connect("builder-inited", add_templates)
    app.connect("builder-inited", mend_translations)
    app.connect("html-page-context", write_variables, priority=900)  # after furo
    return {"parallel_read_safe": True, "parallel_write_safe": True}
