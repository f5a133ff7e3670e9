"""What was read and found right, kept from one build to the next in a file that can be removed at any time."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import io
import marshal
import pickle
import platform
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import pydantic

from clinic_snippets.records import KINDS
from clinic_snippets.records.base import Part
from clinic_snippets.records.light import light_part

_ROOMS = ("records", "reading")
"""The rooms of this package whose code decides what is right."""


class FileCache:
    """Values by name, each with a stamp of what it was made from.

    They are Python's own pickles, as what Sphinx keeps beside them is; a damaged file is never unpickled. Whatever other
    code has kept is as good as nothing: what it found right may be wrong now.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._old: dict[str, tuple[Any, bytes]] = {}
        self._new: dict[str, tuple[Any, bytes]] = {}
        if path:
            with contextlib.suppress(OSError, ValueError, EOFError, TypeError):
                content = memoryview(path.read_bytes())
                if content[:32] == _stamp(content[32:]):
                    self._old = marshal.loads(content[32:])

    def get(self, name: str, stamp: Hashable) -> Any:
        """Return the value that was kept under ``name`` and the same stamp, or None; it stays in the cache."""
        known = self._old.get(name)
        if known is None or known[0] != stamp:
            return None
        self._new[name] = known
        return pickle.loads(known[1])

    def keep(self, name: str, stamp: Hashable, value: object) -> None:
        """Keep a value, if there is a file for it."""
        if self._path:
            content = io.BytesIO()
            _Pickler(content, pickle.HIGHEST_PROTOCOL).dump(value)
            self._new[name] = (stamp, content.getvalue())

    def save(self) -> None:
        """Write what was kept, or used again, if that is not what stands in the file."""
        if self._path and self._new != self._old:
            # Format 4 is the same for every Python that runs this package.
            content = marshal.dumps(self._new, 4)
            with contextlib.suppress(OSError):
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._path.write_bytes(_stamp(content) + content)


def _stamp(content: bytes | memoryview) -> bytes:
    """Return what a whole file of this code starts with."""
    kinds = ",".join(f"{word}={kind.__module__}.{kind.__qualname__}" for word, kind in KINDS.items())
    found = hashlib.sha256(_code() + kinds.encode())
    found.update(content)
    return found.digest()


@functools.cache
def _code() -> bytes:
    """Return a digest of all code that says what a record is and when it is right."""
    package = Path(__file__).parents[1]
    modules = [package / "problems.py", *(path for room in _ROOMS for path in sorted((package / room).glob("*.py")))]
    found = hashlib.sha256(f"{platform.python_version()} {pydantic.VERSION}".encode())
    for module in modules:
        found.update(module.read_bytes())
    return found.digest()


class _Pickler(pickle.Pickler):
    def reducer_override(self, value: Any) -> Any:
        if isinstance(value, Part):
            return light_part, (type(value), value.__dict__, value.__pydantic_fields_set__)
        return NotImplemented
