"""The wording of findings: a claim must not sound surer than the effects that it speaks of.

The words are GRADE's: "may" for low certainty, "probably" for moderate; very low certainty is said to be uncertain. An
effect that nobody graded has no such word: the claim then says what was seen, where, in the past tense. See
``docs/explanation/wording.md``. The words are English, so the rule is for handbooks in English.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from clinic_snippets.library.effects import certainty_words, when
from clinic_snippets.library.library import Library
from clinic_snippets.problems import Problem
from clinic_snippets.records import Certainty, Effect, Finding


class Voice(enum.IntEnum):
    """How sure a clause sounds, least sure first; a report says what was seen and nothing beyond."""

    REPORT = 0
    UNCERTAIN = 1
    MAY = 2
    PROBABLY = 3
    PLAIN = 4


LOUDEST = {
    Certainty.VERY_LOW: Voice.UNCERTAIN,
    Certainty.LOW: Voice.MAY,
    Certainty.MODERATE: Voice.PROBABLY,
    Certainty.HIGH: Voice.PLAIN,
}
"""The surest voice that each certainty carries."""
_WAYS = {
    Certainty.VERY_LOW: "write 'it is uncertain whether \u2026' or 'may \u2026, but this is uncertain'",
    Certainty.LOW: "write 'may'",
    Certainty.MODERATE: "write 'probably'",
}
_UNGRADED_WAY = "say what was seen and where, in the past tense ('In this trial, pain was lower')"
_WAIVER = "or give the reason in 'wording_waived_because:'"


class Clause(NamedTuple):
    """A clause of a claim: its words, how sure it sounds, and the word that makes it sound so with its offset."""

    text: str
    voice: Voice
    word: str
    offset: int


_VERBS = (
    "abolish|alleviate|boost|change|cure|cut|decrease|diminish|ease|eliminate|enhance|fix|heal|help|improve|increase|"
    "lessen|lower|prevent|raise|reduce|relieve|remove|resolve|restore|shorten|speed|stop|strengthen|treat|work"
)
_NOUNS_TOO = "boost|change|cut|decrease|fix|help|increase|lower|raise|speed|stop|treat|work"
_BARE = "|".join(verb for verb in _VERBS.split("|") if verb not in _NOUNS_TOO.split("|"))
_THIRD = "|".join(f"{verb}e?s" for verb in _VERBS.split("|"))
_TEMPERED = r"(?!probably\b|likely\b)"
_MARK = re.compile(
    r"(?P<over>\b(?:prove[nsd]?|certainly|definitely|undoubtedly|always|guarantee[sd]?|no doubt|beyond doubt|"
    r"(?:not|no longer|never) (?:very )?uncertain)\b)"
    r"|(?P<uncertain>\b(?:very )?(?:uncertain|unclear|unknown)\b|\bnot (?:known|clear)\b|\btoo imprecise\b)"
    r"|(?P<may>\b(?:may|might|could)\b)"
    r"|(?P<probably>\b(?:probably|likely)\b)"
    rf"|(?P<plain>\b(?:{_THIRD}|can|will|works|does|do)\b"
    rf"|(?<!to )(?<!to not )\b(?:{_BARE})\b"
    rf"|\b(?:is|are) (?:{_TEMPERED}[\w-]+ ){{0,3}}?(?:effective|better|superior|beneficial|helpful|useful|worse|safe|as good)\b"
    rf"|\b(?:has|have|makes?|gives?|brings?|leads? to|results? in) (?:{_TEMPERED}[\w-]+ ){{0,3}}?"
    r"(?:effects?|benefits?|reductions?|difference|improvements?|relief)\b)",
    re.IGNORECASE,
)
_THIRD_PERSON = re.compile(rf"\b(?:{_THIRD})\b", re.IGNORECASE)
_ASKS = re.compile(r"\s*(?:whether|if|how|what|why)\b", re.IGNORECASE)
"""How a clause starts whose verbs belong to a question, as in "How much of it helps is unclear"."""
_LOOKS_BACK = re.compile(
    r"\s*(?:but|and|though|although|yet)?\s*(?:this|that|it|(?:the|this|all the) (?:\w+ ){0,2}evidence|all of this)\b",
    re.IGNORECASE,
)
"""How a clause starts that says of the one before it how sure it is, as in "but this is uncertain"."""
_STUDIES = re.compile(
    r"\b(?:in|from|across) (?:this|these|the|one|both|all|most|some|small|[\d]+)\b(?: [\w-]+){0,3}? "
    r"(?:trials?|stud(?:y|ies)|reviews?|pilots?|meta-analys[ei]s|cohorts?|reports?)\b",
    re.IGNORECASE,
)
_REPORTS = re.compile(r"\b(?:found|seen|shown|observed|measured|reported|recorded|read)\b", re.IGNORECASE)
_PAST = re.compile(
    r"\b(?:was|were|did|had|got|grew|fell|rose|gave|brought|came|went|became|shrank|kept|\w{2,}ed)\b", re.IGNORECASE
)
_OF_THE_EVIDENCE = re.compile(
    r"\b(?:authors?|reviews?|results?|evidence|intervals?|estimates?|rankings?|included|clear of)\b", re.IGNORECASE
)
_FINITE = re.compile(r"\b(?:is|are|has|have|remains?)\b", re.IGNORECASE)
_SENTENCES = re.compile(r"(?<=[.!?])\s+")
_CLAUSES = re.compile(
    r"(?<=[;:])|,?\s(?=(?:and|but|yet|while|whereas|though|although|however) (?:it|they|this|that|these|those|there|the|all|"
    r"dry|deep|shallow|real|needling|needles|also|so|no|how|much)\b)",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"\{[^}`]*\}(?=`)|<[^>`]*>(?=`)|[`*]")


def overstated_claims(library: Library, language: str = "en") -> list[Problem]:
    """Return a problem for each clause of a finding's claim that sounds surer than its effects are.

    A waiver with a reason silences them; one that silences nothing is a problem too. Handbooks that are not in English
    are not judged.
    """
    problems: list[Problem] = []
    if not re.match(r"en\b|en_", language or "en"):
        return problems
    for finding in library.of(Finding):
        origin = library.origins.get(finding.id)
        if origin is None:
            continue
        found = [
            Problem(origin.place_in(("claim",), finding.claim, offset), f"{finding.id}.claim", message, hint, "wording")
            for offset, message, hint in overstatements(finding)
        ]
        if not finding.wording_waived_because:
            problems += found
        elif not found:
            path = ("wording_waived_because",)
            message, hint = "there is nothing to waive: the claim is no surer than its effects", "take it out"
            subject = origin.subject(finding.id, path)
            problems.append(Problem(origin.place(*path), subject, message, hint, "waiver-not-needed"))
    return problems


def overstatements(finding: Finding) -> Iterator[tuple[int, str, str]]:
    """Yield the offset in the claim, a message and a hint for each clause that outruns its effects."""
    said = list(clauses(finding.claim))
    graded = [effect for effect in finding.effects if _lowest(finding, effect) not in (None, Certainty.HIGH)]
    if graded and all(clause.voice is Voice.REPORT for clause in said):
        weakest = _weakest(finding, graded)
        yield (
            0,
            f"it tells what was seen, but not how sure one can be: {_certainty_of(finding, weakest)}",
            _hint(finding, weakest),
        )
        return
    for clause in said:
        effects = spoken_of(finding, clause.text)
        rated = [effect for effect in effects if _lowest(finding, effect)]
        words = f"'{clause.word}' sounds certain"
        if clause.voice in (Voice.MAY, Voice.PROBABLY):
            level = "low" if clause.voice is Voice.MAY else "moderate"
            words = f"'{clause.word}' is the word for {level} certainty"
        if rated:
            weakest = _weakest(finding, rated)
            lowest = _lowest(finding, weakest)
            if lowest and clause.voice > LOUDEST[lowest]:
                yield clause.offset, f"{words}, but {_certainty_of(finding, weakest)}", _hint(finding, weakest)
        elif clause.voice > Voice.UNCERTAIN:
            message = f"{words}, but how sure one can be of '{effects[0].outcome.lower()}' was not graded"
            yield clause.offset, message, f"{_UNGRADED_WAY}, {_WAIVER}"


def _lowest(finding: Finding, effect: Effect) -> Certainty | None:
    """Return the lower end of an effect's certainty: of a range, a reader must not hear the better half alone."""
    levels = finding.certainty_of(effect)
    return levels[0] if levels else None


def _weakest(finding: Finding, effects: Sequence[Effect]) -> Effect:
    return max(effects, key=lambda effect: list(Certainty).index(finding.certainty_of(effect)[0]))


def _certainty_of(finding: Finding, effect: Effect) -> str:
    return f"'{effect.outcome.lower()}, {when(effect)}' is of {certainty_words(finding.certainty_of(effect))}"


def _hint(finding: Finding, effect: Effect) -> str:
    return f"{_WAYS[finding.certainty_of(effect)[0]]}, {_WAIVER}"


_SAME_FOR_ALL = {"most", "other", "outcomes", "outcome", "around", "with", "from", "type"}
_TERMS = {
    "immediate": r"immediate|straight after|at once|right after",
    "short term": r"short\b.*\bterm",
    "medium term": r"medium\b.*\bterm",
    "long term": r"long\b.*\bterm",
}


def spoken_of(finding: Finding, clause: str) -> list[Effect]:
    """Return the effects that a clause speaks of: those whose outcome it names, at the time that it names.

    A clause that names no outcome speaks of all; one that names no time, of every time.
    """
    text = clause.lower()

    def named(effect: Effect) -> bool:
        words = [w for w in re.findall(r"[a-z]{4,}", effect.outcome.lower()) if w not in _SAME_FOR_ALL]
        return any(re.search(rf"\b{word[:6]}", text) for word in words)

    effects = [effect for effect in finding.effects if named(effect)] or list(finding.effects)
    times = {term for term, pattern in _TERMS.items() if re.search(pattern, text)}
    return [effect for effect in effects if effect.timing.value in times] or effects


def clauses(claim: str) -> Iterator[Clause]:
    """Yield the clauses of a claim, each with how sure it sounds."""
    text = _MARKUP.sub(lambda found: " " * len(found[0]), claim).replace("\n", " ")
    start, named = 0, False
    for sentence in _SENTENCES.split(text):
        start = text.index(sentence, start)
        parts = []
        for offset, words in _parts(sentence, start):
            named = named or bool(_STUDIES.search(words))
            parts.append(_clause(words, offset, named))
        doubted = any(part.voice is Voice.UNCERTAIN and _LOOKS_BACK.match(part.text) for part in parts[1:])
        for part in parts:
            # "It may help, but this is uncertain" is GRADE's own form; "it helps, but this is uncertain" is not.
            yield part._replace(voice=Voice.UNCERTAIN) if doubted and part.voice is Voice.MAY else part
        start += len(sentence)


def _parts(sentence: str, start: int) -> Iterator[tuple[int, str]]:
    """Yield the clauses of a sentence with their offsets; a piece without a verb belongs to the clause before it."""
    offsets: list[int] = [0]
    for cut in _CLAUSES.finditer(sentence):
        rest = sentence[cut.end() :]
        piece = _CLAUSES.split(rest, maxsplit=1)[0]
        if any(pattern.search(piece) for pattern in (_MARK, _PAST, _FINITE)):
            offsets.append(cut.end())
    for offset, end in zip(offsets, [*offsets[1:], len(sentence)], strict=True):
        yield start + offset, sentence[offset:end]


def _clause(words: str, offset: int, named: bool) -> Clause:
    """Return a clause with its voice; ``named`` says that the claim has said in which studies."""

    def clause(voice: Voice, found: re.Match[str] | None) -> Clause:
        word = found[0].lower() if found else " ".join(words.split()[:3]).strip(" ,.;:")
        return Clause(words, voice, word, offset + (found.start() if found else 0))

    marks = list(_MARK.finditer(words))
    kinds = [mark.lastgroup for mark in marks]
    if "over" in kinds:
        return clause(Voice.PLAIN, marks[kinds.index("over")])
    if "uncertain" in kinds and (_ASKS.match(words) or kinds[0] == "uncertain"):
        return clause(Voice.UNCERTAIN, marks[kinds.index("uncertain")])
    if marks and kinds[0] == "may":
        # Behind "may" a verb has no -s; one that has it is said outright.
        outright = _THIRD_PERSON.search(words, marks[0].end())
        return clause(Voice.PLAIN, outright) if outright else clause(Voice.MAY, marks[0])
    if marks and kinds[0] == "probably":
        return clause(Voice.PROBABLY, marks[0])
    if marks and kinds[0] == "plain" and not (named and marks[0][0].lower() in ("do", "does")):
        return clause(Voice.PLAIN, marks[0])
    seen = _REPORTS.search(words) or (named and _PAST.search(words))
    if seen or _OF_THE_EVIDENCE.search(words):
        return clause(Voice.REPORT, None)
    return clause(Voice.PLAIN, None)
