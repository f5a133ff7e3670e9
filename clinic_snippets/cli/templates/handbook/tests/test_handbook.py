"""The handbook holds what it promises: sound records, pages and a PDF that build without a warning."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def run(*arguments: str) -> None:
    """Run a Python module; what it says is shown when it fails."""
    done = subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def build(builder: str, folder: Path) -> Path:
    """Build the handbook below a folder, warnings being errors, and return the folder of what was built."""
    run("sphinx", "-W", "--keep-going", "-b", builder, "-d", str(folder / "read"), "source", str(folder / builder))
    return folder / builder


def test_the_records_have_no_problem() -> None:
    run("clinic_snippets.cli", "check", "source")


def test_the_pages_build_without_a_warning(tmp_path: Path) -> None:
    assert (build("html", tmp_path) / "index.html").is_file()


def test_the_pdf_builds_without_a_warning(tmp_path: Path) -> None:
    assert (build("typstpdf", tmp_path) / "handbook.pdf").is_file()
