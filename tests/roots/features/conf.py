"""A small handbook that uses everything record prose, snippets and the domain can do."""

project = "Features"
copyright = "The testers"
version = "1"
language = "en_GB"
extensions = ["myst_parser", "clinic_snippets"]
exclude_patterns = ["records"]
myst_enable_extensions = ["colon_fence"]
nitpicky = True
numfig = True

bibtex_bibfiles = ["references.bib"]
bibtex_tooltips = False

clinic_snippet_files = ["own_snippets.py"]
clinic_edit_url = "https://code.example/edit/{path}?at=1&line={line}"
clinic_report_url = "https://code.example/report?title={id}"
clinic_numbers = {"emergency": "112 <now> & then"}

html_theme = "basic"
html_sidebars = {"**": ["localtoc.html", "relations.html"]}
latex_show_urls = "no"
