"""The rules about answers for one row at a time, as in `sides.rules`; each looks for a cheap sign of itself first."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.benchmarks.sides.expressions import Expression

Rule = tuple[str, Callable[[str, str], bool]]
Found = dict[str, Expression]

_WORDS = re.compile(r"[^\W_]+")
_PLAIN_WORDS = re.compile(r"(?:^|[\s(\"'¿¡«„])([^\W\d_](?:[^\W\d_]|[\u0300-\u036f'’-])*)")
_LATIN_LETTERS = "A-Za-zªºÀ-ÖØ-öø-ʸˠ-ˤᴀ-ᴥᴬ-ᵜᵢ-ᵥᵫ-ᵷᵹ-ᶾḀ-ỿⁱⁿₐ-ₜKÅℲⅎⅠ-ↈⱠ-ⱿꜢ-ꞇꞋ-ꟿꬰ-ꭤﬀ-ﬆＡ-Ｚａ-ｚ"
_LATIN = re.compile(f"[{_LATIN_LETTERS}]+")
_NOT_LATIN = re.compile(rf"[^\W\d_{_LATIN_LETTERS}]")


def has_placeholder(found: Found, prompt: str, answer: str) -> bool:
    if not found["placeholders.placeholder"].search(answer):
        return False
    return not found["subjects.of_code"].search(prompt) and not found["code_answer"].search(answer.strip())


def claims_an_action(found: Found, prompt: str, answer: str) -> bool:
    opening = answer.strip()[:240].replace("’", "'")
    if not found["deeds.deed"].search(opening) or not found["deeds.wanted"].search(prompt):
        return False
    return not found["deeds.told"].search(prompt)


def breaks_off(found: Found, answer: str) -> bool:
    answer = answer.strip()
    end = answer[-300:]

    def has(name: str) -> bool:
        return found[f"endings.{name}"].search(end) is not None

    if end.endswith(("...", "…", '..."', '…"')) and has("ellipsis") and not has("meant"):
        broken = True
    elif has("closed"):
        broken = end.endswith((".", "*", ")")) and has("opened")
    else:
        broken = has("never") or (has("seldom") and not has("shortened")) or has("opened")
        broken = broken or (end.endswith((":", ":*", ":**")) and has("announced"))
        broken = broken or (len(answer.encode()) > 400 and has("ran_out") and not has("markless"))
    return broken and not found["code_answer"].search(answer)


def answer_text(found: Found, limits: dict[str, Any]) -> list[Rule]:
    def has(pattern: str, text: str) -> bool:
        return found[f"answer_text.{pattern}"].search(text) is not None

    def about(subject: str, prompt: str) -> bool:
        return found[f"subjects.{subject}"].search(prompt) is not None

    def calls(prompt: str, answer: str) -> bool:
        if has("tool_mark", answer):
            return True
        brief = len(answer.encode()) < 400
        if answer.lstrip()[:1] in ("[", "{", "`") and answer.strip():
            listed = brief and found["answer_text.listed_call"].search(answer)
            if listed or found["answer_text.json_call"].search(answer):
                return True
        bare = brief and answer.endswith((")", ");")) and found["answer_text.bare_call"].search(answer)
        return bool(bare) and not about("of_code", prompt)

    def turns(prompt: str, answer: str) -> bool:
        told = has("turn", answer) or has("question", answer)
        if told and not about("of_turns", prompt):
            return True
        return answer.lstrip()[1:2] == ":" and has("speaker", answer) and has("speakers", prompt)

    def residue(prompt: str, answer: str) -> bool:
        left = has("residue", answer) or has("entity", answer)
        return left and not found["answer_text.code_answer"].search(answer) and not about("of_code", prompt)

    def detached(_: str, answer: str) -> bool:
        if not found["answer_text.blanks_before"].search(answer):
            return False
        return len(found["answer_text.detached"].findall(answer[:2000])) > limits["max_detached_marks"]

    def words_beside(name: str, answer: str) -> int:
        return len(_WORDS.findall(found[f"answer_text.{name}"].sub(" ", answer)[:600]))

    def only_links(_: str, answer: str) -> bool:
        if found["answer_text.links"].search(answer) and words_beside("link", answer) < limits["min_words_beside"]:
            return True
        return len(answer.encode()) < 80 and found["answer_text.lone_domain"].search(answer) is not None

    def only_a_table(_: str, answer: str) -> bool:
        if ("|" not in answer and "\t" not in answer) or not found["answer_text.table"].search(answer):
            return False
        return words_beside("table_line", answer) < 3 * limits["min_words_beside"]

    def only_code(prompt: str, answer: str) -> bool:
        if found["code.signs"].search(answer) and ("```" in answer or found["code.line"].search(answer)):
            rest = found["code.line"].sub(" ", found["code.fenced"].sub(" ", answer))
            return len(_WORDS.findall(found["code.among"].sub(" ", rest)[:600])) < 3 * limits["min_words_beside"]
        command = len(answer.encode()) < 300 and found["code.command"].search(answer)
        return bool(command) and about("of_code", prompt)

    return [
        ("tool_call", calls),
        ("chat_mark", lambda prompt, a: has("chat_mark", a) and not about("of_marks", prompt)),
        ("leaked_turn", turns),
        ("tokenizer_residue", residue),
        ("tokenizer_residue", detached),
        ("only_links", only_links),
        ("only_a_table", only_a_table),
        ("only_code", only_code),
    ]


def self_description(found: Found, limits: dict[str, Any]) -> list[Rule]:
    def has(pattern: str, answer: str) -> bool:
        return found[f"self_description.{pattern}"].search(answer.replace("’", "'")) is not None

    def maker(prompt: str, answer: str) -> bool:
        return has("maker", answer) and not found["subjects.in_anothers_name"].search(prompt)

    return [("knowledge_cutoff", lambda _, answer: has("cutoff", answer)), ("names_its_maker", maker)]


def text_of_language(found: Found, limits: dict[str, Any], prompt: str, answer: str) -> str | None:
    """What of an answer its language is to be told by; None where it is English by its words, or may be another."""
    opening = answer[:400]
    if len(opening.encode()) <= 10:
        return None
    other = not answer.isascii() and len(answer.encode()) - len(answer) > len(answer) // 4
    if not other and any(map(opening.lower().__contains__, limits["english"])):
        return None
    if found["subjects.of_languages"].search(prompt) or (not other and found["subjects.of_code"].search(prompt)):
        return None
    foreign = 0 if opening.isascii() else len(_NOT_LATIN.findall(opening))
    if foreign >= 4 and foreign * 4 > sum(map(str.isalpha, opening)):
        return _LATIN.sub(" ", opening)
    words = [word for word in _PLAIN_WORDS.findall(opening) if word[0].islower()]
    if len(words) < limits["min_words"] or any(map(opening.__contains__, limits["code"])):
        return None
    return " ".join(words)


def looped_words(text: str) -> int:
    """How many words at the end only say again what stands before them, three times or more."""
    text = text.lower()
    end = _WORDS.findall(text[-80:])
    if not end or text.count(end[-1]) < 2:
        return 0
    words = _WORDS.findall(text)
    most = 0
    for size in range(1, min(60, (len(words) + 1) // 3) + 1):
        run = 0
        while run < len(words) - size and words[-1 - run] == words[-1 - run - size]:
            run += 1
        if run >= 2 * size - 1 and run > most and any(len(word) > 1 and word.isalpha() for word in words[-size:]):
            most = run
    return most
