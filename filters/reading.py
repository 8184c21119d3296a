"""Is everything that is written in what will be said? A second, simpler reader looks for each number, sign and word."""

from __future__ import annotations

import re
from collections import Counter
from typing import ClassVar, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict

from sayso.filters.example import Example
from sayso.filters.text.digit_hashes import digit_hashes
from sayso.filters.text.number_words import digits_in, with_roman_numerals, with_roman_ones, without_seconds
from sayso.filters.text.words import all_words_in

# What a sign is read as, one of these words at least. A sign with more readings than these, such as "/", is not asked.
SIGNS = {
    "%": ("percent", "percentage", "per cent"),
    "$": ("dollar", "cent", "buck", "peso"),
    "€": ("euro", "cent"),
    "£": ("pound", "pence", "penny"),
    "¥": ("yen", "yuan"),
    "₹": ("rupee", "paise"),
    "°": ("degree",),
    "=": ("equal", " is ", "gives", "make"),
    "<": ("less", "under", "below", "smaller", "most"),
    ">": ("greater", "more", "over", "above", "larger", "than", "least"),
    "+": ("plus", "positive", "and", "more", "over"),
    "&": ("and",),
    "@": ("at",),
    "×": ("times", "by"),
    "÷": ("divided", "over"),
}
# Abbreviations whose word does not begin with their letters in this order, and what one is read as.
SHORT = {
    "lb": ("pound",), "lbs": ("pound",), "oz": ("ounce",), "mrs": ("missus",), "ms": ("miz",), "no": ("number",),
    "nos": ("number",), "eg": ("for example",), "ie": ("that is",), "vs": ("versus",), "ft": ("foot", "feet"),
    "etc": ("et cetera", "and so on", "and others"), "aka": ("also known as",), "xmas": ("christmas",),
    "in": ("inch",), "cf": ("compare",), "mph": ("miles per hour",), "kmh": ("kilometers per hour",),
    "kwh": ("kilowatt hour",),
    "wwi": ("world war",), "wwii": ("world war",),
    # Brackets, as treebanks write them, and what a date does without: "the 3rd of May".
    **dict.fromkeys(("lrb", "rrb", "lsb", "rsb", "of", "the"), (" ",)),
}  # fmt: skip
# A unit behind a number may be read as anything that begins otherwise: "lb", "mpg".
_WORD = re.compile(r"(?<![\w&])(?<!\d )[A-Za-z]{2,}(?![\w])|(?<=\d )[A-Za-z]{6,}\b")
# More such words are no abbreviations; and letters in a longer one come in this order by chance.
MOST_SHORTENED, LONGEST_SHORT = 50, 7
_FRACTION = "[½⅓⅔¼¾⅛]"
_ANY_SIGN = "[" + "".join(SIGNS) + "½⅓⅔¼¾⅛]"
_DATE = re.compile(r"\d[-/.]\d{1,2}[-/.]\d")
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
           "december")  # fmt: skip
# Not what may as well be a fraction: "by 1/3".
_MONTH_AND_DAY = re.compile(
    r"(?<![\d/.])(0?[1-9]|1[0-2])/(?=1[3-9]|2\d|3[01]|\d{1,2}/\d\d\b|\d{1,2} (?:a |an )?holiday)"
    r"(\d{1,2})(?:/(\d\d)\b)?(?!/?\d)"
    r"|(?<=\bon )(0?[1-9]|1[0-2])/(\d{1,2})(?!/?\d)"
)
_EXPONENT = re.compile(r"(?<=\d)[eE]\+(?=\d)")
_POWERS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
# Written forms that are said with other digits than they have, and with which.
_SAID_OTHERWISE = (
    (re.compile(r"(?<=\d)[eE]([-+−–]?\d)"), r"*10^\1"),
    (re.compile(r"(?<=\d[ -])1/(?=\d)|(?<=\b[Aa] )1/(?=[35-9]|\d\d)"), "/"),  # two and a third, a third
    (re.compile(r"\b1(?:0*|0{0,2}(?:,000)+)(?=['’]?s\b)"), " "),  # ones, thousands of
    (re.compile(r"(?<=\d)/1(?=00)"), " "),  # hundredths
    (re.compile(r"\b0?0:(?=\d\d)"), "12:"),  # midnight
)
_POWER = re.compile(r"(?<=[A-Za-z])\^?[23]\b")
_LETTERS = re.compile(r"[a-z]+")
_ROMAN = re.compile(r"[IVXLCDM]+|[ivx]+")


class Reading(BaseModel):
    """Prompts that are said otherwise than they are written, as far as a second, simpler reader can tell."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    filter: Literal["reading"] = "reading"

    def features(self) -> list[pl.Expr]:
        texts = pl.struct("prompt", "spoken")
        return [texts.map_batches(_unsaid_of, return_dtype=pl.String).alias("reading.unsaid")]

    def reason(self) -> pl.Expr:
        return pl.when(pl.col("reading.unsaid").is_not_null()).then(pl.lit("doubtful_reading"))

    examples: ClassVar[tuple[Example, ...]] = (
        Example("What happened on 2 May 1859, and on 3/4/1901?"),
        Example("How much is 20% of $45.50?"),
        Example("A cyclist rides 2 1/2 hours at 15 km/h. How far does she get?"),
        Example("Who lived longer, Henry VIII or Elizabeth I?"),
        Example("Compare WWII with the wars of the 1800s."),
        Example("Is 50,000 between 9 thousand and 1 million?"),
        Example("What was built in MCMXCIV?"),
        # Numerals that begin so are more often initials.
        Example("What was built in DCCCIV?", reason="doubtful_reading"),
        Example("Is 10⁻³ more than 2e-5, and what is y² when y is 2 1/3?"),
        Example("Are you free on 7/4, or on 6/1/24 at 0:15 am?"),
        Example("It rained all day.\n===\nWrite a title for that."),
    )


def _unsaid_of(rows: pl.Series) -> pl.Series:
    """What `unsaid` gives for each prompt; in plain words nearly all are known to be said, and are not asked."""
    texts = rows.struct.unnest()
    prompts, spoken = _without_rules(texts["prompt"]), texts["spoken"]
    same = pl.Series(digit_hashes(prompts) == digit_hashes(spoken)) & all_words_in(prompts, spoken)
    doubtful = (~same | _signs_missing(prompts, spoken)) & prompts.is_not_null() & spoken.is_not_null()
    asked = doubtful.arg_true()
    found = [unsaid(*both) for both in zip(prompts.gather(asked), spoken.gather(asked), strict=True)]
    return pl.Series([None] * len(rows), dtype=pl.String).scatter(asked, found)


def _without_rules(prompts: pl.Series) -> pl.Series:
    """Prompts without lines of equals signs, which part texts and are not said."""
    rows = prompts.str.contains("===", literal=True).fill_null(False).arg_true()
    # A copy, for `scatter` changes the series itself.
    return prompts.clone().scatter(rows, prompts.gather(rows).str.replace_all(r"(?m)^[ \t]*={3,}[ \t]*\r?$", ""))


def _signs_missing(prompts: pl.Series, spoken: pl.Series) -> pl.Series:
    """Whether a prompt has a sign of which no word is said, or a fraction in one sign, which nobody has looked at."""
    have = prompts.str.contains(_ANY_SIGN).fill_null(False)
    texts = pl.DataFrame({"prompt": prompts.filter(have), "said": spoken.filter(have).str.to_lowercase()})
    missing = [
        pl.col("prompt").str.contains(sign, literal=True) & ~pl.col("said").str.contains_any([*words])
        for sign, words in SIGNS.items()
    ]
    asked = texts.select(pl.any_horizontal(pl.col("prompt").str.contains(_FRACTION), *missing)).to_series()
    return have.scatter(have.arg_true(), asked)


def unsaid(prompt: str, spoken: str) -> str | None:
    """What of a prompt is not in the text that is said for it."""
    prompt = prompt.replace("#36;", "$").translate(_POWERS)  # as some newswire writes it
    prompt = _EXPONENT.sub("e", prompt)
    said = f" {spoken.lower()} "
    for sign, readings in SIGNS.items():
        if sign in prompt and not any(reading in said for reading in readings):
            return sign
    words = set(_LETTERS.findall(said))
    missing = list(dict.fromkeys(word for word in _WORD.findall(prompt) if word.lower() not in words))
    if len(missing) > MOST_SHORTENED:
        return missing[0]
    if missing:
        letters = "".join(_LETTERS.findall(said))
        initials = "".join(word[0] for word in said.split())
        for word in missing:
            if not (_is_written_short(word, said, letters, initials) or _is_begun(word, words)):
                return word
    if _same_digits(prompt, spoken) or _same_digits(without_seconds(prompt), without_seconds(spoken)):
        return None
    return f"{digits_in(prompt) or 'no digits'}, said {digits_in(spoken) or 'without'}"


def _same_digits(prompt: str, spoken: str) -> bool:
    """Whether all digits are said, also those that are said in another way than written: "II", "m2", "2021-09-30"."""
    heard, numerals = digits_in(spoken), with_roman_numerals(prompt)
    if any(heard == digits_in(text) for text in (prompt, numerals, with_roman_ones(numerals))):
        return True
    for written, read in _SAID_OTHERWISE:
        prompt = written.sub(read, prompt)
    prompt = _MONTH_AND_DAY.sub(lambda match: _without_month(match, spoken.lower()), prompt)
    if heard == digits_in(prompt):
        return True
    if _DATE.search(prompt):
        # A month has a name, and the year is said at the end.
        return not Counter(heard) - Counter(digits_in(prompt))
    return ("square " in spoken or "cubic " in spoken) and heard == digits_in(_POWER.sub("", prompt))


def _without_month(match: re.Match[str], said: str) -> str:
    """The day of a date and the whole of its year, if the name of its month is said, otherwise what is written."""
    month, day, year = match[1] or match[4], match[2] or match[5], match[3]
    if _MONTHS[int(month) - 1] not in said:
        return match[0]
    return f"{day}/{'19' if 'nineteen' in said else '20'}{year}" if year else day


def _is_written_short(word: str, said: str, letters: str, initials: str) -> bool:
    """Whether a word is said in letters, as a number, as what it is short for, or by its initials: "NY", "New York"."""
    small = word.lower()
    if small in letters or small in initials or _ROMAN.fullmatch(word):
        return True
    return any(whole in said for whole in SHORT.get(small, ()))


def _is_begun(word: str, words: set[str]) -> bool:
    """Whether a word that is said begins as this one does and has its letters in order, as "km" and "Dr" are said."""
    small = word.lower().removesuffix("s")
    return len(small) < LONGEST_SHORT and any(other[0] == small[0] and _in_order(small, other) for other in words)


def _in_order(letters: str, word: str) -> bool:
    rest = iter(word)
    return all(letter in rest for letter in letters)
