"""The codes of problems and of warnings, found where the code makes them."""

from __future__ import annotations

import ast
import importlib
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import clinic_snippets

ROOT = Path(clinic_snippets.__file__).parent
_NOT_WRITTEN_OUT = "(says what was found)"
_CODE = re.compile(r"[a-z]+(-[a-z]+)*")
_MAKERS = re.compile(r".*problem|stop|trouble", re.IGNORECASE)


def problems() -> str:
    """Return a table of every code, with its messages and the modules that give it."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for module, tree in _modules():
        for code, message in _in(module, tree):
            found[code].add((message, module))
    out = ["| code, and where it arises | messages |", "|---|---|"]
    for code, places in sorted(found.items()):
        messages = sorted({message for message, _ in places if message}) or [_NOT_WRITTEN_OUT]
        modules = sorted({module for _, module in places})
        said = "<br>".join(_escaped(message) for message in messages)
        out.append(f"| `{code}`<br>{', '.join(modules).replace('_', chr(92) + '_')} | {said} |")
    return "\n".join([*out, ""])


def warnings() -> str:
    """Return a table of the warnings that a build gives, by the name that ``suppress_warnings`` takes."""
    found: dict[str, set[str]] = defaultdict(set)
    for module, tree in _modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "warning":
                named = {word.arg: word.value for word in node.keywords}
                kinds = [named.get("type"), named.get("subtype")]
                if all(isinstance(kind, ast.Constant) for kind in kinds):
                    found[".".join(str(kind.value) for kind in kinds)].add(_said(node.args[0], module, tree))
    out = ["| warning | messages |", "|---|---|"]
    for name, said in sorted(found.items()):
        messages = sorted(filter(None, said)) or [_NOT_WRITTEN_OUT]
        out.append(f"| `{name}` | {'<br>'.join(map(_escaped, messages))} |")
    return "\n".join([*out, ""])


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(ROOT.rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        yield name, ast.parse(path.read_text(encoding="utf-8"))


def _in(module: str, tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield code and message of everything in a module that has the shape of a problem."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name == "PydanticCustomError" and len(node.args) > 1 and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value).replace("_", "-"), _said(node.args[1], module, tree)
            elif _MAKERS.fullmatch(name) and (code := _code(node.args)):
                yield code, _said(node.args[-3], module, tree)
        elif isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple) and len(node.value.elts) == 3:
            if code := _code(node.value.elts):
                yield code, _said(node.value.elts[0], module, tree)


def _code(values: list[ast.expr]) -> str:
    last = values[-1] if len(values) > 2 else None
    word = last.value if isinstance(last, ast.Constant) else None
    return word if isinstance(word, str) and _CODE.fullmatch(word) else ""


def _said(node: ast.expr, module: str, tree: ast.Module) -> str:
    """Return a message as far as it is written out; what is filled in is shown as an ellipsis."""
    if isinstance(node, ast.JoinedStr):
        said = "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
        return said if re.search(r"[a-z]", said) else ""
    if isinstance(node, ast.IfExp):
        return " or ".join(filter(None, (_said(part, module, tree) for part in (node.body, node.orelse))))
    if isinstance(node, ast.Starred):
        node = node.value
    if isinstance(node, ast.Name) and (value := _assigned(node, tree)) is not None:
        return _said(value, module, tree)
    try:
        names = vars(importlib.import_module(f"clinic_snippets.{module}"))
        found = eval(compile(ast.Expression(node), module, "eval"), dict(names))
    except Exception:  # worked out from what was found
        return ""
    text = found[0] if isinstance(found, tuple) and found else found
    said = re.sub(r"\{\w+\}|%s", "…", text) if isinstance(text, str) else ""
    return said if re.search(r"[a-z]", said) else ""


def _assigned(name: ast.Name, tree: ast.Module) -> ast.expr | None:
    """Return what a name was last set to above, by itself or as one of several."""
    best: tuple[int, ast.expr] | None = None
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and node.lineno <= name.lineno:
            target, value = node.targets[0], node.value
            pairs: list[tuple[ast.expr, ast.expr]] = [(target, value)]
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
                pairs = list(zip(target.elts, value.elts, strict=True))
            # A pair that is taken apart: its first half is the message.
            pairs = [(to.elts[0], given) if isinstance(to, ast.Tuple) else (to, given) for to, given in pairs]
            for to, given in pairs:
                if isinstance(to, ast.Name) and to.id == name.id and (best is None or node.lineno > best[0]):
                    best = node.lineno, given
    return best[1] if best else None


def _escaped(text: str) -> str:
    text = text.replace("|", "\\|").replace("<", "&lt;")
    return re.sub(r"([*_\[\]{}`$])", r"\\\1", text)
