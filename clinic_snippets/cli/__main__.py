"""``python -m clinic_snippets.cli``: the same as ``clinic-snippets``."""

from __future__ import annotations

from clinic_snippets.cli import main

if __name__ == "__main__":
    main(prog_name="clinic-snippets")
