"""Does the answer make sense to somebody who only hears it?"""

from __future__ import annotations

from typing import ClassVar, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from sayso.filters.example import Example
from sayso.filters.text.patterns import any_of

_TABLE_ROW = any_of(r"(?m:^[ \t]*\|.*\|[ \t]*$)")
_FENCED = r"(?s)```.*?(?:```|$)"
# Lines that are code where no fence says so: ends of statements and blocks, and words that open them.
_CODE_LINE = any_of(
    r"(?m:^.*[;{}][ \t]*$)",
    r"(?m:^[ \t]*(?:def \w+\(|class \w+[(:]|import \w|from [\w.]+ import|return\b|for \w+ in .*:$|if .*:$|#include))",
)
_LATEX = any_of(r"\\[A-Za-z]{2,}|[\^_]\{")
_IMAGE = any_of(r"!\[[^\]\n]*\]\([^)\n]*\)|(?i:<img\s)")
_ITEM = any_of(r"(?m:^[ \t]*(?:[-*•+]|\d{1,3}[.)])[ \t]+\S)")


class OnScreen(BaseModel):
    """Answers made to be looked at: tables, code, formulas, pictures and lists that nobody would read out.

    Not among the default filters: answers stay text in the published rows, and many are better with a few lines of
    code. For a dataset whose answers are to be spoken, too.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    filter: Literal["on_screen"] = "on_screen"
    max_table_rows: int = Field(0, ge=0, description="most lines of Markdown tables in an answer")
    max_images: int = Field(0, ge=0, description="most pictures, as Markdown or HTML")
    max_code_lines: int = Field(5, ge=0, description="most lines of code, in fences or without")
    max_latex_marks: int = Field(8, ge=0, description="most LaTeX commands, raised and lowered groups")
    max_list_items: int = Field(15, ge=0, description="most lines that start as list items")

    def features(self) -> list[pl.Expr]:
        answer = pl.col("answer")
        fenced = answer.str.extract_all(_FENCED).list.join("").str.count_matches(r"\n[^`\n]")
        found = {
            "table_rows": answer.str.count_matches(_TABLE_ROW),
            "images": answer.str.count_matches(_IMAGE),
            "code_lines": pl.max_horizontal(fenced, answer.str.count_matches(_CODE_LINE)),
            "latex_marks": answer.str.count_matches(_LATEX),
            "list_items": answer.str.count_matches(_ITEM),
        }
        return [feature.cast(pl.Int32).alias(f"on_screen.{name}") for name, feature in found.items()]

    def reason(self) -> pl.Expr:
        limits = {
            "table_in_answer": ("table_rows", self.max_table_rows),
            "image_in_answer": ("images", self.max_images),
            "code_in_answer": ("code_lines", self.max_code_lines),
            "formulas_in_answer": ("latex_marks", self.max_latex_marks),
            "long_list_in_answer": ("list_items", self.max_list_items),
        }
        return pl.coalesce(
            pl.when(pl.col(f"on_screen.{feature}") > most).then(pl.lit(reason))
            for reason, (feature, most) in limits.items()
        )

    examples: ClassVar[tuple[Example, ...]] = (
        Example("What is rain?", "Water that falls from clouds; it may be heavy."),
        Example("How do I print in Python?", "Like this:\n```python\nprint('hello')\n```\nThat is all."),
        Example("What is a pipe?", "The sign |, as in `ls | wc`."),
        Example("What is half of x?", "It is $\\frac{x}{2}$."),
        Example("Name the primary colors.", "1. Red\n2. Yellow\n3. Blue"),
        Example(
            "Compare two drinks.",
            "| | tea | coffee |\n|---|---|---|\n| kick | mild | strong |",
            reason="table_in_answer",
        ),
        Example("Show me a cat.", "Here:\n![a cat](https://example.com/cat.png)", reason="image_in_answer"),
        Example("Show me a cat.", '<p>Here: <img src="cat.png"></p>', reason="image_in_answer"),
        Example("Count to six.", "```\n" + "print(1)\n" * 6 + "```", reason="code_in_answer"),
        Example("Count to six.", "int main() {\n" + "  puts(one);\n" * 6 + "}", reason="code_in_answer"),
        Example(
            "Solve it.",
            "\\begin{aligned} " + "\\frac{1}{2} x^{2} + " * 5 + "\\end{aligned}",
            reason="formulas_in_answer",
        ),
        Example("Name birds.", "\n".join(f"{n}. A bird" for n in range(1, 20)), reason="long_list_in_answer"),
    )
