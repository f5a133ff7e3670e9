"""The ``@snippet`` decorator: a plain function becomes a directive and a terminal command.

The function's first parameter is the library. Its keyword-only parameters are the options, typed by their annotations:
a StrEnum (its words are allowed), a kind of record (an id is expected), ``bool`` (a flag) or ``str``.
"""

from __future__ import annotations

import enum
import inspect
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from clinic_snippets.library import Library
from clinic_snippets.problems import DeclarationError, allowed_words
from clinic_snippets.records import KINDS, Record
from clinic_snippets.records.text import ListBlock, Paragraph
from clinic_snippets.snippets.blocks import Block, Cards, Facts, Fold, Picture, RecordFoot, Table, parts
from clinic_snippets.snippets.drawing import links
from clinic_snippets.snippets.overdue import marked

SnippetFunction = Callable[..., Block]
_BLOCKS = (Paragraph, ListBlock, Facts, Fold, RecordFoot)
"""What a cell or a card is made of."""


class OptionError(ValueError):
    """An option's value does not fit; the message names what is allowed."""


@dataclass(frozen=True)
class Option:
    """One option of a snippet, as its signature declares it."""

    name: str
    type: type

    @property
    def description(self) -> str:
        """Say what may be given, without any records at hand."""
        if self.type is bool:
            return "a flag; it takes no value"
        if issubclass(self.type, enum.Enum):
            return "one of: " + ", ".join(member.value for member in self.type)
        if issubclass(self.type, Record):
            return "the id of a " + next((kind for kind, model in KINDS.items() if model is self.type), "record")
        return "text"

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
        if self.type is bool:
            if given not in ("", "yes", "no"):
                raise OptionError(f"'{self.name}' is a flag; write it without a value or leave it out")
            return given != "no"
        words = self.words(library)
        if given not in words and issubclass(self.type, enum.Enum | Record):
            raise OptionError(f"'{given}' is not a value of '{self.name}'; {allowed_words(given, words)}")
        if issubclass(self.type, enum.Enum):
            return self.type(given)
        if issubclass(self.type, Record):
            return library.get(given)
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
        """Run the snippet with options as written; raises OptionError, and what a faulty snippet raises."""
        values = {}
        for name, text in given.items():
            if name not in self.options:
                hint = allowed_words(name, self.options) if self.options else "it has no options"
                raise OptionError(f"'{name}' is not an option of {self.name}; {hint}")
            values[name.replace("-", "_")] = self.options[name].read(text, library)
        try:
            given_back = self.function(library, **values)
        except SystemExit as error:  # a build or a check would end as if all were well
            raise RuntimeError("it ends the program with sys.exit()").with_traceback(error.__traceback__) from None
        return marked(_sound(given_back, library), library)


def _sound(block: object, library: Library) -> Block:
    """Return what a snippet gave, if it can be shown; what this raises is for the author of the snippet to read."""
    if isinstance(block, Picture):
        _sound(block.table, library)
        if block.table.home:
            raise ValueError("the table of a picture is folded away and can be no home; show the home in another table")
        _known(library, (link.record for drawing in block.drawings for link in links(drawing)))
        return block
    if not isinstance(block, Table | Cards):
        raise TypeError(f"it returns {type(block).__name__}, not Table, Cards or Picture")
    _known(library, (part.record for part in parts(block)))
    if isinstance(block, Table):
        for row in block.rows:
            if len(row.cells) != len(block.columns):
                raise ValueError(f"the row of '{row.record}' has {len(row.cells)} cells, not {len(block.columns)}")
            for cell in row.cells:
                _blocks(row.record, cell)
    else:
        for card in block.cards:
            _blocks(card.record, card.body)
    return block


def _blocks(record: str, given: object) -> None:
    """Raise TypeError for what is not paragraphs and the like: a text, above all, would be taken for HTML."""
    wrong = [block for block in given if not isinstance(block, _BLOCKS)] if isinstance(given, tuple | list) else [given]
    if wrong:
        what = type(wrong[0]).__name__
        raise TypeError(
            f"'{record}' has {what} where a tuple of paragraphs must be; see words_cell in snippets.phrases"
        )


def _known(library: Library, records: Iterable[str]) -> None:
    for record in records:
        if record not in library.records:
            raise LookupError(f"no record has the id '{record}'")


SNIPPETS: dict[str, Snippet] = {}


def _option(function: SnippetFunction, parameter: inspect.Parameter, annotation: Any) -> Option:
    """Return the option that a parameter declares; raises DeclarationError, for the author of the snippet to read."""
    what = f"{function.__name__}: option '{parameter.name}'"
    if parameter.kind is not parameter.KEYWORD_ONLY or parameter.default is parameter.empty:
        raise DeclarationError(
            f"{what} must be keyword-only and have a default; write '*, {parameter.name}: str | None = None'"
        )
    if isinstance(annotation, types.UnionType) or typing.get_origin(annotation) is typing.Union:
        annotation = next(a for a in typing.get_args(annotation) if a is not type(None))
    if not isinstance(annotation, type) or not issubclass(annotation, enum.StrEnum | Record | str | bool):
        raise DeclarationError(f"{what} must be typed as a StrEnum, a kind of record, bool or str")
    return Option(parameter.name.replace("_", "-"), annotation)


def snippet(function: SnippetFunction) -> SnippetFunction:
    """Register ``function`` under its name, with hyphens; raises DeclarationError where its signature does not fit."""
    parameters = list(inspect.signature(function).parameters.values())
    if not parameters or parameters[0].kind is not inspect.Parameter.POSITIONAL_OR_KEYWORD:
        raise DeclarationError(
            f"{function.__name__}: the first parameter must be the library; write 'library: Library'"
        )
    hints = typing.get_type_hints(function)
    options = [_option(function, p, hints.get(p.name)) for p in parameters[1:]]
    name = function.__name__.replace("_", "-")
    there = SNIPPETS.get(name)
    # A build within the same program loads the same file once more.
    if there and there.function.__module__ != function.__module__:
        raise DeclarationError(f"the snippet '{name}' is there already; choose another name")
    SNIPPETS[name] = Snippet(name, function, {option.name: option for option in options})
    return function
