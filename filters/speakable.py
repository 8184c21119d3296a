"""Can the prompt be read aloud as it stands and be understood by ear?"""

from __future__ import annotations

from typing import ClassVar, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from sayso.filters.example import Example
from sayso.filters.requests.fields import LABEL, open_field
from sayso.filters.requests.notations import CODE, HARD_MATHS, LATEX, LITERAL, MARKUP, OPERATOR
from sayso.filters.requests.transcripts import CHOICE_A, CHOICE_B, TRANSCRIBED, TRANSCRIPT
from sayso.filters.requests.unreadable import CONSONANTS, ODD_RUN, odd_symbols, unreadable
from sayso.filters.text.patterns import any_of, contains_where, only_where

_URL = any_of(
    r"(?i:\b(?:https?|ftp|file|mailto)://?\S)",
    r"(?i:\bwww\.\w)",
    r"(?i:\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|edu|gov|io|co\.uk|info|ly)(?:/\S*|\.?(?:[^\w.@-]|\s|$)))",
)
_EMAIL = any_of(r"[\w.+-]+@[\w-]+\.\w{2,}")

_TABLE = any_of(
    r"\|[^|\n]*\|[^|\n]*\||\S\t[^\n\t]+\t|(?m:^\s*\|.*\|\s*$)|\|\s*:?-{3,}",
    # Two lines of comma-separated values.
    r"(?m:^[^,\n]{1,40}(?:,[^,\n ][^,\n]{0,40}){2,}\n[^,\n]{1,40}(?:,[^,\n ][^,\n]{0,40}){2,}$)",
)
_ITEM = any_of(
    r"(?m:^[ \t]*(?:[-*•▪●◦‣·–][ \t]+|\(?\d{1,2}[.)][ \t]+|\(?[A-Da-d][.)][ \t]+|\(?[ivx]{1,4}[.)][ \t]+)\S)"
)
_INLINE_ITEM = any_of(r"(?:^|\s)\(?(?:[1-9]|[A-Ea-e])[.)]\s+\w|\([1-9A-Ea-e]\)\s*\w")
# Questions with their answers, which nobody says so; a lone question with a label may be said.
_Q_AND_A = any_of(
    r"(?m:(?:^[ \t]*|[.?!)\"'][ \t]+)A\s?\d{0,2}\s?[:：]\s*\S)",
    r"(?m:(?:^\s*|[.?!)\"']\s+)(?:Q|A)\s?\d{1,2}\s?[:：]|^\s*(?:Q|A)\d{1,2}\.\s)",
    r"(?mi:^[ \t]*answer\s?\d{0,2}\s?:\s*\S)|\bAnswer:\s*\S",
)
# What is left of a text that a tokenizer has cut into pieces.
_RESIDUE = any_of(r"(?i:-[lr][rsc]b-)|``|<unk>|\[UNK\]|\bUNK\b|#+\.#+|@[-,.]@")
_RESIDUES = ["-lrb-", "-rrb-", "-lsb-", "-rsb-", "-lcb-", "-rcb-", "``", "<unk>", "UNK", "#.", "@-@", "@,@", "@.@"]
_EMOJI = any_of(r"[\x{1F000}-\x{1FAFF}\x{2600}-\x{27BF}\x{2B50}\x{2B55}\x{FE0F}]")
_MARK = r"[!-/:-@\[-`{-~]"
# A mark that is said with a number, as in $12.50, 3/4, 7:30 and 555-0142.
_NUMBER_MARK = r"[0-9][.,/:-][0-9]|[$#][0-9]"
_CAPITALS = any_of(r"\b[A-Z]{2,}\b")


class Speakable(BaseModel):
    """Texts that are made for the eye: links, code, markup, formulas, tables, lists, symbols, codes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    filter: Literal["speakable"] = "speakable"
    max_operators: int = Field(5, ge=0, description="most arithmetic signs in one prompt")
    max_items: int = Field(6, ge=0, description="most lines that start as list items")
    max_inline_items: int = Field(3, ge=0, description="most marked alternatives such as (A), 1. or b) in a line")
    max_labels: int = Field(6, ge=0, description="most lines that start with a field's label, such as 'Title:'")
    max_lines: int = Field(8, ge=1, description="most lines that hold something")
    max_odd_symbols: int = Field(0, ge=0, description="most symbols outside ordinary writing and arithmetic")
    max_digits: int = Field(20, ge=0, description="most digits that may have a larger share: two phone numbers' worth")
    max_digit_share: float = Field(0.3, ge=0, le=1, description="largest share of digits in the characters")
    max_capital_share: float = Field(0.6, ge=0, le=1, description="largest share of words in capitals")
    max_punctuation_share: float = Field(
        0.2, ge=0, le=1, description="largest share of marks in the characters, those in numbers aside"
    )
    max_unpronounceable: int = Field(
        1, ge=0, description="most words with six consonants in a row, or five and no vowel"
    )

    def features(self) -> list[pl.Expr]:
        prompt = pl.col("prompt")
        characters = pl.max_horizontal(prompt.str.len_chars(), 1)
        words = prompt.str.count_matches(" ", literal=True) + 1
        # What each match of a pattern has: one of up to three characters costs next to nothing to look for.
        other = prompt.str.len_bytes() != prompt.str.len_chars()
        latex, tabled = prompt.str.contains(r"[\\${]"), prompt.str.contains(r"[|\t\n]")
        maths = other | prompt.str.contains(r"[(|/]") | prompt.str.contains("^", literal=True)
        found = {
            "url": prompt.str.contains(_URL),
            "email": prompt.str.contains(_EMAIL),
            "latex": contains_where(latex, prompt, LATEX),
            "markup": prompt.str.contains(MARKUP),
            "code": prompt.str.contains(CODE),
            "literal": prompt.str.contains(LITERAL),
            "table": contains_where(tabled, prompt, _TABLE),
            "question_answer": prompt.str.contains(_Q_AND_A),
            "hard_maths": contains_where(maths, prompt, HARD_MATHS),
            "emoji": contains_where(other, prompt, _EMOJI),
            "transcript": contains_where(
                prompt.str.contains_any(TRANSCRIBED, ascii_case_insensitive=True), prompt, TRANSCRIPT
            ),
            "lettered_choices": contains_where(prompt.str.contains(CHOICE_B), prompt, CHOICE_A),
            "residue": contains_where(prompt.str.contains_any(_RESIDUES), prompt, _RESIDUE),
            "open_field": open_field(prompt),
            "odd_run": prompt.str.contains(ODD_RUN),
            "unreadable": unreadable(prompt),
            "operators": _count(prompt, OPERATOR),
            "items": _count(prompt, _ITEM),
            "inline_items": _count(prompt, _INLINE_ITEM),
            "labels": _count(prompt, LABEL),
            "lines": _lines(prompt),
            "odd_symbols": odd_symbols(prompt, latex),
            "unpronounceable": _count(prompt, CONSONANTS),
            "digits": _count(prompt, r"[0-9]"),
            "digit_share": _share(prompt.str.count_matches(r"[0-9]"), characters),
            "capital_words": _count(prompt, _CAPITALS),
            "capital_share": _share(prompt.str.count_matches(_CAPITALS), words),
            "punctuation_share": _share(_count(prompt, _MARK) - _count(prompt, _NUMBER_MARK), characters),
            "characters": prompt.str.len_chars().cast(pl.Int32),
        }
        return [feature.alias(f"speakable.{name}") for name, feature in found.items()]

    def reason(self) -> pl.Expr:
        def feature(name: str) -> pl.Expr:
            return pl.col(f"speakable.{name}")

        # Short texts have shares that mean nothing: "USA?" is all capitals.
        enough = feature("characters") >= 24
        reasons = {
            "email": feature("email"),
            "url": feature("url"),
            "latex": feature("latex"),
            "markup": feature("markup"),
            "code": feature("code") | feature("literal"),
            "table": feature("table"),
            "transcript": feature("transcript"),
            "lettered_choices": feature("lettered_choices"),
            "question_answer_markers": feature("question_answer"),
            "tokenizer_residue": feature("residue"),
            "emoji": feature("emoji"),
            "list": (feature("items") > self.max_items) | (feature("inline_items") > self.max_inline_items),
            "field_labels": (feature("labels") > self.max_labels) | feature("open_field"),
            "maths": feature("hard_maths") | (feature("operators") > self.max_operators),
            "unreadable": feature("unreadable") | (feature("unpronounceable") > self.max_unpronounceable),
            "odd_symbols": feature("odd_run") | (feature("odd_symbols") > self.max_odd_symbols),
            "too_many_lines": feature("lines") > self.max_lines,
            "too_many_digits": (feature("digits") > self.max_digits) & (feature("digit_share") > self.max_digit_share),
            "too_many_capitals": (feature("capital_words") >= 6) & (feature("capital_share") > self.max_capital_share),
            "too_much_punctuation": enough & (feature("punctuation_share") > self.max_punctuation_share),
        }
        return pl.coalesce(pl.when(applies).then(pl.lit(reason)) for reason, applies in reasons.items())

    examples: ClassVar[tuple[Example, ...]] = (
        Example("What is 3 + 4?"),
        Example("Solve x^2 + 3x - 5 = 0."),
        Example("Classify the following word.\nrunning"),
        Example("How much is 20% of $45.50?"),
        Example("What is the difference between C++ and Python?"),
        Example("Write a SQL query that selects the oldest customers from a table."),
        Example("What is the boiling point of water in °F?"),
        Example("Fill in the blank: The sky is ____."),
        Example("Which is larger: the moon, the sun or the earth?"),
        Example("Translate 'good morning' into French; then into Spanish."),
        Example("Sort these words: pear, apple, plum."),
        Example("Thanks :) What else can you do?"),
        Example("What is 1,234,567 plus 7,654,321?"),
        Example("What is 415 555 2671 plus 212 555 0100?"),
        Example("Sort the years 1812, 1846, 1861 and 1898."),
        Example("What is new in version 4.2.1.0?"),
        Example("Is C6H12O6 a sugar?"),
        Example("Which costs less: $89.95, $94.50 or $102.25?"),
        Example("How long is 1h45m?"),
        Example("Divide 10000000 by 3."),
        Example("WHO WON THE GAME?"),
        Example("Explain Node.js and the AC/DC converter to me."),
        Example("Rate this review from 1-5 (5 being best): great food!"),
        Example("Summarize https://example.com/news for me.", reason="url"),
        Example("What is on www.example.org today?", reason="url"),
        Example("Tell me about bbc.co.uk.", reason="url"),
        Example("Write to jane.doe@example.com about the party.", reason="email"),
        Example("Fix this: def add(a, b): return a + b", reason="code"),
        Example("What does print('hello') do?", reason="code"),
        Example("Explain for (int i = 0; i < 3; i++) to me.", reason="code"),
        Example("What is wrong with my_variable here?", reason="code"),
        Example("Sort this list: [3, 1, 2]"),
        Example("Sort this list of fruits by their English names: ['pear', 'fig']"),
        Example("Sort this list: ['12', '3']", reason="code"),
        Example("Sort this list: ['mail_user', 'mail_host']", reason="code"),
        Example("Which is the brightest?\n{red, dark green, blue}"),
        Example("Which two of {4, 9, 15, 21} add up to 30?"),
        Example("Ann lives at A=(1, 2) and Bo at B=(4, 6). How far is that?"),
        Example("What does the sorted() function return?"),
        Example("What does run(); do here?", reason="code"),
        Example("What is {red} here?", reason="odd_symbols"),
        Example(r"The firm was sold for \$36bn on Friday. Was that news of business?"),
        Example(r"She called it a \"real\" bargain. Did she like it?"),
        Example("Make a sentence of these: dogs/the/chased/after/cats/three/all/of/them/home"),
        Example("What is 1646615806005 plus 3? And 1646615806005 + 256626720691?", reason="unreadable"),
        Example("Tell me, if you can work it out at all, what one gets for 1646615806005 + 256626720691."),
        Example("Explain SELECT name FROM users WHERE age > 3", reason="code"),
        Example("Make <b>this</b> shorter.", reason="markup"),
        Example("# Title\nSummarize this.", reason="markup"),
        Example("It rained all day.\n\n===\n\nWrite a title for that."),
        Example("Where do you buy soap?\nOptions:\n- at a shop\n- at home"),
        Example("Replace the **bold** word.", reason="markup"),
        Example("Read [this page](notes) to me.", reason="markup"),
        Example("Simplify $\\frac{a}{b}$ please.", reason="latex"),
        Example("What is \\sqrt{16} + 1?", reason="latex"),
        Example("Evaluate ∫ x dx from 0 to 1.", reason="maths"),
        Example("Find the value of f(x) = 3x - 1 at 2."),
        Example("Find the derivative of sin(x) + cos(x).", reason="maths"),
        Example("Compute 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8.", reason="maths"),
        Example("| name | age |\n| Ann | 3 |\nWho is older?", reason="table"),
        Example("Average this:\nname,age,city\nAnn,30,Rome\nBob,25,Oslo", reason="table"),
        Example("Q: Why is the sky blue?\nA:"),
        Example("Question: Who was Cicero?\nAnswer:"),
        Example("Q: Who was Cicero?\nA: An orator.\nQ: Who was Nero?\nA:", reason="question_answer_markers"),
        Example("What a day 😀 tell me a joke", reason="emoji"),
        Example("Rank these:\n- apples\n- pears\n- plums"),
        Example("Rank these:\n- a pear\n- a plum\n- a fig\n- a date\n- an egg\n- a leek\n- a nut", reason="list"),
        Example("Rank these:\n1. apples\n2. pears\n3. plums"),
        Example("Rank these:\n1. apples\n2. pears\n3. plums\n4. figs", reason="list"),
        Example("Pick one: (1) red (2) green (3) blue"),
        Example("Pick one: (1) red (2) green (3) blue (4) pink", reason="list"),
        Example("Pick one: (A) red (B) green (C) blue", reason="lettered_choices"),
        Example("Is a whale a) a fish or b) a mammal?", reason="lettered_choices"),
        Example("Which is a fruit?\n- A: a leek\n- B: a fig", reason="lettered_choices"),
        Example("Which vitamin is better, A or B?"),
        Example("Should I take plan A or plan B?"),
        Example("Thought: I need the price. Action: search. Observation: nine dollars.", reason="transcript"),
        Example("What is the weather? Tool: it is sunny.", reason="transcript"),
        Example("Which tool do I need to hang a picture?"),
        Example("Write a card.\nName: Ann\nAge: 30"),
        Example("Answer as if I were five.\nQuestion: Why is the sky blue?"),
        Example("Use these words.\nsun, sea, sand\nWrite a sentence with all of them:"),
        Example("Describe her.\nName: Ann\nAge: 30\nCity: Rome\nJob: baker\nPet: cat"),
        Example("Describe her.\nName: A\nAge: 3\nCity: R\nJob: no\nPet: cat\nCar: no\nHat: red", reason="field_labels"),
        Example("Write a word on each of these.\nBees:\nAnts:\nWasps:"),
        Example("Translate it.\nInput: Good night.\nOutput:", reason="field_labels"),
        Example("The soup was cold.\nReview score (1 to 5):", reason="field_labels"),
        Example("It was a good meal at a fair price.\nRating (1 to 5):", reason="field_labels"),
        Example("Stocks rose by two percent on Monday.\n\nTL;DR:", reason="field_labels"),
        Example("Who was king john -lrb- 1166 -rrb- of england?", reason="tokenizer_residue"),
        Example("Write a title: shares of UNK rose.", reason="tokenizer_residue"),
        Example("What is 5f4dcc3b5aa765d61d8327deb882cf99?", reason="unreadable"),
        Example("Decode aGVsbG8gd29ybGQhIQ== for me.", reason="unreadable"),
        Example("My coupon 5f4dcc3b5 is invalid.", reason="unreadable"),
        Example("Where is parcel 1Z999AA10123456784?", reason="unreadable"),
        Example("What is 10101101 in decimal?", reason="unreadable"),
        Example("Please xkcdqwrtz and bvnmlkjhg now.", reason="unreadable"),
        Example("What does ◊ mean here?", reason="odd_symbols"),
        Example("Give me a | b | c.", reason="odd_symbols"),
        Example("Is this &%$#@! rude?", reason="odd_symbols"),
        Example("One\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine", reason="too_many_lines"),
        Example("Add 8812 4431 9083 2217 5520 6612", reason="too_many_digits"),
        Example("PLEASE TELL ME HOW TO STOP SHOUTING", reason="too_many_capitals"),
        Example("Well... - so, - 'what' - (then)? - (now)! - 'ok'.", reason="too_much_punctuation"),
    )


def _count(text: pl.Expr, pattern: str) -> pl.Expr:
    return text.str.count_matches(pattern).cast(pl.Int32)


def _lines(text: pl.Expr) -> pl.Expr:
    """How many lines hold something; most texts are one."""
    several = only_where(text.str.contains("\n", literal=True), text)
    return pl.coalesce(_count(several, r"(?m)^.*\S"), text.str.contains(r"\S").cast(pl.Int32))


def _share(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    return (part / whole).cast(pl.Float32)
