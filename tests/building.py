"""How tests build with Sphinx: inside their process, leaving nothing behind, or in one of its own, as a user does."""

from __future__ import annotations

import contextlib
import functools
import importlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jinja2.bccache import Bucket, BytecodeCache

REPOSITORY = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Build:
    """What one Sphinx run inside this process left: the application, its messages, its output folder."""

    app: Any
    outdir: Path
    status: str
    warnings: str

    @property
    def ok(self) -> bool:
        """Whether ``sphinx-build`` would have ended with exit code 0."""
        return self.app.statuscode == 0

    def read(self, name: str) -> str:
        """The text of one output file."""
        return (self.outdir / name).read_text(encoding="utf-8")


def build_project(
    srcdir: Path,
    builder: str,
    *,
    outdir: Path,
    doctreedir: Path,
    parallel: int = 0,
    warningiserror: bool = False,
    confoverrides: dict[str, Any] | None = None,
    freshenv: bool = False,
) -> Build:
    """Build ``srcdir`` and return what came of it; messages come without colours.

    Directives, roles, node classes, languages, ``sys.path`` and modules imported from ``srcdir`` are as before afterwards,
    so that projects in the same test run cannot see each other.
    """
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    status, warnings = io.StringIO(), io.StringIO()
    with _as_before(srcdir), patch_docutils(srcdir), docutils_namespace():
        app = Sphinx(
            srcdir=srcdir,
            confdir=srcdir,
            outdir=outdir,
            doctreedir=doctreedir,
            buildername=builder,
            confoverrides=confoverrides or {},
            status=status,
            warning=warnings,
            freshenv=freshenv,
            warningiserror=warningiserror,
            parallel=parallel,
        )
        app.build()
    return Build(app, Path(outdir), _without_colours(status.getvalue()), _without_colours(warnings.getvalue()))


def _without_colours(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", text)


@contextlib.contextmanager
def _as_before(*folders: Path) -> Iterator[None]:
    """Take back what a build leaves in this process: languages, ``sys.path``, and the modules it found in ``folders``."""
    from sphinx import locale
    from sphinx.application import builtin_extensions

    # Some modules of Sphinx keep words in the language in which they are first imported.
    for name in builtin_extensions:
        importlib.import_module(name)
    path_before, modules_before = sys.path.copy(), set(sys.modules)
    languages_before = dict(locale.translators)
    try:
        yield
    finally:
        # Otherwise every later build would speak the language of this one.
        locale.translators.clear()
        locale.translators.update(languages_before)
        sys.path[:] = path_before
        for name in set(sys.modules) - modules_before:
            origin = getattr(sys.modules[name], "__file__", None)
            if origin and any(Path(origin).is_relative_to(folder) for folder in folders):
                del sys.modules[name]


def run_sphinx(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run ``python -m sphinx`` from the repository's root; stdout and stderr come back as one text, ``stdout``."""
    return subprocess.run(
        [sys.executable, "-m", "sphinx", "--no-color", *map(str, arguments)],
        cwd=REPOSITORY,
        env=os.environ | {"SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", "0")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def sphinx_build(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Do the same as :func:`run_sphinx` without another process, which needs far longer to start than to build."""
    from sphinx.cmd.build import main

    said = io.StringIO()
    folders = [argument for argument in arguments if isinstance(argument, Path)]
    with (
        _as_before(*folders),
        pytest.MonkeyPatch.context() as patch,
        contextlib.chdir(REPOSITORY),
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(said),
    ):
        patch.setenv("SOURCE_DATE_EPOCH", os.environ.get("SOURCE_DATE_EPOCH", "0"))
        code = main(["--no-color", *map(str, arguments)])
    return subprocess.CompletedProcess(arguments, code, _without_colours(said.getvalue()))


# --- what builds in one process share ----------------------------------------------------------------------


class _CompiledTemplates(BytecodeCache):
    """What Jinja made of each template, by the template's text: one that has changed is compiled again."""

    def __init__(self) -> None:
        self.code: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.code[bucket.key, bucket.checksum] = bucket.code


@contextlib.contextmanager
def sharing() -> Iterator[None]:
    """Do once what each build does with the same result, and what takes most of the time of a small one.

    That is to compile templates, and to look for plugins in installed packages.
    """
    from pybtex import plugin
    from sphinx import jinja2glue, registry, theming

    environment = jinja2glue.SandboxedEnvironment
    with pytest.MonkeyPatch.context() as patch:
        shared = functools.partial(environment, bytecode_cache=_CompiledTemplates())
        patch.setattr(jinja2glue, "SandboxedEnvironment", shared)
        for module in (plugin, registry, theming):
            patch.setattr(module, "entry_points", functools.cache(module.entry_points))
        yield
