"""Claims made elsewhere, and what the sources make of them."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.records import Claim, Verdict
from clinic_snippets.records.text import Badge
from clinic_snippets.snippets.blocks import Column, Row, Table
from clinic_snippets.snippets.phrases import links_cell, name_cell, remarks, sources_cell, statements_cell
from clinic_snippets.snippets.registry import snippet

COLUMNS = (
    Column("Claim", 22), Column("It says", 20), Column("What the sources say, and where to read more", 42),
    Column("Sources (grade)", 16),
)  # fmt: skip
VERDICTS = {
    Verdict.SUPPORTED: Badge("Supported", "agreed"),
    Verdict.NUANCED: Badge("Nuanced", "adapt"),
    Verdict.CONTRADICTED: Badge("Contradicted", "never"),
    Verdict.NOT_FOUND: Badge("Not found", "unverified"),
}


def _row(library: Library, record: Claim) -> Row:
    cells = (
        name_cell(record, VERDICTS[record.verdict], home=library),
        library.prose(record.says),
        statements_cell(library, record.because) + remarks(library, record) + links_cell(record.see_also),
        sources_cell(library, record),
    )
    return Row(record.id, cells)


@snippet
def claim_table(library: Library, *, verdict: Verdict | None = None) -> Table:
    """Claims made elsewhere: supported, nuanced, contradicted or not found, with the reason."""
    verdicts = list(Verdict)
    found = [claim for claim in library.of(Claim) if verdict in (None, claim.verdict)]
    rows = library.made(_row, sorted(found, key=lambda claim: verdicts.index(claim.verdict)))
    title = f"Claims: {verdict.value}" if verdict else "Claims"
    return Table(title, COLUMNS, rows, "No claim is recorded.", home=True)
