"""Every feature of every filter, with what it goes through besides and the texts that would cost it the most."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import polars as pl

from sayso.filters import FILTERS
from tests.hostile.entry import Entry, named, row_of
from tests.hostile.worst_texts import Text


def entries() -> Iterator[Entry]:
    """Every feature of every filter by itself, for one slow pattern must not hide behind twenty fast ones."""
    for filter_class in FILTERS:
        module = filter_class.__module__.removeprefix("sayso.")
        for feature in filter_class().features():
            name = feature.meta.output_name()
            holds = (f"{module}.{filter_class.__name__}.features", *BESIDE.get(name, ()))
            yield Entry(f"filter {name}", partial(_select, feature), holds, OWN.get(name, ()))


def _select(feature: pl.Expr, text: str) -> object:
    return row_of(text).select(feature)


# What single features go through outside of their filter's method.
BESIDE = {
    "answer_language": ("filters.answer_language.AnswerLanguage._identify",),
    "answer_text.residue": named("filters.text.patterns", ("contains_some", "lacks_where")),
    "answer_text.words_beside_links": ("filters.answer_text._words_beside",),
    "answer_text.words_beside_code": ("filters.answers.code.words_beside_code",),
    "speakable.open_field": ("filters.requests.fields.open_field",),
    "speakable.unreadable": ("filters.requests.unreadable.unreadable",),
    "speakable.odd_symbols": ("filters.requests.unreadable.odd_symbols",),
    "quality.claims_an_action": ("filters.answers.deeds.claims_an_action",),
    "quality.cut_off_answer": ("filters.answers.endings.breaks_off",),
    "quality.refusal_log_odds": named(
        "filters.text.ngram_model", ("_bucket", "_two", "_is_letter", "_features", "_add_scores")
    ),
    "quality.echoed_prompt": ("filters.quality._bare",),
    "quality.missing_input": ("filters.text.patterns.contains_where",),
    "reading.unsaid": ("filters.reading._signs_missing", "filters.reading._without_rules"),
    "language": (
        "filters.language.Language._identify",
        *named("filters.languages.english_words", ("word_evidence", "_fill", "_weigh")),
    ),
    "speakable.transcript": ("filters.text.patterns.contains_where",),
    "screen_request": (
        *named("filters.requests.screen_forms", ("_WISHES", "_COUNTS", "asked_forms")),
        *named("filters.requests.screen_form", ("screen_form", "screen_form#2")),
        *named("filters.screen_request", ("_answered_in_words",)),
    ),
    "standalone.missing_input_log_odds": (
        *named("filters.text.ngram_model", ("_bucket", "_two", "_is_letter", "_features", "_add_scores")),
        *named(
            "filters.requests.missing_input",
            (
                *("_OF_FIGURES", "_FIGURES", "_OF_SEVERAL", "_SEVERAL", "_OF_QUESTION", "_SHOWS", "_HOW_TO", "_HANDED"),
                *(
                    "_ORDERED",
                    "_BEFORE_QUESTION",
                    "_AFTERWARDS",
                    "_PRONOUN",
                    "material_and_references",
                    "_any_of",
                    "_is_told",
                    "_is_introduced",
                ),
            ),
        ),
        *named(
            "filters.requests.references",
            ("_NEXT_ROUGHLY", "REFERENCE", "NAMED", "CLAUSE", "TASK", "OPENING", "NAMES"),
        ),
        *named("filters.requests.at_hand", ("AT_HAND", "TASK_AT_HAND")),
        *named("filters.requests.referents", ("NOUNS", "FIGURE")),
        *named("filters.requests.sentences", ("_END", "_TELLS", "_REQUESTS", "_ASKS", "_SETS_SCENE")),
    ),
    "standalone.unfinished": named(
        "filters.requests.unfinished", ("IS_RATED", "_ASKS_WITHIN", "_COMPLETE", "_TALKS", "_COMPLETING", "_hold")
    ),
    "standalone.title": named("filters.requests.unfinished", ("_LABELLED", "_HEADS", "_GREETS")),
    "speakable.items": ("filters.speakable._count",),
    "speakable.lines": ("filters.speakable._lines",),
    "privacy": ("filters.privacy.Privacy._rows_with", "filters.sensitive.personal_data.suspected"),
}
# The worst texts of single features.
OWN: dict[str, tuple[Text, ...]] = {
    "language": (Text("a A"), Text("THE "), Text("xq "), Text("é, É")),
    "privacy": (
        Text("a.", "Please write to a@", "com"),
        Text("foo.", "a@", "com"),
        Text("foo", "a@", ".c"),
        Text("example.", "a@"),
        Text("a@b.cc "),
        Text("x", "password=", "="),
        Text(" ", "password", "= gr33nTr4in"),
        Text(" ", "bearer", "q8Zt2LmV5xRw9KpB3nYcD7fS"),
        Text("-----BEGIN A B PRIVATE KE"),
        Text("call 415-555-2671 ", "tel "),
        Text("+1 (415) 555-2671, "),
        Text("4539 1488 0343 6467 "),
        Text("AT61 1904 3002 3457 3201 "),
        Text("81.2.69.142 "),
        Text("a at ", "mail ", "b dot com"),
        Text(" dot a", "mail to a at b", " dot c"),
        Text("a (at) b [dot] c "),
        Text("://a:", "", "aaaaaa@"),
        Text("passport number 1"),
        Text("1 ", "NHS number ", "x"),
        Text("A1", "passport "),
        Text("731.284.905-97 "),
        Text("2a00:", "", "1"),
        Text("sk-a", "", " "),
        Text("536 22 8726 "),
    ),
    "quality.claims_an_action": (Text("a ", "your "), Text("a, ", "", "your a has been "), Text("I have ")),
    "quality.answers_anyway": (Text("a ", "as an ai, i have no "), Text("taste ", "as an ai, i don't have ")),
    "speakable.odd_symbols": (Text("a, ", "{"), Text("a b, ", "{", "}"), Text("{a, ")),
    "quality.template_answer": (Text(" ", "{{ a", "}"), Text("[insert ")),
    "quality.cut_off_prompt": (Text("(a"), Text(" ", "and", "x"), Text("and ")),
    "quality.cut_off_answer": (Text("a "), Text(" ", "a b c d e f the", "x")),
    "screen_request": (
        Text("write a "),
        Text("a ", "make "),
        Text("code. ", "how to ", "?"),
        Text("in ", "draw a ", "table"),
    ),
    "standalone.missing_input_log_odds": (
        Text("the following text "),
        Text("the following ", "", ":"),
        Text("a ", "the following text in "),
        Text("this text. "),
        Text("'a ", "say "),
    ),
    "standalone.unfinished": (
        Text("the "),
        Text("please, ", "", "is"),
        Text("a. ", "", "is"),
        Text("a", "once upon a time "),
    ),
    "standalone.title": (Text("The "), Text("A", "The "), Text("the ", "A ", "?"), Text("a", "title:")),
    "speakable.lettered_choices": (Text(" a) b) "), Text("A. ", "", "B"), Text("? ", "", "A.")),
    "speakable.transcript": (Text("tool: "), Text("thought: "), Text("a ", "thought: ")),
    "quality.no_content": (Text(" ", "none", "x"), Text(".", "n/a", "x")),
    "quality.refusal_log_odds": (
        *(Text("i ", "sorry, "), Text(" ", "i can't", "help"), Text("i can't "), Text("please provide ")),
        *(Text("the ", "i can't provide "), Text("not ", "i am ")),
        *(Text("a'"), Text("’a"), Text("\n"), Text("1 ")),
    ),
    "answer_text.words_beside_code": (Text("(", "```", ";"), Text("a;\n", "def a("), Text("function", "", "{")),
    "answer_text.words_beside_table": (Text("|a\n"), Text("a\t", "", "\n"), Text("-", "|")),
    "answer_text.words_beside_links": (Text("a.", "", "/"), Text("[", "", "]("), Text("www.")),
    "answer_text.call": (Text("(", "[a"), Text('{"name":', "[{"), Text('"input":', '[{"name":', "}"), Text("a.a")),
    "answer_text.residue": (Text("#.", " ##"), Text("a # ", "-lrb-")),
    "self_description.maker": (Text("i am a "), Text("a model ", "i'm an ai ")),
    "speakable.url": (Text("a.", "", "com"), Text("a-", "", ".com@")),
    "speakable.email": (Text("a", "", "@"), Text("a.", "", "@a.")),
    "speakable.code": (
        Text("a.", "", "("),
        Text("static ", "public "),
        Text("[a,", "f"),
        Text("a ", "SELECT ", "FROM"),
    ),
    "speakable.literal": (Text("1, ", "["), Text("'a', ", "("), Text(" ", "(1")),
    "speakable.table": (Text("a,b,c\n"), Text("|" + "a" * 50)),
    "speakable.markup": (Text("a ", "<a "), Text("a", "[", "]("), Text("**a")),
    "speakable.unpronounceable": (Text("bcdfg"), Text("abcdf"), Text("a", "", "bcdfgh")),
    "speakable.unreadable": (Text("1a", "", "!"), Text("a1b2"), Text("aB/+", "", "!")),
    "on_screen.code_lines": (Text("```\na\n"), Text("for a in b"), Text("{ ", "", "x"), Text("if a")),
    "on_screen.table_rows": (Text("| a "), Text("\n| a ")),
}
