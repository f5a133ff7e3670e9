"""What a model refuses, in the words of a clinical lead: what is wrong, and what to write instead."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from clinic_snippets.problems import allowed_words, nearest, shown
from clinic_snippets.records.base import Part

HEADER = ("topic", "owner", "written", "review_by")
"""Fields that stand once at the top of a file and that its records inherit."""
_SHAPES = {
    "string_type": "a text", "tuple_type": "a list", "list_type": "a list", "dict_type": "fields",
    "model_type": "fields", "model_attributes_type": "fields",
}  # fmt: skip


def explain(details: ErrorDetails, model: type[Part] | None) -> tuple[str, str, str]:
    """Turn one of pydantic's errors into ``(message, hint, code)``; ``model`` is None for a field of the header."""
    kind, given, path = details["type"], details["input"], tuple(details["loc"])
    depth = max((index for index, step in enumerate(path) if isinstance(step, str)), default=0)
    last = str(path[depth]) if path else ""
    around = _model_at(model, path[:depth]) if model else None
    info = _field(around, last) if around else None
    words = _words_in(info.annotation) if info else []
    if kind == "missing":
        return "missing", f"add '{last}:'" + (f" with one of: {', '.join(words)}" if words else ""), "missing-field"
    if kind == "extra_forbidden":
        names = [info.alias or name for name, info in around.model_fields.items()] if around else []
        fields = [name for name in names if name not in HEADER]
        return "unknown field", nearest(last, fields) or f"allowed: {', '.join(fields)}", "unknown-field"
    if kind == "empty_text" or (isinstance(given, str) and not given.strip()):
        outer = model.model_fields.get(str(path[0])) if model and path else None
        required = outer is None or (
            outer.is_required() and (info is None or info.is_required()) and last not in HEADER
        )
        hint = f"allowed: {', '.join(words)}" if words else "fill it in" if required else "fill it in or remove it"
        return f"the {'list' if given == [] else 'field'} is empty", hint, "empty-text"
    if kind in ("enum", "literal_error"):
        return f"'{shown(given)}' is not a word for '{last}'", allowed_words(str(given), words), "wrong-word"
    if kind == "string_pattern_mismatch":
        hint = "write lower-case words joined by hyphens, for example 'needle-phobia'"
        return f"'{shown(given)}' is not an id", hint, "wrong-id"
    if kind in _SHAPES:
        shape = {"dict": "fields", "list": "a list", "str": "a text"}.get(type(given).__name__, "something else")
        hint = "compare with a neighbouring record"
        if _SHAPES[kind] == "a list" and isinstance(given, str):
            hint = f"write [{shown(given)}]"
        return f"expected {_SHAPES[kind]} here, found {shape}", hint, "wrong-shape"
    # Our own words, "what is wrong; what to do", in which the text that was given may stand.
    message, _, hint = details["msg"].replace(str(given), "\0").partition("; ")
    message, hint = (part.replace("\0", shown(given)) for part in (message, hint))
    return message, hint, kind.replace("_", "-")


def _field(model: type[Part], name: str) -> FieldInfo | None:
    """Return the field that is written as ``name``."""
    return next((info for field, info in model.model_fields.items() if (info.alias or field) == name), None)


def _model_at(model: type[Part], path: tuple[str | int, ...]) -> type[Part] | None:
    """Return the type of the part at ``path`` below ``model``."""
    inner: type[Part] | None = model
    for step in path:
        if inner is not None and isinstance(step, str):
            info = inner.model_fields.get(step)
            inner = part_in(info.annotation) if info else None
    return inner


def _words_in(annotation: Any) -> list[str]:
    """Return the words that a field takes, or an empty list where it takes any."""
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return [word.value for word in annotation]
    return next((words for inner in getattr(annotation, "__args__", ()) if (words := _words_in(inner))), [])


def part_in(annotation: Any) -> type[Part] | None:
    """Return the type of the parts that a field is made of, if it is."""
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        if found := part_in(argument):
            return found
    return None
