"""From files to records: YAML, BibTeX and record prose, with the place of every value kept."""
