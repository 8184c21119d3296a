"""Planted junk: what is done to a clean prompt or answer, and the reasons that are right for it.

Each planting is a list of ways in which real sets are spoilt like that. `{}` stands for the clean text, `{word}` for
one of its words and `{n}` for a number of its own.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Planting:
    """How rows are spoilt, and which reasons fit."""

    fits: frozenset[str]
    prompts: tuple[str, ...] = ("{}",)
    answers: tuple[str, ...] = ("{}",)


def _planting(fits: str, prompts: tuple[str, ...] = ("{}",), answers: tuple[str, ...] = ("{}",)) -> Planting:
    return Planting(frozenset(fits.split()), prompts, answers)


# Prompts that explain nothing of what is wrong with an answer: neither a role to play nor a language to write in.
ASKED = ("Are {n} days a long time?", "What would you do with {n} apples?", "How far is it to house {n}?")
PLANTINGS: dict[str, Planting] = {
    "lone_word": _planting("too_short", ("{word}", "{word}?", "{word}!", "  {word}  ")),
    "no_words": _planting("too_short empty_prompt", ("?!", "...", "-- --", "!!!")),
    "empty_answer": _planting("no_answer empty_answer", answers=("", "  ", "<|endoftext|>", "\n", " </s>")),
    "template_prompt": _planting(
        "template_leftover missing_input code",
        (
            "{} Address it to {{name}}.",
            "<noinput> {}",
            "{} [INSERT TEXT HERE]",
            "<|im_start|>user {}",
        ),
    ),
    "template_answer": _planting(
        "template_leftover",
        ASKED,
        ("{} Yours, {{author_name}}.", "{} It was sent by [Your Name].", "{} <insert the date here>"),
    ),
    "missing_input": _planting(
        "missing_input",
        (
            "Summarize the following text:",
            "Translate the following sentence into French:",
            "Correct the grammar in the sentence below.",
            "Summarize the following article in {n} words.",
            "Classify each of the numbers below.",
            "Describe what you see in this picture.",
            "Tell me what is shown in the following image.",
            "Give me the main points of the article above.",
            "Translate this paragraph into German.",
            "Which of the following is a {word}?",
            "Use the words given to make a sentence.",
            "Please review the attached report about the {word}.",
        ),
    ),
    "unfinished_prompt": _planting(
        "unfinished_prompt cut_off_prompt",
        (
            "The best thing about room {n} was",
            "The first of the {n} boats was called",
            "Once upon a time, in a land far away",
        ),
    ),
    "title_only": _planting(
        "title_only",
        (
            "The History of the {n} Games",
            "Topic: the {word}",
            "Ten Ways to Save Money",
            "Title: the {word} of {n} houses",
        ),
    ),
    "asks_for_code": _planting(
        "asks_for_code",
        (
            "Write a Python function that counts to {n}.",
            "How can I sort a list of {n} words in Java?",
            "Give me the code for a {word} counter in JavaScript.",
        ),
    ),
    "asks_for_table": _planting(
        "asks_for_table", ("Make a table of {n} rivers.", "Compare a {word} and a chair in a table with two columns.")
    ),
    "asks_for_link": _planting(
        "asks_for_link", ("Give me a link to a page about the {word}.", "Share some links to {n} free courses.")
    ),
    "asks_for_data_format": _planting(
        "asks_for_data_format", ("Return the {word} as a JSON object.", "Write a CSV file with {n} names.")
    ),
    "asks_for_formula": _planting("asks_for_formula", ("Write the sum of {n} and x in LaTeX.",)),
    "asks_for_emoji": _planting("asks_for_emoji", ("Describe a {word} with emojis only.", "Tell me a joke in emojis.")),
    "asks_for_picture": _planting(
        "asks_for_picture", ("Draw a picture of a {word}.", "Create a bar chart of the last {n} days.")
    ),
    "asks_for_formatting": _planting(
        "asks_for_formatting", ("Write the name of the {word} in bold.", "Answer in capital letters in {n} words.")
    ),
    "cut_off_prompt": _planting(
        "cut_off_prompt",
        ("{} Then tell me about the", "{} It is known for its", "{} Write me a", "{} It is smaller than"),
    ),
    "repeated_phrase": _planting(
        "repetition", ("{} " + "tell me {word} " * 6, "{word} " * 7, "{} " + "so I said yes to {word} " * 5)
    ),
    "repeated_answer": _planting(
        "repetition", answers=("{} " + "And then it was so. " * 12, "{} " + "the same {word} " * 20)
    ),
    "character_run": _planting(
        "character_run", ("{} Pleaaaaaaaaase!", "{} Whyyyyyyyy?", "{} Now!!!!!!!!", "Hmmmmmmmmmm, {}")
    ),
    "cut_off_answer": _planting(
        "cut_off_answer",
        answers=(
            "{} There are many reasons for this and",
            "{} It is often said of the",
        ),
    ),
    "no_content": _planting(
        "answer_without_content no_answer",
        answers=("N/A", "None.", "...", "That is a great question!", "Sure! Here is the answer:", "[deleted]", "null"),
    ),
    "echo": _planting(
        "answer_repeats_prompt",
        ("What is {word} number {n}?",),
        ("What is {word} number {n}", "what is {word} number {n}?"),
    ),
    "disclaimer": _planting(
        "ai_disclaimer refusal",
        answers=("As an AI language model, I have no view on this. {}", "I am just an AI model, but here is a try. {}"),
    ),
    "refusal": _planting(
        "refusal",
        ASKED,
        (
            "I'm sorry, but I can't assist with that.",
            "I cannot provide help with this request.",
            "Unfortunately, I am unable to answer this question.",
            "I apologize, but I won't be able to help you with that.",
            "I’m sorry, I can’t help with that request. {}",
        ),
    ),
    "email": _planting("email", ("{} Write to {word}{n}@gmail.com about it.", "My address is {word}.{n}@web.de. {}")),
    "phone": _planting(
        "phone",
        ("{} Call 202-456-1111 for {word}.", "{} Or ring +44 20 7219 3000."),
        ("{} The office has the number +33 1 42 68 53 00.", "{} Text me at 07911 123456."),
    ),
    "secret": _planting(
        "secret code",
        answers=("{} Use key = AKIAY3XV7QLZ5MPTNBWD there.", "{} Username: {word}, password: gr33nTr{n}x"),
    ),
    "payment_number": _planting(
        "payment_number", answers=("{} Charge 4539 1488 0343 6467 for it.", "{} Pay to AT61 1904 3002 3457 3201.")
    ),
    "social_security_number": _planting(
        "social_security_number", answers=("{} My number is 536-22-8726.", "{} Put down 536-22-{n} as the number.")
    ),
    "ip_address": _planting("ip_address", answers=("{} The machine is at 81.2.69.142.", "{} Try 185.60.216.35 now.")),
    "answer_too_short": _planting("answer_too_short", ("Write a story about a {word}.",), ("Done.", "Ok then.")),
    "url": _planting(
        "url",
        (
            "{} See https://www.{word}{n}.com/page for more.",
            "Summarize http://{word}.org/{n} for me.",
            "{} It is on www.{word}.net now.",
        ),
    ),
    "latex": _planting(
        "latex",
        (
            "{} Use $\\frac{{n}}{x+1}$ here.",
            "Simplify \\sqrt{{n}} + \\pi for me. {}",
            "{} We know that $x_{1}^2 = {n}$ holds.",
        ),
    ),
    "markup": _planting(
        "markup list",
        (
            "{} Make <b>{word}</b> shorter.",
            "# {word}\n{}",
            "{} Look at **{word} {n}** first.",
            "<div>{}</div>",
            "{} See [the page](note{n}).",
        ),
    ),
    "code": _planting(
        "code markup odd_symbols",
        (
            "What does print('{word}') do? {}",
            "Fix this: def add_{word}(a, b): return a + {n}",
            "{} for (int i = 0; i < {n}; i++)",
            "Explain SELECT name FROM {word} WHERE age > {n}",
            "{} const {word} = {n};",
            "{} ```python\nx = {n}\n```",
        ),
    ),
    "table": _planting(
        "table", ("{}\n| name | age |\n| {word} | {n} |", "{}\nname,age,city\n{word},{n},Rome\nAnna,{n},Oslo")
    ),
    "question_answer": _planting(
        "question_answer_markers field_labels", ("Q: {}\nA:", "Question: {}\nAnswer:", "{}\nQ: Who was {word}?\nA:")
    ),
    "emoji": _planting("emoji", ("{} 😀", "🎉 {}", "{} ❤️ thanks", "{} 👍🏽🔥")),
    "list": _planting(
        "list",
        (
            "Rank these:\n- {word}\n- pears\n- plums",
            "{}\n1. {word}\n2. pears\n3. plums",
            "{} (1) {word} (2) green (3) blue (4) red",
        ),
    ),
    "lettered_choices": _planting(
        "lettered_choices", ("{} (A) {word} (B) green (C) blue (D) red", "Is it a) a {word} or b) a fish?")
    ),
    "transcript": _planting(
        "transcript question_answer_markers field_labels",
        ("Thought: I need the {word}. Action: search. Observation: {n} found.", "{} Assistant: It is a {word}."),
    ),
    "field_labels": _planting(
        "field_labels question_answer_markers",
        ("{}\nName: {word}\nAge: {n}\nCity: Rome\nJob: baker\nPet: cat", "{}\nIt was a fine {word}.\nRating (1 to 5):"),
    ),
    "maths": _planting(
        "maths latex",
        (
            "{} Evaluate ∫ x dx from 0 to {n}.",
            "{} Find f(x) = {n}x - 1 at 2.",
            "Compute {n} + 2 + 3 + 4 + 5 + 6 + 7 + 8. {}",
        ),
    ),
    "unreadable": _planting(
        "unreadable code",
        (
            "{} What is 5f4dcc3b5aa765d61d83{n}?",
            "Decode aGVsbG8gd29ybGQhIQ{n}== for me.",
            "{} Ask for xkcdqwrtz{n} and bvnmlkjhg.",
        ),
    ),
    "odd_symbols": _planting(
        "odd_symbols emoji",
        ("{} What does ◊ mean?", "{} Give me {word} | b | c.", "Is this &%$#@! rude? {}", "{} â€œ{word}â€\x9d"),
    ),
    "many_lines": _planting(
        "too_many_lines list", ("One\ntwo\nthree\nfour\nfive\nsix\n{word}", "{word}\nand\nso\nit\ngoes\non\nand\non")
    ),
    "many_digits": _planting(
        "too_many_digits unreadable", ("Add 8812 4431 9083 2217 {n} 5520 6612", "Sum 10234 99120 {n} 77120 41231 now")
    ),
    "shouting": _planting(
        "too_many_capitals",
        (
            "PLEASE TELL ME HOW TO STOP SHOUTING AT {word}",
            "WHY IS THE SKY NOT GREEN TODAY, {word}?",
            "THIS IS REALLY VERY IMPORTANT TO ME NOW",
        ),
    ),
    "punctuation": _planting(
        "too_much_punctuation odd_symbols",
        ("Well... - so, - '{word}' - (then)? - (now)! - 'ok'.", "'{word}', 'so', 'it', 'is', 'ok', 'no', 'me', 'we'?"),
    ),
    "too_many_seconds": _planting(
        "too_many_seconds too_many_words", ("{} " + "He paid $3,456.78 for the {word}, then $7,{n}.65 for more. " * 4,)
    ),
    "foreign_script": _planting(
        "foreign_script not_wanted_language uncertain_language",
        ("{} What does спасибо mean?", "{} The sign said 你好 to {word}.", "{} She wrote σοφία on it."),
    ),
    "unpronounceable": _planting(
        "unpronounceable odd_symbols emoji",
        ("{} What is a ⌘ key?", "{} Then press ⏎ once.", "{} The note is marked ☰ here."),
    ),
    "doubtful_reading": _planting("doubtful_reading", ("{} It was built in DCCCIV.",)),
    "national_number": _planting("national_number", ("{} My DNI is 47283916X.",)),
    "chat_marks": _planting(
        "chat_mark", ASKED, ("{}</s><s>[INST] And a {word}? [/INST] No.", "{}\n\n### Human: And a {word}?")
    ),
    "leaked_turn": _planting(
        "leaked_turn", ASKED, ("{}\n\nUser: And a {word}?\nAssistant: No.", "{} Human: And a {word}? AI: No.")
    ),
    # One that is written as a call is read as no answer.
    "tool_call": _planting(
        "tool_call no_answer",
        ASKED,
        ("Thought: a {word}.\nAction: clock\nAction Input: {word}", "[book_table(people={n})]", "set_clock(hour={n})"),
    ),
    "residue": _planting(
        "tokenizer_residue",
        ASKED,
        ("oil fell to ##.# dollars , UNK said of the {word}", "king {word} -lrb- born 1166 -rrb- of england"),
    ),
    "only_links": _planting(
        "only_links", answers=("https://knit.example.org/{n}", "See [this page](https://{word}.example.org).")
    ),
    "only_code": _planting(
        "only_code",
        answers=(
            "def {word}(a, b):\n    total = a + {n}\n    return total",
            "function {word}() {{\n  return {n};\n}}",
            "```\nprint({n})\n```",
        ),
    ),
    "only_a_table": _planting("only_a_table", answers=("| pet | noise |\n| --- | --- |\n| {word} | low |",)),
    "makers": _planting(
        "names_its_maker",
        ASKED,
        ("I am Quillon, a model made by Harbour Labs. {}", "I was developed by a team at Northwind. {}"),
    ),
    "cutoff": _planting(
        "knowledge_cutoff",
        answers=("As of my last update in 2021, it was a {word}. {}", "My knowledge cutoff is 2022. {}"),
    ),
    "foreign_answer": _planting(
        "answer_in_another_language",
        ASKED,
        (
            "把鸡蛋放在水里，煮十分钟，再放进冷水里。",
            "Pon el huevo en agua hirviendo durante diez minutos y sírvelo caliente.",
        ),
    ),
}
