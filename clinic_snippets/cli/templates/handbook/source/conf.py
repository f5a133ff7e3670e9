"""Settings of the handbook."""

import os

project = "{{name}}"
author = "not yet named"
version = release = "0.1.0"
language = "en_GB"

extensions = ["myst_parser", "clinic_snippets", "clinic_snippets.pdf", "clinic_snippets.sphinx_ext.accessibility"]
exclude_patterns = ["records", "releases", "changes"]
myst_enable_extensions = ["colon_fence", "deflist"]
nitpicky = True

bibtex_bibfiles = ["references.bib"]
bibtex_tooltips = False

# The folder of the PDFs, for the pages that lead to them; `make handbook` names it.
clinic_pdfs = os.environ.get("CLINIC_PDFS", "")

# Your own telephone numbers; until they stand here, every place that needs one says so.
clinic_numbers = {"emergency": "", "emergency-department": "", "occupational-health": "", "doctor": ""}

html_theme = "furo"
html_title = f"{project} (draft)"
html_baseurl = os.environ.get("READTHEDOCS_CANONICAL_URL", "")
html_copy_source = False
html_show_copyright = False
html_show_sphinx = False
# Take "draft" out here and below once your clinic has reviewed the text and signed it off.
html_theme_options = {
    "announcement": "Draft. Not clinically signed off. A handbook, not a device: it gives no verdict for a patient.",
}

typstpdf_filename = "handbook"
typstpdf_cover_notes = [
    "Draft. Not clinically signed off. Uncontrolled when printed.",
    "A handbook, not a device: it gives no verdict for a patient.",
]
