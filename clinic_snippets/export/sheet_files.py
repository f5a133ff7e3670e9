"""Where the PDF of a sheet stands: one rule for the builder that writes it and for the pages that lead to it."""

from __future__ import annotations


def sheet_file(docname: str) -> str:
    """Return the path of a sheet's PDF, as seen from the book or from the top of a site."""
    name = docname.replace("/", "-") if docname.count("/") > 1 else docname.rpartition("/")[2]
    return f"sheets/{name}.pdf"
