"""Configuration values, from where they are declared."""

from __future__ import annotations

import inspect
import re

import clinic_snippets.pdf
from clinic_snippets.sphinx_ext.config import VALUES

_TYPES = {str: "text", int: "number", list: "list", tuple: "tuple", dict: "dictionary", bool: "True or False"}


def configuration(of: str) -> str:
    """Return the values of the extension (``records``) or of the PDF builder (``pdf``)."""
    return "\n".join(_values() if of == "records" else _pdf_values())


def _values() -> list[str]:
    out = []
    for value in VALUES:
        types = " or ".join(_TYPES[kind] for kind in value.types)
        effect = "A change has every page read again." if value.rebuild == "env" else ""
        out.append(_entry(value.name, types, repr(value.default), [value.help, effect]))
    return out


def _pdf_values() -> list[str]:
    """The builder says in its docstring what its values are."""
    found = re.findall(r"^``(\w+)``\n((?:    .+\n)+)", inspect.getdoc(clinic_snippets.pdf) or "", re.MULTILINE)
    return [_entry(name, "", "", [" ".join(text.split())]) for name, text in found]


def _entry(name: str, types: str, default: str, text: list[str]) -> str:
    options = [f":type: {types}"] if types else []
    options += [f":default: `{default}`"] if default else []
    return "\n".join([f"````{{confval}} {name}", *options, "", *(line for line in text if line), "````", ""])
