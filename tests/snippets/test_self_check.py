"""The self-check: what stands below a question, what stands in the key, and where a question can be found."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from clinic_snippets.library import Library
from clinic_snippets.records import Competency, Precaution, QuizQuestion
from clinic_snippets.records.text import Badge, ListBlock, Paragraph, RecordLink, plain, walk
from clinic_snippets.snippets import SNIPPETS, Cards, OptionError, Table
from clinic_snippets.snippets.blocks import Card, Fold

HEADER = {"topic": "lungs", "owner": "education lead", "written": "2026-01-01", "review_by": "2027-01-01"}
PRECAUTION = Precaution.model_validate({
    **HEADER, "kind": "precaution", "id": "lung", "name": "Lung", "level": "precaution", "applies_to": "site", "rule": "adapt",
    "regions": "all", "techniques": "all", "action": "Ask.", "why": "It is near.", "synthesis": "yes",
})  # fmt: skip
COMPETENCY = Competency.model_validate({
    **HEADER, "kind": "competency", "id": "anatomy", "name": "Anatomy", "can": "Name it.", "check": "Ask.", "learn": "Read.",
    "synthesis": "yes",
})  # fmt: skip


def question(identifier: str = "quiz", right: str = "b", **fields: Any) -> QuizQuestion:
    choices = [{"text": f"Choice {name}.", **({"right": "yes"} if name in right else {})} for name in "abc"]
    said = {"name": "Which one?", "stem": "Tell.", "choices": choices, "because": "So it is.", "tests": ["lung"]}
    return QuizQuestion.model_validate({**HEADER, "kind": "quiz-question", "id": identifier, **said, **fields})


def library(*questions: QuizQuestion) -> Library:
    return Library([PRECAUTION, COMPETENCY, *questions])


def card(record: QuizQuestion) -> Card:
    block = SNIPPETS["self-check"](library(record), {})
    assert isinstance(block, Cards)
    return block.cards[0]


def key(*records: QuizQuestion, **options: str) -> Table:
    block = SNIPPETS["self-check-key"](library(*records), options)
    assert isinstance(block, Table)
    return block


@pytest.mark.parametrize(("right", "words"), [("a", "One answer"), ("bc", "Two answers")])
def test_a_question_says_how_many_answers_are_right(right: str, words: str) -> None:
    assert [piece.text for piece in walk(card(question(right=right)).body) if isinstance(piece, Badge)][0] == words


def test_the_choices_keep_their_order_and_do_not_show_which_is_right() -> None:
    (choices,) = [block for block in card(question(right="ac")).body if isinstance(block, ListBlock)]
    assert choices.letters
    assert [plain(item) for item in choices.items] == ["Choice a.", "Choice b.", "Choice c."]
    assert len({type(piece).__name__ for piece in walk(choices)} - {"ListBlock", "Paragraph", "Words"}) == 0


def test_nothing_of_the_answer_stands_outside_its_fold() -> None:
    *open_blocks, fold = card(question(because="A secret.", competencies=["anatomy"])).body
    assert isinstance(fold, Fold)
    assert fold.screen_only
    assert "secret" in plain(fold.body)
    assert "secret" not in plain(tuple(open_blocks))
    links = {piece.id for piece in walk(fold.body) if isinstance(piece, RecordLink)}
    assert links == {"lung", "anatomy"}
    assert not [piece for piece in walk(tuple(open_blocks)) if isinstance(piece, RecordLink)]


def test_the_key_has_letters_and_reasons_in_the_order_of_the_questions() -> None:
    table = key(question("one", "ac"), question("two", "b", because="For a reason."))
    assert table.folded
    assert not table.home
    assert [row.record for row in table.rows] == ["one", "two"]
    answers = [
        [plain(block) for block in row.cells[1] if isinstance(block, Paragraph)] for row in table.rows
    ]  # fmt: skip
    assert answers == [["A. Choice a.", "C. Choice c.", "So it is."], ["B. Choice b.", "For a reason."]]


def test_a_right_choice_that_is_a_list_is_whole_in_the_key() -> None:
    choices = [{"text": "- One\n- Two", "right": "yes"}, {"text": "None"}]
    assert re.findall(r"A\.|One|Two", plain(key(question(choices=choices)).rows[0].cells[1])) == ["A.", "One", "Two"]


def test_each_question_of_a_topic_is_in_the_key_of_that_topic_alone() -> None:
    records = question("one"), question("two", topic="bones")
    assert [row.record for row in key(*records, topic="bones").rows] == ["two"]
    with pytest.raises(OptionError, match="no question has the topic 'bone'; .*did you mean 'bones'"):
        key(*records, topic="bone")


def test_a_record_leads_to_the_questions_about_it_and_names_them_as_such() -> None:
    records = library(question(name="Near what?"))
    block = SNIPPETS["precaution-cards"](records, {})
    assert isinstance(block, Cards)
    lines = [part for part in block.cards[0].body if isinstance(part, Paragraph)]
    with_link = [plain(line) for line in lines if any(isinstance(p, RecordLink) and p.id == "quiz" for p in walk(line))]
    assert with_link == ["Check yourself: ."]


def test_a_competency_without_a_question_says_so() -> None:
    for records, words in ((library(question()), "No question yet."), (library(question(competencies="anatomy")), "")):
        table = SNIPPETS["self-check-table"](records, {})
        assert isinstance(table, Table)
        assert plain(table.rows[0].cells[1]) == words


PAGE = """
# Questions

## One by one

```{clinic:self-check}
```

## Key

```{clinic:self-check-key} Every answer
:name: the-key
```

{any}`See the key <the-key>`.
"""
RECORDS = """
topic: t
owner: o
written: 2026-01-01
review_by: 2027-01-01
records:
- kind: region
  id: neck
  name: Neck
- kind: quiz-question
  id: quiz
  name: Which one?
  stem: Tell.
  choices:
    - text: Wrong.
    - text: Right.
      right: yes
  because: A reason.
  tests: [neck]
"""


@pytest.fixture
def built(project: Any, build_project: Any) -> Any:
    conf = 'extensions = ["myst_parser", "clinic_snippets"]\nexclude_patterns = ["records"]\nhtml_theme = "basic"\n'
    srcdir = project({"conf.py": conf, "index.md": PAGE, "records/r.yaml": RECORDS})
    return lambda builder: build_project(srcdir, builder)


def test_on_a_page_answer_and_key_open_without_a_script(built: Any) -> None:
    page = lxml.html.fromstring(built("html").read("index.html"))
    (answer,) = page.xpath("//section[@id='quiz-question-quiz']//details")
    assert answer.get("open") is None
    assert "A reason." in answer.text_content()
    (folded,) = page.xpath("//details[.//table]")
    assert folded.findtext("summary") == "Every answer"
    assert "A reason." in folded.text_content()
    assert folded.xpath(".//table/@id") == ["the-key"]


def test_outside_a_page_the_answer_stands_in_the_key_alone(built: Any) -> None:
    text: str = built("text").read("index.txt")
    questions, found, answers = text.partition("Every answer")
    assert found
    assert "Right." in questions
    assert "A reason." not in questions
    assert "A reason." in answers


def test_the_stylesheet_leaves_the_answer_out_of_print() -> None:
    css = Path("clinic_snippets/sphinx_ext/static/clinic.css").read_text("utf-8")
    assert re.search(r"@media print \{[^@]*\.clinic-screen-only[^{}]*\{ display: none; \}", css)
