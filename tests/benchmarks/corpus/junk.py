"""Planted junk: every planting by its name, in the order in which they are drawn."""

from __future__ import annotations

from tests.benchmarks.corpus.planting import Planting, planting
from tests.benchmarks.corpus.unspeakable import UNSPEAKABLE

# Prompts that explain nothing of what is wrong with an answer: neither a role to play nor a language to write in.
ASKED = ("Are {n} days a long time?", "What would you do with {n} apples?", "How far is it to house {n}?")
PLANTINGS: dict[str, Planting] = {
    "lone_word": planting("too_short", ("{word}", "{word}?", "{word}!", "  {word}  ")),
    "no_words": planting("too_short empty_prompt", ("?!", "...", "-- --", "!!!")),
    "empty_answer": planting("no_answer empty_answer", answers=("", "  ", "<|endoftext|>", "\n", " </s>")),
    "template_prompt": planting(
        "template_leftover missing_input code",
        (
            "{} Address it to {{name}}.",
            "<noinput> {}",
            "{} [INSERT TEXT HERE]",
            "<|im_start|>user {}",
        ),
    ),
    "template_answer": planting(
        "template_leftover",
        ASKED,
        ("{} Yours, {{author_name}}.", "{} It was sent by [Your Name].", "{} <insert the date here>"),
    ),
    "missing_input": planting(
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
    "unfinished_prompt": planting(
        "unfinished_prompt cut_off_prompt",
        (
            "The best thing about room {n} was",
            "The first of the {n} boats was called",
            "Once upon a time, in a land far away",
        ),
    ),
    "title_only": planting(
        "title_only",
        (
            "The History of the {n} Games",
            "Topic: the {word}",
            "Ten Ways to Save Money",
            "Title: the {word} of {n} houses",
        ),
    ),
    "asks_for_code": planting(
        "asks_for_code",
        (
            "Write a Python function that counts to {n}.",
            "How can I sort a list of {n} words in Java?",
            "Give me the code for a {word} counter in JavaScript.",
        ),
        ("Count them in a loop, and print each.", "It takes a line of the standard library."),
    ),
    "asks_for_table": planting(
        "asks_for_table", ("Make a table of {n} rivers.", "Compare a {word} and a chair in a table with two columns.")
    ),
    "asks_for_link": planting(
        "asks_for_link", ("Give me a link to a page about the {word}.", "Share some links to {n} free courses.")
    ),
    "asks_for_data_format": planting(
        "asks_for_data_format", ("Return the {word} as a JSON object.", "Write a CSV file with {n} names.")
    ),
    "asks_for_formula": planting("asks_for_formula", ("Write the sum of {n} and x in LaTeX.",)),
    "asks_for_emoji": planting("asks_for_emoji", ("Describe a {word} with emojis only.", "Tell me a joke in emojis.")),
    "asks_for_picture": planting(
        "asks_for_picture", ("Draw a picture of a {word}.", "Create a bar chart of the last {n} days.")
    ),
    "asks_for_formatting": planting(
        "asks_for_formatting", ("Write the name of the {word} in bold.", "Answer in capital letters in {n} words.")
    ),
    "cut_off_prompt": planting(
        "cut_off_prompt",
        ("{} Then tell me about the", "{} It is known for its", "{} Write me a", "{} It is smaller than"),
    ),
    "repeated_phrase": planting(
        "repetition", ("{} " + "tell me {word} " * 6, "{word} " * 7, "{} " + "so I said yes to {word} " * 5)
    ),
    "repeated_answer": planting(
        "repetition", answers=("{} " + "And then it was so. " * 12, "{} " + "the same {word} " * 20)
    ),
    "character_run": planting(
        "character_run", ("{} Pleaaaaaaaaase!", "{} Whyyyyyyyy?", "{} Nowwwwwwww!", "Hmmmmmmmmmm, {}")
    ),
    "cut_off_answer": planting(
        "cut_off_answer",
        answers=(
            "{} There are many reasons for this and",
            "{} It is often said of the",
        ),
    ),
    "no_content": planting(
        "answer_without_content no_answer",
        answers=("N/A", "None.", "...", "That is a great question!", "Sure! Here is the answer:", "[deleted]", "null"),
    ),
    "echo": planting(
        "answer_repeats_prompt",
        ("What is {word} number {n}?",),
        ("What is {word} number {n}", "what is {word} number {n}?"),
    ),
    "disclaimer": planting(
        "ai_disclaimer refusal",
        answers=("As an AI language model, I have no view on this. {}", "I am just an AI model, but here is a try. {}"),
    ),
    "refusal": planting(
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
    "claimed_deed": planting(
        "claims_an_action",
        ("Book the {word} room number {n}.", "Please send my boss a text about the {word}."),
        ("Your room has been booked. It faces the sea.", "I have sent your text. He will see it soon."),
    ),
    "email": planting("email", ("{} Write to {word}{n}@gmail.com about it.", "My address is {word}.{n}@web.de. {}")),
    "phone": planting(
        "phone",
        ("{} Call 202-456-1111 for {word}.", "{} Or ring +44 20 7219 3000."),
        ("{} The office has the number +33 1 42 68 53 00.", "{} Text me at 07911 123456."),
    ),
    "secret": planting(
        "secret code",
        answers=("{} Use key = AKIAY3XV7QLZ5MPTNBWD there.", "{} Username: {word}, password: gr33nTr{n}x"),
    ),
    "payment_number": planting(
        "payment_number", answers=("{} Charge 4539 1488 0343 6467 for it.", "{} Pay to AT61 1904 3002 3457 3201.")
    ),
    "social_security_number": planting(
        "social_security_number", answers=("{} My number is 536-22-8726.", "{} Put down 536-22-{n} as the number.")
    ),
    "ip_address": planting("ip_address", answers=("{} The machine is at 81.2.69.142.", "{} Try 185.60.216.35 now.")),
    "answer_too_short": planting("answer_too_short", ("Write a story about a {word}.",), ("Done.", "Ok then.")),
    **UNSPEAKABLE,
    "national_number": planting("national_number", ("{} My DNI is 47283916X.",)),
    "chat_marks": planting(
        "chat_mark", ASKED, ("{}</s><s>[INST] And a {word}? [/INST] No.", "{}\n\n### Human: And a {word}?")
    ),
    "leaked_turn": planting(
        "leaked_turn", ASKED, ("{}\n\nUser: And a {word}?\nAssistant: No.", "{} Human: And a {word}? AI: No.")
    ),
    # One that is written as a call is read as no answer.
    "tool_call": planting(
        "tool_call no_answer",
        ASKED,
        ("Thought: a {word}.\nAction: clock\nAction Input: {word}", "[book_table(people={n})]", "set_clock(hour={n})"),
    ),
    "residue": planting(
        "tokenizer_residue",
        ASKED,
        ("oil fell to ##.# dollars , UNK said of the {word}", "king {word} -lrb- born 1166 -rrb- of england"),
    ),
    "only_links": planting(
        "only_links", answers=("https://knit.example.org/{n}", "See [this page](https://{word}.example.org).")
    ),
    "only_code": planting(
        "only_code",
        answers=(
            "def {word}(a, b):\n    total = a + {n}\n    return total",
            "function {word}() {{\n  return {n};\n}}",
            "```\nprint({n})\n```",
        ),
    ),
    "only_a_table": planting("only_a_table", answers=("| pet | noise |\n| --- | --- |\n| {word} | low |",)),
    "makers": planting(
        "names_its_maker",
        ASKED,
        ("I am Quillon, a model made by Harbour Labs. {}", "I was developed by a team at Northwind. {}"),
    ),
    "cutoff": planting(
        "knowledge_cutoff",
        answers=("As of my last update in 2021, it was a {word}. {}", "My knowledge cutoff is 2022. {}"),
    ),
    "foreign_answer": planting(
        "answer_in_another_language",
        ASKED,
        (
            "把鸡蛋放在水里，煮十分钟，再放进冷水里。",
            "Pon el huevo en agua hirviendo durante diez minutos y sírvelo caliente.",
        ),
    ),
}
