"""How a build ends whose input is wrong: with what is wrong and the way out, and nothing else."""

from __future__ import annotations

from bdb import BdbQuit
from collections.abc import Iterable
from typing import NoReturn

from sphinx.errors import SphinxError
from sphinx.util import logging

logger = logging.getLogger(__name__)


class BuildStopped(SphinxError, BdbQuit):
    """Ends a build after its problems were logged.

    Sphinx 9 answers every other exception with versions, a traceback and the wish for a report to its own developers.
    A debugger's quit is the one it leaves alone.
    """


def stop_build(problems: Iterable[object]) -> NoReturn:
    """Log each problem and end the build, as exit code 2: a handbook with something missing must not be published."""
    lines = [str(problem) for problem in problems]
    for line in lines:
        logger.error("%s", line)
    word = "problem" if len(lines) == 1 else "problems"
    logger.error("%s %s, nothing was built", len(lines), word)
    raise BuildStopped("\n".join(lines))
