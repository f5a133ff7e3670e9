"""Questions for a self-check: each with its choices, and its answer where a reader opens it."""

from __future__ import annotations

from clinic_snippets.library import Library
from clinic_snippets.problems import allowed_words
from clinic_snippets.records import QuizQuestion
from clinic_snippets.records.text import Badge, Inline, ListBlock, Paragraph, Strong, TextBlock, Words, letter
from clinic_snippets.snippets.blocks import Card, Cards, Cell, Fold
from clinic_snippets.snippets.card_parts import about_blocks, labels, links_line
from clinic_snippets.snippets.phrases import SPACE, append, doubt_badges, remarks, support
from clinic_snippets.snippets.registry import OptionError, snippet

NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


def questions_about(library: Library, topic: str | None) -> list[QuizQuestion]:
    """Return the questions whose files have this topic, or all; raises OptionError for a topic that none has."""
    found = list(library.of(QuizQuestion))
    topics = sorted({question.topic for question in found})
    if topic is not None and topic not in topics and found:
        raise OptionError(f"no question has the topic '{topic}'; {allowed_words(topic, topics)}")
    return [question for question in found if topic in (None, question.topic)]


def answer(library: Library, record: QuizQuestion) -> Cell:
    """Return the right choices, each behind its letter, then the reason."""
    out: list[TextBlock] = []
    for index in record.right:
        first, *rest = library.prose(record.choices[index].text)
        mark: tuple[Inline, ...] = (Strong((Words(f"{letter(index)}."),)),)
        out += (
            [Paragraph((*mark, SPACE, *first.children))] if isinstance(first, Paragraph) else [Paragraph(mark), first]
        )
        out += rest
    out += append(library.prose(record.because), support(record))
    return (*out, *remarks(library, record))


def _card(library: Library, record: QuizQuestion) -> Card:
    count = len(record.right)
    how_many = Badge(f"{NUMBERS[count] if count < len(NUMBERS) else count} answer{'s' * (count > 1)}", "answers")
    behind = [links_line("Read: ", record.tests)]
    if record.competencies:
        behind.append(links_line("Competency: ", record.competencies))
    return Card(
        record.id,
        record.name,
        (
            labels([how_many, *doubt_badges(library, record)]),
            *library.prose(record.stem),
            ListBlock(tuple(library.prose(choice.text) for choice in record.choices), ordered=True, letters=True),
            # The foot too: between questions it would be in the way.
            Fold("Answer", (*answer(library, record), *behind, *about_blocks(library, record)), screen_only=True),
        ),
    )


@snippet
def self_check(library: Library, *, topic: str | None = None) -> Cards:
    """Questions to check oneself with, of one topic or all; the answers of print stand in the self-check-key."""
    return Cards(library.made(_card, questions_about(library, topic)), "No question is recorded.")
