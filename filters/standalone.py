"""Does the prompt stand on its own for somebody who hears nothing else?"""

from __future__ import annotations

from typing import ClassVar, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from sayso.filters.example import Example
from sayso.filters.requests.missing_input import missing_input_log_odds
from sayso.filters.requests.unfinished import are_titles, are_unfinished


class Standalone(BaseModel):
    """Prompts that speak of a text or picture which is not there, sentences broken off, and titles without a request.

    An input that a source has beside its instruction is part of the prompt by now, and counts as being there. Not asked
    of the turns after the first: what they speak of, an earlier turn has said. How missing input is told, and how often
    rightly, docs/explanation/refusals.md says. It is over even odds, for a plain question lost is the worse.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    filter: Literal["standalone"] = "standalone"

    max_missing_input_log_odds: float = Field(
        0.3, description="natural log odds that the prompt speaks of what is not there, over which it is dropped"
    )

    def features(self) -> list[pl.Expr]:
        prompt = pl.col("prompt")
        found = {
            "missing_input_log_odds": prompt.map_batches(missing_input_log_odds, return_dtype=pl.Float32),
            "unfinished": prompt.map_batches(are_unfinished, return_dtype=pl.Boolean),
            "title": prompt.map_batches(are_titles, return_dtype=pl.Boolean),
        }
        return [feature.alias(f"standalone.{name}") for name, feature in found.items()]

    def reason(self) -> pl.Expr:
        reasons = {
            "unfinished_prompt": pl.col("standalone.unfinished"),
            "missing_input": pl.col("standalone.missing_input_log_odds") > self.max_missing_input_log_odds,
            "title_only": pl.col("standalone.title"),
        }
        return pl.coalesce(pl.when(told).then(pl.lit(reason)) for reason, told in reasons.items())

    examples: ClassVar[tuple[Example, ...]] = (
        Example("Summarize the article above in one line.\nThe council agreed on a new bridge."),
        Example("Translate this sentence into French: The cat sleeps."),
        Example("He walk to school every day. Correct the grammar in this sentence."),
        Example("Which of the following is a mammal: a shark, a whale or a trout?"),
        Example("Use the words sun, sea and sand in a sentence."),
        Example("What does the word serendipity mean?"),
        Example("How has the image of women in media changed?"),
        Example("What were the articles of confederation?"),
        Example("What should I cook this week?"),
        Example("Write a paragraph about dogs and then translate the paragraph into French."),
        Example("Complete this sentence: The best thing about winter is"),
        Example("tell me where the nile is"),
        Example("Write A Poem About The Sea"),
        Example("Capital of Mali?"),
        Example("Summarize the article above.", reason="missing_input"),
        Example("Translate this sentence into French.", reason="missing_input"),
        Example("Please review the attached report.", reason="missing_input"),
        Example("What do you see in this picture?", reason="missing_input"),
        Example("Which of the following is a mammal?", reason="missing_input"),
        Example("Rewrite the paragraph in a formal tone.", reason="missing_input"),
        Example("Use the words given to make a sentence.", reason="missing_input"),
        Example("What does the chart show?", reason="missing_input"),
        Example("Summarize the following text:", reason="missing_input"),
        Example("Correct the grammar in the sentence below.", reason="missing_input"),
        Example("Fill in the blanks.", reason="missing_input"),
        Example("Solve for x.", reason="missing_input"),
        Example("Compare both passages.", reason="missing_input"),
        Example("Name the animal shown here.", reason="missing_input"),
        Example("Did the reviewer like it?", reason="missing_input"),
        Example("What are the key points of that speech?", reason="missing_input"),
        Example("Continue where you left off.", reason="missing_input"),
        Example("Paraphrase, please.", reason="missing_input"),
        Example("Translate into Spanish.", reason="missing_input"),
        Example("Is the argument convincing?", reason="missing_input"),
        Example("Does statement B contradict statement A?", reason="missing_input"),
        Example("Find the typo in my abstract.", reason="missing_input"),
        Example("Explain the second step again.", reason="missing_input"),
        Example("Write a sentence and then rewrite it in the passive voice."),
        Example("What is the function of a comma?"),
        Example("The capital of France is", reason="unfinished_prompt"),
        Example("Once upon a time, in a land far away", reason="unfinished_prompt"),
        Example("A film about bees. My rating for the film is", reason="unfinished_prompt"),
        Example("Why go? The soup was cold. My rating for this place is", reason="unfinished_prompt"),
        Example("Nice staff. What more do you want? I would like to give it", reason="unfinished_prompt"),
        Example("One can join two words. With dog and bone, a simple sentence can be", reason="unfinished_prompt"),
        Example("The History of Modern Architecture", reason="title_only"),
        Example("Topic: renewable energy", reason="title_only"),
    )
