"""Does the answer speak of the model that wrote it: who made it, and until when it knows anything?"""

from __future__ import annotations

from typing import ClassVar, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict

from sayso.filters.answers.subjects import IN_ANOTHERS_NAME
from sayso.filters.example import Example
from sayso.filters.text.patterns import any_of, contains_where, lacks_where

_MODELS = (
    r"(?:chat ?gpt|gpt-?\d?|claude|bard|gemini|llama|vicuna|koala|bing|copilot|mistral|mixtral|qwen|deepseek|grok|"
    r"open ?assistant|dolly|"
    r"stablelm|falcon|alexa|siri|cortana|google assistant|chatglm|ernie|baichuan|yi|phi|zephyr|hermes|pi|bixby|watson|"
    r"tongyi|kimi|"
    r"moss|internlm|cohere|command|bloom|palm|lamda|meena|blenderbot|tulu|olmo|nova|mpt|orca)"
)
_MACHINE = (
    r"(?:ai|a\.i\.|artificial intelligence|language model|llm|chat ?bot|bot|virtual|digital|assistant|helper|computer "
    r"program|large language|"
    r"machine learning|neural|transformer|conversational|model|software|system|program)"
)
_MADE = (
    r"(?:made|trained|built|created|developed|designed|programmed|fine-?tuned|provided|powered|invented|engineered|"
    r"deployed|released|offered|maintained)"
)
_MAKER = any_of(
    rf"(?i:\b(?:i am|i'm|my name is|this is|call me) {_MODELS}\b)",
    rf"(?i:\b(?:i am|i'm|refer to me as|my name is|i'm called|i am called|known as|i,)(?: [^.!?\n]{{0,40}})? (?:an?|"
    rf"the|your) (?:[\w-]+ ){{0,3}}?{_MACHINE}\b[^.!?\n]{{0,60}}\b{_MADE} (?:by|at|from|for)\b)",
    r"(?i:\b(?:i was|i am|i've been|i have been|i'm) (?:\w+ly )?(?:created|developed|trained|built|made|programmed|"
    r"fine-?tuned|designed|engineered) (?:by|at) )",
    rf"(?i:\bas an? (?:\w+ )?(?:(?:ai|language|artificial intelligence)(?: language)? )?(?:model|assistant|"
    rf"chatbot)[, ]+(?:\w+ "
    rf"){{0,3}}?{_MADE} (?:by|at)\b)",
    r"(?i:\bmy (?:creators?|developers?|makers?) (?:at|is|are|,)\b)",
)
# Each match has one of these, in small letters.
_MAKERS = (
    "i am|i'm|my name is|this is|call me|i was|i've been|i have been|model|assistant|my creator|my developer|my maker"
)
_CUTOFF = any_of(
    r"(?i:\b(?:as of|up to|until|since|at the time of|based on|from|after|before|by) my (?:own |available |final "
    r")?(?:(?:last|latest|most recent|current|final) )+"
    r"(?:updates?|trainings?|knowledge|data|cut-?off|information|database)\b)",
    r"(?i:\bmy (?:last |latest )?(?:knowledge|training|training data|information|data|database|model)(?: base)? "
    r"(?:cut-?off|update)\b|\b(?:as of|up to|until) my (?:training|cut-?off|knowledge)\b)",
    r"(?i:\bmy (?:knowledge|training|training data|information|data|database|dataset|learning|knowledge base)(?: base|"
    r" data)?(?: \w+)? ?(?:cut-?off|ends?|ended|stops?|stopped|goes only|only goes|goes up|extends?|only extends|only "
    r"covers|is limited|"
    r"is (?:only )?(?:current|up to date|up-to-date|based|from)|was (?:last )?(?:updated|cut|current|trained)|only "
    r"(?:runs|reaches|includes)|has a cut|dates? (?:back|from)|reaches|may (?:be|not be) (?:out|up)|might (?:be|not "
    r"be) (?:out|up)|(?:does|do) not (?:go|extend|include|cover|reach)|(?:doesn't|don't) (?:go|extend|include|cover|"
    r"reach)))",
    r"(?i:\b(?:i was|i've been|i have been|i am|i'm) (?:last |only )?(?:trained|updated) (?:on|in|until|up to|with|"
    r"through|to|before|using|at)\b)",
    r"(?i:\bmy (?:last|latest|most recent) (?:update|training|knowledge)\b|\bknowledge cut-?off\b|\btraining "
    r"cut-?off\b|\bas of (?:my )?knowledge\b|\bi (?:only )?(?:have|possess) (?:\w+ )?(?:knowledge|information|data) "
    r"(?:only )?(?:up to|until|up until|through) )",
    r"(?i:\b(?:my|i) (?:\w+ ){0,3}(?:knowledge|information|data) (?:\w+ ){0,3}(?:up to|until|up until|as of) (?:\w+ "
    r"){0,2}20\d\d)",
)
_CUTOFFS = (
    "my knowledge|my last|my latest|my training|my most recent|my current|my data|my information|cutoff|cut-off|"
    "i was last|i was trained|i was only|i was updated|trained on|trained until|last updated|my update|my cut|"
    "as of knowledge|my learning|my own|my available|i have knowledge|i have information|i only have|"
    "i have been trained|i've been|i am trained|i'm trained|i possess|my final"
)


class SelfDescription(BaseModel):
    """Answers in which a model says who made it, or until when its knowledge reaches.

    A model that is trained on them says the same of itself.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    filter: Literal["self_description"] = "self_description"

    def features(self) -> list[pl.Expr]:
        answer = pl.col("answer").str.replace_all("’", "'", literal=True)
        small = answer.str.to_lowercase()
        made, ends = small.str.contains(_MAKERS), small.str.contains(_CUTOFFS)
        maker = contains_where(made, answer, _MAKER)
        found = {
            "maker": lacks_where(maker, pl.col("prompt"), IN_ANOTHERS_NAME),
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
        Example("Who made ChatGPT?", "ChatGPT is a language model made by OpenAI, a firm in San Francisco."),
        Example("Who is Tom?", "I am Tom, a baker trained by my grandfather."),
        Example("What do you do?", "I am an assistant and I can help you with many things."),
        Example("Imagine you are HAL. Who are you?", "I am HAL, a computer program made by Doctor Chandra."),
        Example("When did you last update the page?", "The page was last updated in 2021 by the team."),
        Example("How do I learn?", "Read a lot. It widened my knowledge, which may help you, too."),
        Example("Who are you?", "I am Quillon, a model made by Harbour Labs.", reason="names_its_maker"),
        Example("Who are you?", "I’m ChatGPT, here to help.", reason="names_its_maker"),
        Example("Who are you?", "I was developed by a team at Northwind.", reason="names_its_maker"),
        Example("Who are you?", "You may refer to me as Bo, an AI assistant built by Ox.", reason="names_its_maker"),
        Example("Can you cook?", "As an AI assistant made by Ox, I only read recipes.", reason="names_its_maker"),
        Example("Who won?", "As of my last update in 2021, it was Italy.", reason="knowledge_cutoff"),
        Example("Who won?", "My knowledge cutoff is 2022, and it was Brazil.", reason="knowledge_cutoff"),
        Example("Who won?", "Spain. My training data only goes up to 2023.", reason="knowledge_cutoff"),
        Example("Who won?", "I was last trained in 2021, when it was Italy.", reason="knowledge_cutoff"),
    )
