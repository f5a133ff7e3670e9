"""How to write a handbook with clinic_snippets: a site of its own."""

import logging
import os
import sys
from pathlib import Path

from clinic_snippets import __version__

# What only this site needs: the makers of the reference, and the map of the package.
sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "clinic-snippets"
author = copyright = "The Dry Needling Handbook contributors"
version = release = __version__
language = "en_GB"

extensions = [
    "myst_parser",
    "sphinx_design",
    "clinic_snippets.sphinx_ext.accessibility",
    "made_from_code",
]
# A package that furo needs sends what every library logs to the terminal, such as that this one has started.
logging.getLogger("pikepdf").setLevel(logging.WARNING)
# Not all pages are in this site's care: a how-to that is added shows up by itself.
exclude_patterns = ["_build", "_ext"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
nitpicky = True

html_theme = "furo"
html_title = f"clinic-snippets {release}"
html_static_path = ["_static"]
html_css_files = ["docs.css"]
html_baseurl = os.environ.get("READTHEDOCS_CANONICAL_URL", "")
html_copy_source = False
html_show_sphinx = False
