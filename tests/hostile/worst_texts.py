"""Texts that are made to cost a pattern or a loop the most: what nearly matches, over and over, and never does."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """A text of any length: `unit` repeated between a beginning and an end."""

    unit: str
    before: str = ""
    after: str = ""

    def of(self, characters: int) -> str:
        """So many characters of it, or a few more where one unit does not fit."""
        room = characters - len(self.before) - len(self.after)
        return self.before + self.unit * max(1, room // len(self.unit)) + self.after

    def __str__(self) -> str:
        return " ".join(repr(part) for part in (self.before, self.unit * 3, self.after) if part)


def _repeated(*units: str) -> tuple[Text, ...]:
    return tuple(Text(unit) for unit in units)


# What every pattern and every loop is tried with.
FOR_ALL = (
    # Runs of one class of character, with no separator at all.
    *_repeated("a", "A", "z", "bcdfg", "1", "0", "_", "é", "漢", "ก", "ß", "İ", "ﷺ", "\u0301", "e\u0301\u0315\u0300"),
    *_repeated("a1", "1a", "aB", "A1", "f0", "xyz.", "a_", "-a", "ha ", "the ", "a b ", "I ", "II "),
    # Marks.
    *_repeated(".", ",", ":", ";", "!", "?", "-", "–", "'", '"', "`", "’", "*", "#", "$", "%", "&", "+", "=", "~", "^"),
    *_repeated("/", "\\", "|", "@", "(", ")", "[", "]", "{", "}", "<", ">", "()", "[]", "{}", "<>", "([{<", "!.", "…?"),
    # Blanks, and what cannot be seen.
    *_repeated(" ", "\n", "\t", " \n", "\n\n- ", "\r\n", "\u00a0", "\u2028", "\u200b", "\u202e", "\x00", "\x1b[31m"),
    # Emoji: single, joined, with skins, flags.
    *_repeated("😀", "👩\u200d👩\u200d👧", "👍🏽", "🇫🇷", "️"),
    # Addresses, numbers, keys that nearly are.
    *_repeated(
        "a.", "a@", "a.a@", "a@a.", "1.", "1,", "1,111", "1-", "1-2 ", "1/", "1:", "(1", "+1 ", "$1", "$1 ", "1.1.1."
    ),
    *_repeated(
        "123-45-", "123 456 ", "1111 ", "AB12", "ab:", "4111 1111 ", "0x", "%41", "www.", "http://", "://", "a.co"
    ),
    *_repeated(
        "sk-", "eyJ", "eyJaaaaaaaaaa.", "ghp_", "password ", "password: ", "api key ", "bearer ", "-----BEGIN A "
    ),
    # Code, markup, formulas, tables, lists.
    *_repeated("f(", "f(a,", "a.b", "a[", "a = ", "a=", "for a in ", "def a(", "SELECT ", "{a:", "'a',", "[1,", "(1,"),
    *_repeated(
        "<a ", "</a", "![", "![a](", "[a](", "**a", "```", "```a", "\\frac{", "$a", "x^2 ", "|a", "\n|a", "a,b\n"
    ),
    *_repeated(
        "\n1. ", "\nA: ", "Q:", "\nName", "{{", "{{a", "<|", "<|sound_", "<|sound_start|>", "<|im_end|>", "</s> "
    ),
    # Words that a rule of speech begins with.
    *_repeated(
        "A. ", "A.", "Dr ", "Dr. ", "Henry I ", "King Henry I ", "etc. ", "etc ", "No. 1 ", "Vol. ", "Chapter I "
    ),
    *_repeated(
        "1900 ",
        "1500 ",
        "1900-",
        "5 km ",
        "5 ft/",
        '5" ',
        "5' ",
        "1/2 ",
        "1 1/2 ",
        "May 1, ",
        "12:30 ",
        "5 pm ",
        "1st ",
    ),
    *_repeated(
        "90% ", "50 to 60 ", "2x", "~1", "-1", " - 1", "a - b ", "3x - 5 ", "what is 1 - 2 ", "a < b", "km/h ", "____ "
    ),
    # Whole sentences, on and on.
    *_repeated(
        "Please tell me. ", "i cannot ", "sorry, ", "the following ", "here is ", "as an ai ", "write a ", "El agua. "
    ),
)
