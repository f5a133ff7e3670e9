"""The history of records: what each release changed, and what has changed since the last."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

from clinic_snippets.library.changes import Change, diff
from clinic_snippets.library.governance import Governance
from clinic_snippets.library.release import Release, fields_of
from clinic_snippets.records import Record
from clinic_snippets.records.governance import ChangeClass


class Step(NamedTuple):
    """One change of a record; ``release`` is None for what is not yet released."""

    release: Release | None
    change: Change


class History:
    """What changed from release to release, worked out when first asked for."""

    def __init__(self, governance: Governance, records: Mapping[str, Record]) -> None:
        self.governance = governance
        self._records = records

    @cached_property
    def released(self) -> dict[str, list[Change]]:
        """What each release changed, by version, oldest first; the first release changed nothing."""
        releases = self.governance.releases
        out: dict[str, list[Change]] = {release.version: [] for release in releases[:1]}
        for before, after in zip(releases, releases[1:], strict=False):
            out[after.version] = diff(before.records, after.records, after.notes)
        return out

    @cached_property
    def unreleased(self) -> list[Change]:
        """What has changed since the latest release; nothing where there is none."""
        if not self.governance.releases:
            return []
        originals = self.governance.originals or self._records
        now = {identifier: fields_of(record) for identifier, record in originals.items()}
        notes = [note.model_dump(mode="json", exclude_defaults=True, by_alias=True) for note in self.governance.notes]
        return diff(self.governance.releases[-1].records, now, notes)

    @cached_property
    def _by_record(self) -> dict[str, list[Step]]:
        out: dict[str, list[Step]] = {}
        for release in self.governance.releases[:1]:
            for identifier, fields in release.records.items():
                first = Change(identifier, fields["kind"], fields["name"], ChangeClass.NEW)
                out[identifier] = [Step(release, first)]
        for release in self.governance.releases[1:]:
            for change in self.released[release.version]:
                out.setdefault(change.id, []).append(Step(release, change))
        for change in self.unreleased:
            out.setdefault(change.id, []).append(Step(None, change))
        return out

    def of(self, identifier: str) -> list[Step]:
        """Return the changes of one record, oldest first."""
        return self._by_record.get(identifier, [])
