"""Python's search for unused cycles, kept off what stays in use until a build ends.

The search looks through everything each time the heap has grown by a quarter. With thousands of records that was a third
of a build's time, Sphinx's own part of it included, and found next to nothing; the trees of finished pages, which are
cycles, are young and still found.
"""

from __future__ import annotations

import atexit
import gc

from sphinx.application import Sphinx

YOUNG = 20_000
"""New objects between two looks at the young ones; Python's own 700 looks at a page's tree many times while it is made."""
_AT_START = gc.get_threshold()


def settle_collector(app: Sphinx) -> None:
    """Search nothing of what there is now, and the rest less often."""
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])


def restore_collector(app: Sphinx, exception: Exception | None) -> None:
    """Leave the collector as it was: a program may build more than once."""
    gc.unfreeze()
    gc.set_threshold(*_AT_START)


def setup(app: Sphinx) -> None:
    """Connect to the start of a build, to the start of writing, and to the end."""
    # When records are loaded, and when every page has been read: then most of what stays is there.
    app.connect("builder-inited", settle_collector, priority=410)
    app.connect("write-started", lambda app, builder: settle_collector(app))
    app.connect("build-finished", restore_collector, priority=1000)
    # A program that ends gives all memory back at once; nothing has to be found in it.
    atexit.unregister(gc.freeze)  # once is enough for a program that builds more than once
    atexit.register(gc.freeze)
