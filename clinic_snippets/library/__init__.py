"""Questions about all records at once."""

from __future__ import annotations

from clinic_snippets.library.library import Library
from clinic_snippets.library.load import load_library

__all__ = ["Library", "load_library"]
