"""What the tests of the real handbook share."""

from __future__ import annotations

import pytest

from clinic_snippets.library import Library


@pytest.fixture(scope="session")
def library(handbook_library: Library) -> Library:
    """The handbook's records."""
    return handbook_library
