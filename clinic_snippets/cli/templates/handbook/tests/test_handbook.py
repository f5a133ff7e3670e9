"""The handbook holds what it promises: sound records, pages and a PDF that build without a warning."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Handbook(unittest.TestCase):
    """Each test is a command that must end well; what it says is shown when it fails."""

    def run_module(self, *arguments: str) -> None:
        """Run a Python module."""
        done = subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def builds(self, builder: str, product: str) -> None:
        """Build the handbook in a folder of its own, warnings being errors, and look for what it must make."""
        with tempfile.TemporaryDirectory() as folder:
            read, out = str(Path(folder, "read")), str(Path(folder, "out"))
            self.run_module("sphinx", "-W", "--keep-going", "-b", builder, "-d", read, "source", out)
            self.assertTrue(Path(out, product).is_file(), f"{product} was not made")

    def test_the_records_have_no_problem(self) -> None:
        self.run_module("clinic_snippets.cli", "check", "source")

    def test_the_pages_build_without_a_warning(self) -> None:
        self.builds("html", "index.html")

    def test_the_pdf_builds_without_a_warning(self) -> None:
        self.builds("typstpdf", "handbook.pdf")


if __name__ == "__main__":
    unittest.main()
