"""``changes.atom``: what each release changed, as an Atom feed. It holds no clock: its dates are those of the releases."""

from __future__ import annotations

import html
import uuid
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urljoin
from xml.etree import ElementTree

from clinic_snippets.library import Library
from clinic_snippets.library.changes import Change
from clinic_snippets.library.release import Release
from clinic_snippets.records import plural_of
from clinic_snippets.records.governance import ChangeClass
from clinic_snippets.snippets.redline import class_badge, heading, without_markup


def feed(library: Library, project: str, base: str, pages: Mapping[str, str]) -> str:
    """Return one entry for each release, latest first.

    ``pages`` are the addresses of pages by the release that they show (without a name: what is not yet released). They
    and the feed's own are relative unless ``base`` is given.
    """
    releases = library.governance.releases
    root = ElementTree.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom"})
    _add(root, "id", _identity(project, "changes"))
    _add(root, "title", f"{project}: what changed")
    _add(root, "updated", _moment(releases[-1]))
    _add(ElementTree.SubElement(root, "author"), "name", project)
    _link(root, "self", base, "changes.atom")
    _link(root, "alternate", base, pages.get("", "index.html"))
    for release in reversed(releases):
        entry = ElementTree.SubElement(root, "entry")
        _add(entry, "id", _identity(project, f"release {release.version}"))
        _add(entry, "title", f"{'Draft release' if release.draft else 'Release'} {release.version}")
        _add(entry, "updated", _moment(release))
        _link(entry, "alternate", base, pages.get(release.version, pages.get("", "index.html")))
        changes = library.history.released[release.version]
        first = f"<p>The first release, with {len(release.records)} entries.</p>"
        body = f"<ul>{''.join(_items(library, changes))}</ul>" if changes else "<p>Nothing changed.</p>"
        ElementTree.SubElement(entry, "content", {"type": "html"}).text = first if release is releases[0] else body
    ElementTree.indent(root, " ")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = text


def _link(parent: ElementTree.Element, relation: str, base: str, address: str) -> None:
    # With its last slash the base is a folder; without, its last part would be taken for a page.
    href = urljoin(base.rstrip("/") + "/", address) if base else address
    ElementTree.SubElement(parent, "link", {"rel": relation, "href": href})


def _identity(project: str, what: str) -> str:
    """Return an id that stays the same wherever and whenever the feed is made."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'clinic-snippets/{project}/{what}')}"


def _moment(release: Release) -> str:
    return f"{release.date}T00:00:00Z"


def _items(library: Library, changes: Iterable[Change]) -> Iterator[str]:
    """Yield each change as a list item; new records share one for their kind."""
    new: dict[str, list[Change]] = {}
    for change in changes:
        if change.kind_of_change is ChangeClass.NEW:
            new.setdefault(change.kind, []).append(change)
        else:
            yield _item(library, change)
    for kind, group in new.items():
        what = kind.replace("-", " ") if len(group) == 1 else f"{len(group)} {plural_of(kind)}"
        names = "; ".join(html.escape(change.name) for change in group)
        yield f"<li><strong>New</strong>: {what}: {names}.</li>"


def _item(library: Library, change: Change) -> str:
    said = [text for note in change.notes for text in (note["what"], note["why"])]
    since = [f"Effective from {note['effective_from']}." for note in change.notes[:1]]
    fields = [f"Changed: {', '.join(heading(field.name) for field in change.fields)}."] if change.fields else []
    words = " ".join([*(without_markup(library, text) for text in said), *since, *([] if said else fields)])
    return f"<li><strong>{class_badge(change).text}</strong>: {html.escape(f'{change.name}. {words}'.strip())}</li>"
