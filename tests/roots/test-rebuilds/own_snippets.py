"""Snippets of this handbook's own."""

from clinic_snippets.records import Precaution, Region
from clinic_snippets.records.text import Paragraph, RecordLink, Words
from clinic_snippets.snippets import Card, Cards, Column, Row, Table, snippet


def _row(library, record):
    return Row(record.id, ((Paragraph((RecordLink(record.id),)),), (Paragraph((Words(record.owner),)),)))


@snippet
def owner_list(library):
    """Who looks after each precaution."""
    rows = library.made(_row, library.of(Precaution))
    return Table("Owners", (Column("Precaution", 2), Column("Owner")), rows, "Nobody looks after anything.")


def _card(library, record):
    return Card(record.id, f"{record.name} ({record.topic})", (Paragraph((Words("A part of the body."),)),))


@snippet
def region_cards(library):
    """The home of each region."""
    return Cards(library.made(_card, library.of(Region)), "No region is recorded.")
