"""Quiz questions: what a reader can check their own knowledge with."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import field_validator
from pydantic_core import PydanticCustomError

from clinic_snippets.records.base import Ids, Part, Prose, Record, RefersTo, YesNo


class Choice(Part):
    """One answer to choose from."""

    text: Prose
    """The answer."""
    right: YesNo = False
    """Whether it is a right one."""


class QuizQuestion(Record):
    """A question with choices and the reason for the right ones; it rests on the records that it ``tests``."""

    plural: ClassVar[str] = "quiz questions"
    needs_source: ClassVar[bool] = False

    kind: Literal["quiz-question"]
    stem: Prose
    """The question, or the situation that it asks about."""
    choices: tuple[Choice, ...]
    """Two answers or more, of which some are right."""
    because: Prose
    """Why the right answers are right."""
    tests: Ids
    """Ids of the records that it rests on."""
    competencies: Annotated[Ids, RefersTo("competency")] = ()
    """Ids of the competencies it belongs to."""

    @field_validator("choices")
    @classmethod
    def _can_be_answered(cls, choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
        right = sum(choice.right for choice in choices)
        texts = {" ".join(choice.text.split()).casefold() for choice in choices}
        if len(choices) < 2:
            raise PydanticCustomError("too_few_choices", "a question needs two choices or more; add another")
        if len(texts) < len(choices):
            raise PydanticCustomError("same_choice", "two choices say the same; change one or take it out")
        if not right:
            raise PydanticCustomError("no_right_choice", "no choice is right; mark one or more with 'right: yes'")
        if right == len(choices):
            raise PydanticCustomError("all_choices_right", "every choice is right; add one that is wrong")
        return choices

    @property
    def right(self) -> tuple[int, ...]:
        """The places of the right choices, from 0."""
        return tuple(index for index, choice in enumerate(self.choices) if choice.right)
