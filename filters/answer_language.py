"""Is the answer in a language that is wanted?"""

from __future__ import annotations

from typing import ClassVar, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from sayso.filters.answers.subjects import OF_CODE, OF_LANGUAGES
from sayso.filters.example import Example
from sayso.filters.language import identify

# So much of an answer shows its language.
_OPENING = 400
# Words that English has in nearly every sentence, and no other language that is written in Latin letters.
_ENGLISH = [
    " the ",
    " and ",
    " that ",
    " you ",
    " your ",
    " with ",
    " this ",
    " from ",
    " they ",
    " their ",
    " which ",
    " it ",
    " be ",
]
_ENGLISH += [
    " not ",
    " have ",
    " has ",
    " of the ",
    "the ",
    " are ",
    " can ",
    " what ",
    " would ",
    " there ",
    "'s ",
    " of ",
    " is ",
]
_CODE = ["{", "};", "()", "==", " = ", "#!", "#include", "</", "SELECT ", "->", "import "]
_LATIN = r"\p{Latin}+"
_FOREIGN_LETTER = r"[\p{L}--\p{Latin}]"
# Words that begin with a small letter, for names are of every language.
_PLAIN_WORD = r"(?:^|[\s(\"'¿¡«„])([\p{Ll}][\p{L}\p{M}'’-]*)"

_FOUND = {"code": pl.String, "confidence": pl.Float32, "wanted": pl.Float32}


class AnswerLanguage(BaseModel):
    """Language of the answer: letters that the wanted languages do not have, and fastText where no English word is.

    A prompt that speaks of a language may be answered in it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    filter: Literal["answer_language"] = "answer_language"
    keep: tuple[str, ...] = Field(("en",), min_length=1, description="ISO 639-1 codes of the languages wanted")
    min_words: int = Field(4, ge=1, description="fewest words in small letters for a language to be told by")
    possible_wanted: float = Field(
        0.15, ge=0, le=1, description="from this probability on, of the wanted languages together, an answer stays"
    )
    sure_unwanted: float = Field(
        0.5, ge=0, le=1, description="least probability of the language that it is dropped for"
    )

    def features(self) -> list[pl.Expr]:
        return [
            pl.struct("prompt", "answer")
            .map_batches(self._identify, return_dtype=pl.Struct(_FOUND))
            .alias("answer_language")
        ]

    def reason(self) -> pl.Expr:
        code, wanted = pl.col("answer_language.code"), pl.col("answer_language.wanted")
        other = ~code.is_in(self.keep) & (pl.col("answer_language.confidence") >= self.sure_unwanted)
        return pl.when(other & (wanted < self.possible_wanted)).then(pl.lit("answer_in_another_language"))

    def _identify(self, rows: pl.Series) -> pl.Series:
        """What fastText says of the answers that may be in another language; null for the others."""
        answer, prompt = pl.col("answer"), pl.col("prompt")
        opening = answer.str.head(_OPENING)
        foreign = opening.str.count_matches(_FOREIGN_LETTER)
        asked = opening.str.len_bytes() > 10
        other = answer.str.len_bytes() - answer.str.len_chars() > answer.str.len_chars() // 4
        if "en" in self.keep:
            asked &= other | ~opening.str.contains_any(_ENGLISH, ascii_case_insensitive=True)
        frame = rows.struct.unnest().with_row_index("row").filter(asked)
        frame = frame.filter(~prompt.str.contains(OF_LANGUAGES), ~prompt.str.contains(OF_CODE) | other).with_columns(
            foreign=foreign, letters=opening.str.count_matches(r"\p{L}"), words=opening.str.extract_all(_PLAIN_WORD)
        )
        strange = (pl.col("foreign") >= 4) & (pl.col("foreign") * 4 > pl.col("letters"))
        frame = frame.with_columns(
            text=pl.when(strange).then(opening.str.replace_all(_LATIN, " ")).otherwise(pl.col("words").list.join(" "))
        )
        frame = frame.filter(
            strange | (pl.col("words").list.len() >= self.min_words) & ~opening.str.contains_any(_CODE)
        )
        found = identify(frame["text"], self.keep).select(*_FOUND) if frame.height else pl.DataFrame(schema=_FOUND)
        found = found.hstack([frame["row"]])
        every = rows.to_frame().with_row_index("row").select("row")
        return every.join(found, on="row", how="left", maintain_order="left").drop("row").to_struct("answer_language")

    examples: ClassVar[tuple[Example, ...]] = (
        Example("How do I boil an egg?", "Put it into boiling water for ten minutes."),
        Example("Who wrote Faust?", "Johann Wolfgang von Goethe"),
        Example("Name three composers.", "Giuseppe Verdi, Giacomo Puccini, Gioachino Rossini"),
        Example("What is the Tour de France?", "Le Tour de France is a bicycle race of three weeks."),
        Example("Translate 'good morning, how are you' into French.", "Bonjour, comment allez-vous ce matin ?"),
        Example("How do you say thank you in Japanese?", "ありがとうございます"),
        Example("Write a C function that adds.", "int add(int a, int b) { return a + b; }"),
        Example("What is 5 + 9?", "14"),
        Example("How do I boil an egg?", "把鸡蛋放在水里煮十分钟。", reason="answer_in_another_language"),
        Example("How do I boil an egg?", "Sure! 把鸡蛋放在水里煮十分钟。", reason="answer_in_another_language"),
        Example("Name a fruit.", "Яблоко, груша, слива.", reason="answer_in_another_language"),
        Example(
            "Why is the sea salty?",
            "Das Meer ist salzig, weil Flüsse das Salz aus dem Gestein lösen.",
            reason="answer_in_another_language",
        ),
        Example(
            "How do I boil an egg?",
            "Pon el huevo en agua hirviendo durante diez minutos.",
            reason="answer_in_another_language",
        ),
    )
