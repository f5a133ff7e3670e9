"""JSON Schema 2020-12 of the files that an author writes, made from the models: editors complete and check with it.

A schema describes a file as an editor reads it: values of YAML 1.2, where ``2014`` is a number, ``yes`` and
``2026-11-22`` are texts. The reader takes every value as text, so a text may be a number here too. What needs more than
one field or file to see (whether a source exists, markup in prose, whether an interval is one) only
``clinic-snippets check`` says.
"""

from __future__ import annotations

import ast
import functools
import inspect
import itertools
import textwrap
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from clinic_snippets.reading.explain import HEADER
from clinic_snippets.records import KINDS, Precaution, Rate, Record
from clinic_snippets.records.base import Part, Supported, View, as_statements, filled, one_or_many
from clinic_snippets.records.finding import Effect, Finding
from clinic_snippets.records.governance import ChangeNote, Review, SignOff
from clinic_snippets.records.reporting_item import ReportingItem
from clinic_snippets.records.scalars import PROSE_AS_WRITTEN

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]

_FIRST = ("kind", "id", "name")
_SOURCES: Schema = {"required": ["sources"], "properties": {"sources": {"minItems": 1}}}
_SYNTHESIS: Schema = {"required": ["synthesis"], "properties": {"synthesis": {"const": "yes"}}}
_NAMES_A_SOURCE: Schema = {"anyOf": [_SOURCES, _SYNTHESIS]}


def _any_of(*fields: str) -> Schema:
    return {"anyOf": [{"required": [field]} for field in fields]}


def _when(field: str, value: str, then: Schema, **otherwise: Schema) -> Schema:
    return {"if": {"required": [field], "properties": {field: {"const": value}}}, "then": then, **otherwise}


_RULES: Mapping[type[Part], Schema] = {
    View: _NAMES_A_SOURCE,
    Record: _when("status", "withdrawn", {"required": ["withdrawn"]}, **{"else": {"properties": {"withdrawn": False}}}),
    Precaution: _when("rule", "never", {"properties": {"level": {"const": "contraindication"}}}),
    Rate: {
        "oneOf": [
            {"required": ["events", "total", "unit", "counted"]},
            {"required": ["unit"], **_any_of("percent", "percent_at_most", "percent_low")},
            {"required": ["value", "per", "unit"]},
            {"required": ["one_in", "unit"]},
            {"required": ["odds_ratio", "low", "high", "compared"]},
            {"required": ["cases"]},
            {"required": ["words"]},
        ]
    },
    Effect: {
        **_any_of("value", "words"),
        "dependentRequired": {"value": ["measure"], "low": ["high", "value"], "high": ["low"]},
    },
    Finding: {"oneOf": [{"required": ["certainty"]}, {"required": ["not_graded"]}]},
    ReportingItem: _any_of("where", "not_done"),
    Review: _any_of("records", "topics"),
    ChangeNote: _any_of("records", "topics"),
}
"""What must hold between the fields of a part, where a schema can say it."""


class _Documented(GenerateJsonSchema):
    """Schemas whose descriptions are the docstrings of the models and of their fields."""

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        made = super().model_schema(schema)
        docs = field_docs(schema["cls"])
        made["description"] = _shown(made.get("description", ""))
        for name, info in schema["cls"].model_fields.items():
            if name in docs:
                made["properties"][info.alias or name]["description"] = _shown(docs[name])
        return made

    def enum_schema(self, schema: core_schema.EnumSchema) -> JsonSchemaValue:
        made = super().enum_schema(schema)
        return {**made, "description": _shown(made.get("description", ""))}

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def field_is_present(self, field: Any) -> bool:
        # Also what no release keeps is part of a record.
        return True


class _AsWritten(_Documented):
    """Schemas of what an author writes: one value for a list of one, a text for a statement, nothing for "none"."""

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        made, cls = super().model_schema(schema), schema["cls"]
        required = made.get("required", [])
        if issubclass(cls, Record):
            fields = made["properties"]
            made["properties"] = {name: fields[name] for name in dict.fromkeys((*_FIRST, *fields))}
            required = [name for name in dict.fromkeys((*_FIRST, *required)) if name not in HEADER]
        rules = [rule for model, rule in _RULES.items() if issubclass(cls, model)]
        if issubclass(cls, Record):
            rules += [_NAMES_A_SOURCE] if cls.needs_source else []
        elif issubclass(cls, Supported):
            rules.append({"not": {"allOf": [_SOURCES, _SYNTHESIS]}})
        return {**made, "required": required, **({"allOf": rules} if rules else {})}

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        function, inner = schema["function"]["function"], super().function_before_schema(schema)
        if function is filled:
            return {**inner, "minItems": 1}
        if function is as_statements:
            item: Schema = {"anyOf": [PROSE_AS_WRITTEN, inner["items"]]}
            return {"anyOf": [*item["anyOf"], {"type": "array", "items": item, "minItems": 1}]}
        if function is one_or_many:
            return {"anyOf": [inner["items"], {**inner, "minItems": 1}]}
        return inner

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        made = super().str_schema(schema)
        # An id starts with a letter, so it is no number in any case.
        return made if "pattern" in made else {**made, "type": ["string", "number"]}


def field_docs(model: type[Part]) -> dict[str, str]:
    """Return the docstring below each field of ``model``, its own and inherited."""
    parts = [cls for cls in reversed(model.__mro__) if issubclass(cls, Part)]
    return {name: doc for cls in parts for name, doc in _own_field_docs(cls).items()}


@functools.cache
def _own_field_docs(model: type[Part]) -> dict[str, str]:
    try:
        [tree] = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    except (OSError, TypeError):
        return {}  # a model without a file, made in a shell or a test
    out = {}
    for field, below in itertools.pairwise(tree.body if isinstance(tree, ast.ClassDef) else ()):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                out[name] = inspect.cleandoc(text)
    return out


def _shown(text: str) -> str:
    """Return a docstring as editors show it: they escape backticks."""
    return " ".join(text.split()).replace("``", "'")


def record_file_schema(kinds: Mapping[str, type[Record]] = KINDS) -> Schema:
    """Return the schema of a record file with these kinds of record."""
    refs, definitions = definitions_of(kinds.values(), "validation", _AsWritten)
    header = definitions[_name(next(iter(refs.values())))]["properties"]
    records = {"type": "array", "minItems": 1, "items": any_record(kinds, refs), "description": "The records."}
    return {
        "$schema": DIALECT,
        "title": "Record file",
        "description": "Records of a clinical handbook: a header that they inherit, and a list of them.",
        "type": "object",
        "required": [*HEADER, "records"],
        "properties": {**{name: header[name] for name in HEADER}, "records": records},
        "additionalProperties": False,
        "$defs": definitions,
    }


def any_record(kinds: Mapping[str, type[Record]], refs: Mapping[type[Part], Schema]) -> Schema:
    """Return the schema of a record of any kind, given a reference to the schema of each."""
    return {
        "title": "Record",
        "type": "object",
        "required": list(_FIRST),
        "properties": {"kind": {"enum": list(kinds), "description": field_docs(Record)["kind"]}},
        # Not "oneOf": a record is to be judged by its own kind, and by no other.
        "allOf": [_when("kind", kind, refs[model]) for kind, model in kinds.items()],
    }


def entries_schema(top: str, model: type[Part]) -> Schema:
    """Return the schema of a file that holds one list of entries below the field ``top``."""
    refs, definitions = definitions_of([model], "validation", _AsWritten)
    return {
        "$schema": DIALECT,
        "title": top.capitalize(),
        "type": "object",
        "required": [top],
        # Nothing behind the field stands for no entries yet.
        "properties": {top: {"type": ["array", "null"], "items": refs[model]}},
        "additionalProperties": False,
        "$defs": definitions,
    }


def definitions_of(
    models: Iterable[type[Part]], mode: JsonSchemaMode, generator: type[GenerateJsonSchema] = _Documented
) -> tuple[dict[type[Part], Schema], Schema]:
    """Return a reference to the schema of each model, and the schemas they refer to."""
    wanted = [(model, mode) for model in models]
    refs, made = models_json_schema(wanted, schema_generator=generator)
    return {model: ref for (model, _), ref in refs.items()}, made["$defs"]  # type: ignore[misc]


def _name(ref: Schema) -> str:
    return str(ref["$ref"]).rpartition("/")[2]


FILES: dict[str, Callable[[], Schema]] = {
    "records": record_file_schema,
    "reviews": lambda: entries_schema("reviews", Review),
    "sign-offs": lambda: entries_schema("sign-offs", SignOff),
    "changes": lambda: entries_schema("changes", ChangeNote),
}
"""The schema of each kind of file that a handbook is written in."""
