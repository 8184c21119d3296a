"""What is taken out of answers before they are judged: reasoning, marks of sums, and ends of texts."""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from sayso.stages.sources.schemas.messages.reasoning import cut_reasoning

# One of these is in each text that has anything to take out.
_SIGNS = ["<<", "####", "boxed", "fbox", "<gadget", "think", "thought", "reasoning>", "reflection>", "scratchpad>"]
_SIGNS += ["monologue>", "|analysis", "|endof", "|end_of", "|im_end", "|eot", "</s>"]

# Sums that a calculator did while the text was written: those of GSM8K, `<<5+9=14>>`, and those of Calc-X.
_CALCULATOR = r"<<[^<>\n]{0,200}=\s*[-+$]*\.?\d[^<>\n]{0,60}>>"
_GADGET = r"(?s)<gadget[^>]*>.*?</gadget>\s*(?:<output>.*?</output>)?"
_FINAL_LINE = r"(?:\A|[,;]?[ \t]*\n)[ \t]*#{4}[ \t]*([^\n#]{1,60}?)\s*\z"
_END_OF_TEXT = r"(?:\s*(?:<\|(?:endoftext|end_of_text|im_end|eot_id)\|>|</s>))+\s*\z"
_BOX = re.compile(r"\\f?box(?:ed)?\s*\{")
_MOST_BOXES, _LONGEST_BOX = 20, 2000
_PLAIN_TEXT = re.compile(r"\A\\(?:text|mathrm|mathbf|textbf)\s*\{([^{}]*)\}\Z")
_BEFORE = re.compile(r"(\$\$?|\\\[|\\\()\s*\Z")
_BEHIND = re.compile(r"\A\s*(\$\$?|\\\]|\\\))")
_CLOSES = {"$": "$", "$$": "$$", r"\[": r"\]", r"\(": r"\)"}
_FORMULA = re.compile(r"[\\^_{}]")


def clean_answers(answers: pl.Series) -> pl.DataFrame:
    """Answers → `answer` without marks, and `taken_out`: the kinds of marks it had, as in `STEPS`; null for none."""
    every = pl.DataFrame([answers.alias("answer")]).with_row_index("row")
    found = every.filter(pl.col("answer").str.contains_any(_SIGNS, ascii_case_insensitive=True))
    kinds = []
    for kind, step in STEPS.items():
        cleaned = step(found["answer"])
        kinds.append(pl.when(pl.lit(cleaned != found["answer"])).then(pl.lit(kind)))
        found = found.with_columns(cleaned.alias("answer"))
    taken_out = pl.concat_list(kinds).list.drop_nulls()
    found = found.with_columns(pl.when(taken_out.list.len() > 0).then(taken_out).alias("taken_out"))
    every = every.join(found, on="row", how="left", maintain_order="left")
    answer = pl.when(pl.col("taken_out").is_not_null()).then("answer_right").otherwise("answer")
    return every.select(answer.alias("answer"), "taken_out")


def _without_reasoning(texts: pl.Series) -> pl.Series:
    """What is said beside reasoning; a text that is reasoning alone is left as it is, for a filter to drop."""
    cut = cut_reasoning(texts)
    return cut.select(pl.when(pl.col("withheld").is_null()).then("said").otherwise(texts)).to_series()


def _without_sums(texts: pl.Series) -> pl.Series:
    return texts.str.replace_all(_CALCULATOR, "").str.replace_all(_GADGET, "")


def _without_final_line(texts: pl.Series) -> pl.Series:
    """The last line of a sum, `#### 14`, goes where its number stands in the text before; otherwise only its mark."""
    last, before = texts.str.extract(_FINAL_LINE, 1), texts.str.replace(_FINAL_LINE, "")
    both = pl.DataFrame([texts.alias("text"), last.alias("last"), before.alias("before")])
    said = _numbers(pl.col("before")).str.contains(_numbers(pl.col("last")), literal=True)
    said &= pl.col("last").str.contains(r"\d") | pl.col("before").str.contains(pl.col("last"), literal=True)
    kept = pl.when(said).then("before").otherwise(pl.format("{}\n{}", "before", "last").str.strip_chars("\n"))
    return both.select(pl.when(pl.col("last").is_null()).then("text").otherwise(kept)).to_series()


def _numbers(text: pl.Expr) -> pl.Expr:
    """The numbers of a text between blanks, thousands together, without the decimals of whole ones: "$75.00" is 75."""
    together = text.str.replace_all(r"(\d)[ ,](\d\d\d)", "${1}${2}").str.replace_all(r"[^\d.]+", " ")
    whole = together.str.replace_all(r"(\d)\.0+(?: |$)", "${1} ").str.replace_all(r"\.+(?: |$)", " ")
    return pl.format(" {} ", whole.str.strip_chars(" "))


def _without_boxes(texts: pl.Series) -> pl.Series:
    return pl.Series([_unboxed(text) for text in texts], dtype=pl.String)


def _unboxed(text: str) -> str:
    r"""A text with what stands in `\boxed{…}` in its place; the dollars around go where no formula is left in them."""
    for _ in range(_MOST_BOXES):
        box = _BOX.search(text)
        end = box and _closing(text, box.end())
        if not box or not end:
            break
        before, inside, behind = text[: box.start()], text[box.end() : end].strip(), text[end + 1 :]
        if plain := _PLAIN_TEXT.match(inside):
            inside = plain[1]
        opens, closes = _BEFORE.search(before), _BEHIND.match(behind)
        if opens and closes and _CLOSES[opens[1]] == closes[1] and not _FORMULA.search(inside):
            before, behind = before[: opens.start()], behind[closes.end() :]
        text = before + inside + behind
    return text


def _closing(text: str, start: int) -> int | None:
    """Where the brace closes that was opened before `start`."""
    depth = 1
    for place in range(start, min(len(text), start + _LONGEST_BOX)):
        depth += (text[place] == "{") - (text[place] == "}")
        if depth == 0:
            return place
    return None


def _without_end_of_text(texts: pl.Series) -> pl.Series:
    return texts.str.replace(_END_OF_TEXT, "")


STEPS: dict[str, Callable[[pl.Series], pl.Series]] = {
    "reasoning": _without_reasoning,
    "calculator": _without_sums,
    "final_line": _without_final_line,
    "box": _without_boxes,
    "end_of_text": _without_end_of_text,
}
