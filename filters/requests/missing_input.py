"""Prompts that speak of something which is not there: "the article above", "this sentence", "the words given".

A prompt is read as a reference and, anywhere around it, what the reference could mean: words after a colon, in
quotation marks, on another line or in another sentence, or right behind the noun ("the word serendipity").
"""

from __future__ import annotations

import re
from functools import lru_cache

import polars as pl

from sayso.filters.requests.at_hand import AT_HAND, AT_HAND_SUSPECTS, TASK_AT_HAND
from sayso.filters.requests.references import CLAUSE, NAMED, NAMES, OPENING, REFERENCE, SUSPECTS, TASK
from sayso.filters.requests.referents import FIGURE, NOUNS, SHOWN
from sayso.filters.requests.sentences import (
    COMMAND,
    LONGEST,
    QUESTION,
    is_question,
    is_request,
    is_statement,
    sentences,
    sets_scene,
)
from sayso.filters.text.ngram_model import NgramModel
from sayso.filters.text.patterns import any_of

WEIGHTS = "missing.bin"
SHA256 = "b0eff06d75573ffe22992e42106c5d2094e956a44010d105bf9770f3b57523b1"
BIAS = -1.1949
HOLDS = -2.6215
REFERS = 3.9687

# What a reference can mean: words after a colon or a dash, in quotation marks, in place of a blank, on a line of their
# own, or after an end of a sentence without a blank.
MATERIAL = (
    r":\s*[^\s:0-9]|:\s+[0-9]|\s[-–—]\s|[\"“«][^\"”»]{2,}[\"”»]|(?:^|[^\w])['‘][^'’]{2,}['’](?:\W|$|[A-Z])|_{2,}"
    r"|(?:…|\.{3,})\s*\w|\n|[a-z]{2}[.?!][A-Z\"'“][\w' ]|[a-z]{4}[.?!][a-z][\w']* |[a-z]{4}[.?!][a-z]{5,}$"
    r"|[a-z]{3}(?:The|He|She|It|I|We|They|You|My|This|A|In|Do|If|Once|When|What) "
)
# Nothing follows the colon.
NOTHING_FOLLOWS = any_of(r"(?i:\b(?:following|below|as follows)\b[^:\n]{0,60}:\s*$)")
# What is to be said, and no material: answer with 'yes' or 'no'.
SAID = r"\b(?:[Aa]nswer|say|reply|respond|[Pp]rint|output|with|or|as) [\"“'‘][^\"”'’]*[\"”'’]"
LABEL = r"(?i:^(?:task|question|instructions?|prompt|q|request|exercise)\s*\d*\s*[:.]\s*)"

_OF_FIGURES = re.compile(
    r"\b(?:number|equation|expression|sequence|series|data|fraction|sum|problem|pattern|term|value|formula|calculation"
    r"|solve|find|figure|matrix|date|time|price)s?\b"
)
_FIGURES = re.compile(r"\d|=|\b(?:plus|minus|times|equals|divided by|squared)\b")
_OF_SEVERAL = re.compile(
    r"\b(?:words|numbers|letters|items|options|choices|odd|following|these|those|them|list|terms|names|animals"
    r"|ingredients|next|missing|answer|match|concepts|events|ideas|given|provided)\b"
)
_SEVERAL = re.compile(r"\w,\s+[\w ]{1,25},\s+(?:and |or )?\w|,\s+[^,.]*\bor\b")
_OF_QUESTION = re.compile(r"\bquestions?\b|\bfollowing\b|\bproblem\b|\briddle\b|\bpuzzle\b")
_SHOWS = re.compile(rf"\b(?:{SHOWN})\b")
_HOW_TO = re.compile(r"(?:how (?:do|can|should|to|would|does)|why|when should|is it|where)\b.*\battach")
_HANDED = re.compile(
    r"\b(?:attach|upload|past(?:ed|ing)|as (?:you|we|i) (?:can )?see\b|as (?:shown|seen|pictured)|here (?:is|are)"
    r"|(?:i|we) (?:want|need|would like)|i'd like)"
)
_ORDERED = re.compile(rf"(?:^|,)\s*(?:{COMMAND}|{QUESTION})|\byou (?:are|will be|have been)\b")
_BEFORE_QUESTION = re.compile(
    r"(?!(?:given|based|according|using|from|in|for|as|with|look|at|on|after)\b)(?:[\w',.-]+ ){5,}?(?:what|which|who"
    r"|how|is|does|did) "
)
_AFTERWARDS = re.compile(r", (?:why|how|what|who|when|where|which) \w")
_PRONOUN = re.compile(r" (?:this|it|that|these|those|them)$")
# "A paragraph" that is to be written, or that somebody has, is what "the paragraph" means.
INTRODUCED = r"\b(?:an?|my|your|our|his|her|their|some|another|one|two|three|several|new|short) (?:[\w'-]+ ){0,3}?"


def missing_input_log_odds(prompts: pl.Series) -> pl.Series:
    """The natural log odds (Float32) that each prompt speaks of something that it does not hold."""
    holds, refers = (found.cast(pl.Float32) for found in material_and_references(prompts))
    return _model().log_odds(prompts.str.strip_chars()) + (HOLDS * holds + REFERS * refers).cast(pl.Float32)


@lru_cache(maxsize=1)
def _model() -> NgramModel:
    return NgramModel(WEIGHTS, SHA256, BIAS)


def material_and_references(prompts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Which prompts hold words that a reference could mean, and which have a reference that nothing in them is."""
    texts = prompts.str.strip_chars().str.replace(LABEL, "")
    quoted = texts.str.contains_any(["'", '"', "“", "‘"])
    texts = texts.zip_with(~quoted, texts.zip_with(quoted, pl.Series([""])).str.replace_all(SAID, ""))
    holds = texts.str.contains(MATERIAL)
    suspects = ((texts.str.len_bytes() <= LONGEST) & ~holds).arg_true()
    small = texts.gather(suspects).str.to_lowercase()
    suspects = suspects.filter(_any_of(small, (*SUSPECTS, *AT_HAND_SUSPECTS)))
    found = [number for number, text in zip(suspects, texts.gather(suspects), strict=True) if has_open_reference(text)]
    return holds, prompts.str.contains(NOTHING_FOLLOWS).scatter(found, True)


def _any_of(texts: pl.Series, patterns: tuple[str, ...]) -> pl.Series:
    found = texts.str.contains(patterns[0])
    for pattern in patterns[1:]:
        found |= texts.str.contains(pattern)
    return found


def has_open_reference(text: str) -> bool:
    """Whether a text, MATERIAL apart, speaks of something that it does not hold."""
    written = sentences(text)
    each = [sentence.lower() for sentence in written]
    stated = [number for number, sentence in enumerate(each) if is_statement(sentence)]
    # What one sentence states, another one can be about.
    if len(stated) > 1 or (len(written) > 1 and _goes_from_capital_to_small(written)):
        return False
    return any(_leans(each, number) for number in stated or range(len(each)))


def _goes_from_capital_to_small(written: list[str]) -> bool:
    """Whether some sentences begin with a capital and others do not: an instruction and a text that it is about."""
    return len({sentence[0].isupper() for sentence in written if sentence[0].isalpha()}) > 1


def _leans(each: list[str], number: int) -> bool:
    sentence, before = each[number], each[:number]
    if not _may_refer(sentence):
        return False
    found = _first_reference(sentence, before)
    if found is None or (_PRONOUN.search(found[0]) and (before or _is_told(found, sentence))):
        return False
    others = [other for place, other in enumerate(each) if place != number]
    return not _names_it(sentence, found) and not _tell_it(found, others)


def _is_told(found: re.Match[str], sentence: str) -> bool:
    """Whether a pronoun stands for what the sentence itself has named, or tells afterwards."""
    said = sentence[: found.start()]
    return _AFTERWARDS.search(sentence) is not None or re.search(INTRODUCED + r"\w", said) is not None


def _may_refer(sentence: str) -> bool:
    """Whether a sentence asks for something, or says where something is, and does not tell of it first."""
    if is_statement(sentence) and not _HANDED.search(sentence) and not _ORDERED.search(sentence):
        return False
    return (is_request(sentence) or not _BEFORE_QUESTION.match(sentence)) and not _HOW_TO.match(sentence)


def _names_it(sentence: str, found: re.Match[str]) -> bool:
    """Whether the sentence has figures or a list for what it speaks of."""
    around = sentence[: found.start()] + " " + sentence[found.end() :]
    if _OF_FIGURES.search(sentence) and _FIGURES.search(around):
        return True
    return _OF_SEVERAL.search(sentence) is not None and _SEVERAL.search(around) is not None


def _tell_it(found: re.Match[str], others: list[str]) -> bool:
    """Whether the other sentences set a scene that it is part of, or ask the question that it is."""
    if not _SHOWS.search(found[0]) and any(map(sets_scene, others)):
        return True
    return _OF_QUESTION.search(found[0]) is not None and any(map(is_question, others))


def _first_reference(sentence: str, before: list[str]) -> re.Match[str] | None:
    """The first reference in a sentence whose noun nothing before it introduces."""
    opening = OPENING.match(sentence)
    if opening:
        return opening
    for found in (*REFERENCE.finditer(sentence), *AT_HAND.finditer(sentence)):
        if not _is_introduced(found, sentence, before):
            return found
    for clause in CLAUSE.finditer(sentence):
        task = TASK.match(sentence, clause.end()) or TASK_AT_HAND.match(sentence, clause.end())
        if task and not _is_introduced(task, sentence, before):
            return task
    for named in NAMED.finditer(sentence) if NAMES.search(sentence) else ():
        nouns = FIGURE if named.lastgroup == "shown" else NOUNS
        if nouns.fullmatch(named[named.lastgroup or 0]):
            return named
    return None


def _is_introduced(found: re.Match[str], sentence: str, before: list[str]) -> bool:
    noun = found.lastgroup
    if noun is None:
        return False
    said = " ".join([*before, sentence[: found.start(noun)]])
    if noun in ("this", "in", "of", "from"):
        return found[noun].rstrip("s") in said
    return re.search(INTRODUCED + re.escape(found[noun].rstrip("s")), said) is not None
