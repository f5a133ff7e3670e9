"""The Dry Needling Handbook."""

import os

from clinic_snippets import __version__

project = "The Dry Needling Handbook"
author = "The Dry Needling Handbook contributors"
copyright = "The Dry Needling Handbook contributors"
version = release = __version__
language = "en_GB"

extensions = [
    "myst_parser",
    "sphinx_design",
    "clinic_snippets",
    "clinic_snippets.pdf",
    "clinic_snippets.sphinx_ext.accessibility",
]
exclude_patterns = ["records", "releases", "changes"]
myst_enable_extensions = ["colon_fence", "deflist"]
nitpicky = True

bibtex_bibfiles = ["references.bib"]
# A tooltip repeats the whole entry at every citation; the bibliography is one tap away.
bibtex_tooltips = False

# The folder of the PDFs, for the pages that lead to them; `make handbook` names it, `make html` does not.
clinic_pdfs = os.environ.get("CLINIC_PDFS", "")

# A clinic fills in its own numbers here; until then every place that needs one says so.
clinic_numbers = {"emergency": "", "emergency-department": "", "occupational-health": "", "doctor": ""}

# Figures in pages come from their records; these are no results. `clinic-snippets check` reads this.
clinic_allowed_numbers = {
    "adverse-events": {
        "1 in 5 patients": "the wrong reading that the sentence warns of",
        "19 events per 100 treatments": "an example of how to read a figure",
        "95 % interval": "names the method",
    },
}

# `make links` asks every address once; publishers that refuse robots are not broken links.
linkcheck_anchors = False
linkcheck_timeout = 20
linkcheck_retries = 2
linkcheck_report_timeouts_as_broken = False
linkcheck_allowed_redirects = {r"https://(doi\.org|pubmed\.ncbi\.nlm\.nih\.gov)/.*": r".*"}
linkcheck_allow_unauthorized = True

html_theme = "furo"
html_static_path = ["_static"]
templates_path = ["_templates"]
html_css_files = ["handbook.css"]
html_favicon = "_static/favicon.svg"
html_title = f"{project} {release} (draft)"
html_baseurl = os.environ.get("READTHEDOCS_CANONICAL_URL", "")
html_copy_source = False
html_show_sphinx = False
html_theme_options = {
    "announcement": "Draft. Not clinically signed off. A handbook, not a device: it gives no verdict for a patient.",
}

typstpdf_filename = "dry-needling-handbook"
typstpdf_cover_notes = [
    "Draft. Not clinically signed off. Uncontrolled when printed.",
    "A handbook, not a device: it gives no verdict for a patient.",
]
