"""What a page of a site is told about the other versions: menu, banner, canonical address.

It is written into pages that are built already, so a release that was frozen long ago learns of every newer one. All of
it is links and text: no script, no style attribute, and only relative addresses, so that it works from any folder.
"""

from __future__ import annotations

import re
from html import escape
from urllib.parse import quote

from clinic_snippets.publishing.site import STABLE, Site, Version

STYLESHEET = "versions.css"
_CANONICAL = re.compile(r'\s*<link\b[^>]*\brel="canonical"[^>]*>')
_ADDRESS = re.compile(r'\bhref="([^"]*)"')
_ROBOTS = re.compile(r'<meta\b[^>]*\bname="robots"')
_BODY = re.compile(r"<body\b[^>]*>")
_SKIP_LINK = re.compile(r'<a\b[^>]*\bclass="[^"]*\bskip-[^"]*"[^>]*>.*?</a>', re.DOTALL)
_CHAPTERS = '<div class="sidebar-scroll">'
"""Where furo's list of chapters begins."""
_FAR = 20_000
"""How far into the body a skip link is looked for: furo has its icons before it."""


def decorate(page: str, html: str, version: Version, site: Site, stylesheet: str) -> str:
    """Return a page of a version with everything the site adds; ``stylesheet`` is relative to the site's root."""
    up = "../" * (page.count("/") + 1)
    head, body = split_head(html)
    head = _CANONICAL.sub("", head)
    head += f'<link rel="stylesheet" href="{up}{stylesheet}">\n'
    if site.url:
        head += f'<link rel="canonical" href="{escape(canonical(page, version, site))}">\n'
    if site.stable is not None and version is not site.stable and not _ROBOTS.search(head):
        head += '<meta name="robots" content="noindex">\n'
    return head + put_menu(put_banner(body, banner(page, version, site, up)), menu(page, version, site, up))


def split_head(html: str) -> tuple[str, str]:
    """Return what of a page comes before the end of its head, and the rest."""
    end = html.find("</head>")
    return (html[:end], html[end:]) if end >= 0 else ("", html)


def canonical(page: str, version: Version, site: Site) -> str:
    """Return the address under which search engines should know a page: the current release's, if it has the page."""
    stable = site.stable
    folder = STABLE if stable and page in stable.pages else version.name
    return f"{site.url.rstrip('/')}/{folder}/{quote(page)}"


def site_url_in(html: str, page: str) -> str:
    """Return the address that a built page was given by html_baseurl, without the page; empty where it has none."""
    link = _CANONICAL.search(split_head(html)[0])
    address = _ADDRESS.search(link[0]) if link else None
    return address[1].removesuffix(page) if address else ""


def label(version: Version, site: Site) -> str:
    """Return what a version is called in the menu."""
    if version.draft:
        return "Unreleased draft"
    return f"{version.name} ({'current' if version is site.stable else 'superseded'})"


def menu(page: str, version: Version, site: Site, up: str) -> str:
    """Return the version menu of a page: the same page in every version, and this version as PDF."""
    items = []
    for other in site.versions:
        here = ' aria-current="page"' if other is version else ""
        items.append(
            f'<li><a href="{up}{other.name}/{quote(other.page_like(page))}"{here}>{label(other, site)}</a></li>'
        )
    if version.pdf:
        # From the version's own root, so that the copy in `stable` leads to its own PDF.
        items.append(f'<li><a href="{up[3:]}{quote(version.pdf)}">This version as PDF</a></li>')
    title = label(version, site) if version.draft else f"Version {label(version, site)}"
    return menu_shell(f"<summary>{title}</summary>\n<ul>\n" + "\n".join(items) + "\n</ul>")


def menu_shell(inside: str) -> str:
    """Return the menu's frame around what it holds."""
    return f'<nav class="clinic-versions" aria-label="Versions"><details>{inside}</details></nav>\n'


def banner(page: str, version: Version, site: Site, up: str) -> str:
    """Return what a page that is not of the current release says first; empty for one that is."""
    stable = site.stable
    if stable is None or stable is version:
        return ""
    if version.draft:
        kind, words = "draft", "Unreleased draft: this text is still being worked on."
    else:
        kind, words = "superseded", f"Superseded on {version.superseded}: this is version {version.name}."
    there = page in stable.pages
    link = (
        f"See this page in the current version, {stable.name}" if there else f"Go to the current version, {stable.name}"
    )
    gone = "" if there else " This page is not in the current version."
    target = f"{up}{STABLE}/{quote(stable.page_like(page))}"
    return (
        f'\n<aside class="clinic-version-banner clinic-version-{kind}" aria-label="About this version">'
        f'<p>{words}{gone} <a href="{target}">{link}</a></p></aside>'
    )


def put_banner(html: str, text: str) -> str:
    """Return a page with a banner at its top: behind the skip link, which must stay the first to take the focus."""
    body = _BODY.search(html)
    if body is None:
        return html
    skip = _SKIP_LINK.search(html, body.end(), body.end() + _FAR)
    place = skip.end() if skip else body.end()
    return html[:place] + text + html[place:]


def put_menu(html: str, text: str) -> str:
    """Return a page with a menu: in furo's sidebar, which is a drawer on a phone, else at the page's end.

    In the sidebar above the chapters: they scroll, and whatever stands below them is off the screen when a page opens.
    """
    place = html.find(_CHAPTERS)
    if place < 0:
        place = html.rfind("</body>")
    return html[:place] + text + html[place:] if place >= 0 else html + text
