extensions = ["myst_parser", "clinic_snippets"]
exclude_patterns = ["records", "releases", "changes"]
html_theme = "basic"
bibtex_bibfiles = ["references.bib"]
clinic_as_of = "1.2.2026"
