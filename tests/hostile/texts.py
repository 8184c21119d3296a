"""Hostile texts and values, drawn from a seed: what is in open data by accident, and what somebody could put there."""

from __future__ import annotations

import random
import string
from collections.abc import Callable

from tests.hostile.pieces import (
    ADDRESSES,
    BLANKS,
    CODE,
    DATES,
    EMOJI,
    ESCAPES,
    FORMULAS,
    HTML,
    MARKS,
    NOTHING,
    NUMBERS,
    PATHS,
    SCRIPTS,
    SECRETS,
    SOUND,
    WORDS,
)
from tests.hostile.worst_texts import FOR_ALL

Draw = random.Random
Value = object


def _text_of(draw: Draw, pieces: tuple[str, ...]) -> str:
    """Words with pieces between them, so that a text is neither only one nor only the other."""
    words = [draw.choice(WORDS) if draw.random() < 0.6 else draw.choice(pieces) for _ in range(draw.randint(1, 12))]
    return draw.choice((" ", "", "\n", ", ")).join(words)


def _mixed(*pieces: str) -> Callable[[Draw], str]:
    return lambda draw: _text_of(draw, pieces)


def _controls(draw: Draw) -> str:
    codes = (
        *range(32),
        *range(127, 160),
        0x61C,
        0x200E,
        0x200F,
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
        0xFEFF,
    )
    return _text_of(draw, tuple(map(chr, codes)))


def _any_character(draw: Draw) -> str:
    codes = (draw.randrange(0x110000) for _ in range(draw.randint(1, 60)))
    return "".join(chr(code) for code in codes if not 0xD800 <= code < 0xE000)


def _surrogates(draw: Draw) -> str:
    """Half a pair: no text at all in UTF-8, and `\\ud83d` in JSON."""
    return _text_of(draw, ("\ud83d", "\udc69", "\udfff\ud800"))


def _combining(draw: Draw) -> str:
    return "".join(
        draw.choice("aeiou") + draw.choice("\u0301\u0323\u0489\u20dd\u0e49") * draw.randint(0, 80) for _ in range(9)
    )


def _long_word(draw: Draw) -> str:
    return draw.choice(("a", "ab1", "é", "漢", "Supercali", "x_", "9")) * draw.choice((300, 1_000, 9_000))


def _worst(draw: Draw) -> str:
    return draw.choice(FOR_ALL).of(draw.choice((40, 400, 4_000)))


def _read_wrongly(draw: Draw) -> str:
    """UTF-8 that somebody read as something else, twice at times."""
    text = " ".join(draw.choice(SCRIPTS) for _ in range(3)) + " café “so”"
    for _ in range(draw.randint(1, 2)):
        text = text.encode().decode(draw.choice(("latin-1", "cp1252", "cp437", "utf-16-le")), "replace")
    return text.encode("utf-8", "replace").decode()


def _shouted(draw: Draw) -> str:
    return "".join(draw.choice(string.printable) for _ in range(draw.randint(1, 200)))


TEXTS: dict[str, Callable[[Draw], str]] = {
    "control and bidi characters": _controls,
    "any characters": _any_character,
    "half pairs": _surrogates,
    "combining marks": _combining,
    "long words": _long_word,
    "worst texts": _worst,
    "wrong encodings": _read_wrongly,
    "printable noise": _shouted,
    "many scripts": _mixed(*SCRIPTS),
    "sound tokens": _mixed(*SOUND),
    "marks of chats": _mixed(*MARKS),
    "terminal escapes": _mixed(*ESCAPES),
    "HTML and Markdown": _mixed(*HTML),
    "formulas": _mixed(*FORMULAS),
    "emoji": _mixed(*EMOJI),
    "paths": _mixed(*PATHS),
    "code": _mixed(*CODE),
    "addresses": _mixed(*ADDRESSES),
    "secrets": _mixed(*SECRETS),
    "numbers": _mixed(*NUMBERS),
    "dates": _mixed(*DATES),
    "blanks": lambda draw: draw.choice(BLANKS) * draw.choice((1, 2, 50)),
    "words for nothing": lambda draw: draw.choice(NOTHING),
}


def _deep(draw: Draw) -> Value:
    value: Value = "x"
    for _ in range(draw.choice((5, 200))):
        value = draw.choice(([value], {"content": value}))
    return value


def _any_value(draw: Draw) -> Value:
    """A value of a type that a field should not have."""
    kinds: tuple[Callable[[], Value], ...] = (
        lambda: None,
        lambda: draw.choice((True, False)),
        lambda: draw.choice((0, -1, 7, 2**31, 2**53 + 1, 2**63 - 1, -(2**63), 2**64 - 1, 10**30)),
        lambda: draw.choice((0.0, -0.0, 1e308, 5e-324, 0.1, float("nan"), float("inf"))),
        lambda: [],
        lambda: {},
        lambda: [None, 1, "a", []],
        lambda: {"text": "a", "value": 1, "": None},
        lambda: [[draw_text(draw)]],
        lambda: _deep(draw),
    )
    return draw.choice(kinds)()


def draw_text(draw: Draw) -> str:
    """A hostile text of any kind."""
    return draw.choice(tuple(TEXTS.values()))(draw)


def draw_value(draw: Draw) -> Value:
    """A hostile text, most of the time, or a value that is no text."""
    return draw_text(draw) if draw.random() < 0.75 else _any_value(draw)
