"""Planted prompts that cannot be said aloud: what is written for the eye, and what takes too long to say."""

from __future__ import annotations

from tests.benchmarks.corpus.planting import Planting, planting

UNSPEAKABLE: dict[str, Planting] = {
    "url": planting(
        "url",
        (
            "{} See https://www.{word}{n}.com/page for more.",
            "Summarize http://{word}.org/{n} for me.",
            "{} It is on www.{word}.net now.",
        ),
    ),
    "latex": planting(
        "latex",
        (
            "{} Use $\\frac{{n}}{x+1}$ here.",
            "Simplify \\sqrt{{n}} + \\pi for me. {}",
            "{} We know that $x_{1}^2 = {n}$ holds.",
        ),
    ),
    "markup": planting(
        "markup list",
        (
            "{} Make <b>{word}</b> shorter.",
            "# {word}\n{}",
            "{} Look at **{word} {n}** first.",
            "<div>{}</div>",
            "{} See [the page](note{n}).",
        ),
    ),
    "code": planting(
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
    "table": planting(
        "table", ("{}\n| name | age |\n| {word} | {n} |", "{}\nname,age,city\n{word},{n},Rome\nAnna,{n},Oslo")
    ),
    "question_answer": planting(
        "question_answer_markers field_labels",
        ("Q: {}\nA: Yes.\nQ: Who was {word}?\nA:", "Question: {}\nAnswer: {word}.", "{}\nA: I am {word}."),
    ),
    "emoji": planting("emoji", ("{} 😀", "🎉 {}", "{} ❤️ thanks", "{} 👍🏽🔥")),
    "list": planting(
        "list",
        (
            "Rank these:\n- {word}\n- pears\n- plums\n- figs\n- dates\n- leeks\n- nuts",
            "{}\n1. {word}\n2. pears\n3. plums",
            "{} (1) {word} (2) green (3) blue (4) red",
        ),
    ),
    "lettered_choices": planting(
        "lettered_choices", ("{} (A) {word} (B) green (C) blue (D) red", "Is it a) a {word} or b) a fish?")
    ),
    "transcript": planting(
        "transcript question_answer_markers field_labels",
        ("Thought: I need the {word}. Action: search. Observation: {n} found.", "{} Assistant: It is a {word}."),
    ),
    "field_labels": planting(
        "field_labels question_answer_markers",
        ("{}\nName: {word}\nAge: {n}\nCity: Rome\nJob: baker\nPet: cat", "{}\nIt was a fine {word}.\nRating (1 to 5):"),
    ),
    "maths": planting(
        "maths latex",
        (
            "{} Evaluate ∫ x dx from 0 to {n}.",
            "{} Find f(x) = {n}x - 1 at 2.",
            "Compute {n} + 2 + 3 + 4 + 5 + 6 + 7 + 8. {}",
        ),
    ),
    "unreadable": planting(
        "unreadable code",
        (
            "{} What is 5f4dcc3b5aa765d61d83{n}?",
            "Decode aGVsbG8gd29ybGQhIQ{n}== for me.",
            "{} Ask for xkcdqwrtz{n} and bvnmlkjhg.",
        ),
    ),
    "odd_symbols": planting(
        "odd_symbols emoji",
        ("{} What does ◊ mean?", "{} Give me {word} | b | c.", "Is this &%$#@! rude? {}", "{} â€œ{word}â€\x9d"),
    ),
    "many_lines": planting(
        "too_many_lines list",
        (
            "One\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n{word}",
            "{word}\nand\nso\nit\ngoes\non\nand\non\nand\non",
        ),
    ),
    "many_digits": planting(
        "too_many_digits unreadable", ("Add 8812 4431 9083 2217 {n} 5520 6612", "Sum 10234 99120 {n} 77120 41231 now")
    ),
    "shouting": planting(
        "too_many_capitals",
        (
            "PLEASE TELL ME HOW TO STOP SHOUTING AT {word}",
            "WHY IS THE SKY NOT GREEN TODAY, {word}?",
            "THIS IS REALLY VERY IMPORTANT TO ME NOW",
        ),
    ),
    "punctuation": planting(
        "too_much_punctuation odd_symbols",
        ("Well... - so, - '{word}' - (then)? - (now)! - 'ok'.", "'{word}', 'so', 'it', 'is', 'ok', 'no', 'me', 'we'?"),
    ),
    "too_many_seconds": planting(
        "too_many_seconds too_many_words", ("{} " + "He paid $3,456.78 for the {word}, then $7,{n}.65 for more. " * 4,)
    ),
    "foreign_script": planting(
        "foreign_script not_wanted_language uncertain_language",
        ("{} What does спасибо mean?", "{} The sign said 你好 to {word}.", "{} She wrote σοφία on it."),
    ),
    "unpronounceable": planting(
        "unpronounceable odd_symbols emoji",
        ("{} What is a ⌘ key?", "{} Then press ⏎ once.", "{} The note is marked ☰ here."),
    ),
    "doubtful_reading": planting("doubtful_reading", ("{} It was built in DCCCIV.",)),
}
