"""The JSON bundle, from its schema."""

from __future__ import annotations

import json
from typing import Any

from clinic_snippets.export.bundle_schema import bundle_schema


def bundle() -> str:
    """Return the fields of the bundle, of a source in it and of what it says of a record's origin."""
    schema = json.loads(bundle_schema())
    out = [schema["description"], "", *_table(schema, schema)]
    for name in ("Source", "Provenance"):
        out += [f"(bundle-{name.lower()})=", f"## {name}", "", *_table(schema["$defs"][name], schema)]
    return "\n".join(out)


def _table(part: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    rows = []
    for name, field in part["properties"].items():
        must = "; required" if name in part.get("required", []) else ""
        rows.append(f"| `{name}`{must} | {field.get('description', '')} | {_takes(field)} |")
    return ["| field | what it is | takes |", "|---|---|---|", *rows, ""]


def _takes(field: dict[str, Any]) -> str:
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        return f"[{name.lower()}](#bundle-{name.lower()})" if name in ("Source", "Provenance") else name.lower()
    if "const" in field:
        return f"`{field['const']}`"
    if "enum" in field:
        return ", ".join(f"`{word}`" for word in field["enum"])
    if "anyOf" in field:
        return " or ".join(_takes(inner) for inner in field["anyOf"])
    if field.get("type") == "array":
        inner = field["items"]
        return "list of [records](records.md)" if "kind" in inner.get("properties", {}) else f"list of {_takes(inner)}"
    if field.get("type") == "object":
        names = ", ".join(f"`{name}`" for name in field.get("properties", {}))
        if names:
            return f"object with {names}"
        inner = field.get("additionalProperties")
        return f"object; for each key: {_takes(inner)}" if isinstance(inner, dict) else "object"
    kinds = field.get("type", "any")
    return field.get("format") or (" or ".join(kinds) if isinstance(kinds, list) else kinds)
