"""Every configuration value, declared once: name, default, what a change rebuilds, types, help."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from sphinx.application import Sphinx
from sphinx.config import Config

from clinic_snippets.problems import Place, Problem, allowed_words
from clinic_snippets.records import Whom
from clinic_snippets.records.base import read_day
from clinic_snippets.sphinx_ext.stopping import stop_build


class Value(NamedTuple):
    """One configuration value."""

    name: str
    default: Any
    rebuild: str
    types: tuple[type, ...]
    help: str


VALUES = (
    Value("clinic_records", "records", "env", (str,), "Folder of record files, relative to the source folder."),
    Value(
        "clinic_snippet_files", [], "env", (list, tuple),
        "Python files, relative to the source folder, with @snippet functions and @record_kind classes of your own.",
    ),
    Value(
        "clinic_edit_url", "", "", (str,),
        "Address behind 'Edit this record'; {path} and {line} stand for the record's file and line.",
    ),
    Value(
        "clinic_report_url", "", "", (str,),
        "Address behind 'Report an error'; {id} stands for the record.",
    ),
    Value(
        "clinic_numbers", {}, "env", (dict,),
        "The clinic's own numbers by whom to call: emergency, emergency-department, occupational-health, doctor.",
    ),
    Value(
        "clinic_as_of", "", "", (str,),
        "The day the build is made for, as year-month-day; what is overdue on that day says so. Empty: no day.",
    ),
    Value("clinic_review_months", 36, "", (int,), "The longest time to the next review, in months."),
    Value(
        "clinic_offline", True, "html", (bool,),
        "Whether browsers save the site for times without a network. False also deletes what they have saved.",
    ),
    Value(
        "clinic_pdfs", "", "", (str,),
        "Folder of the PDF and its sheets, relative to the source folder: they are put beside the pages, which link to them.",
    ),
    Value(
        "clinic_allowed_numbers", {}, "", (dict,),
        "Words of pages that `clinic-snippets check` would take for a result typed by hand: by page, the words and why.",
    ),
)  # fmt: skip

_KINDS = {
    str: "a text in quotation marks", list: "a list in square brackets", tuple: "", dict: "a dict in braces",
    int: "a number", bool: "True or False",
}  # fmt: skip
"""What a value must be, in words; a tuple serves where a list is asked for, and needs no words of its own."""


def day_of(config: Config) -> date | None:
    """Return the day the build is made for, or None; raises ValueError where it is not a date."""
    if not config.clinic_as_of:
        return None
    return read_day(config.clinic_as_of)


def add_values(app: Sphinx) -> None:
    """Declare the values to Sphinx."""
    for value in VALUES:
        app.add_config_value(value.name, value.default, value.rebuild, value.types, value.help)  # type: ignore[arg-type]


def refuse(app: Sphinx, name: str, message: str) -> NoReturn:
    """Stop the build for a wrong value, at its line in conf.py; one given on the command line has none."""
    conf = Path(app.confdir, "conf.py")
    lines = conf.read_text("utf-8").splitlines() if conf.is_file() and name not in app.config.overrides else []
    number = next((number for number, line in enumerate(lines, 1) if re.match(rf"{name}\s*[:=]", line)), 0)
    stop_build([Problem(Place(str(conf), number), name, message) if number else f"{name}: {message}"])


def check_values(app: Sphinx, config: Config) -> None:
    """Refuse values of a wrong type, addresses nothing can be filled into, and numbers for nobody."""
    for value in VALUES:
        if not isinstance(config[value.name], value.types):
            kinds = " or ".join(_KINDS[kind] for kind in value.types if _KINDS[kind])
            found = config[value.name]
            hint = f"write [{found!r}]. " if list in value.types and isinstance(found, str) else ""
            refuse(app, value.name, f"this must be {kinds}, found {found!r}; {hint}{value.help}")
    try:
        day_of(config)
    except ValueError:
        said = f"'{config.clinic_as_of}' is not a date; write year-month-day, for example 2026-11-22"
        refuse(app, "clinic_as_of", said)
    if config.clinic_review_months < 1:
        said = f"{config.clinic_review_months} is not a number of months; write 1 or more"
        refuse(app, "clinic_review_months", said)
    for whom in config.clinic_numbers:
        if whom not in list(Whom):
            refuse(app, "clinic_numbers", f"'{whom}' is nobody to call; {allowed_words(str(whom), list(Whom))}")
    for name, allowed in (("clinic_edit_url", ("path", "line")), ("clinic_report_url", ("id",))):
        try:
            config[name].format(**dict.fromkeys(allowed, ""))
        except (KeyError, IndexError, ValueError):
            shown = " and ".join(f"{{{word}}}" for word in allowed)
            refuse(app, name, f"'{config[name]}' may hold {shown} in braces and nothing else")
