"""The ``@snippet`` decorator: a plain function becomes a directive and a terminal command.

The function's first parameter is the library. Its keyword-only parameters are the options, typed by their annotations:
an enum (its words are allowed), a kind of record (an id is expected), ``bool`` (a flag) or ``str``.
"""

from __future__ import annotations

import enum
import inspect
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from clinic_snippets.library import Library
from clinic_snippets.problems import allowed_words
from clinic_snippets.records import Record
from clinic_snippets.snippets.blocks import Block

SnippetFunction = Callable[..., Block]


class OptionError(ValueError):
    """An option's value does not fit; the message names what is allowed."""


@dataclass(frozen=True)
class Option:
    """One option of a snippet, as its signature declares it."""

    name: str
    type: type

    def words(self, library: Library) -> list[str]:
        """Return the allowed values, or an empty list where any text is allowed."""
        if issubclass(self.type, enum.Enum):
            return [member.value for member in self.type]
        if issubclass(self.type, Record):
            return sorted(record.id for record in library.of(self.type))
        return []

    def read(self, given: str, library: Library) -> Any:
        """Return the typed value of what was written; raises OptionError where it does not fit."""
        given = given.strip()
        words = self.words(library)
        if words and given not in words:
            raise OptionError(f"'{given}' is not a value of '{self.name}'; {allowed_words(given, words)}")
        if issubclass(self.type, enum.Enum):
            return self.type(given)
        if issubclass(self.type, Record):
            return library.get(given)
        if self.type is bool:
            return True
        if not given:
            raise OptionError(f"'{self.name}' is empty; write a value or leave the option out")
        return given


@dataclass(frozen=True)
class Snippet:
    """A registered snippet: its name in pages and in the terminal, its function and its options."""

    name: str
    function: SnippetFunction
    options: Mapping[str, Option]

    @property
    def summary(self) -> str:
        """Return the first line of the function's docstring."""
        return (inspect.getdoc(self.function) or "").partition("\n")[0]

    def __call__(self, library: Library, given: Mapping[str, str]) -> Block:
        """Run the snippet with options as written; raises OptionError."""
        values = {}
        for name, text in given.items():
            if name not in self.options:
                raise OptionError(f"'{name}' is not an option of {self.name}; {allowed_words(name, self.options)}")
            values[name.replace("-", "_")] = self.options[name].read(text, library)
        return self.function(library, **values)


SNIPPETS: dict[str, Snippet] = {}


def _option(name: str, annotation: Any) -> Option:
    if isinstance(annotation, types.UnionType) or typing.get_origin(annotation) is typing.Union:
        annotation = next(a for a in typing.get_args(annotation) if a is not type(None))
    return Option(name.replace("_", "-"), annotation)


def snippet(function: SnippetFunction) -> SnippetFunction:
    """Register ``function`` under its name, with hyphens; raises TypeError where its signature does not fit."""
    signature = inspect.signature(function)
    library, *options = signature.parameters.values()
    if wrong := [p.name for p in options if p.kind is not p.KEYWORD_ONLY or p.default is p.empty]:
        raise TypeError(f"{function.__name__}: option '{wrong[0]}' must be keyword-only and have a default")
    hints = typing.get_type_hints(function)
    name = function.__name__.replace("_", "-")
    made = {o.name: o for o in (_option(p.name, hints[p.name]) for p in options)}
    SNIPPETS[name] = Snippet(name, function, made)
    return function
