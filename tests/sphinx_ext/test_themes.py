"""Records in other themes than the handbook's own: nothing runs off a phone, and words keep their contrast.

Alabaster comes with Sphinx. The others are tried where they are installed, by ``make test-full``.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

OTHERS = ("furo", "sphinx_rtd_theme", "pydata_sphinx_theme")
PAGES = ("tables", "cards", "harm", "pictures", "practice", "search")
# Ratio of luminance between each badge and what lies behind it, and the widths that a phone must hold.
LOOK = """() => {
  const rgb = colour => colour.match(/[0-9.]+/g).map(Number)
  const light = colour => { const [r, g, b] = rgb(colour).slice(0, 3).map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    return .2126 * r + .7152 * g + .0722 * b }
  const behind = node => { for (let n = node; n; n = n.parentElement) { const c = getComputedStyle(n).backgroundColor
    if ((rgb(c)[3] ?? 1) > 0) return c } return "rgb(255, 255, 255)" }
  const ratio = node => { const [a, b] = [light(getComputedStyle(node).color), light(behind(node))].sort((x, y) => y - x)
    return (a + .05) / (b + .05) }
  const seen = [...document.querySelectorAll(".clinic-badge, dl.clinic-facts > dt, p.clinic-call")].filter(n => n.checkVisibility())
  return { faint: seen.filter(n => ratio(n) < 4.5).map(n => n.textContent),
    wide: document.documentElement.scrollWidth - innerWidth,
    narrow: [...document.querySelectorAll("table.clinic-table > caption")].filter(n => n.checkVisibility() && n.textContent.trim())
      .filter(n => n.getBoundingClientRect().width < .6 * n.parentElement.getBoundingClientRect().width).map(n => n.textContent) } }
"""


@pytest.fixture(scope="module")
def site(repository: Path, project: Any, build_project: Any) -> Callable[[str], Path]:
    """A function that builds ``tests/roots/features`` with a theme."""
    srcdir = project({}, base=repository / "tests" / "roots" / "features")

    def build(theme: str) -> Path:
        settings = {"html_theme": theme, "html_sidebars": {}}
        done = build_project(srcdir, outdir=srcdir / "_build" / theme, confoverrides=settings)
        assert done.warnings == ""
        return done.outdir

    return build


@pytest.mark.parametrize("theme", ["alabaster", *(pytest.param(name, marks=pytest.mark.full) for name in OTHERS)])
def test_pages_are_readable_in_a_theme(theme: str, site: Callable[[str], Path], browser: Any, serve: Any) -> None:
    if not importlib.util.find_spec(theme):
        pytest.skip(f"{theme} is not installed; its pages were NOT looked at (uv pip install {theme})")
    served = serve(site(theme))
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme, viewport={"width": 390, "height": 800})
        page = context.new_page()
        for name in PAGES:
            page.goto(f"{served.url}{name}.html{'?q=lung' if name == 'search' else ''}")
            page.wait_for_load_state("networkidle")
            look = page.evaluate(LOOK)
            assert (name, scheme, look["faint"], look["narrow"]) == (name, scheme, [], [])
            assert look["wide"] <= 0, (name, scheme)
        assert "Lung under the ribs" in page.text_content("ol.clinic-hits")
        context.close()
