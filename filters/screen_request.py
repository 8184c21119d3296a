"""Does the prompt ask for something that only a screen can show?"""

from __future__ import annotations

from typing import ClassVar, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from sayso.filters.answers.code import words_beside_code
from sayso.filters.example import Example
from sayso.filters.requests.screen_forms import FORMS, asked_forms
from sayso.filters.text.patterns import any_of

Form = Literal["code", "table", "link", "data_format", "formula", "emoji", "picture", "formatting"]
_ALL: tuple[Form, ...] = ("code", "table", "link", "data_format", "formula", "emoji", "picture", "formatting")
_ASKED = pl.Struct(dict.fromkeys(FORMS, pl.Boolean))

# Questions about code, which words can answer, unless they ask to see some; and so many words that do.
_ON_CODE = any_of(
    r"(?i:\A(?:please |can you |could you )?"
    r"(?:how|what|why|when|which|explain|describe|tell me|(?:start )?teach(?:ing)? me)\b)"
)
_TO_SEE = any_of(
    r"(?i:\b(?:codes?|snippets?|commands?|syntax|formulas?|examples?|demonstrate|provide|show|give|output)\b)"
)
_FEWEST_WORDS = 25

_IN_WORDS = (
    "Each key is turned into a number, and the number says in which place of an array its value lies, so that it is"
    " found at once and without looking at the others, however many there are."
)


class ScreenRequest(BaseModel):
    """Prompts that ask for a table, code, links, a picture, JSON, LaTeX, emojis or layout.

    Who speaks to an assistant does not ask for these, and no voice can give them. Questions about them stay: "What is
    JSON?", "How do I set the table?". `on_screen` looks at the answer instead.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    filter: Literal["screen_request"] = "screen_request"
    forms: tuple[Form, ...] = Field(
        _ALL, min_length=1, description="what no prompt may ask for; the others are looked for all the same"
    )

    def features(self) -> list[pl.Expr]:
        return [pl.struct("prompt", "answer").map_batches(_asked_of, return_dtype=_ASKED).alias("screen_request")]

    def reason(self) -> pl.Expr:
        return pl.coalesce(
            pl.when(pl.col(f"screen_request.{form}")).then(pl.lit(f"asks_for_{form}"))
            for form in FORMS
            if form in self.forms
        )

    examples: ClassVar[tuple[Example, ...]] = (
        Example("How do hash tables work in Java?", _IN_WORDS),
        Example("What is a table of contents?"),
        Example("How do I set the table?"),
        Example("Explain what JSON is."),
        Example("Who wrote the civil code?"),
        Example("What is the difference between Java and JavaScript?"),
        Example("Create an exercise program for a beginner."),
        Example("Write a script for a short play about a lost dog."),
        Example("What is the link between sleep and memory?"),
        Example("Draw a conclusion from the fact that it rains every day."),
        Example("Describe a picture of a beach at sunset."),
        Example("Write a plot for a mystery novel."),
        Example("Why do people use emojis?"),
        Example("Be bold and tell me your opinion."),
        Example("Three tables cost $90. How many tables can he make with $150 if he paints a table in an hour?"),
        Example("I'd like to create a language game about a character named Bo."),
        Example("You are a tailor. Sketch a rough design and describe it in detail."),
        Example("Work out 78 times 86. Only mathematical symbols, please."),
        Example("Make a table of planets and their moons.", reason="asks_for_table"),
        Example("Compare cats and dogs in a table.", reason="asks_for_table"),
        Example("Write a Python function that reverses a string.", reason="asks_for_code"),
        Example("How can I reverse a string in JavaScript?", reason="asks_for_code"),
        Example("Write a regex that matches a date.", reason="asks_for_code"),
        Example("Give me a link to a good weather site.", reason="asks_for_link"),
        Example("Draw a cat in ASCII art.", reason="asks_for_picture"),
        Example("Plot a graph of a parabola.", reason="asks_for_picture"),
        Example("Create a logo for a bakery.", reason="asks_for_picture"),
        Example("Return the answer in JSON format.", reason="asks_for_data_format"),
        Example("Create a markdown checklist for a trip.", reason="asks_for_data_format"),
        Example("Write the quadratic formula in LaTeX.", reason="asks_for_formula"),
        Example("Reply with emojis only.", reason="asks_for_emoji"),
        Example("Put the key words in bold.", reason="asks_for_formatting"),
    )


def _asked_of(rows: pl.Series) -> pl.Series:
    """What each prompt asks for; no code where it asks about some and is answered in words."""
    texts = rows.struct.unnest()
    asked = asked_forms(texts["prompt"])
    of_code = asked["code"].arg_true()
    answered = (
        texts[of_code].select(_answered_in_words(pl.col("prompt").str.strip_chars(), pl.col("answer"))).to_series()
    )
    return asked.with_columns(asked["code"].scatter(of_code, ~answered)).to_struct("asked")


def _answered_in_words(prompt: pl.Expr, answer: pl.Expr) -> pl.Expr:
    asks_about = prompt.str.contains(_ON_CODE) & ~prompt.str.contains(_TO_SEE)
    words = answer.str.head(600).str.count_matches(r"[A-Za-z']+")
    coded = words_beside_code(answer).is_not_null() | answer.str.contains(r"#!/|\$[\w({]")
    return asks_about & ~coded & (words >= _FEWEST_WORDS)
