"""Is the answer one answer in words, without what programs leave in it?"""

from __future__ import annotations

from typing import ClassVar, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from sayso.filters.answers.code import is_command, words_beside_code
from sayso.filters.answers.subjects import OF_CODE, OF_MARKS, OF_TURNS
from sayso.filters.example import Example
from sayso.filters.text.patterns import any_literal, any_of, contains_some, contains_where, lacks_where, only_where

_SIDES = ["human", "user", "assistant", "bot", "gpt", "ai"]
# Marks of chat templates: special tokens, and tags and headings that part turns.
_CHAT_MARK = any_of(
    r"<\|[^|<>\n]{1,40}\|>|<｜[^｜<>\n]{1,40}｜>|\[\|[A-Za-z]{2,12}\|\]|</?s>|\[/?INST\]|<</?SYS>>",
    r"(?i:</?(?:start_of_turn|end_of_turn|eos|bos|pad|eod|eot|sep|cls|endoftext|extra_id_\d+|reserved_\d+)>)",
    r"(?i:</?(?:think|thinking|thought|thoughts|reasoning|reflection|scratchpad|inner_monologue|final_answer)>|"
    r"◁/?think▷)",
    r"(?i:\A\W*(?:okay|ok|alright|hmm+|well|so|first)[,.]? (?:so,? )?the user (?:asks|is asking|wants|has asked|"
    r"asked|said)\b)",
    r"(?mi:^\s*</?(?:human|user|assistant|bot|gpt|ai)>)|\[(?:PAD|SEP|CLS|EOS|BOS|EOT|EOD)\]",
    r"(?mi:^\s*#{2,4} ?(?:human|assistant|user|instructions?|response|system|gpt|ai|bot|end)\b ?\d{0,2}(?::|[ \t]*$))",
)
# Each match has one of these: a few short literals are found in a tenth of the time that a list of fifty takes.
_CHAT_MARKS = (r"[<\[#◁]", " the user ")
_TURN = any_of(
    r"(?m:\n[ \t>]*[*_]{0,2}(?i:human|user|assistant|ai|bot|chatbot|gpt|ai assistant|chatgpt|### \w+)[*_]{0,2} "
    r"?\d{0,2}:)",
    r"(?i:^[*_]{0,2}(?:assistant|ai|bot|chatbot|gpt|ai assistant|chatgpt|human)[*_]{0,2}:)",
    r"[.?!)\"'] +(?:Human|User|Assistant|AI|Bot|HUMAN|USER|ASSISTANT): ?\S",
)
_QUESTION = any_of(r"\n[ \t]*(?:Question|Q) ?\d{0,2}: ?\S[^\n]*\n+[ \t]*(?:Answer|A) ?\d{0,2}:")
# The turn of a man or woman, after others of theirs: "W: No, thanks.".
_SPEAKER = r"\A\s*[MW]: \S"
_SPEAKERS = r"(?:^|\s)[MW]: \S"
_TURNS = [f"{name}{end}" for name in _SIDES for end in (":", " :", "*:", "_:", " 1:", " 2:")] + [
    "\nquestion",
    "\nq:",
    "\nq1",
    "\nq ",
]
_TOOL_MARK = any_of(
    r"(?i:</?tool_?(?:call|response|result|use|code)s?>|</?function_?(?:call|response|result)s?>|<function=\w)",
    r"\[/?TOOL_(?:CALLS?|RESULTS?)\]|<\|python_tag\|>|<｜tool|<invoke name=|(?m:^FUNCTION (?:CALL|RESPONSE):)",
    r"(?m:^(?:\*\*)?Action(?:\*\*)?: ?\S[^\n]*\n\s*(?:\*\*)?Action Input)|\"tool_calls\"\s*:",
)
_TOOL_MARKS = (r"[<\[]", r"FUNCTION |Action Input|\"tool_calls\"")
_JSON_CALL = any_of(
    r"(?s)\A\s*(?:```\w*\s*)?\[?\s*\{.{0,200}?\"(?:name|tool|tool_name|function|function_name|action|api|api_name|"
    r"command|method|"
    r"plugin|intent|recipient_name)\"\s*:.*\"(?:arguments|parameters|args|params|kwargs|input|inputs|tool_input|"
    r"action_input|payload|slots)\"\s*:"
    r".*\}\s*\]?\s*(?:```)?\s*\z"
    r"|\A\s*(?:```\w*\s*)?\[?\s*\{\s*\"(?:arguments|parameters)\"\s*:\s*\{.*\"name\"\s*:.*\}\s*\]?\s*(?:```)?\s*\z"
)
_LISTED_CALL = any_of(r"(?s)\A\s*\[\s*[A-Za-z_][\w.]*\((?:\s*\w+\s*=[^\n]*)?\)\s*\]\s*\z")
_BARE_CALL = any_of(r"\A\s*(?:[a-z]+(?:_[a-z0-9]+)+|[a-z]+[A-Z]\w*|\w+\.\w+)\(\s*(?:\w+\s*=\s*[^()\n]*)?\)\s*;?\s*\z")

_RESIDUE = any_of(
    r"(?i:-[lr][rsc]b-)|(?:^|[\s$(])#+(?:[.,:/-]#+)+(?:\W|$)|[a-z,] #{2,5} [a-z]|[a-z] # (?:percent|million|billion|"
    r"years?|people|dollars|points)|<unk>|\[UNK\]|\bUNK\b|\bunk\b",
    r"(?:^|[^&\w])#\d{2,4};|\w@[-,.]@|@[-,.]@ ?\w|[a-z] ##[a-z]|[ĠĊ▁]\w|[a-z]@@ [a-z]|_comma_",
    r"\w '(?:s|re|ve|ll|d|m) \w|\w n't\b|\w ' (?:s|t|re|ve|ll|d|m) \w|`` \w",
    r"â€[™œ\x{9D}“”˜]|Ã[©¨¼¤¶±³¡­]|ï»¿",
    # The fields of a record with empty lines between them.
    r"\n\n\n\n+- \w",
)
# The same in small letters.
_RESIDUES = (
    r"[#@`]|_comma_|[ġċ▁]|â€|ã|ï»¿",
    r"unk|-[lr][rsc]b-|\n\n\n\n",
    r" '(?:s|t|re|ve|ll|d|m) | ' (?:s|t|re|ve|ll|d|m) | n't",
)
_ENTITY = any_of(
    r"&(?:amp|quot|apos|nbsp|lt|gt|rsquo|lsquo|ldquo|rdquo|ndash|mdash|hellip|#\d{2,5}|#x[0-9a-fA-F]{2,5});"
)
_DETACHED = any_of(r"[a-z0-9)] [,.;](?: |$|\n)|[a-z0-9)] [?!](?:$| [A-Z])")
_CODE_ANSWER = any_of(r"```|</\w+>|<br|^\s*(?:import|from|def|function|class|const|public|using|#include|select|<)\b")

_LINK = any_of(
    r"!?\[[^\]\n]{0,200}\]\([^)\n]{1,400}\)|<?(?i:https?://|www\.)[^\s>)]+[>)]?|(?i:[\w-]+(?:\.[\w-]+)+/\S*)"
)
_LONE_DOMAIN = any_of(r"(?i:\A\s*(?:[\w-]+\.)+(?:com|org|net|edu|gov|io|info|co\.uk|de|fr|eu)\.?\s*\z)")
_LINKS = ["http", "www.", "]("]
_TABLE_LINE = any_of(r"(?m:^[ \t]*\|?[^|\n]*\|[^|\n]*(?:\|[^\n]*)?$\n?)|(?m:^[^\t\n]+\t[^\n]*$\n?)")
# A line that parts its head from the rest, two lines between bars, or two with tabs inside.
_TABLE = any_of(
    r"(?m:^[ \t]*\|?[ \t:]*-{2,}[ \t:]*\|[ \t:|-]*$)|(?m:^[ \t]*\|[^\n]*\|[ \t]*\n[ \t]*\|[^\n]*\|[ \t]*$)|"
    r"(?m:^[^\t\n]+\t[^\n]*\n[^\t\n]+\t[^\n]*$)"
)
_WORD = any_of(r"[\p{L}\p{N}]+")
_BLANKS_BEFORE = [" , ", " . ", " ; ", " ? ", " ! "]
_LONGEST_READ = 2000
# Twelve words.
_BESIDE_TABLE = "The table is short, for there is little more to say about them."


class AnswerText(BaseModel):
    """Turns and marks of a chat, calls to tools, what tokenizers leave, and links, a table or code as the whole answer.

    What a prompt is about may stand in its answer: `</s>` where it asks about HTML, a dialogue where it asks for one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    filter: Literal["answer_text"] = "answer_text"
    max_detached_marks: int = Field(2, ge=0, description="most commas and full stops with a blank before them")
    min_words_beside: int = Field(
        4, ge=1, description="fewest words beside links; beside a table or code three times as many"
    )

    def features(self) -> list[pl.Expr]:
        prompt, answer = pl.col("prompt"), pl.col("answer")
        small = answer.str.to_lowercase()
        brief = answer.str.len_bytes() < 400
        marked = contains_where(contains_some(small, _CHAT_MARKS), answer, _CHAT_MARK)
        in_turns = answer.str.contains_any(_TURNS, ascii_case_insensitive=True)
        turn = contains_where(in_turns, answer, _TURN) | contains_where(in_turns, answer, _QUESTION)
        opens = answer.str.contains(r"\A\s*[\[{`]")
        bare = contains_where(brief & (answer.str.ends_with(")") | answer.str.ends_with(");")), answer, _BARE_CALL)
        residue = contains_where(contains_some(small, _RESIDUES), answer, _RESIDUE) | answer.str.contains(_ENTITY)
        linked = only_where(small.str.contains(any_literal(_LINKS)), answer)
        tabled = only_where(contains_where(answer.str.contains(r"[|\t]"), answer, _TABLE), answer)
        detached = only_where(answer.str.contains(any_literal(_BLANKS_BEFORE)), answer).str.head(_LONGEST_READ)
        found = {
            "chat_mark": lacks_where(marked, prompt, OF_MARKS),
            "turn": lacks_where(turn, prompt, OF_TURNS)
            | contains_where(answer.str.contains(_SPEAKER), prompt, _SPEAKERS),
            "call": contains_where(contains_some(answer, _TOOL_MARKS), answer, _TOOL_MARK)
            | contains_where(opens, answer, _JSON_CALL)
            | contains_where(opens & brief, answer, _LISTED_CALL)
            | lacks_where(bare, prompt, OF_CODE),
            "residue": lacks_where(lacks_where(residue, answer, _CODE_ANSWER), prompt, OF_CODE),
            "detached_marks": detached.str.count_matches(_DETACHED).fill_null(0).cast(pl.Int32),
            "words_beside_links": _words_beside(linked, _LINK),
            "words_beside_table": _words_beside(tabled, _TABLE_LINE),
            "words_beside_code": words_beside_code(answer),
            "command": is_command(prompt, answer),
            "lone_domain": contains_where(answer.str.len_bytes() < 80, answer, _LONE_DOMAIN),
        }
        return [feature.alias(f"answer_text.{name}") for name, feature in found.items()]

    def reason(self) -> pl.Expr:
        def feature(name: str) -> pl.Expr:
            return pl.col(f"answer_text.{name}")

        reasons = {
            "tool_call": feature("call"),
            "chat_mark": feature("chat_mark"),
            "leaked_turn": feature("turn"),
            "tokenizer_residue": feature("residue") | (feature("detached_marks") > self.max_detached_marks),
            "only_links": (feature("words_beside_links") < self.min_words_beside) | feature("lone_domain"),
            "only_a_table": feature("words_beside_table") < 3 * self.min_words_beside,
            "only_code": (feature("words_beside_code") < 3 * self.min_words_beside) | feature("command"),
        }
        return pl.coalesce(pl.when(applies).then(pl.lit(reason)) for reason, applies in reasons.items())

    examples: ClassVar[tuple[Example, ...]] = (
        Example("Name a river.", "The Nile, which flows through Egypt."),
        Example("What is a tag?", "In HTML, <b> makes text bold, </s> ends what is struck out."),
        Example("Write a dialogue of a user and an assistant.", "User: Hi!\nAssistant: Hello, what can I do?"),
        Example("What is JSON?", 'A form of data, such as {"name": "Ann", "age": 3}.'),
        Example("Call print in Python.", 'print("hello")', reason="only_code"),
        Example(
            "How do I print in Python?",
            "Call print, and put what you want to see in brackets:\n```\nprint(3)\n```\nIt works for texts, too.",
        ),
        Example("Write a haiku on rain.", "Drops on the window;\nthe street is a long river\nof lamps, and of leaves;"),
        Example("What is the sum?", "a = 3 * 4 = 12\nb = 12 + 2 = 14"),
        Example("Whose coat is it?", "It's the dog's, isn't it? The # sign is on its tag."),
        Example("Where can I read more?", "The page https://museum.example.org has the hours and the prices."),
        Example("Compare cats and dogs.", "Cats sleep more, dogs bark more.\n\n| a | b |\n|---|---|\n" + _BESIDE_TABLE),
        Example("Name a river.", "The Nile.</s><s>[INST] And a lake? [/INST] Victoria.", reason="chat_mark"),
        Example("Name a river.", "<|assistant|>The Nile is a river.", reason="chat_mark"),
        Example("Name a river.", "The Nile.\n\n### Human: And a lake?", reason="chat_mark"),
        Example("Name a river.", "<think>Let me see, the Nile or the Amazon", reason="chat_mark"),
        Example("Name a river.", "Okay, the user wants a river. I know many.", reason="chat_mark"),
        Example("Name a river.", "The Nile.\n\nUser: And a lake?\nAssistant: Victoria.", reason="leaked_turn"),
        Example("Name a river.", "The Nile. Human: And a lake? AI: Victoria.", reason="leaked_turn"),
        Example("Name a river.", "ASSISTANT: The Nile.", reason="leaked_turn"),
        Example("W: Shall we eat?\nWhat does the man say?", "M: I had lunch at noon.", reason="leaked_turn"),
        Example("W: Shall we eat?\nM: I had lunch at noon.\nIs he hungry?", "No, he has eaten."),
        Example("What time is it?", '<tool_call>{"name": "clock"}</tool_call>', reason="tool_call"),
        Example("What time is it?", '{"tool": "clock", "input": {"city": "Oslo"}}', reason="tool_call"),
        Example("Book a table for two.", "[book_table(people=2)]", reason="tool_call"),
        Example("Book a table for two.", "book_table(people=2)", reason="tool_call"),
        Example("What time is it?", "Thought: a clock.\nAction: clock\nAction Input: Oslo", reason="tool_call"),
        Example("What cost how much?", "oil fell to ##.# dollars , UNK said on monday", reason="tokenizer_residue"),
        Example("Who was he?", "king john -lrb- born 1166 -rrb- of england", reason="tokenizer_residue"),
        Example("What happened?", "The ship cost #36;40 million.", reason="tokenizer_residue"),
        Example("What happened?", "the captain 's boat sank", reason="tokenizer_residue"),
        Example("What happened?", "A boat sank , they say , and all were saved .", reason="tokenizer_residue"),
        Example("Where can I knit?", "https://knit.example.org/start", reason="only_links"),
        Example("Where can I knit?", "See [this page](https://knit.example.org).", reason="only_links"),
        Example("Compare pets.", "| pet | noise |\n| --- | --- |\n| cat | low |", reason="only_a_table"),
        Example("What details are there?", "- birth date\n\n\n\n- birth place", reason="tokenizer_residue"),
        Example("How do I add in Python?", "def add(a, b):\n    total = a + b\n    return total", reason="only_code"),
        Example("How do I list files in Linux?", "echo 'ls' > list.sh", reason="only_code"),
        Example("Which rows are old?", "```sql\nSELECT * FROM people WHERE age > 80;\n```", reason="only_code"),
    )


def _words_beside(answer: pl.Expr, pattern: str) -> pl.Expr:
    """How many words are left without the matches, at most 100; null for null."""
    return answer.str.replace_all(pattern, " ").str.head(600).str.count_matches(_WORD).cast(pl.Int32)
