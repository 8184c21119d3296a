"""Does the answer speak of the model that wrote it: who made it, and until when it knows anything?"""

from __future__ import annotations

from typing import ClassVar, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict

from sayso.filters.answers.subjects import IN_ANOTHERS_NAME
from sayso.filters.example import Example
from sayso.filters.text.patterns import any_of, contains_where

_MODELS = (
    r"(?:chat ?gpt|gpt-?\d?|claude|bard|gemini|llama|vicuna|koala|bing|copilot|mistral|mixtral|qwen|deepseek|grok|open ?assistant|dolly|"
    r"stablelm|falcon|alexa|siri|cortana|google assistant|chatglm|ernie|baichuan|yi|phi|zephyr|hermes|pi|bixby|watson|tongyi|kimi|"
    r"moss|internlm|cohere|command|bloom|palm|lamda|meena|blenderbot|tulu|olmo|nova|mpt|orca)"
)
_MACHINE = (
    r"(?:ai|a\.i\.|artificial intelligence|language model|llm|chat ?bot|bot|virtual|digital|assistant|helper|computer program|large language|"
    r"machine learning|neural|transformer|conversational|model|software|system|program)"
)
_MADE = r"(?:made|trained|built|created|developed|designed|programmed|fine-?tuned|provided|powered|invented|engineered|deployed|released|offered|maintained)"
_MAKER = any_of(
    rf"(?i:\b(?:i am|i'm|my name is|this is|call me) {_MODELS}\b)",
    rf"(?i:\b(?:i am|i'm|refer to me as|my name is|i'm called|i am called|known as|i,)(?: [^.!?\n]{{0,40}})? (?:an?|the|your) (?:[\w-]+ ){{0,3}}?{_MACHINE}\b[^.!?\n]{{0,60}}\b{_MADE} (?:by|at|from|for)\b)",
    rf"(?i:\b(?:i was|i am|i've been|i have been|i'm) (?:\w+ly )?(?:created|developed|trained|built|made|programmed|fine-?tuned|designed|engineered) (?:by|at) )",
    rf"(?i:\bas an? (?:\w+ )?(?:ai|language|artificial intelligence)(?: language)? (?:model|assistant)[, ]+(?:\w+ ){{0,3}}?{_MADE} (?:by|at)\b)",
    r"(?i:\bmy (?:creators?|developers?|makers?) (?:at|is|are|,)\b)",
)
_MAKERS = ["i am", "i'm", "my name is", "this is", "call me", "i was", "i've been", "i have been", "model", "assistant", "my creator", "my developer", "my maker"]
_CUTOFF = any_of(
    r"(?i:\b(?:as of|up to|until|since|at the time of|based on|from|after|before|by) my (?:own |available |final )?(?:(?:last|latest|most recent|current|final) )+"
    r"(?:updates?|trainings?|knowledge|data|cut-?off|information|database)\b)",
    r"(?i:\bmy (?:last |latest )?(?:knowledge|training|training data|information|data|database|model)(?: base)? (?:cut-?off|update)\b|\b(?:as of|up to|until) my (?:training|cut-?off|knowledge)\b)",
    r"(?i:\bmy (?:knowledge|training|training data|information|data|database|dataset|learning|knowledge base)(?: base| data)?(?: \w+)? ?(?:cut-?off|ends?|ended|stops?|stopped|goes only|only goes|goes up|extends?|only extends|only covers|is limited|"
    r"is (?:only )?(?:current|up to date|up-to-date|based|from)|was (?:last )?(?:updated|cut|current|trained)|only (?:runs|reaches|includes)|has a cut|dates? (?:back|from)|reaches|may (?:be|not be) (?:out|up)|might (?:be|not be) (?:out|up)|(?:does|do) not (?:go|extend|include|cover|reach)|(?:doesn't|don't) (?:go|extend|include|cover|reach)))",
    r"(?i:\b(?:i was|i've been|i have been|i am|i'm) (?:last |only )?(?:trained|updated) (?:on|in|until|up to|with|through|to|before|using|at)\b)",
    r"(?i:\bmy (?:last|latest|most recent) (?:update|training|knowledge)\b|\bknowledge cut-?off\b|\btraining cut-?off\b|\bas of (?:my )?knowledge\b|\bi (?:only )?(?:have|possess) (?:\w+ )?(?:knowledge|information|data) (?:only )?(?:up to|until|up until|through) )",
    r"(?i:\b(?:my|i) (?:\w+ ){0,3}(?:knowledge|information|data) (?:\w+ ){0,3}(?:up to|until|up until|as of) (?:\w+ ){0,2}20\d\d)",
)
_CUTOFFS = ["my knowledge", "my last", "my latest", "my training", "my most recent", "my current", "my data", "my information", "cutoff", "cut-off", "i was last", "i was trained", "i was only", "i was updated",
"trained on", "trained until", "last updated", "my update", "my cut", "as of knowledge", "my learning", "my own", "my available", "i have knowledge", "i have information", "i only have", "i have been trained", "i've been", "i am trained", "i'm trained", "i possess", "my final"]


class SelfDescription(BaseModel):
    """Answers in which a model says who made it, or until when its knowledge reaches.

    A model that is trained on them says the same of itself.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    filter: Literal["self_description"] = "self_description"

    def features(self) -> list[pl.Expr]:
        answer = pl.col("answer").str.replace_all("’", "'", literal=True)
        made = answer.str.contains_any(_MAKERS, ascii_case_insensitive=True)
        ends = answer.str.contains_any(_CUTOFFS, ascii_case_insensitive=True)
        maker = contains_where(made, answer, _MAKER)
        found = {
            "maker": maker & ~contains_where(maker, pl.col("prompt"), IN_ANOTHERS_NAME),
            "cutoff": contains_where(ends, answer, _CUTOFF),
        }
        return [feature.alias(f"self_description.{name}") for name, feature in found.items()]

    def reason(self) -> pl.Expr:
        return (
            pl.when(pl.col("self_description.cutoff"))
            .then(pl.lit("knowledge_cutoff"))
            .when(pl.col("self_description.maker"))
            .then(pl.lit("names_its_maker"))
        )

    examples: ClassVar[tuple[Example, ...]] = (
        Example("Who is Siri?", "Siri is an assistant made by Apple."),
        Example("Who are you?", "I am Quillon, a model made by Harbour Labs.", reason="names_its_maker"),
    )
