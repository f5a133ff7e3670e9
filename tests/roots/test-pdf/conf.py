"""A small handbook with what real ones use: MyST, sphinx-design, a bibliography, a glossary, an index."""

project = "Needle Book"
author = "The Clinic"
release = "1.4"
copyright = "The Clinic"
extensions = ["myst_parser", "sphinx_design", "sphinxcontrib.bibtex", "sphinx.ext.todo", "clinic_snippets.pdf"]
myst_enable_extensions = ["colon_fence", "deflist", "fieldlist", "tasklist"]
bibtex_bibfiles = ["references.bib"]
bibtex_reference_style = "author_year"
numfig = True
todo_include_todos = True
typstpdf_review_by = "2031-01-31"
typstpdf_cover_notes = ["Draft. Not clinically signed off."]
