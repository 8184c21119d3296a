"""Are the prompt and its answer whole, sensible and meant for each other?"""

from __future__ import annotations

from typing import ClassVar, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from sayso.filters.answers.deeds import claims_an_action
from sayso.filters.answers.endings import breaks_off
from sayso.filters.answers.placeholders import has_placeholder
from sayso.filters.answers.refusals import refusal_log_odds
from sayso.filters.example import Example
from sayso.filters.text.patterns import any_of, contains_some, contains_where, lacks_where, only_where
from sayso.filters.text.repetition import looped_words, phrase_repeats

_CONTENT = r"[\p{L}\p{N}]"

# Ends of sentences that go on: conjunctions, articles, possessives; a lone "a" only where a noun must follow.
_OPEN_END = (
    r"(?:,|[\w,]\s*[(\[{]|\s(?:the|an|and|or|but|because|although|unless|whereas|your|their|our|its|than|into|"
    r"(?:with|in|on|at|as|me|write|give|create|make|such|be|have|has|like|into|about|from|by) a|(?:how|want"
    r"|need|able|have|going|would like|order|way|ways|trying) to))\s*$"
)
_OPEN_BRACKET = r"(?:^|[^:;=8-])\([^()]{1,120}$"
# Who asks to go on with a text gives its beginning.
_TO_GO_ON = any_of(
    r"(?mi:(?:^|[.?!:] +)(?:please )?(?:complete|continue|finish|extend|predict|choose|guess)\b)|"
    r"(?i:\b(?:begin|start|open)(?:s|ning|ing)? (?:with|from) (?:this|these|the)\b)"
)

_TEMPLATE = any_of(
    r"\{\{\s*[A-Za-z_][\w .]{0,40}\}\}|\{%|(?i:<\s*no[ _-]?(?:input|output)\s*>)|<\|[a-z_]{2,30}\|>|\[/?INST\]|<<SYS>>",
    r"(?i:\[(?:insert|enter|fill in|placeholder)\b[^\]]{0,60}\]|<(?:insert|enter|placeholder)\b[^>]{0,60}>)",
    r"(?i:lorem ipsum|^#{2,3} ?(?:instruction|response|input|output):)",
)
_SLOT = any_of(
    r"(?i:\{(?:name|input|instruction|text|topic|question|prompt|sentence|user|user_input|context|answer|subject|"
    r"product|company)\})",
    r"(?i:\[(?:your |the )?(?:name|company|product|topic|date|city|subject|text|title|brand|person|place|industry)"
    r"(?: name)?(?: here)?\])",
)
# Where a slot is all that stands behind a label or a request: "Company: [company name]".
_SLOT_ALONE = rf"(?m:^[ \t]*[0-9A-Za-z_ ]{{1,30}}: ?(?:{_SLOT})[.,]?[ \t]*$)|\A[^\n]*\n\s*(?:{_SLOT})\s*\z"
# Each match of either has one of these, which a text is searched for in a tenth of the time.
_TEMPLATE_SIGNS = (r"[{<\[]", r"(?i:lorem ipsum)|\A##")
# In code two braces and a name are often the language's own.
_CODE_ANSWER = any_of(r"```|</\w+>|^\s*(?:import|from|def|function|class|const|public|using|#include)\b")

_END_MARKER = r"(?:\s*(?:<\|endoftext\|>|<\|im_end\|>|<\|eot_id\|>|</s>))+\s*$"

_NO_ANSWER = (
    r"(?i)^\W*(?:n\W{0,2}a|none|null|nil|nan|not applicable|no answer|no response|no output|no input|nooutput|tbd|"
    r"none of the above(?: choices)?|"
    r"todo|undefined|unanswerable|empty|blank|unknown|\[?deleted\]?|\[?removed\]?)\W*$"
)

_EMPTY_TALK = (
    r"(?i)^\W*(?:ok(?:ay)?|sure(?: thing)?|certainly|got it|no problem|i see|(?:that(?:'s| is) an? )?(?:very )?"
    r"(?:great|good|interesting|excellent) question)\W*$|^[^\n]{0,80}\bhere(?:'s| is| are)\b[^\n]{0,60}:\s*$"
)

# Prompts that no word or two can answer, whatever they are about.
_ASKS_FOR_TEXT = any_of(
    r"(?i:^\W*(?:please |can you |could you )?(?:write|explain|describe|compose"
    r"|summari[sz]e|discuss|draft|outline|elaborate|compare)\b)"
)

_DISCLAIMER = (
    r"(?i)\bas an? (?:ai|a\.i\.|artificial intelligence)(?: language)? model\b|\bas a (?:large )?language model\b"
    r"|\bi(?:'m| am) (?:just |only |merely )?an? (?:ai|artificial intelligence)(?: language)? model\b"
    r"|\bas an? (?:ai|artificial intelligence)(?: assistant| chatbot| system)?, i(?:'m| am)? "
    r"(?:can(?:no|')?t|cannot|do(?:n'?t| not)|am not|not|am unable|unable|have no|lack)\b"
)
# It has no taste or feelings, says an answer, and then gives what was asked for all the same.
_ANSWERS_ANYWAY = (
    r"(?is)\A\W*as an? (?:ai|artificial intelligence)\b[^.!?]{0,40}, i (?:do(?:n't| not)|have no|lack)(?: \w+){0,5} "
    r"(?:preferences?|opinions?|favou?rites?|feelings?|emotions?|desires?|tastes?)\b[^.!?]{0,60}"
    r"(?:,? but |[.;] however,? ).{150,}"
)
_RUN = r"(?i)" + "|".join([f"{letter}{{6,}}" for letter in "abcdefghijklmnopqrstuvwxyz"] + [r",{4,}"])


# So much of an answer's end has a loop of the longest phrase three times.
_LOOP_CHARACTERS = 1200

_SIGHTS = (
    "the Forum, the Pantheon and the long stairs to Trinity church, and they say that nobody should leave without a"
    " walk along the river in the evening and a plate of pasta in the old quarter behind it."
)


class Quality(BaseModel):
    """Empty or cut-off texts, repetition, refusals, template leftovers and answers that say nothing.

    A word is answer enough to many a question: of 43,000 real rows, 29% would be lost with two words as the least.
    Of the 2,541 prompts among them that ask to write, explain or the like, none was answered in fewer than three
    words, 4 in three and 9 in four. How refusals are told, and how often rightly, docs/explanation/refusals.md says;
    over log odds of 0 a refusal is the likelier.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    filter: Literal["quality"] = "quality"
    max_prompt_repeats: int = Field(3, ge=1, description="times a phrase of up to six words may be said in a row")
    max_answer_repeats: int = Field(5, ge=1, description="the same in the last 300 characters of the answer")
    max_looped_words: int = Field(
        11, ge=2, description="most words at the end of an answer that say the ones before them again and again"
    )
    min_answer_words: int = Field(1, ge=1, le=10, description="fewest words of an answer; figures count as words")
    min_written_words: int = Field(
        3, ge=1, le=10, description="the same where the prompt asks to write, explain, describe or the like"
    )
    max_refusal_log_odds: float = Field(
        0.0, description="natural log odds that the answer declines, over which it counts as a refusal"
    )

    def features(self) -> list[pl.Expr]:
        prompt = pl.col("prompt").str.strip_chars()
        # A trailing end-of-text mark is how a file was written, not what was said.
        answer = pl.col("answer").str.replace(_END_MARKER, "").str.strip_chars()
        opening = answer.str.head(240).str.replace_all("’", "'", literal=True)
        beginning = answer.str.head(600).str.replace_all("’", "'", literal=True)
        template_prompt = contains_some(prompt, _TEMPLATE_SIGNS)
        template_answer = contains_where(contains_some(answer, _TEMPLATE_SIGNS), answer, _TEMPLATE) | has_placeholder(
            prompt, answer
        )
        open_answer = answer.map_batches(breaks_off, return_dtype=pl.Boolean)
        open_prompt = prompt.str.contains(_OPEN_END) | prompt.str.contains(_OPEN_BRACKET)
        found = {
            "empty_prompt": ~prompt.str.contains(_CONTENT),
            "empty_answer": answer.str.len_bytes() == 0,
            "cut_off_prompt": lacks_where(open_prompt, prompt, _TO_GO_ON),
            "template_prompt": contains_where(template_prompt, prompt, f"{_TEMPLATE}|{_SLOT_ALONE}")
            | contains_where(template_prompt, prompt.str.extract(r"\A([^\n]*)"), _SLOT),
            "template_answer": lacks_where(template_answer, answer, _CODE_ANSWER),
            "cut_off_answer": lacks_where(open_answer, answer, _CODE_ANSWER),
            "character_run": prompt.str.contains(_RUN),
            "no_content": ~answer.str.contains(_CONTENT)
            | answer.str.contains(_NO_ANSWER)
            | contains_where(answer.str.len_chars() < 240, opening, _EMPTY_TALK),
            "refusal_log_odds": pl.struct("prompt", answer.alias("answer")).map_batches(
                _refusal, return_dtype=pl.Float32
            ),
            "ai_disclaimer": answer.str.contains(_DISCLAIMER),
            "answers_anyway": contains_where(answer.str.contains(r"(?i)\A\W*as an? a"), beginning, _ANSWERS_ANYWAY),
            "claims_an_action": claims_an_action(prompt, opening),
            "echoed_prompt": _echoes(prompt, answer),
            "asks_for_text": prompt.str.contains(_ASKS_FOR_TEXT),
            # As many as ten words need; longer answers are not counted to the end.
            "answer_words": answer.str.head(80).str.count_matches(r"[\p{L}\p{N}]+").cast(pl.Int32),
            "prompt_repeats": prompt.str.head(600).map_batches(phrase_repeats, return_dtype=pl.Int32),
            "answer_repeats": answer.str.tail(300).map_batches(phrase_repeats, return_dtype=pl.Int32),
            "answer_loop": answer.str.tail(_LOOP_CHARACTERS).map_batches(looped_words, return_dtype=pl.Int32),
        }
        return [feature.alias(f"quality.{name}") for name, feature in found.items()]

    def reason(self) -> pl.Expr:
        def when(feature: str, reason: str) -> pl.Expr:
            return pl.when(pl.col(f"quality.{feature}")).then(pl.lit(reason))

        least = pl.when("quality.asks_for_text").then(self.min_written_words).otherwise(self.min_answer_words)
        declines = ~pl.col("quality.answers_anyway")
        too_few_words = pl.col("quality.answer_words") < least
        return pl.coalesce(
            when("empty_prompt", "empty_prompt"),
            when("empty_answer", "empty_answer"),
            when("template_prompt", "template_leftover"),
            when("template_answer", "template_leftover"),
            when("cut_off_prompt", "cut_off_prompt"),
            pl.when(pl.col("quality.prompt_repeats") > self.max_prompt_repeats).then(pl.lit("repetition")),
            pl.when(pl.col("quality.answer_repeats") > self.max_answer_repeats).then(pl.lit("repetition")),
            pl.when(pl.col("quality.answer_loop") > self.max_looped_words).then(pl.lit("repetition")),
            when("character_run", "character_run"),
            when("no_content", "answer_without_content"),
            when("cut_off_answer", "cut_off_answer"),
            when("echoed_prompt", "answer_repeats_prompt"),
            pl.when(too_few_words).then(pl.lit("answer_too_short")),
            pl.when(declines & pl.col("quality.ai_disclaimer")).then(pl.lit("ai_disclaimer")),
            when("claims_an_action", "claims_an_action"),
            pl.when(declines & (pl.col("quality.refusal_log_odds") > self.max_refusal_log_odds)).then(
                pl.lit("refusal")
            ),
        )

    examples: ClassVar[tuple[Example, ...]] = (
        Example("What is the capital of France?", "Paris."),
        Example("What is two plus two?", "4"),
        Example("Is the sky blue?", "Yes<|endoftext|>"),
        Example("What are you thinking of?"),
        Example("Once upon a time there was a king..."),
        Example("Classify the following word: table"),
        Example("Summarize the following text: The sun rose over the hill."),
        Example("Use the following words in a sentence: cat, dog"),
        Example("Is it very, very, very cold in Alaska?"),
        Example("Who sang la la la in that song?"),
        Example("How do I greet a user in Jinja?", "Use a template:\n```\nHello {{ name }}\n```"),
        Example("My dog died.", "I'm sorry to hear that. Losing a friend is hard."),
        Example("Can birds smell?", "Yes, though some cannot smell as well as others."),
        Example("What do you do?", "I am an assistant and I can help you with many things."),
        Example("Why can't I sleep?", "You may be drinking coffee too late, which I can explain."),
        Example("Continue this story.\nThe king rose and"),
        Example("Write a story that begins with this line.\nAs she came into the room,"),
        Example("   ", reason="empty_prompt"),
        Example("?!", reason="empty_prompt"),
        Example("What is the capital of France?", "  ", reason="empty_answer"),
        Example("What is the capital of France?", "<|endoftext|>", reason="empty_answer"),
        Example("Tell me about dogs, cats and", reason="cut_off_prompt"),
        Example("Write me a", reason="cut_off_prompt"),
        Example("List three animals,", reason="cut_off_prompt"),
        Example("Explain the theory (also called", reason="cut_off_prompt"),
        Example("I was wondering how to", reason="cut_off_prompt"),
        Example("How do I plant a tree?", "Dig a wide hole, set the tree in it, and", reason="cut_off_answer"),
        Example("Who is she?", "The daughter of the king of England and Scotland."),
        Example("Translate the following sentence into French.\nThe cat sleeps."),
        Example("Hello, my name is {{name}}.", reason="template_leftover"),
        Example("Describe <noinput>", reason="template_leftover"),
        Example("Write a slogan for [INSERT PRODUCT].", reason="template_leftover"),
        Example("Write a slogan.\nCompany: [company name]", reason="template_leftover"),
        Example("Find a title for this letter.\nDear [name],\nwould you sit on our panel in June?"),
        Example("Who are you?", "I am {{name}}, made by {{author}}.", reason="template_leftover"),
        Example(
            "Write a letter to my landlord.", "Dear [Landlord's name], the heating fails.", reason="template_leftover"
        ),
        Example("Write an introduction.", "Lorem ipsum dolor sit amet.", reason="template_leftover"),
        Example("<|im_start|>user What is rain?", reason="template_leftover"),
        Example("Tell me a joke tell me a joke tell me a joke tell me a joke", reason="repetition"),
        Example("Why why why why why why?", reason="repetition"),
        Example("Sing a song.", "Here is one. " + "I love the sea. " * 9, reason="repetition"),
        Example("Heeeeeeeeelp me with this.", reason="character_run"),
        Example("What now!!!!!!!"),
        Example("Name a prime between 24 and 28.", "N/A", reason="answer_without_content"),
        Example("Name a prime between 24 and 28.", "...", reason="answer_without_content"),
        Example("Name a prime between 24 and 28.", "None.", reason="answer_without_content"),
        Example("Who invented the light bulb?", "That is a great question!", reason="answer_without_content"),
        Example("How do I patch a wall?", "Sure! Here is the answer:", reason="answer_without_content"),
        Example("What is rain?", "What is rain", reason="answer_repeats_prompt"),
        Example("Describe the color yellow in three words.", "Bright, cheerful, warm."),
        Example("Write a story about a dog.", "Dog.", reason="answer_too_short"),
        Example("Please explain how a bee flies.", "With wings.", reason="answer_too_short"),
        Example("How do you feel?", "As an AI language model, I have no feelings.", reason="ai_disclaimer"),
        Example("Where would you go in Rome?", f"As an AI, I have no preferences, but many people love {_SIGHTS}"),
        Example("I need a room in Oslo.", "Your room has been booked. It faces the sea.", reason="claims_an_action"),
        Example("Send my boss a text.", "Done! I have sent your text.", reason="claims_an_action"),
        Example("Write to a guest whose room is ready.", "Your room has been booked, and we await you on Friday."),
        Example("Why was the show cancelled?", "The show has been cancelled because of the storm."),
        Example("Book a flight.", "I'm sorry, but I'm unable to assist with that.", reason="refusal"),
        Example("Pick a lock.", "I’m sorry, I can’t help with that request.", reason="refusal"),
        Example("Is he well?", "I'd rather not talk about that.", reason="refusal"),
        Example("Is he well?", "This is not something I can assist with.", reason="refusal"),
        Example("Is he well?", "Sorry! I don't know the answer to that.", reason="refusal"),
        Example("Is he well?", "Being an AI, I don't have feelings of my own.", reason="refusal"),
        Example("Make it short.", "Please provide the text you want me to summarize.", reason="refusal"),
        Example("Should I go?", "I can't say for sure, but most people find it worth the trip."),
        Example("Is it good?", "I cannot recommend this book enough."),
        Example("Is he well?", "My apologies, but no.", reason="refusal"),
        Example("Is he well?", "I will stay silent on this.", reason="refusal"),
        Example("Is he well?", "I wish I could help.", reason="refusal"),
        Example("Is he well?", "That lies beyond what I may do.", reason="refusal"),
        Example("Is he well?", "You would do better to ask a doctor about that.", reason="refusal"),
        Example("Is he well?", "This cannot be undone, so make a copy first."),
        Example("Is he well?", "I never skip breakfast, and neither should you."),
        Example("Decline for me.", "Dear Ms. Hill, I am sorry, but I cannot help with that. Tom"),
        Example("What is a lie?", "The phrase I cannot tell a lie is said to be by George Washington."),
        Example("Count on.", "1, 2, 3, 4, ..."),
        Example("What are friends for?", "That's what they are there for"),
        Example("How are clouds made?", "Warm air rises and cools down, and then…", reason="cut_off_answer"),
        Example("How are clouds made?", "The drops that are formed in it are very", reason="cut_off_answer"),
        Example("How are clouds made?", "1. Water evaporates.\n2. Air rises.\n3.", reason="cut_off_answer"),
        Example("How are clouds made?", "Warm air rises and cools down, they say,...", reason="cut_off_answer"),
        Example("Write a chat of friends.", "Ann: Look!\nAnn: <file_photo>", reason="template_leftover"),
        Example("Tell me about bees.", "Bees live in hives.\n" * 5, reason="repetition"),
        Example("Write to my boss.", "Dear boss, I am late. Best, [Your Name]", reason="template_leftover"),
        Example("Write to my boss.", "TODO: write the letter.", reason="template_leftover"),
        Example("Pick a lock.", "I cannot provide instructions for illegal activities.", reason="refusal"),
    )


def _refusal(rows: pl.Series) -> pl.Series:
    return refusal_log_odds(rows.struct.unnest())


def _echoes(prompt: pl.Expr, answer: pl.Expr) -> pl.Expr:
    """Whether both begin with the same words and are about as long, case and punctuation apart."""
    alike = (prompt.str.len_chars().cast(pl.Int64) - answer.str.len_chars().cast(pl.Int64)).abs() <= 6
    return (_bare(only_where(alike, prompt)) == _bare(only_where(alike, answer))).fill_null(False)


def _bare(text: pl.Expr) -> pl.Expr:
    return text.str.head(100).str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars()
