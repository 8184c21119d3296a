"""Prompts that ask for nothing: beginnings of a sentence that somebody is to go on with, and titles."""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from sayso.filters.requests.sentences import LONGEST, is_request, sentences
from sayso.filters.text.patterns import any_of

# Words that a sentence does not end with, unless it is a question or names somebody's doing before: "as well as I can".
_OPEN = (
    "is|are|was|were|am|be|been|has|have|had|will|would|could|should|can|may|might|must|of|for|from|by|with|at|to"
    "|into|that|which|who|whose|when|where|while|because|if|as|called|named|than|the|a|an|my|your|his|their|our|its"
    "|and|or|but|very|including|such as|between|since|until|became|becomes|means|there"
)
_ELLIPSIS = r"(?:\s*\.{3,}|\s*…)?\s*$"
# What somebody is to say a number of stars after, or a sentence, whatever is asked before.
_RATES = (
    r"\b(?:my|the|your) (?:\w+ ){0,2}rating (?:for (?:this|the|it)(?: \w+){0,2} )?(?:is|would be)\s*$"
    r"|\bi(?:'d| would) (?:like to )?(?:give|rate) (?:this|it)(?: \w+){0,2}\s*$"
    r"|\bsentiment (?:\w+ ){0,4}is\s*$|\b(?:a|the) (?:\w+ )?(?:sentence|summary|title) (?:can|could|would|might) be\s*$"
)
# A last word like these, and no end of a sentence; or the beginning of a tale.
UNFINISHED = any_of(
    rf"(?i:{_RATES})",
    rf"(?i:\b(?:{_OPEN}){_ELLIPSIS})",
    r"(?i:^once upon a time\b[^\n.?!]*(?:\.{3,}|…)?\s*$)",
)
IS_RATED = re.compile(_RATES)
_ASKS_WITHIN = re.compile(
    r"(?:^(?:[\w']+ ){0,3}(?:what|when|where|why|how|whether)|\b(?:know|wonder\w*|tell|ask\w*|see|sure|idea|remember"
    r"|explain|say|out|about|understand|guess|care)(?: me| us)? (?:who|whom|whose|what|which|when|where|why|how"
    r"|whether|if))\b|[?:\"“]"
)
_COMPLETE = re.compile(
    r"\b(?:i|we|you|they|he|she|it|this|that) (?:am|are|is|was|were|have|has|had|will|would|could|should|can|may"
    rf"|might|must){_ELLIPSIS}|\b(?:like|said|know|think|believe|sure|love|do|enjoy|want|need|try|going|able|used"
    rf"|have|hope|over|out|right|been) (?:that|to|there|at){_ELLIPSIS}|\b(?:here|there|that's) (?:is|are|was"
    r"|were)\s*$"
)
_TALKS = re.compile(
    r"(?:i|i'm|i'd|i've|we|you|no|yes|yeah|ok|okay|hi|hey|hello|good|thanks|thank|sorry|well|alexa|siri|because|and"
    r"|but|so|or|not|just|maybe)\b"
)

_COMPLETING = re.compile(
    r"\b(?:complete|finish|continue|fill|end|predict|guess|next|sentence|words?|phrase|blank|lines?|lyrics?|answer"
    r"|translate|say|repeat|quote|rhyme|correct|choose|select)\b|\?$"
)

# Nearly every word in capitals, as in titles, and no mark of a sentence's end.
_SMALL = "of|and|the|a|an|in|on|for|to|by|with|from|vs|versus|or|at|as|into|about|through|is|are"
_TITLE_WORD = r"[A-Z0-9][A-Za-z0-9'’-]*"
TITLE = any_of(
    rf"^\s*{_TITLE_WORD}(?:[,:]? (?:(?:{_SMALL}) )*{_TITLE_WORD})+\s*$",
    r"(?i:^\s*(?:title|topic|subject|headline|theme|heading)\s*:\s*[^\n]+$)",
)
_LABELLED = re.compile(r"\s*(?:title|topic|subject|headline|theme|heading)\s*:\s*", re.IGNORECASE)
_HEADS = re.compile(
    r"(?:the|an?|one|two|three|four|five|six|seven|eight|nine|ten|\d+|chapter|section|part|essay|article|report"
    rf"|review|story|poem)\b|.* (?:{_SMALL}) ",
    re.IGNORECASE,
)
_GREETS = re.compile(
    r"(?:good|happy|merry|hello|hi|hey|thanks|thank|alexa|siri|dear|welcome)\b|.*\b(?:play|versus|vs|or)\b",
    re.IGNORECASE,
)


def are_unfinished(prompts: pl.Series) -> pl.Series:
    """Which prompts only begin something that somebody is to go on with, and do not say so."""
    return _hold(prompts, UNFINISHED, is_beginning)


def are_titles(prompts: pl.Series) -> pl.Series:
    """Which prompts are titles or topics with no word on what to do with them."""
    return _hold(prompts, TITLE, is_title)


def is_beginning(text: str) -> bool:
    """Whether the last sentence of what UNFINISHED finds goes on, and no other says that it is to be completed."""
    *others, last = [sentence for line in text.lower().split("\n") for sentence in sentences(line)]
    if IS_RATED.search(last) and last.count(" ") >= 2:
        return True
    if is_request(last) or _ASKS_WITHIN.search(last) or any(map(_COMPLETING.search, others)):
        return False
    if last.startswith("once upon a time"):
        return True
    goes_on = last.count(" ") >= 2 and _COMPLETE.search(last) is None and _TALKS.match(last) is None
    return goes_on or last.startswith("if ")


def is_title(text: str) -> bool:
    """Whether a text that TITLE finds neither asks for anything nor greets somebody."""
    bare = _LABELLED.sub("", text.strip(), count=1)
    if is_request(bare.lower()):
        return False
    return bare != text.strip() or (_HEADS.match(bare) is not None and _GREETS.match(bare) is None)


def _hold(prompts: pl.Series, pattern: str, holds: Callable[[str], bool]) -> pl.Series:
    prompts = prompts.str.strip_chars()
    suspects = (prompts.str.contains(pattern) & (prompts.str.len_bytes() <= LONGEST)).arg_true()
    found = [number for number, text in zip(suspects, prompts.gather(suspects), strict=True) if holds(text)]
    return pl.repeat(False, len(prompts), dtype=pl.Boolean, eager=True).scatter(found, True)
