"""Typed clinical records, and the snippets that render them in any Sphinx project."""

__version__ = "0.3.0"


def setup(app):  # type: ignore[no-untyped-def]
    """Set up the Sphinx extension; imported only then, so that the command line starts without Sphinx."""
    from clinic_snippets.sphinx_ext import setup as setup_extension

    return setup_extension(app)
