"""The fields of records, from their models: what each takes, whether it must be there, and which words are allowed."""

from __future__ import annotations

import enum
import importlib
import inspect
import pkgutil
import types
import typing
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import TypeAdapter
from sphinx.pycode import ModuleAnalyzer

from clinic_snippets import records
from clinic_snippets.reading.explain import HEADER, part_in
from clinic_snippets.records import KINDS
from clinic_snippets.records.base import Part, Record, RefersTo

_PLAIN = {str: "text", int: "whole number", float: "number", bool: "yes or no"}


def _modules() -> Iterator[types.ModuleType]:
    for module in pkgutil.iter_modules(records.__path__):
        yield importlib.import_module(f"{records.__name__}.{module.name}")


def _building_blocks() -> dict[str, tuple[Any, str]]:
    """Return the named types that fields are made of, each with what its module says of it."""
    found: dict[str, tuple[Any, str]] = {}
    for module in _modules():
        documented = ModuleAnalyzer.for_module(module.__name__).find_attr_docs()
        for name, value in vars(module).items():
            if typing.get_origin(value) is Annotated and not name.startswith("_"):
                words = " ".join(documented.get(("", name), [])).strip()
                if name not in found or words:
                    found[name] = value, words
    return found


BLOCKS = _building_blocks()


def _block(hint: Any) -> str:
    """Return the name of a named type, or an empty string; a mark that narrows it may be added at its end."""
    for name, (value, _) in BLOCKS.items():
        if hint == value:
            return name
    if typing.get_origin(hint) is Annotated and isinstance(hint.__metadata__[-1], RefersTo):
        for name, (value, _) in BLOCKS.items():
            if (
                value.__origin__ == hint.__origin__
                and value.__metadata__ == hint.__metadata__[: len(value.__metadata__)]
            ):
                return name
    return ""


def _takes(hint: Any) -> str:
    """Say what a field takes, in a few words and links."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return " or ".join(_takes(inner) for inner in typing.get_args(hint) if inner is not type(None))
    if name := _block(hint):
        marks = [mark for mark in hint.__metadata__ if isinstance(mark, RefersTo) and mark.kinds]
        of = f" of {' or '.join(f'[{kind}](#kind-{kind})' for mark in marks for kind in mark.kinds)}" if marks else ""
        return f"[{_shown(name)}](#block-{_anchor(name)}){of}"
    if typing.get_origin(hint) is Annotated:
        return _takes(hint.__origin__)
    if typing.get_origin(hint) is tuple:
        inner = _takes(typing.get_args(hint)[0])
        return f"one or more of: {inner}" if inner.startswith("`") else f"list of {inner}"
    if typing.get_origin(hint) is typing.Literal:
        return ", ".join(f"`{word}`" for word in typing.get_args(hint))
    if isinstance(hint, type) and issubclass(hint, enum.StrEnum):
        return ", ".join(f"`{word.value}`" for word in hint)
    if isinstance(hint, type) and issubclass(hint, Part):
        return f"[{_shown(hint.__name__)}](#part-{_anchor(hint.__name__)})"
    return _PLAIN.get(hint, "") or str(getattr(hint, "__name__", hint)).lower()


def _anchor(name: str) -> str:
    return "".join(f"-{sign.lower()}" if sign.isupper() and at else sign.lower() for at, sign in enumerate(name))


def _shown(name: str) -> str:
    return _anchor(name).replace("-", " ")


def _doc(model: type) -> str:
    return inspect.getdoc(model) or ""


def _meaning(model: type[Part], field: str) -> str:
    """Return what the class that declares a field says below it or, where it says nothing, what the part in it is."""
    for owner in model.__mro__:
        if owner.__module__.startswith(records.__name__):
            documented = ModuleAnalyzer.for_module(owner.__module__).find_attr_docs()
            if words := " ".join(documented.get((owner.__name__, field), [])).strip():
                return words
    part = part_in(model.model_fields[field].annotation)
    return _doc(part).partition("\n")[0] if part else ""


def _rows(model: type[Part], leave_out: set[str]) -> list[str]:
    hints = typing.get_type_hints(model, include_extras=True)
    rows = []
    for name, info in model.model_fields.items():
        if name not in leave_out:
            must = "; in the header" if name in HEADER else "; required" if info.is_required() else ""
            rows.append(f"| `{info.alias or name}`{must} | {_meaning(model, name)} | {_takes(hints[name])} |")
    return ["| field | what it is | takes |", "|---|---|---|", *rows, ""] if rows else []


def _parts(models: list[type[Part]]) -> list[type[Part]]:
    """Return the groups of fields that stand within others, each once, in the order in which they are met."""
    found: list[type[Part]] = []
    for model in models:
        hints = typing.get_type_hints(model, include_extras=True)
        inner = [part for name in model.model_fields if (part := part_in(hints[name]))]
        for part in inner:
            for new in [part, *_parts([part])]:
                if new not in found:
                    found.append(new)
    return found


def _in_schema(block: Any) -> str:
    """Say what a named type takes, by its JSON Schema."""
    schema = TypeAdapter(block).json_schema()
    if "enum" in schema:
        return " or ".join(f"`{word}`" for word in schema["enum"])
    form = f", written as `{schema['pattern']}`" if "pattern" in schema else ""
    return f"{schema.get('format', schema.get('type', 'text'))}{form}"


def fields_of_every_record() -> str:
    """Return the fields that every record has."""
    return "\n".join(_rows(Record, set()))


def kinds() -> str:
    """Return each kind of record with its own fields."""
    out: list[str] = []
    for kind, model in KINDS.items():
        rows = _rows(model, set(Record.model_fields))
        out += [f"(kind-{kind})=", f"### {kind}", "", _doc(model), "", *(rows or ["It has no fields of its own.", ""])]
        if not model.needs_source:
            out += ["A record of this kind need not name a source itself.", ""]
    return "\n".join(out)


def building_blocks() -> str:
    """Return what fields are made of: the named types, and the groups of fields."""
    out: list[str] = []
    for name, (value, words) in sorted(BLOCKS.items()):
        out += [f"(block-{_anchor(name)})=", _shown(name).capitalize(), f": {words or _in_schema(value)}", ""]
    for part in _parts(list(KINDS.values())):
        out += [f"(part-{_anchor(part.__name__)})=", f"### {_shown(part.__name__).capitalize()}", "", _doc(part), ""]
        module = inspect.getdoc(inspect.getmodule(part)) or ""
        if "====" in module and part.__name__.lower() == part.__module__.rpartition(".")[2]:
            out += ["```{eval-rst}", module.partition("\n\n")[2], "```", ""]
        out += _rows(part, set())
    return "\n".join(out)
