"""Every kind of element docutils and Sphinx know."""

project = "Every Node"
extensions = ["clinic_snippets.pdf"]
numfig = True
