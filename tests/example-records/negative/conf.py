bibtex_bibfiles = ["references.bib"]
