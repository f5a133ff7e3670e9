"""Every configuration value, declared once: name, default, what a change rebuilds, types, help."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from sphinx.application import Sphinx
from sphinx.config import Config

from clinic_snippets.problems import allowed_words
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
        "Python files, relative to the source folder, whose @snippet functions become directives.",
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
        "clinic_allowed_numbers", {}, "", (dict,),
        "Words of pages that `clinic-snippets check` would take for a result typed by hand: by page, the words and why.",
    ),
)  # fmt: skip


def day_of(config: Config) -> date | None:
    """Return the day the build is made for, or None; raises ValueError where it is not a date."""
    if not config.clinic_as_of:
        return None
    return read_day(config.clinic_as_of)


def add_values(app: Sphinx) -> None:
    """Declare the values to Sphinx."""
    for value in VALUES:
        app.add_config_value(value.name, value.default, value.rebuild, value.types, value.help)  # type: ignore[arg-type]


def check_values(app: Sphinx, config: Config) -> None:
    """Refuse values of a wrong type, addresses nothing can be filled into, and numbers for nobody."""
    for value in VALUES:
        if not isinstance(config[value.name], value.types):
            kinds = " or ".join(
                {"str": "a text", "list": "a list", "tuple": "a tuple", "dict": "a dict", "int": "a number"}[t.__name__]
                for t in value.types
            )
            stop_build([f"{value.name}: this must be {kinds}, found {config[value.name]!r}. {value.help}"])
    try:
        day_of(config)
    except ValueError:
        stop_build(
            [f"clinic_as_of: '{config.clinic_as_of}' is not a date; write year-month-day, for example 2026-11-22"]
        )
    if config.clinic_review_months < 1:
        stop_build([f"clinic_review_months: {config.clinic_review_months} is not a number of months"])
    for whom in config.clinic_numbers:
        if whom not in list(Whom):
            stop_build([f"clinic_numbers: '{whom}' is nobody to call; {allowed_words(str(whom), list(Whom))}"])
    for name, allowed in (("clinic_edit_url", ("path", "line")), ("clinic_report_url", ("id",))):
        try:
            config[name].format(**dict.fromkeys(allowed, ""))
        except (KeyError, IndexError, ValueError):
            shown = " and ".join(f"{{{word}}}" for word in allowed)
            stop_build([f"{name}: '{config[name]}' may hold {shown} in braces and nothing else"])
