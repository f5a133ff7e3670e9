extensions = ["myst_parser", "clinic_snippets"]
exclude_patterns = ["records", "releases", "changes"]
html_theme = "basic"
bibtex_bibfiles = ["references.bib"]
