"""Answers that say something was done that who speaks to an assistant asked for, and that no text can have done."""

from __future__ import annotations

import polars as pl

from sayso.filters.text.patterns import any_of, contains_where, lacks_where

_DONE = (
    r"(?:booked|reserved|ordered|scheduled|rescheduled|sent|e-?mailed|texted|purchased|bought|paid|transferred|cancell?ed"
    r"|placed|submitted|deleted|saved|created|added|set|turned (?:on|off)|registered|updated)"
)
# After a word or two of assent, in the first sentence.
_BEGINS = r"(?i:\A(?:[\w ,']{1,30}[.!,] )?"
DEED = any_of(
    rf"{_BEGINS}i(?:'ve| have)?(?: just| now| already| successfully)? {_DONE} (?:an?|the|your|it|you|for|up)\b)",
    rf"{_BEGINS}(?:your|the|an?) (?:[\w'\"@.-]+ ){{1,10}}(?:has|have) (?:now |just |already )?been (?:successfully )?"
    rf"{_DONE}\b)",
)
# What people want to have done for them, and texts in which it may well be said.
WANTED = any_of(
    r"(?i:\b(?:book|reserve|order|schedule|reschedule|send|text|buy|purchase|pay|transfer|cancel|remind|create|add|delete"
    r"|save|set|turn|register|update|place|need|want|like to)\b)"
)
TOLD = any_of(
    r"(?i:\b(?:write|compose|draft|imagin\w+|pretend\w*|role|roleplay|act as|you are|you're|story|poem|letter|reply"
    r"|respond|template|dialog\w*|script|rewrite|rephrase|paraphrase|translate|sentence|summari[sz]e|if"
    r"|how (?:many|much))\b)"
)


def claims_an_action(prompt: pl.Expr, opening: pl.Expr) -> pl.Expr:
    """Whether the beginning of an answer says that what was asked for is done: "Your flight has been booked."."""
    done = contains_where(opening.str.contains(r"(?i:\b(?:been|i|i've|have) [^.!?\n]{0,14}\w)"), opening, DEED)
    return lacks_where(contains_where(done, prompt, WANTED), prompt, TOLD)
