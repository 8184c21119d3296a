"""The rules on what a prompt asks for and speaks of, for one row at a time, as they are written for Python's `re`.

As in `rules`, the expressions are the project's own, and so is the order in which they are asked; what they look at
and how they follow from each other is written anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from tests.benchmarks.sides.expressions import Expression
from tests.benchmarks.sides.ngram_model import NgramModel

Rule = tuple[str, Callable[[str, str], bool]]
Found = dict[str, Expression]

LONGEST = 600
_LETTERS, _SHELL = re.compile(r"[A-Za-z']+"), re.compile(r"\$[\w({]")
SIGHTS = ("shown",)
EARLIER = ("this", "in", "of", "from")


def standalone(found: Found, limits: dict[str, Any]) -> list[Rule]:
    model, most = NgramModel(limits["missing"]), limits["max_missing_input_log_odds"]

    def input_is_missing(prompt: str, _: str) -> bool:
        holds, refers = _material_and_reference(found, prompt)
        return model.log_odds(prompt.strip()) + limits["holds"] * holds + limits["refers"] * refers > most

    return [
        ("unfinished_prompt", lambda prompt, _: _is_unfinished(found, prompt.strip())),
        ("missing_input", input_is_missing),
        ("title_only", lambda prompt, _: _is_title(found, prompt.strip())),
    ]


def screen_request(found: Found, limits: dict[str, Any]) -> list[Rule]:
    forms = [(form, *(found[f"{form}_{part}"] for part in ("hint", "asks", "not_meant"))) for form in limits["forms"]]

    def asks_for(prompt: str, asks: Expression, not_meant: Expression) -> bool:
        text = prompt.strip()[:LONGEST].lower()
        return asks.search(text) is not None and any(
            asks.search(sentence) and not not_meant.search(sentence) and _requests(found, sentence)
            for line in text.split("\n")
            for sentence in _sentences(found, line)
        )

    @lru_cache(maxsize=1)
    def asked(prompt: str) -> str | None:
        if not found["any_form"].search(prompt):
            return None
        return next((form for form, hint, *rest in forms if hint.search(prompt) and asks_for(prompt, *rest)), None)

    def in_words(prompt: str, answer: str) -> bool:
        if not found["on_code"].search(prompt.strip()) or found["to_see"].search(prompt):
            return False
        if "#!/" in answer or _SHELL.search(answer) or len(_LETTERS.findall(answer[:600])) < limits["fewest_words"]:
            return False
        return not (found["code.signs"].search(answer) and ("```" in answer or found["code.line"].search(answer)))

    def asks(form: str) -> Callable[[str, str], bool]:
        return lambda prompt, answer: asked(prompt) == form and not (form == "code" and in_words(prompt, answer))

    return [(f"asks_for_{form}", asks(form)) for form in limits["forms"]]


def _requests(found: Found, sentence: str) -> bool:
    if found["counts"].search(sentence):
        return False
    return not _is_statement(found, sentence) or found["wishes"].search(sentence) is not None


def _sentences(found: Found, text: str) -> list[str]:
    return [sentence for sentence in found["sentence_end"].split(text) if sentence]


def _is_question(found: Found, sentence: str) -> bool:
    return sentence.rstrip("\"')”’ ").endswith("?") or found["asks"].match(sentence) is not None


def _is_statement(found: Found, sentence: str) -> bool:
    return sentence.count(" ") >= 2 and not _is_question(found, sentence) and not found["tells"].match(sentence)


def _material_and_reference(found: Found, prompt: str) -> tuple[bool, bool]:
    text = found["label_before"].sub("", prompt.strip(), count=1)
    if any(mark in text for mark in "'\"“‘"):
        text = found["said"].sub("", text)
    holds = found["material"].search(text) is not None
    if found["nothing_follows"].search(prompt):
        return holds, True
    return holds, not holds and len(text.encode()) <= LONGEST and _has_open_reference(found, text)


def _has_open_reference(found: Found, text: str) -> bool:
    if not (found["suspect"].search(text) or found["at_hand_suspect"].search(text)):
        return False
    written = _sentences(found, text)
    each = [sentence.lower() for sentence in written]
    stated = [number for number, sentence in enumerate(each) if _is_statement(found, sentence)]
    capitals = {sentence[0].isupper() for sentence in written if sentence[0].isalpha()}
    if len(stated) > 1 or len(capitals) > 1:
        return False
    return any(_leans(found, each, number) for number in stated or range(len(each)))


def _leans(found: Found, each: Sequence[str], number: int) -> bool:
    sentence, others = each[number], [*each[:number], *each[number + 1 :]]
    place = _first_reference(found, sentence, each[:number]) if _may_refer(found, sentence) else None
    if place is None or (found["pronoun"].search(place[0]) and (number or _is_told(found, place, sentence))):
        return False
    around = sentence[: place.start()] + " " + sentence[place.end() :]
    if any(found[f"of_{kind}"].search(sentence) and found[kind].search(around) for kind in ("figures", "several")):
        return False
    if not found["shows"].search(place[0]) and any(found["sets_scene"].match(other) for other in others):
        return False
    return not (found["of_question"].search(place[0]) and any(_is_question(found, other) for other in others))


def _is_told(found: Found, place: re.Match[str], sentence: str) -> bool:
    said = sentence[: place.start()]
    return bool(found["afterwards"].search(sentence) or re.search(found["introduced"].pattern + r"\w", said))


def _may_refer(found: Found, sentence: str) -> bool:
    told = _is_statement(found, sentence) and not found["handed"].search(sentence)
    if (told and not found["ordered"].search(sentence)) or found["how_to"].match(sentence):
        return False
    return found["requests"].match(sentence) is not None or not found["before_question"].match(sentence)


def _first_reference(found: Found, sentence: str, before: Sequence[str]) -> re.Match[str] | None:
    opening = found["opening"].match(sentence)
    if opening:
        return opening
    tasks = (
        found["task"].match(sentence, clause.end()) or found["task_at_hand"].match(sentence, clause.end())
        for clause in found["clause"].finditer(sentence)
    )
    references = (found["reference"].finditer(sentence), found["at_hand"].finditer(sentence))
    for places in (*references, filter(None, tasks)):
        for place in places:
            if not _is_introduced(found, place, sentence, before):
                return place
    for named in found["named"].finditer(sentence) if found["names"].search(sentence) else ():
        if found["figure" if named.lastgroup in SIGHTS else "nouns"].fullmatch(named[named.lastgroup or 0]):
            return named
    return None


def _is_introduced(found: Found, place: re.Match[str], sentence: str, before: Sequence[str]) -> bool:
    noun = place.lastgroup
    if noun is None:
        return False
    said, bare = " ".join([*before, sentence[: place.start(noun)]]), place[noun].rstrip("s")
    if noun in EARLIER:
        return bare in said
    return re.search(found["introduced"].pattern + re.escape(bare), said) is not None


def _is_unfinished(found: Found, text: str) -> bool:
    # Its end shows it, unless it begins as tales do.
    begins = text if text[:4].lower() == "once" else text[-60:]
    if len(text.encode()) > LONGEST or not found["unfinished"].search(begins):
        return False
    *others, last = [part for line in text.lower().split("\n") for part in _sentences(found, line)]
    if found["is_rated"].search(last) and last.count(" ") >= 2:
        return True
    if found["requests"].match(last) or found["asks_within"].search(last):
        return False
    if any(found["completing"].search(other) for other in others):
        return False
    if last.startswith(("once upon a time", "if ")):
        return True
    return last.count(" ") >= 2 and not found["complete"].search(last) and not found["talks"].match(last)


def _is_title(found: Found, text: str) -> bool:
    if len(text.encode()) > LONGEST or not found["title"].search(text):
        return False
    bare = found["labelled"].sub("", text, count=1)
    if found["requests"].match(bare.lower()):
        return False
    return bare != text or (found["heads"].match(bare) is not None and found["greets"].match(bare) is None)
