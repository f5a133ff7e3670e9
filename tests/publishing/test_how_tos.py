"""What the how-tos for publishing show is so: the nginx file, the workflow, the commands."""

from __future__ import annotations

import functools
import http.server
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

HOW_TOS = ("publish-in-a-folder", "publish-behind-nginx", "publish-on-read-the-docs", "publish-on-github-pages")


@pytest.fixture
def how_to(repository: Path) -> Callable[[str], str]:
    return lambda name: (repository / "docs" / "how-to" / f"{name}.md").read_text(encoding="utf-8")


def block(text: str, language: str) -> str:
    """The one block of code in a language, without the indentation of the list it stands in."""
    [(indent, code)] = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", text, re.DOTALL | re.MULTILINE)
    return re.sub(rf"^{indent}", "", code, flags=re.MULTILINE)


def test_their_commands_are_targets_of_the_makefile(how_to: Callable[[str], str], repository: Path) -> None:
    makefile = (repository / "Makefile").read_text(encoding="utf-8")
    for name in HOW_TOS:
        for target in re.findall(r"make ([a-z-]+)", how_to(name)):
            if target != "it":
                assert re.search(rf"^{target}:", makefile, re.MULTILINE), (name, target)


def test_the_makefile_hands_on_the_address_and_the_arguments(repository: Path) -> None:
    command = ["make", "--dry-run", "versions", "SITE_URL=https://handbook.example", "ARGS=--out /srv/handbook"]
    run = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=True)
    [line] = [line for line in run.stdout.splitlines() if "clinic_snippets.cli versions" in line]
    assert '--site-url "https://handbook.example"' in line
    assert line.rindex("--out /srv/handbook") > line.index("--out _build/site"), "the last one counts"


# --- GitHub Pages -----------------------------------------------------------------------------------------


def test_the_workflow_is_valid_and_fetches_the_whole_history(how_to: Callable[[str], str], tmp_path: Path) -> None:
    text = block(how_to("publish-on-github-pages"), "yaml")
    file = tmp_path / "publish.yaml"
    file.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(file)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout
    steps = yaml.safe_load(text)["jobs"]["publish"]["steps"]
    [checkout] = [step for step in steps if step.get("uses", "").startswith("actions/checkout@")]
    assert checkout["with"]["fetch-depth"] == 0
    [made] = [step for step in steps if "run" in step]
    assert made["run"] == "make versions" and "SITE_URL" in made["env"]
    [upload] = [step for step in steps if "upload-pages-artifact" in step.get("uses", "")]
    assert upload["with"]["path"] == "_build/site"


def test_the_address_may_come_from_the_environment(repository: Path) -> None:
    run = subprocess.run(
        ["env", "SITE_URL=https://pages.example/x", "make", "--dry-run", "versions"],
        cwd=repository, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert '--site-url "https://pages.example/x"' in run.stdout


# --- nginx ------------------------------------------------------------------------------------------------


class _WithPolicy(http.server.SimpleHTTPRequestHandler):
    policy = ""

    def end_headers(self) -> None:
        """Send the policy with every page."""
        if self.path.partition("?")[0].endswith((".html", "/")):
            self.send_header("Content-Security-Policy", self.policy)
        super().end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def under_the_policy(how_to: Callable[[str], str]) -> Iterator[Callable[[Path], str]]:
    """A function that serves a folder with the how-to's policy and returns its address."""
    [policy] = re.findall(r'"~text/html" "([^"]*)"', block(how_to("publish-behind-nginx"), "nginx"))
    handler = type("Handler", (_WithPolicy,), {"policy": policy})
    running = []

    def start(root: Path) -> str:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=str(root)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        running.append(server)
        return f"http://127.0.0.1:{server.server_port}/"

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


def refused_by_the_policy(page: Any, addresses: list[str]) -> list[str]:
    """Open pages and return what the browser says it refused."""
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    for address in addresses:
        page.goto(address)
    return refused


@pytest.mark.slow
def test_the_policy_is_strict(page: Any, under_the_policy: Callable[[Path], str], tmp_path: Path) -> None:
    """It is really sent, and an inline script other than furo's is refused."""
    (tmp_path / "index.html").write_text("<title>T</title><script>document.title = 'run'</script>", encoding="utf-8")
    assert refused_by_the_policy(page, [under_the_policy(tmp_path)])
    assert page.title() == "T"


@pytest.mark.slow
def test_the_handbook_works_under_the_policy(
    page: Any, under_the_policy: Callable[[Path], str], handbook_site: Any
) -> None:
    base = under_the_policy(handbook_site.root)
    pages = sorted(path.relative_to(handbook_site.root).as_posix() for path in handbook_site.root.glob("*.html"))
    assert len(pages) > 20
    assert refused_by_the_policy(page, [base + name for name in pages]) == []
    page.goto(f"{base}search.html?q=pneumothorax")
    page.wait_for_selector("#search-results li .context")
    page.goto(f"{base}index.html")
    assert page.evaluate("document.body.dataset.theme") == "auto", "furo's own script has run"


@pytest.mark.slow
def test_versions_work_under_the_policy(page: Any, under_the_policy: Callable[[Path], str], published: Any) -> None:
    base = under_the_policy(published.site)
    names = ["0.1.0/deep/page.html", "latest/index.html", "stable/index.html"]
    assert refused_by_the_policy(page, [base + name for name in names]) == []
    page.goto(base + names[0])
    assert page.locator(".clinic-version-banner").evaluate("box => getComputedStyle(box).textAlign") == "center"
    page.goto(f"{base}index.html")
    page.wait_for_url(f"{base}stable/index.html")


@pytest.fixture
def nginx(how_to: Callable[[str], str], published: Any, tmp_path: Path) -> Iterator[str]:
    """The address of a real nginx with the how-to's file: only name, port, certificate and folder are others."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if program is None:
        pytest.skip("no nginx on this machine (Debian: apt-get install nginx-light)")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    text = re.sub(r"^ *ssl_.*\n", "", block(how_to("publish-behind-nginx"), "nginx"), flags=re.MULTILINE)
    text = text.replace("listen 443 ssl", f"listen 127.0.0.1:{port}").replace("/srv/handbook", str(tmp_path / "site"))
    shutil.copytree(published.site, tmp_path / "site")
    tmp_path.chmod(0o755)
    temporary = "".join(
        f"{kind}_temp_path {tmp_path / kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (tmp_path / "nginx.conf").write_text(
        f"daemon off;\nmaster_process off;\npid {tmp_path}/pid;\nerror_log stderr;\nevents {{}}\n"
        "http {\ntypes { text/html html; text/css css; application/javascript js; application/pdf pdf;"
        f" application/json json; }}\naccess_log off;\n{temporary}{text}}}\n",
        encoding="utf-8",
    )
    running = subprocess.Popen([program, "-p", tmp_path, "-c", tmp_path / "nginx.conf"], stderr=subprocess.PIPE)
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        assert running.poll() is None, running.stderr.read()
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}/"
    running.terminate()
    running.communicate()


@pytest.mark.slow
def test_nginx_takes_the_file_and_sends_what_it_says(nginx: str, page: Any, published: Any) -> None:
    def headers(address: str) -> Any:
        return urllib.request.urlopen(nginx + address).headers

    start = headers("stable/index.html")
    assert start["Cache-Control"] == "no-cache"
    assert start["Content-Security-Policy"].startswith("default-src 'none'")
    assert start["X-Content-Type-Options"] == "nosniff"
    assert start["Content-Type"] == "text/html; charset=utf-8"
    [styles] = re.findall(r'href="\.\./(_static/versions\.css[^"]*)"', published.read("stable/index.html"))
    assert headers(styles)["Cache-Control"] == "public, max-age=31536000, immutable"
    pdf = headers("stable/little-handbook.pdf")
    assert pdf["Content-Security-Policy"] is None and pdf["Cache-Control"] == "no-cache"
    assert refused_by_the_policy(page, [f"{nginx}0.1.0/deep/page.html"]) == []
    assert page.locator(".clinic-version-banner").is_visible()
    page.goto(nginx)
    page.wait_for_url(f"{nginx}stable/index.html")
