"""QR codes as pictures that a phone can read from a screen, in light and dark, and from paper."""

from __future__ import annotations

import html

import segno

QUIET_ZONE = 4
"""Free modules around a code; ISO/IEC 18004 asks for four."""
PIXELS = 1.6
"""Width and height of a module in points."""


def qr_code(text: str, alt: str = "") -> str:
    """Return ``text`` as a QR code in SVG, black on white whatever the page's colours; ``alt`` is what is read out."""
    code = segno.make(text, error="l", micro=False)
    rows = [list(row) for row in code.matrix]
    side = len(rows) + 2 * QUIET_ZONE
    path = "".join(
        f"M{QUIET_ZONE + x} {QUIET_ZONE + y}h{width}v1h-{width}z"
        for y, row in enumerate(rows)
        for x, width in _runs(row)
    )
    size = f"{side * PIXELS:g}"
    named = f' role="img" aria-label="{html.escape(alt)}"' if alt else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" width="{size}" height="{size}"'
        f'{named} class="clinic-qr" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/>'
        f'<path fill="#000" d="{path}"/></svg>'
    )


def _runs(row: list[int]) -> list[tuple[int, int]]:
    """Return the start and the length of each run of dark modules."""
    runs: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if dark and runs and runs[-1][0] + runs[-1][1] == x:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif dark:
            runs.append((x, 1))
    return runs
