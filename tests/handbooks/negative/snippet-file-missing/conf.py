extensions = ["myst_parser", "clinic_snippets"]
exclude_patterns = ["records", "releases", "changes"]
html_theme = "basic"
bibtex_bibfiles = ["references.bib"]
clinic_snippet_files = ["own.py"]
