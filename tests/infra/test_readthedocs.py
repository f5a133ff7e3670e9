""".readthedocs.yaml: a valid file whose own commands give the same handbook as `make handbook`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml


@pytest.fixture(scope="module")
def configuration(repository: Path) -> dict[str, Any]:
    return yaml.safe_load((repository / ".readthedocs.yaml").read_text(encoding="utf-8"))


def validate(file: Path) -> subprocess.CompletedProcess[str]:
    """Judge a file by Read the Docs' own schema, as packaged with check-jsonschema (no network)."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.readthedocs", str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_it_keeps_to_the_schema(repository: Path) -> None:
    run = validate(repository / ".readthedocs.yaml")
    assert run.returncode == 0, run.stdout


def test_the_schema_is_really_asked(repository: Path, project: Callable[..., Path]) -> None:
    text = (repository / ".readthedocs.yaml").read_text(encoding="utf-8")
    broken = project({".readthedocs.yaml": text.replace("formats:", "format:")})
    assert validate(broken / ".readthedocs.yaml").returncode == 1


def test_it_offers_a_format_for_each_thing_it_builds(configuration: dict[str, Any]) -> None:
    """Read the Docs refuses a build job for a format that is not listed."""
    assert set(configuration["build"]["jobs"]["build"]) == {"html", *configuration["formats"]}


def test_it_installs_the_lock_and_nothing_beside_it(configuration: dict[str, Any]) -> None:
    lock, project = configuration["build"]["jobs"]["install"]
    assert "--require-hashes -r requirements.txt" in lock
    assert "--no-deps --no-build-isolation" in project


@pytest.fixture(scope="module")
def published(
    repository: Path, configuration: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Path]:
    """Runs the file's own commands for a format, in a copy with Read the Docs' variables set; returns the output folder."""
    checkout = tmp_path_factory.mktemp("readthedocs") / "checkout"
    ignored = shutil.ignore_patterns(".venv", "_build", ".git", "__pycache__", ".*_cache")
    shutil.copytree(repository, checkout, ignore=ignored)
    output = checkout / "_readthedocs"
    environment = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"} | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "READTHEDOCS": "True",
        "READTHEDOCS_PROJECT": "dry-needling-handbook",
        "READTHEDOCS_LANGUAGE": "en",
        "READTHEDOCS_VERSION": "latest",
        "READTHEDOCS_VERSION_NAME": "latest",
        "READTHEDOCS_VERSION_TYPE": "branch",
        "READTHEDOCS_GIT_IDENTIFIER": "main",
        "READTHEDOCS_CANONICAL_URL": "https://handbook.example/en/latest/",
        "READTHEDOCS_OUTPUT": str(output),
    }

    def build(name: str) -> Path:
        for command in configuration["build"]["jobs"]["build"][name]:
            run = subprocess.run(
                command,
                shell=True,
                cwd=checkout,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            assert run.returncode == 0, f"{command}\n{run.stdout}"
        return output / name

    return build


@pytest.mark.slow
def test_it_publishes_the_same_pages(published: Callable[[str], Path], handbook_site: Any) -> None:
    html = published("html")

    def pages(root: Path) -> set[Path]:
        return {page.relative_to(root) for page in root.rglob("*.html")}

    assert Path("index.html") in pages(html)
    assert pages(html) == pages(handbook_site.root)
    for page in pages(handbook_site.root):
        assert main_part(html / page) == main_part(handbook_site.root / page), page


def main_part(page: Path) -> str:
    """What a page says, without its head, navigation, QR codes and links to PDFs, which know where it is published."""
    article = re.search(r"<article.*</article>", page.read_text(encoding="utf-8"), re.DOTALL)[0]
    return re.sub(r'<svg [^>]*class="clinic-qr".*?</svg>|<p class="clinic-download">.*?</p>\n', "", article)


@pytest.mark.slow
def test_its_pages_lead_to_the_pdfs_beside_them(published: Callable[[str], Path], handbook_pdf: Path) -> None:
    html = published("html")
    assert f'href="{handbook_pdf.name}"' in (html / "index.html").read_text(encoding="utf-8")
    sheets = sorted(path.name for path in (handbook_pdf.parent / "sheets").glob("*.pdf"))
    assert sheets and sorted(path.name for path in (html / "sheets").glob("*.pdf")) == sheets
    for name in sheets:
        assert f'href="{name}"' in (html / "sheets" / name).with_suffix(".html").read_text(encoding="utf-8")


@pytest.mark.full
def test_it_publishes_the_same_pdf(published: Callable[[str], Path], handbook_pdf: Path) -> None:
    """Read the Docs refuses a folder with more than one entry."""
    published("html")  # whose commands make it
    [pdf] = published("pdf").iterdir()
    assert pdf.name == handbook_pdf.name
    assert pdf.read_bytes() == handbook_pdf.read_bytes()
