"""A small handbook in which every kind of link crosses pages, so that a change in one page or record shows in others."""

import os
import signal

project = "Rebuilds"
author = copyright = "Nobody"
language = "en"

extensions = ["myst_parser", "clinic_snippets", "clinic_snippets.pdf"]
exclude_patterns = ["records", "shared"]
myst_enable_extensions = ["deflist"]
numfig = True

bibtex_bibfiles = ["references.bib"]
clinic_snippet_files = ["own_snippets.py"]

html_theme = "basic"
# Sections of all pages in every sidebar: the hardest case for knowing which pages must be written again.
html_sidebars = {"**": ["globaltoc.html", "relations.html", "sourcelink.html"]}
html_theme_options = {"globaltoc_collapse": False}
html_static_path = ["_static"]
html_css_files = ["handbook.css"]

typstpdf_filename = "rebuilds"


def setup(app):
    """Note which pages are read and which are written; die while writing one of them, if the test says so."""
    app.pages_read, app.pages_written = [], []
    app.connect("env-before-read-docs", lambda app, env, pages: app.pages_read.extend(pages))
    app.connect("doctree-resolved", lambda app, doctree, page: app.pages_written.append(page))
    app.connect("html-page-context", die)


def die(app, page, template, context, doctree):
    """End the process at once, as a crash of the machine does."""
    if page == os.environ.get("DIE_WHILE_WRITING"):
        os.kill(os.getpid(), signal.SIGKILL)
