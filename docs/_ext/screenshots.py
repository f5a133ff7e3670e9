"""``make screenshots``: takes the pictures in the documentation, of the handbook and of what the tutorial makes.

``python screenshots.py HANDBOOK OUTPUT``: HANDBOOK is the built site. The same pages, browser and fonts give the same
bytes. Few colours are plenty for text, so the pictures are small.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
from code_blocks import blocks, write
from PIL import Image
from playwright.sync_api import sync_playwright

TUTORIAL = Path(__file__).parents[1] / "tutorial" / "your-first-handbook.md"
COLOURS = 64


@dataclass(frozen=True)
class Shot:
    """A picture of a page: its name, the page, the window, where to scroll to, and light or dark."""

    name: str
    page: str
    width: int
    height: int
    scroll_to: str = ""
    scheme: str = "light"


HANDBOOK = (
    Shot("handbook-table", "contraindications-and-precautions.html", 1180, 640, "table.clinic-table"),
    Shot("handbook-phone", "when-something-goes-wrong.html", 390, 700, "section.clinic-card"),
    Shot("handbook-dark", "hazards-by-region.html", 390, 700, "svg.clinic-drawing", "dark"),
)
PDF = "tutorial-pdf"
OF_TUTORIAL = (Shot("tutorial-page", "index.html", 900, 620),)


def main(handbook: Path, output: Path) -> None:
    """Take all pictures."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        sys.exit("no Chromium on this machine (Debian: apt-get install chromium)")
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        made = make_tutorial(Path(folder))
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for site, shots in ((handbook, HANDBOOK), (made / "build" / "html", OF_TUTORIAL)):
            for shot in shots:
                save(take(browser, site, shot), output / f"{shot.name}.png")
        browser.close()
        save(pdf_page(made / "build" / "pdf" / "my-handbook.pdf"), output / f"{PDF}.png")


def make_tutorial(folder: Path) -> Path:
    """Do what the tutorial says, up to its site and its PDF."""
    for block in blocks(TUTORIAL):
        if block.caption:
            write(block, folder)
    for builder, target in (("html", "html"), ("typstpdf", "pdf")):
        command = [sys.executable, "-m", "sphinx", "-q", "-W", "-b", builder, "source", f"build/{target}"]
        subprocess.run(command, cwd=folder, env=os.environ | {"SOURCE_DATE_EPOCH": "0"}, check=True)
    return folder


def take(browser: Any, site: Path, shot: Shot) -> Image.Image:
    """Return a picture of a page."""
    context = browser.new_context(
        viewport={"width": shot.width, "height": shot.height}, color_scheme=shot.scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto((site / shot.page).resolve().as_uri())
    # It comes and goes with scrolling.
    page.add_style_tag(content=".back-to-top { display: none !important }")
    if shot.scroll_to:
        page.locator(shot.scroll_to).first.evaluate("element => scrollTo(0, element.getBoundingClientRect().top - 90)")
        page.wait_for_timeout(300)
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled")))
    context.close()
    return picture


def pdf_page(pdf: Path) -> Image.Image:
    """Return the upper part of the page with the table."""
    document = pypdfium2.PdfDocument(pdf)
    with_table = [page for page in document if "What to do" in page.get_textpage().get_text_range()]
    picture = with_table[0].render(scale=1.4).to_pil()
    return picture.crop((0, 0, picture.width, picture.height * 2 // 5))


def save(picture: Image.Image, target: Path) -> None:
    """Write a picture with few colours."""
    few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(target, optimize=True)
    print(f"{target}: {target.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
