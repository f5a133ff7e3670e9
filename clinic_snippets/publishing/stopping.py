"""The one way in which this room gives up: a problem with its place and the way out."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

from clinic_snippets.problems import ClinicError, Place, Problem


def stop(place: Path | str, subject: str, message: str, hint: str = "") -> NoReturn:
    """Raise ClinicError for one problem that makes it impossible to go on."""
    raise ClinicError([Problem(Place(str(place)), subject, message, hint, "publishing")]) from None
