"""Directives from the registry of snippets, and roles from the domain."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from typing import Any

from clinic_snippets import sphinx_ext
from clinic_snippets.records import KINDS
from clinic_snippets.snippets import SNIPPETS, Snippet
from clinic_snippets.sphinx_ext.domain import ClinicDomain

_MAKES = {
    "Table": "a table",
    "Cards": "cards, each with a heading",
    "Picture": "a picture, and a table that says the same",
}


NEEDED = {"icon-array": [":rate: bruising@brady2014"]}
"""What a snippet cannot do without, although any text is allowed there."""


def directives() -> str:
    """Return every directive: what it is for, its options, and how it is written."""
    return "\n".join(_described(snippet) for _, snippet in sorted(SNIPPETS.items()))


def example(snippet: Snippet) -> str:
    """Return a call in MyST, with the options that take one of a few words."""
    options = [option for option in snippet.options.values() if option.description.startswith("one of: ")]
    lines = [f":{option.name}: {_first_word(option.description)}" for option in options]
    lines += NEEDED.get(snippet.name, [])
    return "\n".join([f"```{{clinic:{snippet.name}}}", *lines, "```", ""])


def _first_word(description: str) -> str:
    return description.removeprefix("one of: ").split(", ")[0]


def _described(snippet: Snippet) -> str:
    doc = inspect.getdoc(snippet.function) or ""
    makes = inspect.signature(snippet.function).return_annotation
    call = example(snippet)
    shown = "".join(f" --{name} '{value}'" for name, value in re.findall(r"^:([a-z-]+): (.+)$", call, re.MULTILINE))
    out = [f"(directive-{snippet.name})=", f"## {snippet.name}", "", doc, "", f"Makes {_MAKES[makes]}.", ""]
    if snippet.options:
        out += ["| option | what may be given |", "|---|---|"]
        out += [f"| `{option.name}` | {option.description} |" for option in snippet.options.values()]
        out += [""]
    out += ["````md", call + "````", "", f"In the terminal: `clinic-snippets show {snippet.name}{shown}`", ""]
    return "\n".join(out)


def roles() -> str:
    """Return every role of the domain."""
    out = ["| role | what it makes |", "|---|---|"]
    for name, role in all_roles().items():
        if name in KINDS and type(role).__name__ == "XRefRole":
            text = f"a link to: {_summary(KINDS[name])}"
        elif name == "ref":
            text = "a link to a record of any kind"
        elif name in KINDS or name == "rate":
            text = f"a [figure](#figures-in-running-text){'; without `@`, a link to the record' * (name in KINDS)}"
        else:
            text = _summary(type(role))
        out.append(f"| `{{clinic:{name}}}` | {text} |")
    figures = next(type(role) for name, role in ClinicDomain.roles.items() if name == "rate")
    doc = inspect.getdoc(figures) or ""
    # Two backticks around a role end at its own last one; with blanks between them they do not.
    doc = re.sub(r"``(\{[\w:-]+\}`[^`]+`)``", r"`` \1 ``", doc)
    return "\n".join([*out, "", "## Figures in running text", "", doc, ""])


def directives_beside() -> str:
    """Return the directives that show no records."""
    out = ["| directive | what it makes |", "|---|---|"]
    out += [f"| `{{clinic:{name}}}` | {_summary(made)} |" for name, made in sorted(added("directive").items())]
    return "\n".join([*out, ""])


def all_roles() -> dict[str, Any]:
    """Return the roles that the domain declares, and those that other modules add to it."""
    return {**ClinicDomain.roles, **{name: role() for name, role in added("role").items()}}


def added(what: str) -> dict[str, type]:
    """Return what other modules add to the domain when they are set up: ``role`` or ``directive``, by its name."""
    found = {}
    for module in pkgutil.iter_modules(sphinx_ext.__path__):
        loaded = importlib.import_module(f"{sphinx_ext.__name__}.{module.name}")
        for node in ast.walk(ast.parse(inspect.getsource(loaded))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == f"add_{what}_to_domain":
                name, made = node.args[1], node.args[2]
                made = made.func if isinstance(made, ast.Call) else made
                if isinstance(name, ast.Constant) and isinstance(made, ast.Name):
                    found[str(name.value)] = getattr(loaded, made.id)
    return found


def _summary(thing: object) -> str:
    return (inspect.getdoc(thing) or "").partition("\n")[0]
