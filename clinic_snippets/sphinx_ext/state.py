"""What a build leaves word of for the next one: for each builder and output folder, beside the doctrees."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from sphinx.application import Sphinx


def load_state(app: Sphinx, about: str) -> dict[str, str]:
    """Return what was kept; empty where that is not known."""
    try:
        return {str(name): str(value) for name, value in json.loads(_file(app, about).read_bytes()).items()}
    except (OSError, ValueError, AttributeError):
        return {}


def save_state(app: Sphinx, about: str, state: dict[str, str]) -> None:
    """Keep this in one step: a build killed here must not forget what it once wrote."""
    new = _file(app, about).with_suffix(".new")
    new.write_text(json.dumps(state, sort_keys=True), "utf-8")
    new.replace(_file(app, about))


def _file(app: Sphinx, about: str) -> Path:
    tag = hashlib.sha256(f"{app.builder.name}\0{Path(app.outdir).resolve()}".encode()).hexdigest()[:16]
    return Path(app.doctreedir) / f"clinic-{about}-{tag}.json"
